// What the dataviz view says in both languages.

import type { Messages } from "../../model/messages";

const FR = {
  loading: "Chargement du graphique…",
  empty: "Aucune donnée à montrer.",
  empty_filters: "Aucune donnée avec ces filtres.",
  clear: "Effacer les filtres",
  failed: "Ce graphique n'a pas pu être chargé.",
  offline: "Le serveur ne répond pas. Vérifiez la connexion.",
  retry: "Réessayer",
} as const;

export const MESSAGES: Messages<keyof typeof FR> = {
  fr: FR,
  en: {
    loading: "Loading the chart…",
    empty: "Nothing to show.",
    empty_filters: "Nothing to show with these filters.",
    clear: "Clear filters",
    failed: "This chart could not be loaded.",
    offline: "The server does not answer. Check the connection.",
    retry: "Try again",
  },
};
