"""Sentences for what keeps a proposal from being sent, taken back or decided on."""

from __future__ import annotations

PROPOSALS: dict[str, dict[str, str]] = {
    "too_many_operations": {
        "en": "The proposal has too many operations[[: at most {limit}]]. Send several proposals.",
        "fr": "La proposition contient trop d'opérations[[ : {limit} au plus]]. Envoyez plusieurs"
        " propositions.",
    },
    "too_many_changes": {
        "en": "The file changes {count} rows, and a proposal may change at most {limit}. Send it"
        " in parts.",
        "fr": "Le fichier modifie {count} lignes, et une proposition {limit} au plus. Envoyez-le"
        " en plusieurs parties.",
    },
    "too_many_new_rows": {
        "en": "The file has over {limit} rows more than what is published.",
        "fr": "Le fichier a plus de {limit} lignes de plus que ce qui est publié.",
    },
    "too_many_columns": {
        "en": "The file has more than {limit} columns.",
        "fr": "Le fichier a plus de {limit} colonnes.",
    },
    "too_many_empty_lines": {
        "en": "The file has more than {limit} empty lines.",
        "fr": "Le fichier a plus de {limit} lignes vides.",
    },
    "line_too_long": {
        "en": "A line of the file is longer than {limit} characters.",
        "fr": "Une ligne du fichier dépasse {limit} caractères.",
    },
    "workbook_too_large": {
        "en": "The workbook is too large once unpacked[[: at most {limit:size} and {cells}"
        " cells]]. Send it as CSV.",
        "fr": "Le classeur est trop volumineux une fois décompressé[[ : {limit:size} et {cells}"
        " cellules au plus]]. Envoyez-le en CSV.",
    },
    "two_operations_one_row": {
        "en": "Two operations are about the row “{key}”. Put them into one.",
        "fr": "Deux opérations portent sur la ligne « {key} ». Réunissez-les en une seule.",
    },
    "resource_needed": {
        "en": "The dataset has several resources: say which one is meant.[[ Known are: {known}.]]",
        "fr": "Le jeu de données a plusieurs ressources : dites laquelle.[[ Sont connues :"
        " {known}.]]",
    },
    "key_fields": {
        "en": "The key of a row must give exactly these columns[[: {expected}]].",
        "fr": "La clé d'une ligne doit donner exactement ces colonnes[[ : {expected}]].",
    },
    "old_missing": {
        "en": "The old value of the column “{field}” is missing.",
        "fr": "L'ancienne valeur de la colonne « {field} » manque.",
    },
    "no_change": {
        "en": "The proposal changes nothing: all cells have these values already.",
        "fr": "La proposition ne change rien : toutes les cellules ont déjà ces valeurs.",
    },
    "already_published": {
        "en": "These changes are published already.",
        "fr": "Ces modifications sont déjà publiées.",
    },
    "ambiguous_row": {
        "en": "The key “{key}” stands in several rows[[ ({count})]], so it is not clear which one"
        " is"
        " meant. Ask the publisher to make the keys unique.",
        "fr": "La clé « {key} » figure dans plusieurs lignes[[ ({count})]] : on ne sait pas"
        " laquelle"
        " est visée. Demandez au producteur de rendre les clés uniques.",
    },
    "not_editable": {
        "en": "The resource “{resource}” cannot be edited.",
        "fr": "La ressource « {resource} » n'est pas modifiable.",
    },
    "not_editable_resource": {
        "en": "The resource “{resource}” is not open to corrections.",
        "fr": "La ressource « {resource} » n'est pas ouverte aux corrections.",
    },
    "not_editable_field": {
        "en": "The column “{field}” is locked or computed and cannot be changed.",
        "fr": "La colonne « {field} » est verrouillée ou calculée et ne peut pas être modifiée.",
    },
    "computed_field": {
        "en": "The column “{field}” is computed from other data by the indicator “{indicator}”: it"
        " follows by itself. Correct what it is computed from.",
        "fr": "La colonne « {field} » est calculée à partir d'autres données par l'indicateur"
        " « {indicator} » : elle suit d'elle-même. Corrigez ce dont elle est calculée.",
    },
    "no_primary_key": {
        "en": "The resource “{resource}” has no primary key, so its rows cannot be named.",
        "fr": "La ressource « {resource} » n'a pas de clé primaire : ses lignes ne peuvent pas être"
        " désignées.",
    },
    "column_absent": {
        "en": "The file does not have the column “{field}” yet, so nothing can be written there.",
        "fr": "Le fichier n'a pas encore la colonne « {field} » : rien ne peut y être écrit.",
    },
    "invalid": {
        "en": "Some values break the rules of the data[[ ({count})]]; each is explained at its"
        " cell.",
        "fr": "Des valeurs enfreignent les règles des données[[ ({count})]] ; chacune est expliquée"
        " à sa cellule.",
    },
    "conflict": {
        "en": "Somebody else has changed the same cells in the meantime[[ ({count})]]. Compare the"
        " three values and choose.",
        "fr": "Quelqu'un d'autre a modifié les mêmes cellules entre-temps[[ ({count})]]. Comparez"
        " les trois valeurs et choisissez.",
    },
    "idempotency_mismatch": {
        "en": "This Idempotency-Key was already used with another body. Use a new key.",
        "fr": "Cette Idempotency-Key a déjà servi pour un autre contenu. Utilisez une nouvelle"
        " clé.",
    },
    "idempotency_key_bad": {
        "en": "The Idempotency-Key must be 1 to 200 printable ASCII characters.",
        "fr": "L'Idempotency-Key doit compter de 1 à 200 caractères ASCII imprimables.",
    },
    "head_moved": {
        "en": "The proposal is not, or no longer, what was looked at[[ (now {present})]]. Look at"
        " it again.",
        "fr": "La proposition n'est pas, ou n'est plus, celle qui a été relue[[ (désormais"
        " {present})]]. Relisez-la.",
    },
    "published_moved": {
        "en": "The published data keeps changing. Try again in a moment.",
        "fr": "Les données publiées ne cessent de changer. Réessayez dans un instant.",
    },
    "already_decided": {
        "en": "The proposal is decided already[[ ({state})]].",
        "fr": "La proposition est déjà décidée[[ ({state})]].",
    },
    "bad_operations_index": {
        "en": "The choice of operations is not usable: give different numbers from 0, below"
        " {count}.",
        "fr": "Le choix d'opérations est inutilisable : donnez des numéros différents à partir de"
        " 0, inférieurs à {count}.",
    },
    "nothing_chosen": {
        "en": "No operation is chosen. Choose at least one, or reject the proposal.",
        "fr": "Aucune opération n'est choisie. Choisissez-en au moins une, ou refusez la"
        " proposition.",
    },
    "no_such_operation": {
        "en": "The proposal has no operation of this number: they go from 0, below {count}.",
        "fr": "La proposition n'a pas d'opération de ce numéro : elles vont de 0, jusque sous"
        " {count}.",
    },
    "no_such_cell": {
        "en": "The operation does not change the column “{field}”.",
        "fr": "L'opération ne modifie pas la colonne « {field} ».",
    },
    "twice_chosen": {
        "en": "The same thing is decided twice, in operation {operation}. Say it once.",
        "fr": "La même chose est décidée deux fois, dans l'opération {operation}. Dites-la une"
        " fois.",
    },
    "accepted_and_refused": {
        "en": "The same thing is accepted and refused. Say one of the two.",
        "fr": "La même chose est acceptée et refusée. Dites l'un des deux.",
    },
    "removal_is_whole": {
        "en": "The removal of a row is accepted or refused as a whole.",
        "fr": "Le retrait d'une ligne s'accepte ou se refuse en entier.",
    },
    "key_is_one": {
        "en": "The key of a row is accepted as a whole[[: {fields}]], and a new row needs it.",
        "fr": "La clé d'une ligne s'accepte en entier[[ : {fields}]], et une nouvelle ligne en a"
        " besoin.",
    },
    "choice_left_out": {
        "en": "A choice is made for something that is not accepted. Leave the choice out, or"
        " accept it.",
        "fr": "Un choix porte sur ce qui n'est pas accepté. Retirez le choix, ou acceptez-le.",
    },
    "choice_not_possible": {
        "en": "Here only the published value can be kept (“ours”): a key is not overwritten, and"
        " a new row has no earlier value.",
        "fr": "Ici, seule la valeur publiée peut être gardée (« ours ») : une clé ne s'écrase pas,"
        " et une nouvelle ligne n'a pas de valeur antérieure.",
    },
    "choices_stale": {
        "en": "What is published is not what you saw when you chose. Compare again, and choose.",
        "fr": "Ce qui est publié n'est plus ce que vous aviez vu au moment de choisir. Comparez de"
        " nouveau, puis choisissez.",
    },
    "nothing_left": {
        "en": "By these choices nothing would be published. Reject the proposal instead.",
        "fr": "Avec ces choix, rien ne serait publié. Refusez plutôt la proposition.",
    },
    "not_safe": {
        "en": "This proposal is not among those that can be accepted at one look: decide on it on"
        " its own page.",
        "fr": "Cette proposition n'est pas de celles qu'on accepte d'un coup d'œil : décidez-en sur"
        " sa page.",
    },
    "too_many_chosen": {
        "en": "Too many proposals are chosen at once[[: at most {limit}]].",
        "fr": "Trop de propositions sont choisies à la fois[[ : {limit} au plus]].",
    },
    "nothing_picked": {
        "en": "No proposal is chosen. Tick at least one.",
        "fr": "Aucune proposition n'est choisie. Cochez-en au moins une.",
    },
}
