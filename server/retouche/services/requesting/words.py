"""The sentences of merge requests, in French and English. Values are put in harmless already."""

from __future__ import annotations

from retouche.core.messages.wording import count, language, typographic

WORDS: dict[str, dict[str, str]] = {
    "update": {
        "en": "Correct “{column}”{others} of {row}{table}",
        "fr": "Corriger « {column} »{others} de {row}{table}",
    },
    "insert": {"en": "Add {row}{table}", "fr": "Ajouter {row}{table}"},
    "delete": {"en": "Remove {row}{table}", "fr": "Supprimer {row}{table}"},
    "columns_more": {"en": " and {n} more columns", "fr": " et {n} autres colonnes"},
    "column_more": {"en": " and one more column", "fr": " et une autre colonne"},
    "changes_more": {"en": ", and {n} more changes", "fr": ", et {n} autres changements"},
    "change_more": {"en": ", and one more change", "fr": ", et un autre changement"},
    "introduction": {
        "en": "Someone proposes this correction of “{dataset}” through Retouche. It kept the rules"
        " of the schema when it arrived.",
        "fr": "Quelqu'un propose cette correction de « {dataset} » par Retouche. Elle respectait"
        " les règles du schéma à son arrivée.",
    },
    "changes": {"en": "What changes", "fr": "Ce qui change"},
    "head": {
        "en": "| row | column | before | after |",
        "fr": "| ligne | colonne | avant | après |",
    },
    "conflict_head": {
        "en": "| row | column | at the start | published now | proposed |",
        "fr": "| ligne | colonne | au départ | publié | proposé |",
    },
    "empty": {"en": "*empty*", "fr": "*vide*"},
    "absent": {"en": "*no row*", "fr": "*pas de ligne*"},
    "removed": {"en": "*removed*", "fr": "*supprimée*"},
    "new_row": {"en": "*new row*", "fr": "*nouvelle ligne*"},
    "whole_row": {"en": "*the whole row*", "fr": "*toute la ligne*"},
    "cells_more": {"en": "Cells not shown here: {n}.", "fr": "Cellules non montrées ici : {n}."},
    "cells_more_there": {
        "en": "Cells not shown here: {n}. [See them all]({url}).",
        "fr": "Cellules non montrées ici : {n}. [Les voir toutes]({url}).",
    },
    "impact": {"en": "What it does to the indicators", "fr": "Ce que cela fait aux indicateurs"},
    "access_head": {
        "en": "| inhabitants within | before | after | come within | no longer |",
        "fr": "| habitants à moins de | avant | après | y passent | n'y sont plus |",
    },
    "access_rows": {
        "en": "| rows within | before | after | come within | no longer |",
        "fr": "| lignes à moins de | avant | après | y passent | n'y sont plus |",
    },
    "attention": {"en": "To be looked at", "fr": "À regarder"},
    "draft": {
        "en": "It is a draft because of what follows: mark it as ready once you have checked.",
        "fr": "C'est un brouillon à cause de ce qui suit : marquez la demande comme prête après"
        " vérification.",
    },
    "flag": {"en": "{row}, {column}: {what}", "fr": "{row}, {column} : {what}"},
    "formula": {
        "en": "a spreadsheet would run the new value as a formula.",
        "fr": "un tableur exécuterait la nouvelle valeur comme une formule.",
    },
    "hidden": {
        "en": "the new value holds characters that cannot be seen.",
        "fr": "la nouvelle valeur contient des caractères invisibles.",
    },
    "link": {
        "en": "the new value holds an address of a page where there was none.",
        "fr": "la nouvelle valeur contient une adresse de page là où il n'y en avait pas.",
    },
    "mixed_script": {
        "en": "the new value mixes letters of several alphabets in one word.",
        "fr": "la nouvelle valeur mélange dans un mot des lettres de plusieurs alphabets.",
    },
    "findings_more": {"en": "And {n} more.", "fr": "Et {n} de plus."},
    "see": {"en": "See it", "fr": "La voir"},
    "proposal": {
        "en": "[The proposal in Retouche]({url}): compare, accept all or a part, refuse with a"
        " reason.",
        "fr": "[La proposition dans Retouche]({url}) : comparer, accepter tout ou partie, refuser"
        " avec un motif.",
    },
    "preview": {
        "en": "The data as it would be: {links}.",
        "fr": "Les données telles qu'elles seraient : {links}.",
    },
    "dataset": {"en": "the dataset", "fr": "le jeu de données"},
    "map": {"en": "the map", "fr": "la carte"},
    "cards": {"en": "the cards", "fr": "les fiches"},
    "table": {"en": "the table", "fr": "la table"},
    "here": {"en": "What you can do here", "fr": "Que faire ici"},
    "merge": {
        "en": "**Merge** it: that publishes the correction. Retouche notices within minutes and"
        " tells its author.",
        "fr": "**La fusionner** : la correction est publiée. Retouche s'en aperçoit en quelques"
        " minutes et le dit à son auteur.",
    },
    "close": {
        "en": "**Close** it: the correction is refused, and its author is told. Reopening it"
        " takes that back.",
        "fr": "**La fermer** : la correction est refusée et son auteur le sait. La rouvrir revient"
        " là-dessus.",
    },
    "comment": {
        "en": "**Comment** on it: its author reads the comments in Retouche, except internal"
        " notes.",
        "fr": "**La commenter** : son auteur lit les commentaires dans Retouche, sauf les notes"
        " internes.",
    },
    "take_over": {
        "en": "**Take it over**: {command}. Once somebody else has pushed to that branch,"
        " Retouche never writes to it again.",
        "fr": "**La reprendre** : {command}. Dès que quelqu'un d'autre a poussé sur cette branche,"
        " Retouche n'y écrit plus.",
    },
    "copying": {
        "en": "To copy a value, take it from the changes of the files: what GitLab would read as"
        " a command is broken here by an invisible character.",
        "fr": "Pour copier une valeur, prenez-la dans les modifications des fichiers : ici, un"
        " caractère invisible coupe ce que GitLab lirait comme une commande.",
    },
    "conflict": {
        "en": "The published data has changed in the same place since this correction was made."
        " Retouche overwrites nothing: somebody has to choose.",
        "fr": "Les données publiées ont changé au même endroit depuis cette correction. Retouche"
        " n'écrase rien : quelqu'un doit choisir.",
    },
    "conflict_there": {
        "en": "[Compare and decide in Retouche]({url}).",
        "fr": "[Comparer et décider dans Retouche]({url}).",
    },
}


def words(name: str, locale: str, **values: object) -> str:
    """A sentence with its values; whole numbers get their thousands apart."""
    chosen = language(locale)
    shown = {
        key: count(value, chosen) if isinstance(value, int) else value
        for key, value in values.items()
    }
    return typographic(WORDS[name][chosen], chosen).format(**shown)
