"""What the command line says, in English and French. Sentences about data are core's messages.

Each entry is (English, French); `{names}` are filled with printable values.
"""

from __future__ import annotations

from retouche.cli.refusals import REFUSALS

NOTES: dict[str, tuple[str, str]] = {
    "ask_delimiter": ("Delimiter of the cells", "Séparateur des cellules"),
    "ask_encoding": ("Encoding of the file", "Encodage du fichier"),
    "ask_header": (
        "The first line reads “{line}”; is it the columns' names?",
        "La première ligne est « {line} » ; est-ce le nom des colonnes ?",
    ),
    "backing_up": ("Backing up {name}", "Sauvegarde de {name}"),
    "backup_done": (
        "{path} holds a backup ({size} bytes), with names and mail addresses of contributors.",
        "{path} contient une sauvegarde ({size} octets), avec des noms et adresses de "
        "contributeurs.",
    ),
    "backup_without_key": (
        "RETOUCHE_SECRET_KEY is not in it: keep it in another place, sessions and follow-up links "
        "need it.",
        "RETOUCHE_SECRET_KEY n’y est pas : gardez-la ailleurs, les sessions et liens de suivi en "
        "ont besoin.",
    ),
    "changed_source": (
        "{source} has changed since it was imported; {home} keeps serving its own edited copy.",
        "{source} a changé depuis son import ; {home} continue de servir sa copie corrigée.",
    ),
    "checked": ("{count} error(s)", "{count} erreur(s)"),
    "checking": ("Checking {name}", "Vérification de {name}"),
    "warming": ("Reading {name}", "Lecture de {name}"),
    "checking_backup": ("Checking {name}", "Vérification de {name}"),
    "columns_added": ("Columns added: {names}", "Colonnes ajoutées : {names}"),
    "columns_removed": ("Columns removed: {names}", "Colonnes retirées : {names}"),
    "counts": (
        "{inserted} inserted, {updated} updated, {deleted} deleted",
        "{inserted} ajoutée(s), {updated} modifiée(s), {deleted} supprimée(s)",
    ),
    "datami_add": (
        "Add the file: {path} (on the page: {file})",
        "Ajoutez le fichier : {path} (dans la page : {file})",
    ),
    "datami_done": (
        "{folder}: widgets {names}; tables {tables}.",
        "{folder} : widgets {names} ; tables {tables}.",
    ),
    "datami_none": (
        "No widget could be made of the page; nothing is written.",
        "Aucun widget n’a pu être fait de la page ; rien n’est écrit.",
    ),
    "doubt_delimiter": ("its delimiter", "le séparateur"),
    "doubt_encoding": ("its encoding", "l’encodage"),
    "doubt_header": ("its first line holds no names", "la première ligne n’a pas de noms"),
    "error": ("Error", "Erreur"),
    "importing": ("Importing {name}", "Import de {name}"),
    "examined": (
        "{errors} error(s), {warnings} warning(s)",
        "{errors} erreur(s), {warnings} avertissement(s)",
    ),
    "export_done": (
        "{folder} holds a copy of {names}; any static host can serve it.",
        "{folder} contient une copie de {names} ; tout hébergement statique peut la servir.",
    ),
    "exporting": ("Exporting {name}", "Export de {name}"),
    "init_done": (
        "{folder}: {rows} rows, {columns} columns, {encoding}, delimiter {delimiter}.",
        "{folder} : {rows} lignes, {columns} colonnes, {encoding}, séparateur {delimiter}.",
    ),
    "init_key": ("Rows are named by {names}.", "Les lignes sont désignées par {names}."),
    "init_next": (
        "Serve it with: retouche serve {folder}",
        "Pour servir : retouche serve {folder}",
    ),
    "keyless": (
        "No column tells all rows of {name} apart: they cannot be corrected until it has a column "
        "of identifiers, declared in primaryKey.",
        "Aucune colonne ne distingue toutes les lignes de {name} : elles ne peuvent pas être "
        "corrigées tant qu’il n’a pas de colonne d’identifiants, déclarée dans primaryKey.",
    ),
    "looking": ("Looking at GitLab for {name}", "Consultation de GitLab pour {name}"),
    "mirror_damaged": (
        "{name}: the copy in this home is damaged, and could not be made anew from GitLab.",
        "{name} : la copie locale est abîmée, et n’a pas pu être refaite depuis GitLab.",
    ),
    "mirroring": ("Copying {name} from GitLab", "Copie de {name} depuis GitLab"),
    "merge_conflict": (
        "{count} cell(s) of {path} were changed on both sides; ours are kept, and the file is to "
        "be decided:",
        "{count} cellule(s) de {path} ont changé des deux côtés ; les nôtres sont gardées, et le "
        "fichier reste à trancher :",
    ),
    "merge_sides": (
        "base {base} | ours {ours} | theirs {theirs}",
        "base {base} | nôtre {ours} | leur {theirs}",
    ),
    "missing": ("(empty)", "(vide)"),
    "move_would_not_push": (
        "The history is in {repository} already, on {branch}.",
        "L’historique est déjà dans {repository}, sur {branch}.",
    ),
    "move_would_open": (
        "{count} open proposal(s) would become merge requests.",
        "{count} proposition(s) ouverte(s) deviendraient des demandes de fusion.",
    ),
    "move_would_push": (
        "The history would be pushed to {repository}, on {branch}.",
        "L’historique serait poussé vers {repository}, sur {branch}.",
    ),
    "moved": (
        "{name} lives in {repository} from now on. Put this in the place of its part of "
        "retouche.toml:",
        "{name} vit désormais dans {repository}. Mettez ceci à la place de sa partie dans "
        "retouche.toml :",
    ),
    "moved_next": (
        "Then protect the branches, add the webhook and the application for sign-in "
        "(docs/gitlab.md), and run retouche doctor.",
        "Puis protégez les branches, ajoutez le webhook et l’application de connexion "
        "(docs/gitlab.md), et lancez retouche doctor.",
    ),
    "moving": ("Moving the proposals of {name}", "Déplacement des propositions de {name}"),
    "no_change": ("No difference.", "Aucune différence."),
    "no_history": ("No revision changed this row.", "Aucune révision n’a changé cette ligne."),
    "no_proposals": ("No proposal.", "Aucune proposition."),
    "block_of_contact": ("a mail address", "une adresse électronique"),
    "block_of_network": ("a part of the network", "une partie du réseau"),
    "block_until": ("until {time}", "jusqu’au {time}"),
    "no_blocks": ("Nothing is blocked.", "Rien n’est bloqué."),
    "paused": (
        "{name} takes no corrections from now on.",
        "{name} ne prend plus de corrections.",
    ),
    "rejecting": ("Rejecting proposals of {name}", "Refus de propositions de {name}"),
    "resumed": ("{name} takes corrections again.", "{name} prend de nouveau des corrections."),
    "unblocked": ("Unblocked: {name}.", "Débloqué : {name}."),
    "undo_counts": (
        "{proposals} accepted proposal(s): {rows} row(s) set back, {kept} place(s) stay.",
        "{proposals} proposition(s) acceptée(s) : {rows} ligne(s) rétablie(s), {kept} endroit(s) "
        "inchangé(s).",
    ),
    "undoing": ("Reading what was accepted in {name}", "Lecture de ce que {name} a accepté"),
    "open_conflict": ("conflicts with the published data", "en conflit avec les données publiées"),
    "present_now": ("published now: {value}", "publié à présent : {value}"),
    "pushing": ("Pushing the history of {name}", "Envoi de l’historique de {name}"),
    "purge_content": (
        "What proposal {proposal} of {name} said is erased, in git too.",
        "Ce que disait la proposition {proposal} de {name} est effacé, dans git aussi.",
    ),
    "purge_elsewhere": (
        "GitLab keeps copies of merge request {number} that only its owners can erase: see "
        "docs/personal-data.md.",
        "GitLab garde des copies de la demande de fusion {number} que seuls ses propriétaires "
        "peuvent effacer : voir docs/personal-data.md.",
    ),
    "purge_would": (
        "{count} proposal(s) hold something of a person that would be erased.",
        "{count} proposition(s) contiennent quelque chose d’une personne qui serait effacé.",
    ),
    "purged": (
        "Erased: {proposals} proposal(s), {remarks} remark(s), {confirmations} confirmation(s), "
        "{mails} mail(s) that waited.",
        "Effacé : {proposals} proposition(s), {remarks} remarque(s), {confirmations} "
        "confirmation(s), {mails} message(s) en attente.",
    ),
    "reading_history": ("Reading the history", "Lecture de l’historique"),
    "restored": (
        "{home} is as {path} has it; serve it as before.",
        "{home} est tel que {path} le contient ; servez-le comme avant.",
    ),
    "restored_elsewhere": (
        "Fetched again from GitLab at the next start, from the retouche.toml that names them: "
        "{names}.",
        "Repris de GitLab au prochain démarrage, d’après le retouche.toml qui les nomme : {names}.",
    ),
    "restored_without_key": (
        "The backup holds no secret: set RETOUCHE_SECRET_KEY to what it was, before the first "
        "start.",
        "La sauvegarde ne contient pas de secret : donnez à RETOUCHE_SECRET_KEY sa valeur d’avant "
        "le premier démarrage.",
    ),
    "restoring": ("Restoring {name}", "Restauration de {name}"),
    "served_from_mirror": (
        "{name}: {detail} What was published last is served, and corrections wait.",
        "{name} : {detail} La dernière version publiée est servie, et les corrections attendent.",
    ),
    "unfinished": (
        "{count} proposal(s) could not be finished after the last stop: {names}",
        "{count} proposition(s) n’ont pas pu être terminées après le dernier arrêt : {names}",
    ),
    "valid": ("{resource}: valid, {rows} rows", "{resource} : valide, {rows} lignes"),
    "invalid": (
        "{resource}: {errors} error(s), {warnings} warning(s), {rows} rows",
        "{resource} : {errors} erreur(s), {warnings} avertissement(s), {rows} lignes",
    ),
    "unreadable": ("{resource}: cannot be read", "{resource} : illisible"),
    "warning": ("warning", "avertissement"),
}


def sentence(key: str, locale: str, /, **values: object) -> str:
    """A refusal or a note, filled."""
    english, french = REFUSALS.get(key) or NOTES[key]
    return (french if locale == "fr" else english).format(**values)
