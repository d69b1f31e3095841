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
    "changed_source": (
        "{source} has changed since it was imported; {home} keeps serving its own edited copy.",
        "{source} a changé depuis son import ; {home} continue de servir sa copie corrigée.",
    ),
    "checked": ("{count} error(s)", "{count} erreur(s)"),
    "checking": ("Checking {name}", "Vérification de {name}"),
    "warming": ("Reading {name}", "Lecture de {name}"),
    "columns_added": ("Columns added: {names}", "Colonnes ajoutées : {names}"),
    "columns_removed": ("Columns removed: {names}", "Colonnes retirées : {names}"),
    "counts": (
        "{inserted} inserted, {updated} updated, {deleted} deleted",
        "{inserted} ajoutée(s), {updated} modifiée(s), {deleted} supprimée(s)",
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
    "open_conflict": ("conflicts with the published data", "en conflit avec les données publiées"),
    "present_now": ("published now: {value}", "publié à présent : {value}"),
    "pushing": ("Pushing the history of {name}", "Envoi de l’historique de {name}"),
    "reading_history": ("Reading the history", "Lecture de l’historique"),
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
