"""Sentences for widget descriptors, and the files they name, that cannot be used.

All name the file; `at` is the JSON pointer of the place in it.
"""

from __future__ import annotations

WIDGETS: dict[str, dict[str, str]] = {
    "widget_unknown_property": {
        "en": "{path}, at {at}: “{property}” means nothing here.[[ Was “{close}” meant?]] Known"
        " are: {known}.",
        "fr": "{path}, à {at} : « {property} » n'a pas de sens ici.[[ Vouliez-vous écrire"
        " « {close} » ?]] Sont connus : {known}.",
    },
    "widget_missing_property": {
        "en": "{path}, at {at}: “{property}” is missing.",
        "fr": "{path}, à {at} : il manque « {property} ».",
    },
    "widget_bad_choice": {
        "en": "{path}, at {at}: “{value}” is none of these: {allowed}.",
        "fr": "{path}, à {at} : « {value} » n'est pas l'une de ces valeurs : {allowed}.",
    },
    "widget_wrong_type": {
        "en": "{path}, at {at}: a value of this JSON type is needed: {expected}.",
        "fr": "{path}, à {at} : il faut une valeur de ce type JSON : {expected}.",
    },
    "widget_bad_form": {
        "en": "{path}, at {at}: “{value}” does not have the right form. It must match {pattern}",
        "fr": "{path}, à {at} : « {value} » n'a pas la bonne forme. Il faut respecter {pattern}",
    },
    "widget_bad_size": {
        "en": "{path}, at {at}: the value is out of bounds.[[ It must be {least} at least.]]"
        "[[ It must be above {above}.]][[ It must be {most} at most.]]"
        "[[ It must have {fewest} entries or characters at least.]]"
        "[[ It must have {most_entries} entries or characters at most.]]",
        "fr": "{path}, à {at} : la valeur est hors limites.[[ Il faut {least} au moins.]]"
        "[[ Il faut plus de {above}.]][[ Il faut {most} au plus.]]"
        "[[ Il faut {fewest} élément(s) ou caractère(s) au moins.]]"
        "[[ Il faut {most_entries} élément(s) ou caractère(s) au plus.]]",
    },
    "widget_bad_value": {
        "en": "{path}, at {at}: the value cannot be used[[: {detail}]].",
        "fr": "{path}, à {at} : la valeur est inutilisable[[ : {detail}]].",
    },
    "widget_bad_name": {
        "en": "{path}: a widget's file is called by a name of small letters, digits, - _ and .,"
        " and ends with .json[[; the “name” inside is “{name}”, and must be the same or be left"
        " out]].",
        "fr": "{path} : le fichier d'un widget porte un nom en minuscules, chiffres, - _ et ., et"
        " finit par .json[[ ; le « name » qu'il contient est « {name} » et doit être le même, ou"
        " manquer]].",
    },
    "widget_twice": {
        "en": "{path}, at {at}: the name “{name}” is already taken. Each needs a name of its own.",
        "fr": "{path}, à {at} : le nom « {name} » est déjà pris. Chacun doit avoir son propre nom.",
    },
    "widget_unknown_resource": {
        "en": "{path}, at {at}: the dataset has no resource “{resource}”.[[ Known are: {known}.]]",
        "fr": "{path}, à {at} : le jeu de données n'a pas de ressource « {resource} ».[[ Sont"
        " connues : {known}.]]",
    },
    "widget_unknown_field": {
        "en": "{path}, at {at}: the resource “{resource}” has no field “{field}”.[[ Was “{close}”"
        " meant?]][[ Known are: {known}.]]",
        "fr": "{path}, à {at} : la ressource « {resource} » n'a pas de champ « {field} »."
        "[[ Vouliez-vous écrire « {close} » ?]][[ Sont connus : {known}.]]",
    },
    "widget_personal_field": {
        "en": "{path}, at {at}: the field “{field}” of “{resource}” is personal, so no widget can"
        " show it. Take it out of the widget.",
        "fr": "{path}, à {at} : le champ « {field} » de « {resource} » est personnel : aucun widget"
        " ne peut le montrer. Retirez-le du widget.",
    },
    "widget_unknown_chart": {
        "en": "{path}, at {at}: the view has no chart “{chart}”.[[ Known are: {known}.]]",
        "fr": "{path}, à {at} : la vue n'a pas de graphique « {chart} ».[[ Sont connus :"
        " {known}.]]",
    },
    "widget_no_position": {
        "en": "{path}, at {at}: the rows of “{resource}” have no position. Name the fields of"
        " latitude and longitude in “geo” of the resource, or take the map away.",
        "fr": "{path}, à {at} : les lignes de « {resource} » n'ont pas de position. Indiquez les"
        " champs de latitude et de longitude dans « geo » de la ressource, ou retirez la carte.",
    },
    "widget_chart_of_card": {
        "en": "{path}, at {at}: a chart of a card reads the cells of its row: give “series”, each"
        " with a “field”.",
        "fr": "{path}, à {at} : un graphique de fiche lit les cellules de sa ligne : donnez"
        " « series », chacune avec un « field ».",
    },
    "widget_chart_of_rows": {
        "en": "{path}, at {at}: this chart has nothing to draw: give “by”, or “x” and “y” (“label”"
        " in a timeline), or “series”, each with a “measure”.",
        "fr": "{path}, à {at} : ce graphique n'a rien à dessiner : donnez « by », ou « x » et"
        " « y » (« label » pour une frise), ou « series », chacune avec un « measure ».",
    },
    "widget_measure": {
        "en": "{path}, at {at}: a {operation} needs the “field” of numbers that it is of.",
        "fr": "{path}, à {at} : l'opération {operation} demande le « field » de nombres sur lequel"
        " elle porte.",
    },
}
OUTLINES: dict[str, dict[str, str]] = {
    "outlines_not_geojson": {
        "en": "{path} is not a GeoJSON FeatureCollection of areas[[: {detail}]]. Export it anew"
        " as GeoJSON, in degrees (WGS 84).",
        "fr": "{path} n'est pas une FeatureCollection GeoJSON de surfaces[[ : {detail}]]. Exportez"
        "-le de nouveau en GeoJSON, en degrés (WGS 84).",
    },
    "outlines_bad_name": {
        "en": "{path}: a file of outlines is called by a name of small letters, digits, - _ and .,"
        " and ends with .geojson.",
        "fr": "{path} : un fichier de contours porte un nom en minuscules, chiffres, - _ et ., et"
        " finit par .geojson.",
    },
    "outlines_too_large": {
        "en": "{path} is too large to be drawn in a page[[ ({size:size})]][[: at most"
        " {limit:size}]]. Simplify its lines.",
        "fr": "{path} est trop volumineux pour être dessiné dans une page[[ ({size:size})]][[ :"
        " {limit:size} au plus]]. Simplifiez ses tracés.",
    },
    "outlines_property": {
        "en": "{path}, at {at}: the areas of {outlines} have no property “{property}”.[[ Known are:"
        " {known}.]]",
        "fr": "{path}, à {at} : les surfaces de {outlines} n'ont pas de propriété « {property} »."
        "[[ Sont connues : {known}.]]",
    },
    "outlines_missing": {
        "en": "{path}, at {at}: the file {outlines} does not exist at this revision.",
        "fr": "{path}, à {at} : le fichier {outlines} n'existe pas à cette révision.",
    },
}
