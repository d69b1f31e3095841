// What a table says.

import type { Messages } from "../../model/messages";

export const MESSAGES: Messages<
  | "open_row"
  | "rows_to_open"
  | "help"
  | "help_editing"
  | "columns"
  | "columns_shown"
  | "narrower"
  | "wider"
  | "show_all"
  | "tall_rows"
  | "sorted_up"
  | "sorted_down"
  | "unsorted"
  | "sort_place"
  | "width"
  | "pending"
  | "pending_here"
  | "changed_from"
  | "changed_from_nothing"
  | "row_changed"
  | "row_added"
  | "row_removed"
  | "empty"
  | "empty_filtered"
  | "empty_hint"
  | "clear_filters"
  | "failed"
  | "offline"
  | "retry"
  | "loading"
  | "copied"
  | "filled"
  | "filled_less"
  | "removed_row"
> = {
  fr: {
    open_row: "Ouvrir la fiche : {row}",
    rows_to_open: "Fiche",
    help: "Les flèches, Début, Fin, Page précédente et Page suivante déplacent dans le tableau. Espace ouvre la fiche de la ligne. Ctrl+Entrée suit le lien d'une cellule. Sur un titre de colonne, Entrée trie, Maj+Entrée ajoute un tri, Alt+flèches changent la largeur.",
    help_editing: "Entrée ou F2 modifie une cellule, Échap annule.",
    columns: "Colonnes",
    columns_shown: "Colonnes affichées",
    narrower: "Rétrécir : {column}",
    wider: "Élargir : {column}",
    show_all: "Tout afficher",
    tall_rows: "Lignes hautes",
    sorted_up: "Trié par {column}, croissant",
    sorted_down: "Trié par {column}, décroissant",
    unsorted: "{column} ne trie plus",
    sort_place: "tri n° {place}",
    width: "{column} : {width} pixels de large",
    pending: "Correction en attente",
    pending_here: "correction en attente",
    changed_from: "Modifié ici. Avant : {text}",
    changed_from_nothing: "Modifié ici. Avant : pas de valeur",
    row_changed: "Modifiée, pas encore envoyée",
    row_added: "À ajouter, pas encore envoyée",
    row_removed: "À supprimer, pas encore envoyé",
    empty: "Aucune ligne.",
    empty_filtered: "Aucune ligne ne correspond.",
    empty_hint: "Essayez moins de filtres ou d'autres mots.",
    clear_filters: "Tout effacer",
    failed: "Les lignes n'ont pas pu être lues.",
    offline: "Pas de connexion : les lignes n'ont pas pu être lues.",
    retry: "Réessayer",
    loading: "Chargement…",
    copied: "Copié : {text}",
    filled: "{count} {count|cellule remplie|cellules remplies}.",
    filled_less:
      "{count} {count|cellule remplie|cellules remplies}, {left} {left|laissée|laissées} : verrouillées, pas encore chargées ou hors du tableau.",
    removed_row: "Cette ligne est à supprimer : elle ne peut pas être modifiée.",
  },
  en: {
    open_row: "Open the card: {row}",
    rows_to_open: "Card",
    help: "Arrow keys, Home, End, Page Up and Page Down move in the table. Space opens the card of the row. Ctrl+Enter follows the link of a cell. On a column heading, Enter sorts, Shift+Enter adds a sort, Alt+arrows change the width.",
    help_editing: "Enter or F2 edits a cell, Escape cancels.",
    columns: "Columns",
    columns_shown: "Columns shown",
    narrower: "Narrower: {column}",
    wider: "Wider: {column}",
    show_all: "Show all",
    tall_rows: "Tall rows",
    sorted_up: "Sorted by {column}, ascending",
    sorted_down: "Sorted by {column}, descending",
    unsorted: "No longer sorted by {column}",
    sort_place: "sort no. {place}",
    width: "{column}: {width} pixels wide",
    pending: "Correction pending",
    pending_here: "correction pending",
    changed_from: "Changed here. Before: {text}",
    changed_from_nothing: "Changed here. Before: no value",
    row_changed: "Changed, not sent yet",
    row_added: "To be added, not sent yet",
    row_removed: "To be deleted, not sent yet",
    empty: "No rows.",
    empty_filtered: "No row matches.",
    empty_hint: "Try fewer filters or other words.",
    clear_filters: "Clear all",
    failed: "The rows could not be read.",
    offline: "No connection: the rows could not be read.",
    retry: "Try again",
    loading: "Loading…",
    copied: "Copied: {text}",
    filled: "{count} {count|cell|cells} filled.",
    filled_less:
      "{count} {count|cell|cells} filled, {left} left: locked, not loaded yet or outside the table.",
    removed_row: "This row is to be deleted: it cannot be changed.",
  },
};
