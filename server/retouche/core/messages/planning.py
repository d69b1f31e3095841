"""Sentences of refusals of the forms by which projects are drafted."""

from __future__ import annotations

PLANNING: dict[str, dict[str, str]] = {
    "no_row_chosen": {
        "en": "“{value}” names no row of the dataset. Choose one in the list, or write the name of "
        "its table, a slash and its key.",
        "fr": "« {value} » ne nomme aucune ligne du jeu de données. Choisissez-en une dans la "
        "liste, ou écrivez le nom de sa table, une barre oblique et sa clé.",
    },
    "no_place": {
        "en": "“{value}” has no other position. Choose another row or place, or write a latitude "
        "and a longitude.",
        "fr": "« {value} » n'a pas d'autre position. Choisissez une autre ligne ou un autre lieu, "
        "ou écrivez une latitude et une longitude.",
    },
    "bad_degrees": {
        "en": "“{value}” is no position. Write degrees, such as 48.85661 and 2.35222.",
        "fr": "« {value} » n'est pas une position. Écrivez des degrés, comme 48,85661 et 2,35222.",
    },
    "place_unknown": {
        "en": "No place is called “{value}”. Write the name or the code of a commune, or a "
        "latitude and a longitude.",
        "fr": "Aucun lieu ne s'appelle « {value} ». Écrivez le nom ou le code d'une commune, ou "
        "une latitude et une longitude.",
    },
    "place_ambiguous": {
        "en": "Several places are called “{value}”. Write the code of the one you mean: {known}.",
        "fr": "Plusieurs lieux s'appellent « {value} ». Écrivez le code de celui que vous voulez "
        "dire : {known}.",
    },
}
