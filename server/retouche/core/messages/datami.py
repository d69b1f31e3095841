"""What the import of a Datami page says of each key, in English and French."""

from __future__ import annotations

from typing import Any

from retouche.core.datami.notes import Fate, Note
from retouche.core.messages.wording import fill, language

FATES: dict[Fate, dict[str, str]] = {
    "carried": {"en": "carried", "fr": "repris"},
    "changed": {"en": "changed", "fr": "changé"},
    "not_carried": {"en": "not carried", "fr": "non repris"},
    "disabled": {"en": "disabled by its authors", "fr": "désactivé par ses auteurs"},
    "never_read": {"en": "never read by Datami ⚠", "fr": "jamais lu par Datami ⚠"},
    "unusable": {"en": "not usable", "fr": "inutilisable"},
}

NOTES: dict[str, dict[str, str]] = {
    "activate_false": {"en": "It is turned off.", "fr": "C'est désactivé."},
    "disabled_key": {
        "en": "Its name turns it off (_ at the end, or COMMENTED_ before).",
        "fr": "Son nom le désactive (_ à la fin, ou COMMENTED_ devant).",
    },
    "never_read": {
        "en": "Datami's own code does nothing with it.",
        "fr": "Le code de Datami n'en fait rien.",
    },
    "unknown_key": {
        "en": "This key is not known.",
        "fr": "Cette clé n'est pas connue.",
    },
    "wrong_type": {
        "en": "It is not of the form that is expected[[: {expected}]].",
        "fr": "Ce n'est pas de la forme attendue[[ : {expected}]].",
    },
    "out_of_bounds": {
        "en": "Give a number from {low} to {high}.",
        "fr": "Donnez un nombre de {low} à {high}.",
    },
    "bad_json": {
        "en": "The attribute of the tag on line {line} is not valid JSON[[: {detail}]].",
        "fr": "L'attribut de la balise de la ligne {line} n'est pas du JSON valide[[ : {detail}]].",
    },
    "file_bad_json": {
        "en": "The file {file} is not valid JSON[[: {detail}]].",
        "fr": "Le fichier {file} n'est pas du JSON valide[[ : {detail}]].",
    },
    "file_not_found": {
        "en": "{file} is not at hand: give it with --files.",
        "fr": "{file} n'est pas là : donnez-le avec --files.",
    },
    "file_unreadable": {
        "en": "{file} cannot be read as CSV[[ ({detail})]].",
        "fr": "{file} ne se lit pas comme CSV[[ ({detail})]].",
    },
    "no_file": {
        "en": "It names no file (gitfile).",
        "fr": "Aucun fichier n'est nommé (gitfile).",
    },
    "no_columns": {
        "en": "{file} is not at hand, and nothing says what columns it has: give it with --files.",
        "fr": "{file} n'est pas là, et rien ne dit quelles colonnes il a : donnez-le avec --files.",
    },
    "not_csv": {
        "en": "Only CSV files are shown and corrected here.",
        "fr": "Seuls des fichiers CSV sont montrés et corrigés ici.",
    },
    "wiki": {
        "en": "The data are pages of a wiki; here they are CSV files in git.",
        "fr": "Les données sont des pages de wiki ; ici ce sont des CSV dans git.",
    },
    "html": {
        "en": "Texts have no HTML here: only its words are kept.",
        "fr": "Les textes n'ont pas de HTML ici : seuls ses mots sont gardés.",
    },
    "no_such_column": {
        "en": "The file has no column “{column}”.",
        "fr": "Le fichier n'a pas de colonne « {column} ».",
    },
    "nameless": {"en": "It names no column.", "fr": "Aucune colonne n'est nommée."},
    "said_twice": {
        "en": "The same was said before[[ of “{column}”]]; the first one counts.",
        "fr": "C'est déjà dit plus haut[[ pour « {column} »]] ; le premier compte.",
    },
    "unknown_type": {
        "en": "There is no type “{type}”; the cells say what they are.",
        "fr": "Il n'y a pas de type « {type} » ; les cellules disent ce qu'elles sont.",
    },
    "cells_of_other_type": {
        "en": "Some cells are no {declared}: the type is {type}.",
        "fr": "Des cellules ne sont pas du type {declared} : le type est {type}.",
    },
    "cells_outside": {
        "en": "The file has other values[[: {values}]].",
        "fr": "Le fichier a d'autres valeurs[[ : {values}]].",
    },
    "enum_of_type": {
        "en": "A list of texts would refuse cells of type {type}.",
        "fr": "Une liste de textes refuserait des cellules de type {type}.",
    },
    "new_values_allowed": {
        "en": "New values are allowed (allowNew), so none is refused.",
        "fr": "De nouvelles valeurs sont permises (allowNew) : aucune n'est refusée.",
    },
    "several_values": {
        "en": "A cell holds several values, which no rule of Table Schema looks at one by one.",
        "fr": "Une cellule contient plusieurs valeurs, qu'aucune règle de Table Schema ne voit une"
        " à une.",
    },
    "hidden": {
        "en": "The column is left out of the table; whoever opens a row sees it.",
        "fr": "La colonne n'est pas dans le tableau ; qui ouvre une ligne la voit.",
    },
    "geopoint": {
        "en": "Positions are two columns, latitude and longitude.",
        "fr": "Les positions sont deux colonnes, latitude et longitude.",
    },
    "timeline_as_text": {
        "en": "Shown as a long text.",
        "fr": "Montré comme un texte long.",
    },
    "unknown_subtype": {
        "en": "There is no way “{subtype}” to show a column.",
        "fr": "Il n'y a pas de façon « {subtype} » de montrer une colonne.",
    },
    "shortened_texts": {
        "en": "Long texts open when a reader asks; none is cut.",
        "fr": "Les textes longs s'ouvrent à la demande ; aucun n'est coupé.",
    },
    "color_of_values": {
        "en": "Colours are given to values (definitions), not to columns.",
        "fr": "Les couleurs se donnent aux valeurs (definitions), pas aux colonnes.",
    },
    "no_arithmetic": {
        "en": "Cells are shown as the file holds them. A ratio can be declared as an indicator.",
        "fr": "Les cellules se montrent telles quelles. Un rapport se déclare comme indicateur.",
    },
    "no_help_of_values": {
        "en": "A value has a label and a colour; put the rest into the help of the column.",
        "fr": "Une valeur a un libellé et une couleur ; mettez le reste dans l'aide de la colonne.",
    },
    "consolidation": {
        "en": "Nothing is fetched from other services while somebody writes.",
        "fr": "Rien n'est demandé à d'autres services pendant la saisie.",
    },
    "returned_fields": {
        "en": "A linked row is shown by its own label.",
        "fr": "Une ligne liée est montrée par son propre libellé.",
    },
    "foreign_incomplete": {
        "en": "A link needs a file (ressource) and a column of it (fields).",
        "fr": "Un lien demande un fichier (ressource) et une de ses colonnes (fields).",
    },
    "foreign_not_at_hand": {
        "en": "{file} is not at hand, so the link cannot be checked.",
        "fr": "{file} n'est pas là : le lien ne peut pas être vérifié.",
    },
    "not_a_color": {
        "en": "Write a colour as #rrggbb.",
        "fr": "Écrivez une couleur sous la forme #rrggbb.",
    },
    "logo": {
        "en": "Logos are not loaded from third parties: add it to the credits as an https address,"
        " if its owner agrees.",
        "fr": "Les logos ne sont pas chargés chez des tiers : ajoutez-le aux crédits par une"
        " adresse https, si son propriétaire le veut bien.",
    },
    "not_an_address": {
        "en": "This is no web address.",
        "fr": "Ce n'est pas une adresse web.",
    },
    "secret": {
        "en": "No secret stands in a page here; contributors need none.",
        "fr": "Aucun secret n'est dans une page ici ; contribuer n'en demande pas.",
    },
    "no_tracking": {
        "en": "Readers are not followed.",
        "fr": "Les lecteurs ne sont pas suivis.",
    },
    "development": {
        "en": "It was for the developers of the page.",
        "fr": "C'était pour les développeurs de la page.",
    },
    "own_looks": {
        "en": "The look of this is the theme's here.",
        "fr": "L'aspect de ceci vient du thème ici.",
    },
    "own_icons": {
        "en": "There is no such icon here.",
        "fr": "Il n'y a pas cette icône ici.",
    },
    "own_map": {
        "en": "Maps do this by themselves here.",
        "fr": "Les cartes s'en chargent ici.",
    },
    "third_party_map": {
        "en": "Maps are drawn without other servers; a base map can be named as a MapLibre style.",
        "fr": "Les cartes se dessinent sans autre serveur ; un fond peut être nommé comme style"
        " MapLibre.",
    },
    "map_on_request": {
        "en": "The base map is loaded when a reader asks for it.",
        "fr": "Le fond de carte est chargé quand un lecteur le demande.",
    },
    "no_position": {
        "en": "The rows have no columns of latitude and longitude.",
        "fr": "Les lignes n'ont pas de colonnes de latitude et de longitude.",
    },
    "unknown_position": {
        "en": "There is no place “{position}” on a card; it stands elsewhere.",
        "fr": "Il n'y a pas de place « {position} » sur une fiche ; c'est ailleurs.",
    },
    "subtitle": {
        "en": "It is a sentence under the title.",
        "fr": "C'est une phrase sous le titre.",
    },
    "no_suffix": {
        "en": "Give the column a unit instead.",
        "fr": "Donnez plutôt une unité à la colonne.",
    },
    "labels_of_values": {
        "en": "Sentences show the labels of values.",
        "fr": "Les phrases montrent les libellés des valeurs.",
    },
    "unknown_chart": {
        "en": "There is no chart[[ “{kind}”]] like that.",
        "fr": "Il n'y a pas de tel graphique[[ « {kind} »]].",
    },
    "no_series": {
        "en": "It has nothing to show: no column of the file is named.",
        "fr": "Il n'y a rien à montrer : aucune colonne du fichier n'est nommée.",
    },
    "no_place_in_chart": {
        "en": "This kind of chart has no place for it.",
        "fr": "Ce genre de graphique n'a pas de place pour cela.",
    },
    "colors_of_series": {
        "en": "Each bar has the colour of its series, where it has one.",
        "fr": "Chaque barre a la couleur de sa série, si elle en a une.",
    },
    "always_labelled": {
        "en": "Each value has a label, for those who do not see the chart.",
        "fr": "Chaque valeur a un libellé, pour qui ne voit pas le graphique.",
    },
    "hidden_chart": {"en": "The chart is hidden.", "fr": "Le graphique est masqué."},
    "counted": {
        "en": "Rows are counted, not “{operation}”.",
        "fr": "Les lignes sont comptées, et non « {operation} ».",
    },
    "first_color": {
        "en": "The first colour is kept; parts have those of the theme.",
        "fr": "La première couleur est gardée ; les parts ont celles du thème.",
    },
    "raw_options": {
        "en": "It is an option of Datami's charting library.",
        "fr": "C'est une option de la bibliothèque de graphiques de Datami.",
    },
    "view_off": {
        "en": "There are no cards (cardsview).",
        "fr": "Il n'y a pas de fiches (cardsview).",
    },
    "unknown_filter": {
        "en": "There is no way “{way}” to filter: some of the values can be chosen.",
        "fr": "Il n'y a pas de façon « {way} » de filtrer : on choisit parmi les valeurs.",
    },
    "filter_and": {
        "en": "A reader chooses some of the values; rows that have one of them are shown.",
        "fr": "On choisit des valeurs ; les lignes qui en ont une sont montrées.",
    },
    "first_tab": {
        "en": "The tab comes first.",
        "fr": "L'onglet vient en premier.",
    },
    "one_map_a_view": {
        "en": "Each map is a view of its own, as wide as the widget.",
        "fr": "Chaque carte est une vue, large comme le widget.",
    },
    "always_clickable": {
        "en": "Points can always be chosen.",
        "fr": "Les points peuvent toujours être choisis.",
    },
    "no_place_in_layer": {
        "en": "This kind of layer has no place for it.",
        "fr": "Ce genre de couche n'a pas de place pour cela.",
    },
    "no_place_in_popup": {
        "en": "The title of a popup has no place for it.",
        "fr": "Le titre d'une bulle n'a pas de place pour cela.",
    },
    "unknown_expression": {
        "en": "Only colours by the values of one column of the file can be read (match).",
        "fr": "Seules des couleurs selon les valeurs d'une colonne du fichier se lisent (match).",
    },
    "colors_of_values": {
        "en": "The colours are given to the values in the schema.",
        "fr": "Les couleurs sont données aux valeurs, dans le schéma.",
    },
    "colors_of_legend": {
        "en": "Areas have the colours of the legend.",
        "fr": "Les zones ont les couleurs de la légende.",
    },
    "always_aggregated": {
        "en": "Rows are always put together by area.",
        "fr": "Les lignes sont toujours regroupées par zone.",
    },
    "areas_incomplete": {
        "en": "Areas need a file, its property that names them, and the column that holds it.",
        "fr": "Des zones demandent un fichier, sa propriété qui les nomme, et la colonne qui"
        " contient la même chose.",
    },
    "areas_not_at_hand": {
        "en": "{file} is not at hand, or is no GeoJSON of areas that the property tells apart.",
        "fr": "{file} n'est pas là, ou n'est pas un GeoJSON de zones que la propriété distingue.",
    },
    "one_outline": {
        "en": "A map is drawn on one file of outlines: these areas are circles.",
        "fr": "Une carte est dessinée sur un seul fichier de contours : ces zones sont des ronds.",
    },
    "popup_of_areas": {
        "en": "A click on an area shows its figure.",
        "fr": "Un clic sur une zone montre son chiffre.",
    },
    "summed": {"en": "The column is added up.", "fr": "La colonne est additionnée."},
    "rows_counted": {
        "en": "The rows of each area are counted.",
        "fr": "Les lignes de chaque zone sont comptées.",
    },
    "steps_not_numbers": {
        "en": "It is no number: colours have even shares.",
        "fr": "Ce n'est pas un nombre : les couleurs ont des parts égales.",
    },
    "no_such_layer": {
        "en": "There is no layer “{layer}”.",
        "fr": "Il n'y a pas de couche « {layer} ».",
    },
}


def fate_word(fate: Fate, locale: str) -> str:
    """What became of a key, in words."""
    return FATES[fate][language(locale)]


def note_sentence(note: Note, locale: str) -> str:
    """Why, in a sentence; nothing for what is carried as it is."""
    if not note.reason:
        return ""
    values: dict[str, Any] = {**note.values, "expected": _form(note.values.get("expected"), locale)}
    return fill(NOTES[note.reason], locale, values)


FORMS = {
    "text": "texte",
    "boolean": "true ou false",
    "integer": "nombre entier",
    "number": "nombre",
    "list": "liste",
    "object": "objet",
}


def _form(expected: Any, locale: str) -> Any:
    return FORMS.get(expected, expected) if language(locale) == "fr" else expected
