// What the filters say.

import type { Messages } from "../../model/messages";

export type Name =
  | "filters"
  | "any"
  | "find"
  | "more"
  | "fewer"
  | "nothing"
  | "not_all"
  | "from"
  | "to"
  | "bad_number"
  | "bad_order"
  | "clear"
  | "clear_all"
  | "close"
  | "show"
  | "loading"
  | "failed"
  | "retry";

export const MESSAGES: Messages<Name> = {
  fr: {
    filters: "Filtres",
    any: "Tous",
    find: "Chercher dans « {filter} »",
    more: "Afficher {count} de plus",
    fewer: "Afficher moins",
    nothing: "Aucune valeur ne correspond.",
    not_all: "Seules les {count} valeurs les plus fréquentes sont listées.",
    from: "Minimum",
    to: "Maximum",
    bad_number: "Écrivez un nombre.",
    bad_order: "Le minimum est plus grand que le maximum.",
    clear: "Effacer",
    clear_all: "Tout effacer",
    close: "Fermer les filtres",
    show: "Voir les résultats",
    loading: "Chargement…",
    failed: "Les valeurs n'ont pas pu être lues.",
    retry: "Réessayer",
  },
  en: {
    filters: "Filters",
    any: "All",
    find: "Search in “{filter}”",
    more: "Show {count} more",
    fewer: "Show fewer",
    nothing: "No value matches.",
    not_all: "Only the {count} most frequent values are listed.",
    from: "Minimum",
    to: "Maximum",
    bad_number: "Write a number.",
    bad_order: "The minimum is greater than the maximum.",
    clear: "Clear",
    clear_all: "Clear all",
    close: "Close the filters",
    show: "Show the results",
    loading: "Loading…",
    failed: "The values could not be read.",
    retry: "Try again",
  },
};
