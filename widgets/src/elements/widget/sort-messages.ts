// What the sort menu says.

import type { Messages } from "../../model/messages";

export type Name =
  | "sort"
  | "by"
  | "then"
  | "ascending"
  | "descending"
  | "remove"
  | "add"
  | "none"
  | "reset"
  | "near";

export const MESSAGES: Messages<Name> = {
  fr: {
    sort: "Trier",
    by: "Trier par",
    then: "puis par",
    ascending: "Croissant",
    descending: "Décroissant",
    remove: "Ne plus trier par {field}",
    add: "Ajouter un tri",
    none: "Choisir un champ",
    reset: "Ordre de départ",
    near: "Près d'un lieu, les lignes vont de la plus proche à la plus lointaine.",
  },
  en: {
    sort: "Sort",
    by: "Sort by",
    then: "then by",
    ascending: "Ascending",
    descending: "Descending",
    remove: "No longer sort by {field}",
    add: "Add a sort",
    none: "Choose a field",
    reset: "First order",
    near: "Around a place, rows go from the nearest to the farthest.",
  },
};
