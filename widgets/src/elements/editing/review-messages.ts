// What the review of a draft says, before and after it is sent.

import type { Messages } from "../../model/messages";

export type ReviewMessage =
  | "close"
  | "title"
  | "empty"
  | "intro"
  | "not_kept"
  | "unchecked"
  | "checking"
  | "faulty"
  | "changes"
  | "only_faulty"
  | "page"
  | "previous"
  | "next"
  | "update"
  | "insert"
  | "delete"
  | "before"
  | "after"
  | "nothing"
  | "edit"
  | "edit_row"
  | "undo"
  | "undo_row"
  | "undo_cell"
  | "undo_all"
  | "undo_all_sure"
  | "clash"
  | "clash_base"
  | "clash_published"
  | "clash_yours"
  | "keep_mine"
  | "take_theirs"
  | "clash_gone"
  | "clash_changed"
  | "remove_anyway"
  | "keep_row"
  | "clash_key"
  | "correct_existing"
  | "drop"
  | "more"
  | "comment"
  | "comment_hint"
  | "source"
  | "source_hint"
  | "source_bad"
  | "who"
  | "who_mails"
  | "who_hint"
  | "personal_data"
  | "name"
  | "email"
  | "email_hint"
  | "email_hint_mails"
  | "email_bad"
  | "optional"
  | "trap"
  | "later"
  | "send"
  | "send_again"
  | "sending"
  | "proving"
  | "paused"
  | "paused_until"
  | "too_many"
  | "failed_offline"
  | "failed_invalid"
  | "failed_conflict"
  | "failed_wait"
  | "failed_large"
  | "failed"
  | "minutes"
  | "seconds"
  | "thanks"
  | "sent_open"
  | "sent_queued"
  | "follow"
  | "follow_hint"
  | "follow_hint_mails"
  | "copy"
  | "copied"
  | "copy_by_hand"
  | "merge_request"
  | "see_preview"
  | "email_told"
  | "email_told_mails"
  | "left_over"
  | "earlier"
  | "earlier_hint"
  | "forget"
  | "forget_all"
  | "rows";

