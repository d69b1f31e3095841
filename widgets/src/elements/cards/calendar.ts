// When something takes place, from rows that tell it by weekdays, weeks, dates and hours.

import type { Row } from "../../model/field";
import { folded } from "../../model/texts";
import { type Day, isoWeek, readDay, type WallClock, weekday } from "../hours/days";
import { parseHours } from "../hours/reading";
import { type Hours, onDay, type Span } from "../hours/rules";

/** The fields that tell; any may be missing. */
export interface CalendarFields {
  day?: string;
  weeks?: string;
  dates?: string;
  hours?: string;
  from?: string;
  to?: string;
}

/** Once that it takes place. */
export interface Passage {
  day: Day;
  spans: readonly Span[];
  /** The hours as they are written, where they are not understood. */
  text: string;
  row: Row;
}

const FARTHEST = 366;

/** What takes place from a moment on, in order: at most `limit`, within a year. */
export function passages(
  rows: readonly Row[],
  fields: CalendarFields,
  now: WallClock,
  limit: number,
): Passage[] {
  const found = rows.flatMap((row) => ofRow(row, fields, now, limit));
  const start = ({ spans }: Passage): number => spans[0]?.from ?? 0;
  return found.sort((a, b) => a.day - b.day || start(a) - start(b)).slice(0, limit);
}

function ofRow(row: Row, fields: CalendarFields, now: WallClock, limit: number): Passage[] {
  const cell = (name: string | undefined): string => (name ? (row[name] ?? "").trim() : "");
  const text = cell(fields.hours);
  const hours = text ? parseHours(text) : null;
  const dates = new Set(daysIn(cell(fields.dates)));
  const days = weekdayIn(cell(fields.day));
  const parity = parityIn(cell(fields.weeks));
  // Nothing says when, or says it in words that are not understood.
  if (!dates.size && days === null && hours?.kind !== "rules") return [];
  const first = Math.max(now.day, readDay(cell(fields.from)) ?? now.day);
  const last = Math.min(now.day + FARTHEST, readDay(cell(fields.to)) ?? Infinity);
  const found: Passage[] = [];
  for (let day = first; day <= last && found.length < limit; day += 1) {
    const regular = days === null ? !dates.size : weekday(day) === days;
    const due = dates.has(day) || (regular && (parity === null || isoWeek(day) % 2 === parity));
    const told = due ? toldOn(hours, day, dates.has(day)) : null;
    if (!told) continue;
    const over = day === now.day && told.length > 0 && told.at(-1)!.to <= now.minute;
    if (!over) found.push({ day, spans: told, text: hours ? "" : text, row });
  }
  return found;
}

/** The spans of a day; null when it does not take place. A date that is given stands by itself. */
function toldOn(hours: Hours | null, day: Day, dated: boolean): readonly Span[] | null {
  if (!hours) return [];
  const { spans, told, unknown } = onDay(hours, day);
  if (spans.length) return spans;
  return unknown || (dated && !told) ? [] : null;
}

function daysIn(text: string): Day[] {
  return (text.match(/\d{4}-\d{2}-\d{2}/g) ?? []).flatMap((one) => readDay(one) ?? []);
}

const WEEKDAYS = [
  ["lundi", "monday", "lun", "mon", "mo"],
  ["mardi", "tuesday", "mar", "tue", "tu"],
  ["mercredi", "wednesday", "mer", "wed", "we"],
  ["jeudi", "thursday", "jeu", "thu", "th"],
  ["vendredi", "friday", "ven", "fri", "fr"],
  ["samedi", "saturday", "sam", "sat", "sa"],
  ["dimanche", "sunday", "dim", "sun", "su"],
];

/** 0 for Monday, by its name in French, English or OpenStreetMap; null for other texts. */
export function weekdayIn(text: string): number | null {
  const name = folded(text).trim().replace(/\.$/, "");
  const found = WEEKDAYS.findIndex((names) => names.includes(name));
  return found < 0 ? null : found;
}

/** 0 for even weeks, 1 for odd ones, null for all. */
export function parityIn(text: string): 0 | 1 | null {
  const words = folded(text);
  if (/\b(impaires?|odd)\b/.test(words)) return 1;
  return /\b(paires?|even)\b/.test(words) ? 0 : null;
}
