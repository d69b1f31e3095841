// Opening hours from a cell: the hours of one day (`09:00 - 12:00 / 13:30 - 17:00`), or
// OpenStreetMap's opening_hours. What is not understood is null, and is then shown as it is.
//
// Of the opening_hours specification 0.7.2 (wiki.openstreetmap.org/wiki/Key:opening_hours/
// specification) these parts are read: rules after `;` and `,`, and a comment after `||`; years,
// months, dates and ranges of them; weeks with a step; days of the week, those of a month
// (`Mo[1]`, `Mo[-1]`); public holidays; times, past midnight too; `24/7`; `open`, `off`, `closed`,
// `unknown`; comments. Left out, as no calendar here knows them or cards need them: school
// holidays, Easter, day offsets, sunrise and the like, open ends (`10:00+`), intervals (`/90`).
// Whatever is read here is also accepted by the server's check `opening-hours-value`.

import { minutes, parseDayHours, spanOf } from "./daily";
import type { DateSpan, Hours, PartialDate, Rule, Span, WeekdaySpan, WeekSpan } from "./rules";

export const DAYS: readonly string[] = "Mo Tu We Th Fr Sa Su".split(" ");
export const MONTHS: readonly string[] =
  "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const LENGTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const STATES: { [word: string]: Rule["state"] } = {
  open: "open",
  off: "off",
  closed: "off",
  unknown: "unknown",
};

/** The hours a cell tells, of one day or by rules; null when they are not understood. */
export function parseHours(text: string | null | undefined): Hours | null {
  const spans = parseDayHours(text);
  if (spans) return { kind: "day", spans };
  if (!text) return null;
  try {
    return new Reader(text).hours();
  } catch (error) {
    if (error instanceof NotUnderstood) return null;
    throw error;
  }
}

