// What a control of a form says.

import type { Messages } from "../../model/messages";

export const INPUT: Messages<
  | "required"
  | "empty"
  | "none"
  | "previous"
  | "was_empty"
  | "set_back"
  | "left"
  | "too_long"
  | "calendar"
  | "found"
  | "found_more"
  | "not_found"
  | "add_value"
  | "new_value"
  | "remove_value"
  | "values"
  | "derived"
  | "locked"
  | "key"
  | "range"
  | "at_least"
  | "at_most"
  | "four_digits"
  | "decimals"
  | "format"
  | "warning"
  | "error"
> = {
  fr: {
    required: "obligatoire",
    empty: "Non renseigné",
    none: "aucune valeur",
    previous: "Avant : {text}",
    was_empty: "Avant : vide",
    set_back: "Rétablir",
    left: "{count} {count|caractère restant|caractères restants}",
    too_long: "{count} {count|caractère|caractères} de trop",
    calendar: "Choisir un jour dans le calendrier",
    found: "{count} {count|valeur|valeurs}",
    found_more: "{shown} valeurs affichées sur {count} : précisez la recherche.",
    not_found: "Aucune valeur trouvée.",
    add_value: "Ajouter",
    new_value: "Ajouter une valeur à {field}",
    remove_value: "Retirer {value}",
    values: "Valeurs de {field}",
    derived: "Calculé à partir d'autres données : suit de lui-même.",
    locked: "Verrouillé par le producteur des données.",
    key: "Désigne la ligne : ne change pas.",
    range: "De {low} à {high}.",
    at_least: "Au moins {low}.",
    at_most: "Au plus {high}.",
    four_digits: "Quatre chiffres.",
    decimals: "Les décimales s'écrivent après « {mark} ».",
    format: "Format : {format}",
    warning: "Attention :",
    error: "Erreur :",
  },
  en: {
    required: "required",
    empty: "Not given",
    none: "no value",
    previous: "Before: {text}",
    was_empty: "Before: empty",
    set_back: "Set back",
    left: "{count} {count|character|characters} left",
    too_long: "{count} {count|character|characters} too many",
    calendar: "Choose a day in the calendar",
    found: "{count} {count|value|values}",
    found_more: "{shown} of {count} values shown: search more closely.",
    not_found: "No value found.",
    add_value: "Add",
    new_value: "Add a value to {field}",
    remove_value: "Remove {value}",
    values: "Values of {field}",
    derived: "Computed from other data: it follows by itself.",
    locked: "Locked by the publisher of the data.",
    key: "Names the row: it stays as it is.",
    range: "From {low} to {high}.",
    at_least: "At least {low}.",
    at_most: "At most {high}.",
    four_digits: "Four digits.",
    decimals: "Decimals are written after “{mark}”.",
    format: "Format: {format}",
    warning: "Warning:",
    error: "Error:",
  },
};
