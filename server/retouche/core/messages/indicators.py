"""Sentences for indicators that a data package declares and that cannot be used.

`at` is the place of the declaration in `datapackage.json`.
"""

from __future__ import annotations

INDICATORS: dict[str, dict[str, str]] = {
    "unknown_indicator": {
        "en": "The dataset has no indicator “{indicator}”.[[ Known are: {known}.]]",
        "fr": "Le jeu de données n'a pas d'indicateur « {indicator} ».[[ Sont connus : {known}.]]",
    },
    "derived_unknown_indicator": {
        "en": "The field “{field}” of “{resource}” is said to be computed by “{indicator}”, which"
        " is no indicator of this resource.[[ Known are: {known}.]]",
        "fr": "Le champ « {field} » de « {resource} » est dit calculé par « {indicator} », qui"
        " n'est pas un indicateur de cette ressource.[[ Sont connus : {known}.]]",
    },
    "indicator_bad_name": {
        "en": "datapackage.json, at {at}: “{name}” cannot be the name of an indicator. It begins"
        " with a small letter and has small letters, digits and _ only, 63 at most.",
        "fr": "datapackage.json, à {at} : « {name} » ne peut pas être le nom d'un indicateur. Il"
        " commence par une minuscule et n'a que des minuscules, des chiffres et des _, 63 au plus.",
    },
    "indicator_bad_value": {
        "en": "datapackage.json, at {at}: the value is missing or of the wrong kind. Expected is"
        " something like {expected}.",
        "fr": "datapackage.json, à {at} : la valeur manque ou n'est pas du bon type. Il faut"
        " quelque chose comme {expected}.",
    },
    "indicator_bad_number": {
        "en": "datapackage.json, at {at}: a number above 0 is needed[[, {most} at most]].",
        "fr": "datapackage.json, à {at} : il faut un nombre supérieur à 0[[, {most} au plus]].",
    },
    "indicator_bad_choice": {
        "en": "datapackage.json, at {at}: “{value}” is none of these: {allowed}.",
        "fr": "datapackage.json, à {at} : « {value} » n'est pas l'une de ces valeurs : {allowed}.",
    },
    "indicator_bad_day": {
        "en": "datapackage.json, at {at}: “{value}” is no day. Write a weekday in French (lundi)"
        " or a date (2026-09-12).",
        "fr": "datapackage.json, à {at} : « {value} » n'est pas un jour. Écrivez un jour de la"
        " semaine (lundi) ou une date (2026-09-12).",
    },
    "indicator_unknown_resource": {
        "en": "datapackage.json, at {at}: the dataset has no resource “{resource}”."
        "[[ Known are: {known}.]]",
        "fr": "datapackage.json, à {at} : le jeu de données n'a pas de ressource « {resource} »."
        "[[ Sont connues : {known}.]]",
    },
    "indicator_keyless": {
        "en": "datapackage.json, at {at}: the rows of “{resource}” have no primary key, so that no"
        " value can be told to be theirs. Declare one in its schema.",
        "fr": "datapackage.json, à {at} : les lignes de « {resource} » n'ont pas de clé primaire :"
        " aucune valeur ne peut leur être attribuée. Déclarez-en une dans son schéma.",
    },
    "indicator_needs_field": {
        "en": "datapackage.json, at {at}: no single field is the primary key of “{resource}”. Name"
        " the field that is meant.",
        "fr": "datapackage.json, à {at} : aucun champ n'est à lui seul la clé primaire de"
        " « {resource} ». Nommez le champ voulu.",
    },
    "indicator_unknown_field": {
        "en": "datapackage.json, at {at}: the resource “{resource}” has no field and no indicator"
        " “{field}”.[[ Was “{close}” meant?]][[ Known are: {known}.]]",
        "fr": "datapackage.json, à {at} : la ressource « {resource} » n'a ni champ ni indicateur"
        " « {field} ».[[ Vouliez-vous écrire « {close} » ?]][[ Sont connus : {known}.]]",
    },
    "indicator_personal_field": {
        "en": "datapackage.json, at {at}: the field “{field}” of “{resource}” is personal, so no"
        " indicator can use it.",
        "fr": "datapackage.json, à {at} : le champ « {field} » de « {resource} » est personnel :"
        " aucun indicateur ne peut s'en servir.",
    },
    "indicator_computed_field": {
        "en": "datapackage.json, at {at}: the field “{field}” of “{resource}” is computed, so that"
        " rows cannot be matched by it. Name one that is in the file.",
        "fr": "datapackage.json, à {at} : le champ « {field} » de « {resource} » est calculé : les"
        " lignes ne peuvent pas être rapprochées par lui. Nommez-en un qui est dans le fichier.",
    },
    "indicator_not_numeric": {
        "en": "datapackage.json, at {at}: numbers are needed, and “{field}” of “{resource}” has"
        " none. Its type must be number or integer.",
        "fr": "datapackage.json, à {at} : il faut des nombres, et « {field} » de « {resource} »"
        " n'en contient pas. Son type doit être number ou integer.",
    },
    "indicator_not_text": {
        "en": "datapackage.json, at {at}: the values of the indicator “{indicator}” are numbers."
        " Compare them with at_least or at_most.",
        "fr": "datapackage.json, à {at} : les valeurs de l'indicateur « {indicator} » sont des"
        " nombres. Comparez-les avec at_least ou at_most.",
    },
    "indicator_no_position": {
        "en": "datapackage.json, at {at}: the rows of “{resource}” have no position. Name the"
        " fields of latitude and longitude under retouche/geo of the resource.",
        "fr": "datapackage.json, à {at} : les lignes de « {resource} » n'ont pas de position."
        " Nommez les champs de latitude et de longitude sous retouche/geo de la ressource.",
    },
    "indicator_no_calendar": {
        "en": "datapackage.json, at {at}: “{resource}” is no calendar of stops. It needs one of"
        " the fields jour, dates and horaires.",
        "fr": "datapackage.json, à {at} : « {resource} » n'est pas un calendrier de passages. Il"
        " lui faut l'un des champs jour, dates et horaires.",
    },
    "indicator_two_weights": {
        "en": "datapackage.json, at {at}: sum_within adds up its field; a source has no weight"
        " besides. Take it out, or use count_within.",
        "fr": "datapackage.json, à {at} : sum_within additionne son champ ; une source n'a pas de"
        " poids en plus. Retirez-le, ou utilisez count_within.",
    },
    "indicator_empty_condition": {
        "en": "datapackage.json, at {at}: the condition says nothing. Give it at_least, at_most,"
        " in or not_in.",
        "fr": "datapackage.json, à {at} : la condition ne dit rien. Donnez-lui at_least, at_most,"
        " in ou not_in.",
    },
    "indicator_circle": {
        "en": "datapackage.json, at {at}: the indicator needs its own value: {circle}.",
        "fr": "datapackage.json, à {at} : l'indicateur a besoin de sa propre valeur : {circle}.",
    },
    "indicator_too_deep": {
        "en": "datapackage.json, at {at}: more than {limit} indicators need each other in a row.",
        "fr": "datapackage.json, à {at} : plus de {limit} indicateurs ont besoin les uns des autres"
        " à la suite.",
    },
    "indicator_of_unusable": {
        "en": "datapackage.json, at {at}: the indicator “{indicator}” cannot be used itself.",
        "fr": "datapackage.json, à {at} : l'indicateur « {indicator} » est lui-même inutilisable.",
    },
    "indicator_elsewhere": {
        "en": "datapackage.json, at {at}: “{indicator}” is an indicator of “{other}”, and not of"
        " “{resource}”.",
        "fr": "datapackage.json, à {at} : « {indicator} » est un indicateur de « {other} », et non"
        " de « {resource} ».",
    },
}
