// Opening hours as rules, and what they say of a day or a moment. A model of the part of
// OpenStreetMap's opening_hours that `reading.ts` understands; nothing here reads a clock.

import { type Day, dayOf, isoWeek, partsOf, type WallClock, weekday } from "./days";
import { isHoliday } from "./holidays";

export const MIDNIGHT = 24 * 60;

/** Minutes since the day's midnight; `to` is past `MIDNIGHT` when it ends on the next day. */
export interface Span {
  from: number;
  to: number;
}

/** A date with what is known of it: `2026`, `Dec`, `Dec 25`, `2026 Dec 25`. */
export interface PartialDate {
  year: number | null;
  month: number | null;
  day: number | null;
}

export interface DateSpan {
  from: PartialDate;
  to: PartialDate;
}

export interface WeekSpan {
  from: number;
  to: number;
  step: number;
}

/** Days of the week, 0 being Monday; `nth` are those of the month (-1 the last). */
export interface WeekdaySpan {
  from: number;
  to: number;
  nth: readonly number[];
}

export interface Rule {
  /** After a comma: the rule adds to those before it instead of replacing them. */
  joined: boolean;
  dates: readonly DateSpan[];
  weeks: readonly WeekSpan[];
  weekdays: readonly WeekdaySpan[];
  /** Public holidays: no word on them, one of the days, or the only ones among the days. */
  holidays: "" | "too" | "only";
  /** None: the whole day. */
  spans: readonly Span[];
  state: "open" | "off" | "unknown";
  comment: string;
}

export type Hours =
  | { kind: "day"; spans: readonly Span[] }
  | {
      kind: "rules";
      rules: readonly Rule[];
      /** What is said for the rest of the time (`|| "on appointment"`). */
      otherwise: string;
    };

/** What the rules say of one day. */
export interface DayHours {
  spans: readonly Span[];
  comments: readonly string[];
  /** Whether any rule is about this day. */
  told: boolean;
  /** The rules say that nobody can know. */
  unknown: boolean;
}

/** What is said of a day. `holidays` false takes no day for a public holiday. */
export function onDay(hours: Hours, day: Day, { holidays = true } = {}): DayHours {
  if (hours.kind === "day") {
    return { spans: hours.spans, comments: [], told: true, unknown: false };
  }
  const holiday = holidays && isHoliday(day);
  let found: DayHours = { spans: [], comments: [], told: false, unknown: false };
  for (const rule of hours.rules) {
    if (!isAbout(rule, day, holiday)) continue;
    const comments = rule.comment ? [rule.comment] : [];
    const own = rule.spans.length ? rule.spans : [{ from: 0, to: MIDNIGHT }];
    if (rule.state === "off") {
      const spans = rule.spans.length ? without(found.spans, rule.spans) : [];
      found = { spans, comments, told: true, unknown: false };
    } else {
      const kept = rule.joined ? found : { spans: [], comments: [] };
      const unknown = rule.state === "unknown";
      const spans = unknown ? kept.spans : together([...kept.spans, ...own]);
      found = { spans, comments: [...kept.comments, ...comments], told: true, unknown };
    }
  }
  return found;
}

/** Whether it is open; null when the rules do not tell. */
export function isOpen(hours: Hours, at: WallClock): boolean | null {
  if (around(hours, at.day, at.day).some(({ from, to }) => from <= now(at) && now(at) < to)) {
    return true;
  }
  return onDay(hours, at.day).unknown ? null : false;
}

const FARTHEST = 370;

/** When it opens or closes next, within a year; null when it does not or nobody knows. */
export function nextChange(hours: Hours, at: WallClock): { at: WallClock; open: boolean } | null {
  const moment = now(at);
  let end: number | null = null;
  for (let day = at.day - 1; day <= at.day + FARTHEST; day += 1) {
    if (end !== null && day * MIDNIGHT > end) return { at: clock(end), open: false };
    for (const { from, to } of absolute(hours, day)) {
      if (to <= moment) continue;
      if (end !== null && from > end) return { at: clock(end), open: false };
      if (end === null && from > moment) return { at: clock(from), open: true };
      end = Math.max(end ?? to, to);
    }
  }
  return null;
}

