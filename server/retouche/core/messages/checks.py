"""Sentences for the findings of custom checks; keys are `check:reason`."""

from __future__ import annotations

HOURS = {
    "en": " Example: Mo-Fr 09:00-12:00,14:00-17:00; Sa 09:00-12:00; PH off.",
    "fr": " Exemple : Mo-Fr 09:00-12:00,14:00-17:00; Sa 09:00-12:00; PH off.",
}


def _hours(en: str, fr: str) -> dict[str, str]:
    return {"en": en + HOURS["en"], "fr": fr + HOURS["fr"]}


OPENING_HOURS: dict[str, dict[str, str]] = {
    "opening-hours-value:word": _hours(
        "The opening hours hold “{text}”, which is not known there. Days are written Mo, Tu, We,"
        " Th, Fr, Sa, Su.",
        "Les horaires contiennent « {text} », qui n'y est pas connu. Les jours s'écrivent Mo, Tu,"
        " We, Th, Fr, Sa, Su.",
    ),
    "opening-hours-value:unexpected": _hours(
        "“{text}” stands in the opening hours where something else is expected.",
        "« {text} » figure dans les horaires là où autre chose est attendu.",
    ),
    "opening-hours-value:incomplete": _hours(
        "The opening hours stop too early[[, after “{text}”]].",
        "Les horaires s'arrêtent trop tôt[[, après « {text} »]].",
    ),
    "opening-hours-value:time": _hours(
        "“{text}” is no time of the day: hours go from 00:00 to 24:00. After midnight, write"
        " 22:00-02:00.",
        "« {text} » n'est pas une heure : elles vont de 00:00 à 24:00. Après minuit, écrivez"
        " 22:00-02:00.",
    ),
    "opening-hours-value:no_end": _hours(
        "“{text}” has no closing time. Write a range such as 09:00-12:00.",
        "« {text} » n'a pas d'heure de fermeture. Écrivez un intervalle comme 09:00-12:00.",
    ),
    "opening-hours-value:empty_rule": _hours(
        "The opening hours have an empty part. Remove the sign too many.",
        "Les horaires ont une partie vide. Retirez le signe en trop.",
    ),
    "opening-hours-value:week": _hours(
        "“{text}” is no week of the year: they go from 1 to 53, as in week 1-53/2.",
        "« {text} » n'est pas une semaine de l'année : elles vont de 1 à 53, comme dans"
        " week 1-53/2.",
    ),
    "opening-hours-value:day_of_month": _hours(
        "“{text}” is no day of the year.", "« {text} » n'est pas un jour de l'année."
    ),
    "opening-hours-value:nth": _hours(
        "“{text}” is no week of a month: write [1] to [5], or [-1] for the last.",
        "« {text} » n'est pas une semaine du mois : écrivez [1] à [5], ou [-1] pour la dernière.",
    ),
    "opening-hours-value:years": _hours(
        "The years {text} are in the wrong order.", "Les années {text} sont à l'envers."
    ),
    "opening-hours-value:comment": _hours(
        "A comment is not closed: {text}.", "Un commentaire n'est pas fermé : {text}."
    ),
}
IDENTIFIERS: dict[str, dict[str, str]] = {
    "french-siret-value:not_digits": {
        "en": "{it} is not a SIRET number: it must have {length} digits and nothing else.",
        "fr": "{it} n'est pas un numéro SIRET : il faut {length} chiffres et rien d'autre.",
    },
    "french-siret-value:length": {
        "en": "{it} has {found} digits; a SIRET number has {length}.",
        "fr": "{it} compte {found} chiffres ; un numéro SIRET en a {length}.",
    },
    "french-siret-value:check_digit": {
        "en": "{it} is not an existing kind of SIRET number: its check digit is wrong. Compare it"
        " with the register of companies.",
        "fr": "{it} n'est pas un numéro SIRET possible : sa clé de contrôle est fausse. Comparez-le"
        " au répertoire Sirene.",
    },
    "french-siren-value:not_digits": {
        "en": "{it} is not a SIREN number: it must have {length} digits and nothing else.",
        "fr": "{it} n'est pas un numéro SIREN : il faut {length} chiffres et rien d'autre.",
    },
    "french-siren-value:length": {
        "en": "{it} has {found} digits; a SIREN number has {length}.",
        "fr": "{it} compte {found} chiffres ; un numéro SIREN en a {length}.",
    },
    "french-siren-value:check_digit": {
        "en": "{it} is not an existing kind of SIREN number: its check digit is wrong. Compare it"
        " with the register of companies.",
        "fr": "{it} n'est pas un numéro SIREN possible : sa clé de contrôle est fausse. Comparez-le"
        " au répertoire Sirene.",
    },
    "phone-number-value:not_a_number": {
        "en": "{it} is not a telephone number. Write ten digits, such as 04 92 00 00 00.",
        "fr": "{it} n'est pas un numéro de téléphone. Écrivez dix chiffres, comme 04 92 00 00 00.",
    },
    "phone-number-value:digits": {
        "en": "{it} is not a telephone number ({found} digits). Write ten digits, such as"
        " 04 92 00 00 00, or a short number such as 3939.",
        "fr": "{it} n'est pas un numéro de téléphone ({found} chiffres). Écrivez dix chiffres,"
        " comme"
        " 04 92 00 00 00, ou un numéro court comme 3939.",
    },
    "phone-number-value:international": {
        "en": "{it} is not a telephone number: what follows {code} is too short, too long or not"
        " in use. Write it like +33 4 92 00 00 00.",
        "fr": "{it} n'est pas un numéro de téléphone : ce qui suit {code} est trop court, trop long"
        " ou inexistant. Écrivez-le comme +33 4 92 00 00 00.",
    },
}
VALUES: dict[str, dict[str, str]] = {
    "year-interval-value:period": {
        "en": "{it} is not a period. Write two years, such as 2019/2021.",
        "fr": "{it} n'est pas une période. Écrivez deux années, comme 2019/2021.",
    },
    "year-interval-value:year_or_period": {
        "en": "{it} is neither a year nor a period. Write 2019 or 2019/2021.",
        "fr": "{it} n'est ni une année ni une période. Écrivez 2019 ou 2019/2021.",
    },
    "year-interval-value:same_year": {
        "en": "{it} begins and ends in one year. The two years must differ.",
        "fr": "{it} commence et finit la même année. Les deux années doivent différer.",
    },
    "year-interval-value:years_reversed": {
        "en": "{it} ends before it begins. Write the earlier year first.",
        "fr": "{it} finit avant de commencer. Écrivez d'abord l'année la plus ancienne.",
    },
    "nomenclature-actes-value:no_slash": {
        "en": "{it} has no “/”. Write the matter, a slash and the subject, such as"
        " Urbanisme/Permis.",
        "fr": "{it} n'a pas de « / ». Écrivez la matière, une barre oblique et l'objet, comme"
        " Urbanisme/Permis.",
    },
    "nomenclature-actes-value:spaces_at_slash": {
        "en": "{it} has a space beside the “/”. Remove it.",
        "fr": "{it} a une espace à côté de la barre oblique. Retirez-la.",
    },
    "nomenclature-actes-value:unknown_matter": {
        "en": "“{matter}” is not a matter of the nomenclature. Choose: {known}.",
        "fr": "« {matter} » n'est pas une matière de la nomenclature. Choisissez : {known}.",
    },
    "french-gps-coordinates:not_a_point": {
        "en": "{it} is not a pair of numbers. Write longitude then latitude, such as 6.08,44.56.",
        "fr": "{it} n'est pas une paire de nombres. Écrivez la longitude puis la latitude, comme"
        " 6.08,44.56.",
    },
    "french-gps-coordinates:not_in_france": {
        "en": "{it} is not a place in France. Check the longitude and the latitude.",
        "fr": "{it} n'est pas un lieu en France. Vérifiez la longitude et la latitude.",
    },
    "reversed-french-gps-coordinates": {
        "en": "{it}: longitude and latitude are swapped. Exchange the two numbers.",
        "fr": "{it} : la longitude et la latitude sont inversées. Échangez les deux nombres.",
    },
}
COLUMNS: dict[str, dict[str, str]] = {
    "cohesive-columns-value:some_empty": {
        "en": "The columns {columns} go together: fill all of them or none.",
        "fr": "Les colonnes {columns} vont ensemble : remplissez-les toutes ou aucune.",
    },
    "one-of-required:all_empty": {
        "en": "At least one of the columns {columns} must be filled.",
        "fr": "Au moins une des colonnes {columns} doit être remplie.",
    },
    "compare-columns-value:comparison": {
        "en": "{it} must be {relation} “{other}” of the column {others}.",
        "fr": "{it} doit être {relation} « {other} » de la colonne {others}.",
    },
    "compare-columns-value:incomparable": {
        "en": "{it} cannot be compared with “{other}” of the column {others}: write both as"
        " numbers,"
        " or both as dates.",
        "fr": "{it} ne peut pas être comparé à « {other} » de la colonne {others} : écrivez deux"
        " nombres, ou deux dates.",
    },
    "sum-columns-value:sum": {
        "en": "{it} is not the sum of {others}, which is {total}.",
        "fr": "{it} n'est pas la somme de {others}, qui vaut {total}.",
    },
    "min-filled:too_few_filled": {
        "en": "Of the columns {columns}, {filled} are filled; at least {minimum} must be.",
        "fr": "Parmi les colonnes {columns}, {filled} sont remplies ; il en faut au moins"
        " {minimum}.",
    },
    "column-total:total": {
        "en": "The column adds up to {total} and should make {expected}.",
        "fr": "Le total de la colonne est {total} ; il devrait être {expected}.",
    },
}

CHECKS: dict[str, dict[str, str]] = {**OPENING_HOURS, **IDENTIFIERS, **VALUES, **COLUMNS}
RELATIONS: dict[str, dict[str, str]] = {
    "<": {"en": "less than", "fr": "inférieur à"},
    "<=": {"en": "at most", "fr": "au plus égal à"},
    "==": {"en": "equal to", "fr": "égal à"},
    ">=": {"en": "at least", "fr": "au moins égal à"},
    ">": {"en": "more than", "fr": "supérieur à"},
}