/** The hours of a week from those of its days, from Monday on; an empty day is a closed one. */
export function hoursOfDays(texts: readonly (string | null | undefined)[]): Hours | null {
  const rules: Rule[] = [];
  for (const [index, text] of texts.slice(0, 7).entries()) {
    if (!text?.trim()) continue;
    const spans = parseDayHours(text);
    if (!spans) return null;
    rules.push({ ...PLAIN, weekdays: [{ from: index, to: index, nth: [] }], spans });
  }
  return { kind: "rules", rules, otherwise: "" };
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

class NotUnderstood extends Error {}

const KINDS = ["always", "comment", "time", "number", "word", "sign", "other"] as const;
type Kind = (typeof KINDS)[number] | "end";
// As the server's check takes them apart, in the order of `KINDS`.
const TOKENS = [
  ...["24/7(?![0-9])", '"[^"]*"', "[0-9]{1,2}:[0-9]{2}(?![0-9])", "[0-9]+(?![0-9]*\\p{L})"],
  ...["\\p{L}+", "\\|\\||[;,\\-+/[\\]():]", "\\S"],
];
const TOKEN = new RegExp(`\\s*(?:${TOKENS.map((one) => `(${one})`).join("|")})`, "gu");

/** Descends through the grammar; each method reads one of its parts, or gives up. */
class Reader {
  private readonly tokens: [Kind, string][] = [];
  private at = 0;

  constructor(text: string) {
    for (const found of text.trim().matchAll(TOKEN)) {
      const kind = KINDS[found.slice(1).findIndex((one) => one !== undefined)]!;
      if (kind === "other") throw new NotUnderstood();
      this.tokens.push([kind, found[0].trim()]);
    }
  }

  hours(): Hours {
    const rules = [this.rule(false)];
    let otherwise = "";
    for (;;) {
      if (this.skip(";")) rules.push(this.rule(false));
      else if (this.skip(",")) rules.push(this.rule(true));
      else break;
    }
    if (this.skip("||")) otherwise = this.comment() || this.refuse();
    if (this.kind() !== "end") this.refuse();
    return { kind: "rules", rules, otherwise };
  }

  private rule(joined: boolean): Rule {
    const rule = { ...PLAIN, joined };
    if (this.kind() === "comment" && this.text(1) === ":") {
      rule.comment = this.comment();
      this.at += 1;
    }
    const start = this.at;
    // A comment alone tells that there is something to ask about, not that it is open.
    const alone = this.kind() === "comment";
    if (this.kind() === "always") this.at += 1;
    else Object.assign(rule, this.selectors());
    const state = STATES[this.text()];
    if (state) this.at += 1;
    const comment = this.comment();
    if (this.at === start) this.refuse();
    rule.state = state ?? (alone ? "unknown" : "open");
    rule.comment = [rule.comment, comment].filter(Boolean).join(", ");
    return rule;
  }

  private selectors(): Partial<Rule> {
    this.month = null;
    const dates = this.startsDate()
      ? this.listed(this.dateSpan, (ahead) => this.startsDate(ahead, true))
      : [];
    let weeks: WeekSpan[] = [];
    if (this.text() === "week") {
      this.at += 1;
      weeks = this.listed(this.weekSpan, (n) => this.kind(n) === "number");
    }
    if (dates.length || weeks.length) this.skip(":");
    const days = this.startsDay() ? this.weekdays() : {};
    const spans =
      this.kind() === "time" ? this.listed(this.timeSpan, (n) => this.kind(n) === "time") : [];
    return { dates, weeks, ...days, spans };
  }

  /** One or more, separated by commas; a comma before anything else is not theirs. */
  private listed<Found>(read: () => Found, starts: (ahead: number) => boolean): Found[] {
    const found = [read.call(this)];
    while (this.text() === "," && starts(1)) {
      this.at += 1;
      found.push(read.call(this));
    }
    return found;
  }

  private month: number | null = null;

  private startsDate(ahead = 0, listed = false): boolean {
    const text = this.text(ahead);
    if (this.kind(ahead) === "number") {
      return text.length === 4 || (listed && this.month !== null);
    }
    return MONTHS.includes(text);
  }

  /** `Dec 25`, `2026 Dec 25-2027 Jan 03`, `Jan-Mar`, `Dec 24-26`, `2026-2027`. */
  private dateSpan(): DateSpan {
    const from = this.date(this.month);
    this.month = from.month;
    if (!this.skip("-")) return { from, to: from };
    const to = this.date(from.month);
    this.month = to.month;
    const bare = from.month === null;
    if (bare !== (to.month === null) || (from.year === null && to.year !== null)) this.refuse();
    if (from.year !== null && to.year !== null && to.year < from.year) this.refuse();
    return { from, to };
  }

  private date(month: number | null): PartialDate {
    let year: number | null = null;
    if (this.kind() === "number" && this.text().length === 4) year = this.number(1, 9999);
    const named = MONTHS.indexOf(this.text());
    if (named >= 0) {
      this.at += 1;
      const short = this.kind() === "number" && this.text().length <= 2;
      return { year, month: named + 1, day: short ? this.number(1, LENGTHS[named]!) : null };
    }
    if (year !== null) return { year, month: null, day: null };
    if (month === null) this.refuse();
    return { year: null, month, day: this.number(1, LENGTHS[month - 1]!) };
  }

  private weekSpan(): WeekSpan {
    const from = this.number(1, 53);
    if (!this.skip("-")) return { from, to: from, step: 1 };
    const to = this.number(from, 53);
    return { from, to, step: this.skip("/") ? this.number(1, 53) : 1 };
  }

  private startsDay(ahead = 0): boolean {
    return this.text(ahead) === "PH" || DAYS.includes(this.text(ahead));
  }

  private weekdays(): Pick<Rule, "weekdays" | "holidays"> {
    let found = this.listed(this.weekdaySpan, (ahead) => this.startsDay(ahead));
    const holidays = found.includes(null);
    const narrowed = found.every((one) => one === null) && this.startsDay();
    if (narrowed) found = this.listed(this.weekdaySpan, (ahead) => this.startsDay(ahead));
    const weekdays = found.filter((one) => one !== null);
    if (narrowed && weekdays.length < found.length) this.refuse();
    const alone = !weekdays.length || narrowed;
    return { weekdays, holidays: holidays ? (alone ? "only" : "too") : "" };
  }

  /** `Mo-Fr`, `Mo`, `Mo[1,-1]`; null for public holidays. */
  private weekdaySpan(): WeekdaySpan | null {
    const text = this.text();
    if (!this.startsDay()) this.refuse();
    this.at += 1;
    if (text === "PH") return null;
    const from = DAYS.indexOf(text);
    if (this.skip("[")) {
      const nth = this.listed(this.nth, (n) => this.text(n) === "-" || this.kind(n) === "number");
      if (!this.skip("]")) this.refuse();
      return { from, to: from, nth };
    }
    if (!this.skip("-")) return { from, to: from, nth: [] };
    const to = DAYS.indexOf(this.text());
    if (to < 0) this.refuse();
    this.at += 1;
    return { from, to, nth: [] };
  }

  private nth(): number {
    return this.skip("-") ? -this.number(1, 5) : this.number(1, 5);
  }

  private timeSpan(): Span {
    const from = this.time();
    if (!this.skip("-")) this.refuse();
    return spanOf(from, this.time()) ?? this.refuse();
  }

  private time(): number {
    if (this.kind() !== "time") this.refuse();
    const [hour = "", minute = ""] = this.text().split(":");
    this.at += 1;
    return minutes(hour, minute) ?? this.refuse();
  }

  private number(low: number, high: number): number {
    const text = this.text();
    const found = Number(text);
    if (this.kind() !== "number" || text.length > 4 || found < low || found > high) this.refuse();
    this.at += 1;
    return found;
  }

  /** The comment that comes next, empty when none does. */
  private comment(): string {
    if (this.kind() !== "comment") return "";
    this.at += 1;
    return this.tokens[this.at - 1]![1].slice(1, -1).trim();
  }

  private kind(ahead = 0): Kind {
    return this.tokens[this.at + ahead]?.[0] ?? "end";
  }

  private text(ahead = 0): string {
    return this.tokens[this.at + ahead]?.[1] ?? "";
  }

  private skip(sign: string): boolean {
    if (this.kind() !== "sign" || this.text() !== sign) return false;
    this.at += 1;
    return true;
  }

  private refuse(): never {
    throw new NotUnderstood();
  }
}
