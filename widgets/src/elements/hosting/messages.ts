// What is said around views: opening, failing, offline, the draft.

import { type Messages, speaker } from "../../model/messages";
import type { Locale } from "../../model/texts";
import { Problem } from "../../sources/source";

export type Name =
  | "loading"
  | "unreachable"
  | "unknown"
  | "unexpected"
  | "stale"
  | "no_view"
  | "retry"
  | "reload"
  | "offline"
  | "close"
  | "card"
  | "draft"
  | "draft_not_kept"
  | "review"
  | "discard"
  | "sure"
  | "keep";

export const MESSAGES: Messages<Name> = {
  fr: {
    loading: "Chargement…",
    unreachable:
      "Le serveur de ces données ne répond pas. Vérifiez votre connexion, puis réessayez.",
    unknown: "Ces données ne sont pas, ou plus, à cette adresse.",
    unexpected: "Ces données n'ont pas pu être lues. {detail}",
    stale:
      "Une partie de cet affichage n'a pas pu être chargée. S'il vient d'être mis à jour, rechargez la page.",
    no_view: "Cette description ne contient pas cette vue.",
    retry: "Réessayer",
    reload: "Recharger la page",
    offline: "Vous êtes hors connexion : ce qui est affiché n'est peut-être plus à jour.",
    close: "Fermer",
    card: "Fiche",
    draft: "{count} {count|ligne corrigée, pas encore envoyée|lignes corrigées, pas encore envoyées}",
    draft_not_kept: "Votre navigateur ne garde pas ce brouillon si vous quittez la page.",
    review: "Vérifier et envoyer",
    discard: "Abandonner",
    sure: "Abandonner {count|cette correction|ces corrections} ?",
    keep: "Garder",
  },
  en: {
    loading: "Loading…",
    unreachable: "The server of this data does not answer. Check your connection, then try again.",
    unknown: "This data is not, or no longer, at this address.",
    unexpected: "This data could not be read. {detail}",
    stale:
      "A part of this display could not be loaded. If it has just been updated, reload the page.",
    no_view: "This description does not hold this view.",
    retry: "Try again",
    reload: "Reload the page",
    offline: "You are offline: what is shown may be out of date.",
    close: "Close",
    card: "Card",
    draft: "{count} corrected {count|row, not sent yet|rows, not sent yet}",
    draft_not_kept: "Your browser does not keep this draft if you leave the page.",
    review: "Review and send",
    discard: "Discard",
    sure: "Discard {count|this correction|these corrections}?",
    keep: "Keep",
  },
};

/** What a failure to open means to a reader. */
export function failureText(failure: unknown, locale: Locale): string {
  const say = speaker(MESSAGES, locale);
  if (failure instanceof StalePart) return say("stale");
  if (!(failure instanceof Problem)) return say("unexpected", { detail: "" });
  if (failure.code === "offline" || failure.status >= 502) return say("unreachable");
  if (failure.status === 404 || failure.status === 410) return say("unknown");
  return say("unexpected", { detail: failure.detail });
}

/** A part of the elements could not be loaded: the server may have been upgraded meanwhile. */
export class StalePart extends Error {}
