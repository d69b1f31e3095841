"""The words of mails, in English and French: short, plain, each with what to do next.

No contributor's text stands in them: who gets a mail may not be who wrote the proposal.
"""

from __future__ import annotations

SUBJECTS: dict[str, tuple[str, str]] = {
    "received": (
        "We have received your proposal for “{title}”",
        "Nous avons reçu votre proposition pour « {title} »",
    ),
    "accepted": (
        "Your proposal for “{title}” was accepted",
        "Votre proposition pour « {title} » est acceptée",
    ),
    "accepted_part": (
        "Your proposal for “{title}” was accepted in part",
        "Votre proposition pour « {title} » est acceptée en partie",
    ),
    "rejected": (
        "Your proposal for “{title}” was not accepted",
        "Votre proposition pour « {title} » n'est pas retenue",
    ),
    "withdrawn": (
        "Your proposal for “{title}” is taken back",
        "Votre proposition pour « {title} » est retirée",
    ),
    "conflict": (
        "The data of “{title}” has changed: please look at your proposal",
        "Les données de « {title} » ont changé : regardez votre proposition",
    ),
    "several": (
        "News of your proposals for “{title}”",
        "Des nouvelles de vos propositions pour « {title} »",
    ),
    "links": (
        "The links of your proposals for “{title}”",
        "Les liens de vos propositions pour « {title} »",
    ),
    "digest": ("{count} proposal(s) await review", "{count} proposition(s) à relire"),
}
BODIES: dict[str, tuple[str, str]] = {
    "received": (
        "Your proposal for “{title}” is safely kept. Nothing is published yet: a reviewer will "
        "look at it and decide. We will write to you then.",
        "Votre proposition pour « {title} » est bien gardée. Rien n'est encore publié : un "
        "relecteur va la regarder et décider. Nous vous écrirons à ce moment-là.",
    ),
    "accepted": (
        "Your proposal for “{title}” was accepted, and the data is published. Thank you!",
        "Votre proposition pour « {title} » est acceptée, et les données sont publiées. Merci !",
    ),
    "accepted_part": (
        "{accepted} of the {of} changes that you proposed for “{title}” were accepted and are "
        "published. Thank you!",
        "{accepted} des {of} changements que vous avez proposés pour « {title} » sont acceptés et "
        "publiés. Merci !",
    ),
    "rejected": (
        "A reviewer has decided not to publish your proposal for “{title}”.",
        "Un relecteur a décidé de ne pas publier votre proposition pour « {title} ».",
    ),
    "withdrawn": (
        "Your proposal for “{title}” is taken back, as was asked with its link. Nothing was "
        "published.",
        "Votre proposition pour « {title} » est retirée, comme cela a été demandé avec son lien. "
        "Rien n'a été publié.",
    ),
    "conflict": (
        "Since you sent your proposal for “{title}”, the published data has changed in the same "
        "place. It cannot be published as it is. Look at what is published now: if it is still "
        "wrong, correct it again from there.",
        "Depuis votre envoi, les données de « {title} » ont changé au même endroit. Votre "
        "proposition ne peut pas être publiée telle quelle. Regardez ce qui est publié à présent : "
        "si c'est encore inexact, corrigez-le de nouveau à partir de là.",
    ),
    "several": (
        "There is news of several of your proposals for “{title}”:",
        "Il y a du nouveau pour plusieurs de vos propositions pour « {title} » :",
    ),
    "links": (
        "Somebody, you no doubt, asked for the links of the proposals for “{title}” that were "
        "sent with this address. Here they are, the newest first:",
        "Quelqu'un, vous sans doute, a demandé les liens des propositions pour « {title} » "
        "envoyées avec cette adresse. Les voici, les plus récentes d'abord :",
    ),
    "digest": (
        "What awaits review:",
        "Ce qui attend une relecture :",
    ),
}
PARTS: dict[str, tuple[str, str]] = {
    "hello": ("Hello,", "Bonjour,"),
    "reason": ("Reason: {reason}.", "Motif : {reason}."),
    "message": ("The reviewer writes:", "Le relecteur écrit :"),
    "follow": (
        "Follow your proposal, or take it back:",
        "Suivre votre proposition, ou la retirer :",
    ),
    "see": ("See your proposal:", "Voir votre proposition :"),
    "personal": (
        "This link is for you alone: whoever has it can take the proposal back.",
        "Ce lien est pour vous seul : qui l'a peut retirer la proposition.",
    ),
    "on": ("{state}, sent on {day}", "{state}, envoyée le {day}"),
    "why": (
        "You get this mail because this address was given with a proposal. If that was not you, "
        "you need do nothing, or end these mails here; your address is then erased:",
        "Vous recevez ce message parce que cette adresse a été donnée avec une proposition. Si ce "
        "n'était pas vous, ne faites rien, ou arrêtez ces messages ici ; votre adresse est alors "
        "effacée :",
    ),
    "why_links": (
        "If you did not ask for this, you need do nothing.",
        "Si vous n'avez rien demandé, ne faites rien.",
    ),
    "dataset": (
        "{title}: {waiting} waiting, {new} new since the last digest, the oldest of {oldest}",
        "{title} : {waiting} en attente, {new} depuis le dernier message, la plus ancienne du "
        "{oldest}",
    ),
    "unusual": ("{count} with signs of abuse", "{count} avec des signes d'abus"),
    "clashing": ("{count} in conflict", "{count} en conflit"),
}
STATES: dict[str, tuple[str, str]] = {
    "queued": ("received", "reçue"),
    "open": ("awaiting review", "en attente de relecture"),
    "accepted": ("accepted", "acceptée"),
    "accepted_part": ("accepted in part", "acceptée en partie"),
    "rejected": ("not accepted", "non retenue"),
    "withdrawn": ("taken back", "retirée"),
    "conflict": ("in conflict", "en conflit"),
    "received": ("received", "reçue"),
}
DECISION_REASONS: dict[str, tuple[str, str]] = {
    "not_verified": (
        "the information could not be verified",
        "l'information n'a pas pu être vérifiée",
    ),
    "wrong": ("the information is not correct", "l'information n'est pas exacte"),
    "duplicate": ("another proposal says the same", "une autre proposition dit la même chose"),
    "already_fixed": (
        "the data has already been corrected",
        "les données ont déjà été corrigées",
    ),
    "spam": ("not a correction of the data", "ce n'est pas une correction des données"),
    "out_of_scope": (
        "out of the scope of this dataset",
        "hors du champ de ce jeu de données",
    ),
    "other": ("another reason", "une autre raison"),
    "closed_upstream": ("closed in GitLab by a maintainer", "fermée dans GitLab par un mainteneur"),
}
WEEK: dict[str, tuple[str, str]] = {
    "subject": (
        "The week: {count} change(s) published",
        "La semaine : {count} changement(s) publié(s)",
    ),
    "body": (
        "What happened in the last seven days:",
        "Ce qui s'est passé ces sept derniers jours :",
    ),
    "published": (
        "{published} change(s) published, {accepted} of them proposals; rows: {inserted} added, "
        "{updated} corrected, {deleted} removed",
        "{published} changement(s) publié(s), dont {accepted} par des propositions ; lignes : "
        "{inserted} ajoutée(s), {updated} corrigée(s), {deleted} retirée(s)",
    ),
    "nothing": ("nothing was published", "rien n'a été publié"),
    "waits": (
        "{waiting} proposal(s) and {remarks} remark(s) wait",
        "{waiting} proposition(s) et {remarks} remarque(s) en attente",
    ),
    "sound": (
        "{share} of the cells are filled and valid",
        "{share} des cellules sont remplies et valides",
    ),
    "same": (
        "{share} of the cells are filled and valid, as a week ago",
        "{share} des cellules sont remplies et valides, comme il y a une semaine",
    ),
    "better": (
        "{share} of the cells are filled and valid, {points} point(s) more than a week ago",
        "{share} des cellules sont remplies et valides, {points} point(s) de plus qu'il y a une "
        "semaine",
    ),
    "worse": (
        "{share} of the cells are filled and valid, {points} point(s) less than a week ago",
        "{share} des cellules sont remplies et valides, {points} point(s) de moins qu'il y a une "
        "semaine",
    ),
    "confirmed": (
        "{share} were changed or confirmed in the last {months} month(s)",
        "{share} ont été changées ou confirmées ces {months} derniers mois",
    ),
    "quality": ("The quality in detail:", "La qualité en détail :"),
    "queue": ("What waits:", "Ce qui attend :"),
    "oldest": (
        "Rows that nobody has looked at for longest:",
        "Les lignes que personne n'a regardées depuis le plus longtemps :",
    ),
    "never": ("never since the import", "jamais depuis l'import"),
    "why": (
        "This mail goes to the reviewers whom the operator of this server has named; ask the "
        "operator to end it.",
        "Ce message va aux relecteurs que l'exploitant de ce serveur a désignés ; demandez-lui de "
        "l'arrêter.",
    ),
}
