"""Words of downloads, in English and French: of the legend of a workbook, and of refusals."""

from __future__ import annotations

LEGEND = {"en": "Legend", "fr": "Légende"}
"""The name of the sheet."""
WORDS = {
    "en": ("Column", "Name in the data", "Type", "Unit", "What it is", "Value", "Means"),
    "fr": ("Colonne", "Nom dans les données", "Type", "Unité", "De quoi il s’agit", "Valeur",
           "Signifie"),
}  # fmt: skip
TYPES = {
    "en": {
        "string": "text",
        "integer": "whole number",
        "boolean": "yes or no",
        "datetime": "date and time",
        "yearmonth": "month",
        "geopoint": "position",
        "any": "text",
    },
    "fr": {
        "string": "texte",
        "number": "nombre",
        "integer": "nombre entier",
        "boolean": "oui ou non",
        "datetime": "date et heure",
        "time": "heure",
        "year": "année",
        "yearmonth": "mois",
        "duration": "durée",
        "geopoint": "position",
        "list": "liste",
        "array": "liste",
        "object": "objet",
        "any": "texte",
    },
}

EXPORTS: dict[str, dict[str, str]] = {
    "extra_missing": {
        "en": "This server does not give “{format}”: whoever runs it can install the extra"
        " “{extra}” (pip install 'retouche[{extra}]').",
        "fr": "Ce serveur ne donne pas de « {format} » : qui l'administre peut installer"
        " l'extra « {extra} » (pip install 'retouche[{extra}]').",
    },
    "unknown_mapping": {
        "en": "The dataset declares no export “{mapping}”.[[ Known are: {known}.]]",
        "fr": "Le jeu de données ne déclare pas d'export « {mapping} ».[[ Sont connus : {known}.]]",
    },
    "mapping_source": {
        "en": "The export “{mapping}” must say where its column “{column}” comes from, once:"
        " by “field”, “text”, “terms” or “hours”.",
        "fr": "L'export « {mapping} » doit dire une seule fois d'où vient sa colonne « {column} » :"
        " par « field », « text », « terms » ou « hours ».",
    },
    "mapping_resource": {
        "en": "The export “{mapping}” is of a resource “{resource}” that the dataset does not have."
        "[[ Known are: {known}.]]",
        "fr": "L'export « {mapping} » porte sur une ressource « {resource} » que le jeu de données"
        " n'a pas.[[ Sont connues : {known}.]]",
    },
    "mapping_field": {
        "en": "The export “{mapping}”, in its column “{column}”, names a field “{field}” that"
        " “{resource}” does not have, or that is personal.",
        "fr": "L'export « {mapping} », dans sa colonne « {column} », nomme un champ « {field} » que"
        " « {resource} » n'a pas, ou qui est personnel.",
    },
    "mapping_pattern": {
        "en": "The export “{mapping}”, in its column “{column}”, has the pattern “{pattern}”, which"
        " cannot be used: it is RE2, and each {{n}} of its text is one of its groups.",
        "fr": "L'export « {mapping} », dans sa colonne « {column} », a le motif « {pattern} », qui"
        " est inutilisable : c'est du RE2, et chaque {{n}} de son texte est un de ses groupes.",
    },
}
