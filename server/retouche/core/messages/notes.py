"""Sentences that tell what was assumed, passed over or undone in a corrected copy of a file.

Every note has `en` and `fr` with the same values; `wording.py` tells how they are filled.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from retouche.core.messages.wording import fill

NOTES: dict[str, dict[str, str]] = {
    "assumed_dialect": {
        "en": "The file was read with the encoding {encoding} and the delimiter “{delimiter}”.",
        "fr": "Le fichier a été lu avec l'encodage {encoding} et le séparateur « {delimiter} ».",
    },
    "one_sheet": {
        "en": "Only the sheet “{sheet}” was read.",
        "fr": "Seule la feuille « {sheet} » a été lue.",
    },
    "unknown_columns": {
        "en": "Columns that the data does not have were passed over: {columns}.",
        "fr": "Des colonnes que les données n'ont pas ont été ignorées : {columns}.",
    },
    "fixed_columns": {
        "en": "{count} changes in columns that cannot be edited were passed over: {columns}.",
        "fr": "{count} modifications dans des colonnes non modifiables ont été ignorées :"
        " {columns}.",
    },
    "repaired_keys": {
        "en": "{count} rows were recognised although their key had lost its leading zeros.",
        "fr": "{count} lignes ont été reconnues bien que leur clé ait perdu ses zéros initiaux.",
    },
    "kept_spacing": {
        "en": "{count} cells that differ only in spaces or line ends were left as they are:"
        " {columns}.",
        "fr": "{count} cellules qui ne diffèrent que par des espaces ou des fins de ligne ont été"
        " laissées telles quelles : {columns}.",
    },
    "kept_apostrophe": {
        "en": "{count} cells that only got an apostrophe in front were left as they are:"
        " {columns}.",
        "fr": "{count} cellules simplement précédées d'une apostrophe ont été laissées telles"
        " quelles : {columns}.",
    },
    "kept_leading_zeros": {
        "en": "{count} codes that only lost their leading zeros or sign were left as they are:"
        " {columns}.",
        "fr": "{count} codes qui ont seulement perdu leurs zéros ou leur signe initial ont été"
        " laissés tels quels : {columns}.",
    },
    "kept_number_form": {
        "en": "{count} numbers that are only written in another way were left as they are:"
        " {columns}.",
        "fr": "{count} nombres seulement écrits autrement ont été laissés tels quels : {columns}.",
    },
    "kept_date_form": {
        "en": "{count} dates that are only written in another way were left as they are:"
        " {columns}.",
        "fr": "{count} dates seulement écrites autrement ont été laissées telles quelles :"
        " {columns}.",
    },
    "kept_boolean_form": {
        "en": "{count} yes/no values that are only written in another way were left as they are:"
        " {columns}.",
        "fr": "{count} valeurs oui/non seulement écrites autrement ont été laissées telles"
        " quelles : {columns}.",
    },
    "kept_cut": {
        "en": "{count} long texts that a workbook had cut off were left as they are: {columns}.",
        "fr": "{count} longs textes qu'un classeur avait coupés ont été laissés tels quels :"
        " {columns}.",
    },
    "undone_apostrophe": {
        "en": "The apostrophe that protects from formulas was taken off {count} changed cells:"
        " {columns}.",
        "fr": "L'apostrophe qui protège des formules a été retirée de {count} cellules"
        " modifiées : {columns}.",
    },
    "undone_number_form": {
        "en": "{count} changed numbers were written as the data writes them: {columns}.",
        "fr": "{count} nombres modifiés ont été écrits comme dans les données : {columns}.",
    },
    "undone_date_form": {
        "en": "{count} changed dates or times were read with the day before the month and"
        " written as in the data: {columns}.",
        "fr": "{count} dates ou heures modifiées ont été lues avec le jour avant le mois et"
        " écrites comme dans les données : {columns}.",
    },
    "undone_boolean_form": {
        "en": "{count} changed yes/no values were written in the words of the data: {columns}.",
        "fr": "{count} valeurs oui/non modifiées ont été écrites avec les mots des données :"
        " {columns}.",
    },
}


def sentence(code: str, locale: str, values: Mapping[str, Any]) -> str:
    """What a note says to its reader."""
    return fill(NOTES[code], locale, values)
