// The hours of one day in a cell: `09:00 - 12:00 / 13:30 - 17:00`.

import { MIDNIGHT, type Span } from "./rules";

const DAY_SPAN = /^(\d{1,2}):(\d{2}) - (\d{1,2}):(\d{2})$/;

/** The spans of one day, written `09:00 - 12:00 / 13:30 - 17:00`. */
export function parseDayHours(text: string | null | undefined): Span[] | null {
  const found: Span[] = [];
  for (const part of (text ?? "").trim().split(" / ")) {
    const match = DAY_SPAN.exec(part.trim());
    if (!match) return null;
    const from = minutes(match[1]!, match[2]!);
    const to = minutes(match[3]!, match[4]!);
    const span = from === null || to === null ? null : spanOf(from, to);
    if (!span || span.from < (found.at(-1)?.to ?? 0)) return null;
    found.push(span);
  }
  return found;
}

/** Minutes since midnight, null when no clock shows that. */
export function minutes(hour: string, minute: string): number | null {
  const found = Number(hour) * 60 + Number(minute);
  return Number(minute) > 59 || found > MIDNIGHT ? null : found;
}

/** A span, past midnight when it ends before it begins; null when it is none. */
export function spanOf(from: number, to: number): Span | null {
  if (from === to || from === MIDNIGHT) return null;
  return { from, to: to < from ? to + MIDNIGHT : to };
}