export const REVIEW: Messages<ReviewMessage> = {
  fr: {
    close: "Fermer",
    title: "Vérifier et envoyer",
    empty: "Il n'y a rien à envoyer.",
    intro: "Relisez, expliquez si besoin, envoyez : des relecteurs décideront.",
    not_kept:
      "Votre navigateur ne garde pas ce brouillon : envoyez-le avant de quitter ou de recharger la page.",
    unchecked: "Le serveur ne répond pas : la vérification aura lieu à l'envoi.",
    checking: "Vérification en cours…",
    faulty: "{count} {count|ligne est à corriger|lignes sont à corriger}.",
    changes: "{count} {count|ligne modifiée|lignes modifiées}",
    only_faulty: "Seulement celles à corriger",
    page: "Page {page} sur {pages}",
    previous: "Page précédente",
    next: "Page suivante",
    update: "Corrigée",
    insert: "Ajoutée",
    delete: "Retirée",
    before: "Avant :",
    after: "Après :",
    nothing: "vide",
    edit: "Modifier",
    edit_row: "Modifier {label}",
    undo: "Annuler",
    undo_row: "Annuler les changements de {label}",
    undo_cell: "Annuler le changement de {field}",
    undo_all: "Tout annuler",
    undo_all_sure: "Vraiment tout annuler ?",
    clash: "Quelqu'un d'autre a changé cette valeur entre-temps.",
    clash_base: "Vous aviez vu",
    clash_published: "Publié maintenant",
    clash_yours: "Votre correction",
    keep_mine: "Garder la mienne",
    take_theirs: "Prendre la valeur publiée",
    clash_gone: "Cette ligne a été retirée entre-temps : elle ne peut plus être corrigée.",
    clash_changed: "Cette ligne a été modifiée entre-temps.",
    remove_anyway: "La retirer quand même",
    keep_row: "Ne pas la retirer",
    clash_key: "Une ligne qui a la même clé existe déjà.",
    correct_existing: "Corriger la ligne qui existe",
    drop: "Abandonner ma version",
    more: "En dire plus",
    comment: "Commentaire",
    comment_hint: "Comment le savez-vous ? Lu par les relecteurs.",
    source: "Source",
    source_hint: "Adresse d'une page qui le montre, commençant par https://",
    source_bad: "Une adresse commence par http:// ou https://.",
    who: "Vous",
    who_mails: "Être prévenu de la suite",
    who_hint:
      "Nom et adresse ne vont qu'aux relecteurs. Ils restent dans une base de données, ne sont jamais publiés avec les données, et sont effacés à votre demande.",
    name: "Nom",
    email: "Adresse électronique",
    personal_data: "Ce qui est conservé sur vous, et combien de temps",
    email_hint: "Pour qu'on puisse vous répondre.",
    email_hint_mails: "Un message vous dira ce qui a été décidé.",
    email_bad: "Ce n'est pas une adresse électronique. Écrivez-la comme nom@exemple.fr.",
    optional: "facultatif",
    trap: "Laissez ce champ vide",
    later: "Continuer à corriger",
    send: "Envoyer {count} {count|correction|corrections}",
    send_again: "Envoyer à nouveau",
    sending: "Envoi en cours…",
    proving: "Vérification en cours… {share} %. L'envoi suit tout seul.",
    paused: "Les relecteurs ne prennent pas de corrections pour l'instant. {message}",
    paused_until: "Reprise prévue le {date}.",
    too_many:
      "{limit} lignes au plus par envoi : les premières partent maintenant, les autres restent dans le brouillon.",
    failed_offline: "Le serveur ne répond pas. Rien n'est perdu : votre brouillon est gardé.",
    failed_invalid: "Des valeurs enfreignent les règles : corrigez-les ci-dessous.",
    failed_conflict: "Des valeurs ont changé entre-temps : choisissez ci-dessous.",
    failed_wait: "Trop d'envois en ce moment. Réessayez dans {time}.",
    failed_large: "L'envoi est trop volumineux. {detail}",
    failed: "L'envoi n'a pas été accepté. {detail}",
    minutes: "{count} {count|minute|minutes}",
    seconds: "{count} {count|seconde|secondes}",
    thanks: "Merci !",
    sent_open: "Vos corrections sont chez les relecteurs.",
    sent_queued:
      "Vos corrections sont enregistrées et partiront chez les relecteurs dès que possible. Vous n'avez rien à faire.",
    follow: "Suivre cette proposition",
    follow_hint: "Gardez ce lien : c'est le seul moyen de la suivre en entier ou de la retirer.",
    follow_hint_mails:
      "Gardez ce lien : il permet de la suivre en entier ou de la retirer. Il est aussi dans nos messages.",
    copy: "Copier le lien",
    copied: "Lien copié.",
    copy_by_hand: "Le lien est sélectionné : copiez-le.",
    merge_request: "Demande de fusion n° {number}",
    see_preview: "Voir les données avec ces corrections",
    email_told: "Les personnes qui décident peuvent vous écrire à {email}.",
    email_told_mails: "Nous écrirons à {email} quand ce sera décidé.",
    left_over: "{count} {count|ligne reste|lignes restent} dans le brouillon.",
    earlier: "Propositions envoyées depuis cet appareil",
    earlier_hint: "Gardées sur cet appareil seulement.",
    forget: "Oublier {label}",
    forget_all: "Tout oublier",
    rows: "{count} {count|ligne|lignes}",
  },
  en: {
    close: "Close",
    title: "Review and send",
    empty: "There is nothing to send.",
    intro: "Read it again, explain if needed, send: reviewers will decide.",
    not_kept:
      "Your browser does not keep this draft: send it before you leave or reload the page.",
    unchecked: "The server does not answer: checks will be made when you send.",
    checking: "Checking…",
    faulty: "{count} {count|row needs|rows need} correcting.",
    changes: "{count} changed {count|row|rows}",
    only_faulty: "Only those to correct",
    page: "Page {page} of {pages}",
    previous: "Previous page",
    next: "Next page",
    update: "Corrected",
    insert: "Added",
    delete: "Removed",
    before: "Before:",
    after: "After:",
    nothing: "empty",
    edit: "Edit",
    edit_row: "Edit {label}",
    undo: "Undo",
    undo_row: "Undo the changes of {label}",
    undo_cell: "Undo the change of {field}",
    undo_all: "Undo everything",
    undo_all_sure: "Really undo everything?",
    clash: "Somebody else changed this value in the meantime.",
    clash_base: "You had seen",
    clash_published: "Published now",
    clash_yours: "Your correction",
    keep_mine: "Keep mine",
    take_theirs: "Take the published value",
    clash_gone: "This row was removed in the meantime: it cannot be corrected any more.",
    clash_changed: "This row was changed in the meantime.",
    remove_anyway: "Remove it anyway",
    keep_row: "Do not remove it",
    clash_key: "A row with the same key exists already.",
    correct_existing: "Correct the row that exists",
    drop: "Drop my version",
    more: "Say more",
    comment: "Comment",
    comment_hint: "How do you know? Read by the reviewers.",
    source: "Source",
    source_hint: "Address of a page that shows it, beginning with https://",
    source_bad: "An address begins with http:// or https://.",
    who: "You",
    who_mails: "Hear what becomes of it",
    who_hint:
      "Name and address go only to the reviewers. They are kept in a database, never published with the data, and erased on request.",
    name: "Name",
    email: "E-mail address",
    personal_data: "What is kept about you, and for how long",
    email_hint: "So that you can be answered.",
    email_hint_mails: "A mail will tell you what was decided.",
    email_bad: "This is not a mail address. Write it like name@example.org.",
    optional: "optional",
    trap: "Leave this empty",
    later: "Continue correcting",
    send: "Send {count} {count|correction|corrections}",
    send_again: "Send again",
    sending: "Sending…",
    proving: "Checking… {share}%. It is sent by itself after that.",
    paused: "The reviewers take no corrections at present. {message}",
    paused_until: "They expect to take them again on {date}.",
    too_many:
      "At most {limit} rows are sent at once: the first ones go now, the others stay in the draft.",
    failed_offline: "The server does not answer. Nothing is lost: your draft is kept.",
    failed_invalid: "Some values break the rules: correct them below.",
    failed_conflict: "Some values have changed in the meantime: choose below.",
    failed_wait: "Too much was sent just now. Try again in {time}.",
    failed_large: "This is too large to be sent. {detail}",
    failed: "This was not accepted. {detail}",
    minutes: "{count} {count|minute|minutes}",
    seconds: "{count} {count|second|seconds}",
    thanks: "Thank you!",
    sent_open: "Your corrections are with the reviewers.",
    sent_queued:
      "Your corrections are recorded and will go to the reviewers as soon as possible. You have nothing to do.",
    follow: "Follow this proposal",
    follow_hint: "Keep this link: it is the only way to follow it in full or to withdraw it.",
    follow_hint_mails:
      "Keep this link: with it you can follow it in full or withdraw it. It is in our mails too.",
    copy: "Copy the link",
    copied: "Link copied.",
    copy_by_hand: "The link is selected: copy it.",
    merge_request: "Merge request no. {number}",
    see_preview: "See the data with these corrections",
    email_told: "Those who decide may write to you at {email}.",
    email_told_mails: "We will write to {email} when it is decided.",
    left_over: "{count} {count|row stays|rows stay} in the draft.",
    earlier: "Proposals sent from this device",
    earlier_hint: "Kept on this device only.",
    forget: "Forget {label}",
    forget_all: "Forget all",
    rows: "{count} {count|row|rows}",
  },
};