/** Whether the hours are the same each week, public holidays aside. */
export function isWeekly(hours: Hours): boolean {
  return (
    hours.kind === "rules" &&
    hours.rules.every(
      ({ dates, weeks, weekdays }) =>
        !dates.length && !weeks.length && weekdays.every(({ nth }) => !nth.length),
    )
  );
}

/** What is said of public holidays: nothing, that it is closed, or hours of their own. */
export function holidaysOf(hours: Hours): "" | "closed" | "other" {
  const rules = hours.kind === "rules" ? hours.rules.filter(({ holidays }) => holidays) : [];
  if (!rules.length) return "";
  return rules.every(({ state, spans }) => state === "off" && !spans.length) ? "closed" : "other";
}

/** Spans in order, those that touch or overlap made one. */
export function together(spans: readonly Span[]): Span[] {
  const found: Span[] = [];
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    const last = found.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else found.push({ from, to });
  }
  return found;
}

function without(spans: readonly Span[], closed: readonly Span[]): Span[] {
  return closed.reduce<Span[]>(
    (left, { from, to }) =>
      left.flatMap((one) =>
        [
          { from: one.from, to: Math.min(one.to, from) },
          { from: Math.max(one.from, to), to: one.to },
        ].filter((part) => part.from < part.to),
      ),
    [...spans],
  );
}

const now = ({ day, minute }: WallClock): number => day * MIDNIGHT + minute;
const clock = (moment: number): WallClock => ({
  day: Math.floor(moment / MIDNIGHT),
  minute: moment % MIDNIGHT,
});

/** The spans of a day in minutes since 1970. */
const absolute = (hours: Hours, day: Day): Span[] =>
  onDay(hours, day).spans.map(({ from, to }) => ({
    from: day * MIDNIGHT + from,
    to: day * MIDNIGHT + to,
  }));

/** The spans of some days and of the evening before, which may last past midnight. */
function around(hours: Hours, first: Day, last: Day): Span[] {
  const found: Span[] = [];
  for (let day = first - 1; day <= last; day += 1) found.push(...absolute(hours, day));
  return together(found);
}

function isAbout(rule: Rule, day: Day, holiday: boolean): boolean {
  const { dates, weeks, weekdays, holidays } = rule;
  if (dates.length && !dates.some((one) => holdsDate(one, day))) return false;
  if (weeks.length && !weeks.some((one) => holdsWeek(one, isoWeek(day)))) return false;
  const named = weekdays.some((one) => holdsWeekday(one, day));
  if (holidays === "only") return holiday && (named || !weekdays.length);
  if (holidays === "too") return holiday || named;
  return named || !weekdays.length;
}

function holdsWeek({ from, to, step }: WeekSpan, week: number): boolean {
  return week >= from && week <= to && (week - from) % step === 0;
}

function holdsWeekday({ from, to, nth }: WeekdaySpan, day: Day): boolean {
  const found = weekday(day);
  if (!(from <= to ? from <= found && found <= to : found >= from || found <= to)) return false;
  if (!nth.length) return true;
  const { year, month, day: number } = partsOf(day);
  const length = dayOf(year, month + 1, 1) - dayOf(year, month, 1);
  const first = Math.ceil(number / 7);
  const last = -Math.ceil((length - number + 1) / 7);
  return nth.includes(first) || nth.includes(last);
}

function holdsDate({ from, to }: DateSpan, day: Day): boolean {
  const { year, month, day: number } = partsOf(day);
  const inYear = (one: PartialDate, missing: number): number =>
    one.month === null ? (missing > 1 ? 1231 : 101) : one.month * 100 + (one.day ?? missing);
  const first = inYear(from, 1);
  const last = inYear(to, 31);
  const at = month * 100 + number;
  if (from.year === null) {
    return first <= last ? first <= at && at <= last : at >= first || at <= last;
  }
  const end = to.year ?? (last < first ? from.year + 1 : from.year);
  const moment = year * 10_000 + at;
  return from.year * 10_000 + first <= moment && moment <= end * 10_000 + last;
}
