// Opening hours as a form shows them: the spans of each day. Texts in, texts out.

import { DAYS, parseHours } from "../hours/reading";
import { formatDayHours, formatHours, time } from "../hours/writing";
import { isWeekly, MIDNIGHT, type Rule, type Span, together, type WeekdaySpan } from "../hours/rules";

/** Hours that a form can show: those of one day, or of each day from Monday to Sunday. */
export interface Week {
  kind: "day" | "week";
  days: Span[][];
  /** What the text says of public holidays, kept as it is. */
  holidays: readonly Rule[];
}

/** An end that is being typed, `HH:MM` or empty. */
export interface TypedSpan {
  from: string;
  to: string;
}

/** The hours of a text; null when a form cannot show all that it says. */
export function weekOf(text: string | null, emptyAs: Week["kind"]): Week | null {
  if (!text) {
    return { kind: emptyAs, days: emptyAs === "day" ? [[]] : empty(), holidays: [] };
  }
  const hours = parseHours(text);
  if (!hours) return null;
  if (hours.kind === "day") return { kind: "day", days: [[...hours.spans]], holidays: [] };
  if (!isWeekly(hours) || hours.otherwise) return null;
  const days = empty();
  const holidays: Rule[] = [];
  for (const rule of hours.rules) {
    if (rule.comment || rule.state === "unknown" || rule.holidays === "too") return null;
    if (rule.holidays === "only") {
      if (rule.weekdays.length) return null;
      holidays.push(rule);
      continue;
    }
    if (rule.state === "off" && rule.spans.length) return null;
    const own = rule.state === "off" ? [] : wholeDay(rule.spans);
    for (const day of daysOf(rule.weekdays)) {
      days[day] = rule.joined ? together([...days[day]!, ...own]) : [...own];
    }
  }
  return { kind: "week", days, holidays };
}

/** The text that says these hours; the empty text when it is always closed. */
export function textOfWeek({ kind, days, holidays }: Week): string {
  if (kind === "day") return formatDayHours(days[0] ?? []);
  const rules: Rule[] = [];
  const told = new Set<string>();
  days.forEach((spans) => {
    const same = JSON.stringify(spans);
    if (!spans.length || told.has(same)) return;
    told.add(same);
    const alike = days.map((one) => JSON.stringify(one) === same);
    rules.push({ ...PLAIN, weekdays: runs(alike), spans });
  });
  if (!rules.length) return "";
  return formatHours({ kind: "rules", rules: [...rules, ...holidays], otherwise: "" });
}

/**
 * The text of what is typed: as it stands while a time is missing or not understood, so that
 * nothing typed is lost and the server says what is wrong with it.
 */
export function textOfTyped(week: Week, typed: readonly (readonly TypedSpan[])[]): string {
  const begun = typed.map((spans) => spans.filter(({ from, to }) => from || to));
  if (begun.flat().every(({ from, to }) => minutes(from) !== null && minutes(to) !== null)) {
    return textOfWeek({ ...week, days: typed.map(typedSpans) });
  }
  if (week.kind === "day") return begun[0]!.map(({ from, to }) => `${from} - ${to}`).join(" / ");
  return begun
    .map((spans, day) => ({ day: DAYS[day]!, spans }))
    .filter(({ spans }) => spans.length)
    .map(({ day, spans }) => `${day} ${spans.map(({ from, to }) => `${from}-${to}`).join(",")}`)
    .join("; ");
}

const PLAIN: Rule = {
  joined: false,
  dates: [],
  weeks: [],
  weekdays: [],
  holidays: "",
  spans: [],
  state: "open",
  comment: "",
};

/** The spans that are typed in full, in order; those that end at midnight end their day. */
export function typedSpans(typed: readonly TypedSpan[]): Span[] {
  return typed
    .flatMap(({ from, to }) => {
      const start = minutes(from);
      const end = minutes(to);
      if (start === null || end === null || start === end) return [];
      return [{ from: start, to: end > start ? end : end + MIDNIGHT }];
    })
    .sort((a, b) => a.from - b.from);
}

/** Two spans at least, so that there is room to type another. */
export function spansToType(spans: readonly Span[]): TypedSpan[] {
  const typed = spans.map(({ from, to }) => ({ from: time(from), to: time(to) }));
  while (typed.length < 2) typed.push({ from: "", to: "" });
  return typed;
}

/** A time as people type it (`9`, `930`, `9h30`, `9:30`) as `09:30`; null when it is none. */
export function timeTyped(text: string): string | null {
  const found = /^(\d{1,2})(?:[:hH. ]?(\d{2}))?[hH]?$/.exec(text.trim());
  if (!found) return null;
  const hour = Number(found[1]);
  const minute = Number(found[2] ?? 0);
  const valid = minute < 60 && (hour < 24 || (hour === 24 && minute === 0));
  return valid ? `${two(hour)}:${two(minute)}` : null;
}

function minutes(text: string): number | null {
  const found = /^(\d{2}):(\d{2})$/.exec(text);
  return found ? +found[1]! * 60 + +found[2]! : null;
}

const two = (number: number): string => String(number).padStart(2, "0");
const empty = (): Span[][] => Array.from({ length: 7 }, () => []);
const wholeDay = (spans: readonly Span[]): readonly Span[] =>
  spans.length ? spans : [{ from: 0, to: MIDNIGHT }];

function daysOf(spans: readonly WeekdaySpan[]): number[] {
  if (!spans.length) return [0, 1, 2, 3, 4, 5, 6];
  return spans.flatMap(({ from, to }) => {
    const length = ((to - from + 7) % 7) + 1;
    return Array.from({ length }, (_, index) => (from + index) % 7);
  });
}

/** Days that follow one another, as spans of the week. */
function runs(wanted: readonly boolean[]): WeekdaySpan[] {
  const found: WeekdaySpan[] = [];
  wanted.forEach((one, day) => {
    if (!one) return;
    const last = found.at(-1);
    if (last && last.to === day - 1) last.to = day;
    else found.push({ from: day, to: day, nth: [] });
  });
  return found;
}
