// Opening hours in a reader's words: spans, days, and whether it is open now.

import type { Say } from "../../model/messages";
import type { Locale } from "../../model/texts";
import { dateOf, type Day, type WallClock } from "./days";
import type { MessageName } from "./messages";
import { type Hours, isOpen, MIDNIGHT, nextChange, type Span } from "./rules";
import { time } from "./writing";

const TAGS: { [locale in Locale]: string } = { fr: "fr-FR", en: "en-GB" };

/** A day in words, by the parts asked for: `lundi`, `lundi 23 novembre`. */
export function dayWords(
  day: Day,
  locale: Locale,
  parts: Intl.DateTimeFormatOptions = { weekday: "long", day: "numeric", month: "long" },
): string {
  const format = new Intl.DateTimeFormat(TAGS[locale], { ...parts, timeZone: "UTC" });
  const words = format.format(dateOf(day));
  // In French the first of a month is an ordinal.
  return locale === "fr" ? words.replace(/\b1 (?=\p{L})/u, "1er ") : words;
}

/** `09:00 – 12:00` in one line each; none for none. */
export function spanWords(spans: readonly Span[], say: Say<MessageName>): string[] {
  if (spans.length === 1 && spans[0]!.from === 0 && spans[0]!.to === MIDNIGHT) {
    return [say("all_day")];
  }
  return spans.map(({ from, to }) => `${time(from)}\u00a0–\u00a0${time(to)}`);
}

export interface Status {
  state: "open" | "closed" | "unknown";
  text: string;
}

/** Whether it is open at a moment, and until when or from when on. */
export function statusAt(
  hours: Hours,
  at: WallClock,
  locale: Locale,
  say: Say<MessageName>,
): Status {
  const open = isOpen(hours, at);
  if (open === null) return { state: "unknown", text: say("unknown") };
  const change = nextChange(hours, at);
  if (!change) {
    return open
      ? { state: "open", text: say("open") }
      : { state: "closed", text: say("closed_now") };
  }
  const days = change.at.day - at.day;
  const day = nextDayWords(change.at.day, days, locale, say);
  const values = { time: time(change.at.minute), day };
  if (open) {
    // An evening that ends after midnight is told by its time alone.
    const soon = days === 0 || (days === 1 && change.at.minute < 360);
    return { state: "open", text: say(soon ? "open_until" : "open_until_day", values) };
  }
  return { state: "closed", text: say(days === 0 ? "opens_at" : "opens_on", values) };
}

function nextDayWords(day: Day, ahead: number, locale: Locale, say: Say<MessageName>): string {
  if (ahead === 1) return say("tomorrow");
  const name = dayWords(day, locale, { weekday: "long" });
  if (ahead < 7) return locale === "fr" ? name : `on ${name}`;
  return say("on_date", { date: dayWords(day, locale) });
}
