// Days without a clock: counting them, their weeks, and what a clock on a wall somewhere says.

/** A day, as the number of days since 1970-01-01. */
export type Day = number;

const LENGTH = 86_400_000;

export interface Parts {
  year: number;
  /** 1 to 12. */
  month: number;
  day: number;
}

export function dayOf(year: number, month: number, day: number): Day {
  return Math.round(Date.UTC(year, month - 1, day) / LENGTH);
}

export function partsOf(day: Day): Parts {
  const date = dateOf(day);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
  };
}

/** The first moment of a day in UTC, for `Intl` with the time zone UTC. */
export function dateOf(day: Day): Date {
  return new Date(day * LENGTH);
}

/** The day that `2026-11-22` names, null when it names none. */
export function readDay(text: string | null | undefined): Day | null {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text?.trim() ?? "");
  if (!found) return null;
  const day = dayOf(+found[1]!, +found[2]!, +found[3]!);
  return writeDay(day) === found[0] ? day : null;
}

/** `2026-11-22`. */
export function writeDay(day: Day): string {
  return dateOf(day).toISOString().slice(0, 10);
}

/** 0 is Monday, 6 is Sunday. */
export function weekday(day: Day): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** The number of the ISO 8601 week: week 1 is that of the first Thursday of the year. */
export function isoWeek(day: Day): number {
  const thursday = day - weekday(day) + 3;
  const first = dayOf(partsOf(thursday).year, 1, 1);
  return Math.floor((thursday - first) / 7) + 1;
}

/** A moment as a wall clock tells it. */
export interface WallClock {
  day: Day;
  /** Since midnight. */
  minute: number;
}

const DEFAULT_ZONE = "Europe/Paris";

/** What clocks in a time zone (`Europe/Paris` when left out or unknown) show at a moment. */
export function wallClock(now: Date, zone: string = DEFAULT_ZONE): WallClock {
  let format: Intl.DateTimeFormat;
  try {
    format = reader(zone);
  } catch {
    format = reader(DEFAULT_ZONE); // the descriptor names a zone that this browser does not know
  }
  const found = new Map(format.formatToParts(now).map(({ type, value }) => [type, +value]));
  const part = (name: Intl.DateTimeFormatPartTypes): number => found.get(name) ?? 0;
  return {
    day: dayOf(part("year"), part("month"), part("day")),
    minute: part("hour") * 60 + part("minute"),
  };
}

function reader(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat("en-GB-u-ca-gregory-nu-latn", {
    timeZone,
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    hourCycle: "h23",
  });
}
