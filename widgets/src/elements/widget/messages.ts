// What the widget says around its views.

import type { Messages } from "../../model/messages";

export type Name =
  | "tabs"
  | "views"
  | "table"
  | "cards"
  | "map"
  | "dataviz"
  | "search"
  | "search_clear"
  | "filter"
  | "filters_on"
  | "sort"
  | "share"
  | "download"
  | "embed"
  | "full"
  | "full_leave"
  | "language"
  | "add"
  | "upload"
  | "all"
  | "some"
  | "none"
  | "rows"
  | "clear"
  | "remove"
  | "active"
  | "words"
  | "near"
  | "missing"
  | "from"
  | "to"
  | "between"
  | "credits"
  | "new_window"
  | "close";

export const MESSAGES: Messages<Name> = {
  fr: {
    tabs: "Onglets",
    views: "Vues",
    table: "Table",
    cards: "Fiches",
    map: "Carte",
    dataviz: "Graphiques",
    search: "Rechercher",
    search_clear: "Effacer la recherche",
    filter: "Filtrer",
    filters_on: "{count} {count|filtre actif|filtres actifs}",
    sort: "Trier",
    share: "Partager",
    download: "Télécharger",
    embed: "Intégrer",
    full: "Plein écran",
    full_leave: "Quitter le plein écran",
    language: "Langue",
    add: "Ajouter une ligne",
    upload: "Envoyer un fichier corrigé",
    all: "{total} {noun}",
    some: "{total} sur {whole} {noun}",
    none: "Aucun résultat sur {whole} {noun}",
    rows: "{count|ligne|lignes}",
    clear: "Tout effacer",
    remove: "Retirer : {filter}",
    active: "Filtres actifs",
    words: "« {words} »",
    near: "À {distance} km autour de {place}",
    missing: "(vide)",
    from: "à partir de {from}",
    to: "jusqu'à {to}",
    between: "de {from} à {to}",
    credits: "Crédits",
    new_window: "(nouvelle fenêtre)",
    close: "Fermer",
  },
  en: {
    tabs: "Tabs",
    views: "Views",
    table: "Table",
    cards: "Cards",
    map: "Map",
    dataviz: "Charts",
    search: "Search",
    search_clear: "Clear the search",
    filter: "Filter",
    filters_on: "{count} active {count|filter|filters}",
    sort: "Sort",
    share: "Share",
    download: "Download",
    embed: "Embed",
    full: "Full screen",
    full_leave: "Leave full screen",
    language: "Language",
    add: "Add a row",
    upload: "Send a corrected file",
    all: "{total} {noun}",
    some: "{total} of {whole} {noun}",
    none: "No result among {whole} {noun}",
    rows: "{count|row|rows}",
    clear: "Clear all",
    remove: "Remove: {filter}",
    active: "Active filters",
    words: "“{words}”",
    near: "Within {distance} km of {place}",
    missing: "(empty)",
    from: "from {from}",
    to: "up to {to}",
    between: "from {from} to {to}",
    credits: "Credits",
    new_window: "(new window)",
    close: "Close",
  },
};
