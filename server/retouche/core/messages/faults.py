"""Sentences for faults of cells, rows and columns: what is wrong, and what would be right.

Keys are a fault's code, or `code:detail`. `{it}` is the value in quotes, or "this value" where
it may not be shown. The place (row and column) is put before them by `description.py`.
"""

from __future__ import annotations

from retouche.core.messages.checks import CHECKS
from retouche.core.messages.people import PRIVACY

TYPES: dict[str, dict[str, str]] = {
    "type-error": {
        "en": "{it} has not the form of the type {type}.",
        "fr": "{it} n'a pas la forme du type {type}.",
    },
    "type-error:integer": {
        "en": "{it} is not a whole number. Write digits only, such as 12.",
        "fr": "{it} n'est pas un nombre entier. Écrivez seulement des chiffres, comme 12.",
    },
    "type-error:number": {
        "en": "{it} is not a number. Write digits, with “{decimal}” before the decimals, such as"
        " {sample}.",
        "fr": "{it} n'est pas un nombre. Écrivez des chiffres, avec « {decimal} » avant les"
        " décimales, comme {sample}.",
    },
    "type-error:boolean": {
        "en": "{it} is neither yes nor no. Write {true} for yes, {false} for no.",
        "fr": "{it} ne veut dire ni oui ni non. Écrivez {true} pour oui, {false} pour non.",
    },
    "type-error:date": {
        "en": "{it} is not a date as expected. Write it like {sample}.",
        "fr": "{it} n'est pas une date comme attendu. Écrivez-la comme {sample}.",
    },
    "type-error:datetime": {
        "en": "{it} is not a date with a time as expected. Write it like {sample}.",
        "fr": "{it} n'est pas une date avec une heure comme attendu. Écrivez-la comme {sample}.",
    },
    "type-error:time": {
        "en": "{it} is not a time as expected. Write it like {sample}.",
        "fr": "{it} n'est pas une heure comme attendu. Écrivez-la comme {sample}.",
    },
    "type-error:year": {
        "en": "{it} is not a year. Write four digits, such as 2024.",
        "fr": "{it} n'est pas une année. Écrivez quatre chiffres, comme 2024.",
    },
    "type-error:yearmonth": {
        "en": "{it} is not a month. Write the year and the month, such as 2024-03.",
        "fr": "{it} n'est pas un mois. Écrivez l'année et le mois, comme 2024-03.",
    },
    "type-error:duration": {
        "en": "{it} is not a duration. Write it like P1Y2M or PT30M (ISO 8601).",
        "fr": "{it} n'est pas une durée. Écrivez-la comme P1Y2M ou PT30M (ISO 8601).",
    },
    "type-error:geopoint": {
        "en": "{it} is not a point on the map. Write longitude then latitude, like {sample}.",
        "fr": "{it} n'est pas un point sur la carte. Écrivez la longitude puis la latitude, comme"
        " {sample}.",
    },
    "type-error:geojson": {
        "en": "{it} is not a valid GeoJSON object.",
        "fr": "{it} n'est pas un objet GeoJSON valide.",
    },
    "type-error:array": {
        "en": "{it} is not a JSON array as expected. Write it like [1, 2].",
        "fr": "{it} n'est pas un tableau JSON comme attendu. Écrivez-le comme [1, 2].",
    },
    "type-error:object": {
        "en": "{it} is not a JSON object. Write it like {sample}.",
        "fr": "{it} n'est pas un objet JSON. Écrivez-le comme {sample}.",
    },
    "type-error:list": {
        "en": "{it} is not a list as expected. Put “{delimiter}” between its items[[, each of the"
        " type {items}]].",
        "fr": "{it} n'est pas une liste comme attendu. Séparez ses éléments par « {delimiter} »[[,"
        " chacun du type {items}]].",
    },
    "type-error:email": {
        "en": "{it} is not an e-mail address. Write it like name@example.org.",
        "fr": "{it} n'est pas une adresse électronique. Écrivez-la comme nom@domaine.example.",
    },
    "type-error:uri": {
        "en": "{it} is not a web address. Write it whole, like https://www.example.org/page.",
        "fr": "{it} n'est pas une adresse web. Écrivez-la en entier, comme"
        " https://www.exemple.fr/page.",
    },
    "type-error:uuid": {
        "en": "{it} is not a UUID. Write it like 123e4567-e89b-12d3-a456-426614174000.",
        "fr": "{it} n'est pas un UUID. Écrivez-le comme 123e4567-e89b-12d3-a456-426614174000.",
    },
    "type-error:binary": {
        "en": "{it} is not text in base 64.",
        "fr": "{it} n'est pas un texte en base 64.",
    },
    "type-error:wkt": {
        "en": "{it} is not a geometry in WKT. Write it like POINT (6.08 44.56).",
        "fr": "{it} n'est pas une géométrie en WKT. Écrivez-la comme POINT (6.08 44.56).",
    },
}
CONSTRAINTS: dict[str, dict[str, str]] = {
    "constraint-error": {
        "en": "{it} breaks the rule “{rule}”[[ ({constraint})]].",
        "fr": "{it} enfreint la règle « {rule} »[[ ({constraint})]].",
    },
    "constraint-error:required": {
        "en": "This cell may not be empty.[[ Write for instance {example}.]]",
        "fr": "Cette cellule ne peut pas rester vide.[[ Écrivez par exemple {example}.]]",
    },
    "constraint-error:minimum": {
        "en": "{it} is too small: it must be at least {constraint}.",
        "fr": "{it} est trop petit : il faut au moins {constraint}.",
    },
    "constraint-error:maximum": {
        "en": "{it} is too large: it may be {constraint} at most.",
        "fr": "{it} est trop grand : il faut au plus {constraint}.",
    },
    "constraint-error:exclusiveMinimum": {
        "en": "{it} is too small: it must be more than {constraint}.",
        "fr": "{it} est trop petit : il faut plus de {constraint}.",
    },
    "constraint-error:exclusiveMaximum": {
        "en": "{it} is too large: it must be less than {constraint}.",
        "fr": "{it} est trop grand : il faut moins de {constraint}.",
    },
    "constraint-error:minLength": {
        "en": "{it} is too short[[ ({length})]]: at least {constraint} {unit} are needed.",
        "fr": "{it} est trop court[[ ({length})]] : il faut au moins {constraint} {unit}.",
    },
    "constraint-error:maxLength": {
        "en": "{it} is too long[[ ({length})]]: at most {constraint} {unit} are allowed.",
        "fr": "{it} est trop long[[ ({length})]] : il faut au plus {constraint} {unit}.",
    },
    "constraint-error:pattern": {
        "en": "{it} has not the expected form.[[ Write it like {example}.]][[ Expected pattern:"
        " {pattern}]]",
        "fr": "{it} n'a pas la forme attendue.[[ Écrivez par exemple {example}.]][[ Motif attendu :"
        " {pattern}]]",
    },
    "constraint-error:enum": {
        "en": "{it} is not one of the allowed values. Choose: {choices}.",
        "fr": "{it} n'est pas une valeur permise. Choisissez : {choices}.",
    },
    "step-error": {
        "en": "[[“{old}” cannot become “{new}” in one step.]][[ Allowed next: {choices}.]]",
        "fr": "[[« {old} » ne peut pas devenir « {new} » en une étape.]][[ Suites permises :"
        " {choices}.]]",
    },
    "step-error:first": {
        "en": "A row cannot begin with {it}.[[ Allowed first: {choices}.]]",
        "fr": "Une ligne ne peut pas commencer par {it}.[[ Valeurs permises au départ :"
        " {choices}.]]",
    },
    "step-error:last": {
        "en": "“{old}” cannot be emptied.[[ Allowed next: {choices}.]]",
        "fr": "« {old} » ne peut pas être vidé.[[ Suites permises : {choices}.]]",
    },
}
CHARACTERS: dict[str, dict[str, str]] = {
    "forbidden-character": {
        "en": "The text holds a character that is not allowed ({thing}). Remove it, or type the"
        " text again.",
        "fr": "Le texte contient un caractère interdit ({thing}). Retirez-le, ou retapez le texte.",
    },
    "invisible-character": {
        "en": "The text holds an invisible character ({thing}), probably by mistake. Type the text"
        " again if it is.",
        "fr": "Le texte contient un caractère invisible ({thing}), sans doute par erreur. Retapez"
        " le"
        " texte si c'est le cas.",
    },
    "mixed-script": {
        "en": "The word “{thing}” mixes letters of several alphabets that look alike. Type it again"
        " if that is a mistake.",
        "fr": "Le mot « {thing} » mélange des lettres de plusieurs alphabets qui se ressemblent."
        " Retapez-le si c'est une erreur.",
    },
    "encoding-error": {
        "en": "The character “{character}” does not exist in the file's encoding, {encoding}. Write"
        " it another way.",
        "fr": "Le caractère « {character} » n'existe pas dans l'encodage du fichier, {encoding}."
        " Écrivez-le autrement.",
    },
    "dialect-error": {
        "en": "The text holds a delimiter, a quote or a line end, and this file cannot quote cells."
        " Leave it out.",
        "fr": "Le texte contient un séparateur, un guillemet ou un retour à la ligne, et ce fichier"
        " ne sait pas mettre une cellule entre guillemets. Retirez-le.",
    },
}
ROWS: dict[str, dict[str, str]] = {
    "blank-row": {
        "en": "The row is empty. Fill it or remove it.",
        "fr": "La ligne est vide. Remplissez-la ou supprimez-la.",
    },
    "blank-row:blank-line": {
        "en": "This line is empty and is skipped. Remove it.",
        "fr": "Cette ligne est vide et ignorée. Supprimez-la.",
    },
    "missing-cell": {
        "en": "The row ends before this column. Add the missing delimiters.",
        "fr": "La ligne s'arrête avant cette colonne. Ajoutez les séparateurs manquants.",
    },
    "extra-cell": {
        "en": "The row has one more cell ({it}, number {position}) than the {expected} columns. Put"
        " quotes around cells that hold the delimiter, or remove it.",
        "fr": "La ligne a une cellule de trop ({it}, numéro {position}) pour {expected} colonnes."
        " Mettez entre guillemets les cellules qui contiennent le séparateur, ou retirez-la.",
    },
    "unique-error": {
        "en": "{it} stands in another row already, and each value may stand once only.",
        "fr": "{it} figure déjà dans une autre ligne, et chaque valeur ne peut y être qu'une fois.",
    },
    "primary-key:unique": {
        "en": "Another row has the key {it} already. Each row needs a key of its own.",
        "fr": "Une autre ligne a déjà la clé {it}. Chaque ligne doit avoir sa propre clé.",
    },
    "primary-key:required": {
        "en": "The row has no usable key. Fill {columns}.",
        "fr": "La ligne n'a pas de clé utilisable. Remplissez {columns}.",
    },
    "primary-key:normalisation": {
        "en": "The key {it} looks the same as that of another row, written with other characters."
        " Is it the same row?",
        "fr": "La clé {it} a la même apparence que celle d'une autre ligne, écrite avec d'autres"
        " caractères. Est-ce la même ligne ?",
    },
    "foreign-key": {
        "en": "{it} does not exist in “{target}” ({target_columns}). Choose a value that is there,"
        " or add it there first.",
        "fr": "{it} n'existe pas dans « {target} » ({target_columns}). Choisissez une valeur qui"
        " s'y"
        " trouve, ou ajoutez-la d'abord.",
    },
    "foreign-key:orphan": {
        "en": "This row of “{table}” refers to {it} in “{target}”, which the change takes away.[["
        " {orphans} rows in all do.]] Change or remove them too.",
        "fr": "Cette ligne de « {table} » renvoie à {it} dans « {target} », que la modification"
        " fait"
        " disparaître.[[ {orphans} lignes en tout y renvoient.]] Corrigez-les ou retirez-les"
        " aussi.",
    },
}
HEADERS: dict[str, dict[str, str]] = {
    "missing-label": {
        "en": "The file does not have this column ({field}).[[ Its column “{similar}” is perhaps"
        " meant: rename it.]]",
        "fr": "Le fichier n'a pas cette colonne ({field}).[[ Sa colonne « {similar} » est peut-être"
        " celle-là : renommez-la.]]",
    },
    "extra-label": {
        "en": "The schema does not know this column. Remove it, or describe it in the schema.",
        "fr": "Le schéma ne connaît pas cette colonne. Retirez-la, ou décrivez-la dans le schéma.",
    },
    "unsupported-rule": {
        "en": "The rule “{constraint}” of the schema does not exist for the type {type} and is not"
        " applied.",
        "fr": "La règle « {constraint} » du schéma n'existe pas pour le type {type} et n'est pas"
        " appliquée.",
    },
    "unchecked-reference": {
        "en": "References to “{target}” are not checked: that table is not at hand.",
        "fr": "Les renvois à « {target} » ne sont pas vérifiés : ce tableau n'est pas disponible.",
    },
    "unusable-check": {
        "en": "The check “{name}” of the schema is not known and is skipped.",
        "fr": "Le contrôle « {name} » du schéma n'est pas connu : il est ignoré.",
    },
    "unusable-check:parameter": {
        "en": "The check “{name}” of the schema is skipped: its parameter “{parameter}” is missing"
        " or wrong.",
        "fr": "Le contrôle « {name} » du schéma est ignoré : son paramètre « {parameter} » manque"
        " ou"
        " est incorrect.",
    },
    "unusable-check:column": {
        "en": "The check “{name}” of the schema names the column “{column}”, which the schema does"
        " not have.",
        "fr": "Le contrôle « {name} » du schéma cite la colonne « {column} », absente du schéma.",
    },
}
OTHERS: dict[str, dict[str, str]] = {
    "fault": {
        "en": "{it} breaks the rule “{rule}”.",
        "fr": "{it} enfreint la règle « {rule} ».",
    },
    "already": {
        "en": "It was so before this change.",
        "fr": "C'était déjà le cas avant cette modification.",
    },
}

FAULTS: dict[str, dict[str, str]] = {
    **TYPES,
    **CONSTRAINTS,
    **CHARACTERS,
    **ROWS,
    **HEADERS,
    **CHECKS,
    **PRIVACY,
    **OTHERS,
}
