// Where the lines of an axis stand, and what is written at them.

import type { Locale } from "../../model/texts";

const TAGS: { [locale in Locale]: string } = { fr: "fr-FR", en: "en-GB" };
const DAY = 86_400_000;

export interface Axis {
  min: number;
  max: number;
  ticks: number[];
}

/**
 * An axis from a round number to a round number, in about `count` steps of 1, 2 or 5; whole steps
 * where it is about `whole` numbers.
 */
export function niceAxis(least: number, most: number, count: number, whole = false): Axis {
  const [min, max] = [countable(least), countable(most)];
  if (!(max > min)) {
    const room = Math.abs(min) || 1;
    return niceAxis(min === 0 ? 0 : min - room, min + room, count, whole);
  }
  const rough = (max - min) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const round = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough * 0.999)!;
  const step = whole ? Math.max(1, round) : round;
  const [first, last] = [Math.floor(min / step + 1e-9), Math.ceil(max / step - 1e-9)];
  const ticks = Array.from({ length: last - first + 1 }, (_, at) =>
    Number(((first + at) * step).toPrecision(12)),
  );
  return { min: ticks[0]!, max: ticks.at(-1)!, ticks };
}

/** The nearest number that can still be multiplied and divided without becoming 0 or infinite. */
function countable(value: number): number {
  return Math.abs(value) < 1e-300 ? 0 : Math.max(-1e300, Math.min(1e300, value));
}

/** Numbers of an axis: short where they are long (`12 k`, `3 M`), all with the same decimals. */
export function tickText(ticks: readonly number[], locale: Locale): (value: number) => string {
  const largest = Math.max(...ticks.map(Math.abs));
  const step = ticks.length > 1 ? ticks[1]! - ticks[0]! : largest;
  const decimals = Math.min(10, Math.max(0, -Math.floor(Math.log10(step || 1) + 1e-9)));
  const format = new Intl.NumberFormat(
    TAGS[locale],
    largest >= 10_000
      ? { notation: "compact", maximumFractionDigits: 2 }
      : { minimumFractionDigits: decimals, maximumFractionDigits: decimals },
  );
  return (value) => format.format(value);
}

const MONTHS = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200];
const DAYS = [1, 2, 7, 14];

/** Dates between two, at most `count`: starts of years, months or days. */
export function dateTicks(
  from: number,
  to: number,
  count: number,
  locale: Locale,
): { at: number; text: string }[] {
  const days = (to - from) / DAY;
  const step = DAYS.find((one) => days / one <= count);
  const written = (options: Intl.DateTimeFormatOptions) => (at: number) => ({
    at,
    text: new Intl.DateTimeFormat(TAGS[locale], { ...options, timeZone: "UTC" }).format(at),
  });
  if (step && days > 0) {
    const first = Math.ceil(from / DAY) * DAY;
    const found = [];
    for (let at = first; at <= to; at += step * DAY) found.push(at);
    return found.map(written({ day: "numeric", month: "short", year: "numeric" }));
  }
  const months = MONTHS.find((one) => days / 30.44 / one <= count) ?? 6000;
  const start = new Date(from);
  const index = start.getUTCFullYear() * 12 + start.getUTCMonth();
  const found = [];
  for (let month = Math.ceil(index / months) * months; ; month += months) {
    const at = Date.UTC(0, 0) && new Date(0).setUTCFullYear(Math.floor(month / 12), month % 12, 1);
    if (at > to) break;
    if (at >= from) found.push(at);
  }
  return found.map(
    written(months >= 12 ? { year: "numeric" } : { month: "short", year: "numeric" }),
  );
}
