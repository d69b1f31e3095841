// What the form of a row says.

import type { Messages } from "../../model/messages";

export const EDITOR: Messages<
  | "close"
  | "correct"
  | "add"
  | "loading"
  | "gone"
  | "failed"
  | "retry"
  | "search"
  | "shown"
  | "none_shown"
  | "required"
  | "others"
  | "to_correct"
  | "removal_drafted"
  | "undo_removal"
  | "pending"
  | "see_proposal"
  | "keep"
  | "discard"
  | "review"
  | "checking"
  | "unchecked"
  | "faults"
  | "drafted"
  | "not_kept"
  | "still_right"
  | "confirming"
  | "confirmed"
  | "confirmed_count"
  | "last_confirmed"
  | "report"
  | "report_hint"
  | "report_send"
  | "reported"
  | "cancel"
  | "remove"
  | "remove_sure"
  | "remove_reason"
  | "remove_draft"
  | "offline"
  | "refused"
  | "place"
  | "hide_map"
  | "map_failed"
> = {
  fr: {
    close: "Fermer",
    correct: "Corriger : {label}",
    add: "Ajouter une ligne : {resource}",
    loading: "Chargement de la ligne…",
    gone: "Cette ligne n'existe pas, ou plus.",
    failed: "La ligne n'a pas pu être lue.",
    retry: "Réessayer",
    search: "Chercher un champ",
    shown: "{count} {count|champ affiché|champs affichés}",
    none_shown: "Aucun champ ne correspond.",
    required: "À remplir",
    others: "Autres informations",
    to_correct: "{count} {count|champ est à corriger|champs sont à corriger} :",
    removal_drafted: "Votre brouillon propose de retirer cette ligne.",
    undo_removal: "Ne pas la retirer",
    pending: "{count} {count|correction est en attente|corrections sont en attente} de relecture :",
    see_proposal: "voir la proposition {number}",
    keep: "Garder dans le brouillon",
    discard: "Tout annuler",
    review: "Vérifier et envoyer",
    checking: "Vérification…",
    unchecked: "Le serveur ne répond pas : la vérification aura lieu à l'envoi.",
    faults: "Des valeurs sont à corriger avant l'envoi.",
    drafted: "{count} {count|champ modifié, gardé|champs modifiés, gardés} dans le brouillon.",
    not_kept: "Votre navigateur ne garde pas le brouillon si vous quittez la page.",
    still_right: "Ces informations sont encore exactes",
    confirming: "Envoi…",
    confirmed: "Merci, c'est noté.",
    confirmed_count: "{count} {count|confirmation|confirmations}.",
    last_confirmed: "Dernière : {date}.",
    report: "Signaler sans corriger",
    report_hint: "Dites ce qui ne va pas : les relecteurs le liront, rien n'est publié.",
    report_send: "Envoyer aux relecteurs",
    reported: "Merci, les relecteurs liront votre message.",
    cancel: "Annuler",
    remove: "Retirer cette ligne",
    remove_sure: "Proposer de retirer « {label} » ? Rien n'est retiré avant la relecture.",
    remove_reason: "Pourquoi ? (lu par les relecteurs)",
    remove_draft: "Proposer le retrait",
    offline: "Le serveur ne répond pas. Réessayez dans un moment.",
    refused: "Cela n'a pas pu être envoyé. {detail}",
    place: "Placer sur la carte",
    hide_map: "Masquer la carte",
    map_failed: "La carte n'a pas pu être chargée : tapez les nombres.",
  },
  en: {
    close: "Close",
    correct: "Correct: {label}",
    add: "Add a row: {resource}",
    loading: "Loading the row…",
    gone: "This row does not exist, or no longer.",
    failed: "The row could not be read.",
    retry: "Try again",
    search: "Find a field",
    shown: "{count} {count|field|fields} shown",
    none_shown: "No field matches.",
    required: "To be filled in",
    others: "Other information",
    to_correct: "{count} {count|field needs|fields need} correcting:",
    removal_drafted: "Your draft proposes to remove this row.",
    undo_removal: "Do not remove it",
    pending: "{count} {count|correction is|corrections are} waiting for review:",
    see_proposal: "see proposal {number}",
    keep: "Keep in the draft",
    discard: "Undo all",
    review: "Review and send",
    checking: "Checking…",
    unchecked: "The server does not answer: checks will be made when you send.",
    faults: "Some values need correcting before sending.",
    drafted: "{count} changed {count|field|fields}, kept in the draft.",
    not_kept: "Your browser does not keep the draft if you leave the page.",
    still_right: "This is still correct",
    confirming: "Sending…",
    confirmed: "Thank you, this is noted.",
    confirmed_count: "{count} {count|confirmation|confirmations}.",
    last_confirmed: "Last: {date}.",
    report: "Report without correcting",
    report_hint: "Say what is wrong: the reviewers will read it, nothing is published.",
    report_send: "Send to the reviewers",
    reported: "Thank you, the reviewers will read your message.",
    cancel: "Cancel",
    remove: "Remove this row",
    remove_sure: "Propose to remove “{label}”? Nothing is removed before the review.",
    remove_reason: "Why? (read by the reviewers)",
    remove_draft: "Propose the removal",
    offline: "The server does not answer. Try again in a moment.",
    refused: "This could not be sent. {detail}",
    place: "Place on the map",
    hide_map: "Hide the map",
    map_failed: "The map could not be loaded: type the numbers.",
  },
};
