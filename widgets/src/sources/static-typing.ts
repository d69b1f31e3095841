// How texts of a field compare in a static export: the same as on the server (docs/api.md, "Filters").

import type { FieldDescriptor } from "../model/field";

/** What a text is worth in its field's type; null where it is none. */
type Read = (text: string) => number | null;

/** How one field compares. `read` is null for texts; `plain` reads the standard way of writing. */
export interface Typing {
  read: Read | null;
  plain: Read | null;
  numeric: boolean;
}

interface Described extends FieldDescriptor {
  bareNumber?: boolean;
}

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,4})?$/;
const INTEGER = /^[+-]?\d+$/;
const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const TIME = /^(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?(?:(Z)|([+-])(\d{2}):?(\d{2}))?$/;
const DURATION =
  /^([+-])?P(?=.)(?:([\d.]+)Y)?(?:([\d.]+)M)?(?:([\d.]+)W)?(?:([\d.]+)D)?(?:T(?=.)(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?)?$/;
// A year and a month have no fixed length; for order the mean of the calendar is enough.
const SECONDS = [31_556_952, 2_629_746, 604_800, 86_400, 3_600, 60, 1];
const DAY = 86_400;
const DIRECTIVES: { [letter: string]: string } = {
  Y: "(?<Y>\\d{4})",
  y: "(?<y>\\d{2})",
  m: "(?<m>\\d{1,2})",
  d: "(?<d>\\d{1,2})",
  H: "(?<H>\\d{1,2})",
  M: "(?<M>\\d{1,2})",
  S: "(?<S>\\d{1,2})",
  f: "(?<f>\\d{1,6})",
};

export function typingOf(field: Described): Typing {
  const text: Typing = { read: null, plain: null, numeric: false };
  const typed = (read: Read, plain: Read | null = read): Typing => ({ ...text, read, plain });
  switch (field.type) {
    case "number":
      return { read: numberIn(field, NUMBER), plain: readNumber, numeric: true };
    case "integer":
      return { read: numberIn(field, INTEGER), plain: readNumber, numeric: true };
    case "boolean":
      return typed(truthIn(field), truthIn({ name: field.name }));
    case "date":
      return typed(momentIn(field, readDate), readDate);
    case "datetime":
      return typed(momentIn(field, readMoment), readMoment);
    case "time":
      return typed(momentIn(field, readTime, true), readTime);
    case "year":
      return typed((one) => (/^\d{4}$/.test(one) ? Number(one) : null));
    case "yearmonth":
      return typed(readMonth);
    case "duration":
      return typed(readDuration);
    default:
      return text;
  }
}

export function readNumber(text: string): number | null {
  return NUMBER.test(text) ? Number(text) : null;
}

function numberIn(field: Described, form: RegExp): Read {
  const { decimalChar = ".", groupChar = "", bareNumber = true } = field;
  return (given) => {
    let text = bareNumber ? given : betweenDigits(given);
    if (groupChar) text = text.replaceAll(groupChar, "");
    if (decimalChar !== ".") {
      if (text.includes(".")) return null;
      text = text.replaceAll(decimalChar, ".");
    }
    return form.test(text) ? Number(text) : null;
  };
}

/** A number without the unit or the sign of a currency around it. */
function betweenDigits(text: string): string {
  const first = text.search(/[0-9]/);
  if (first < 0) return text;
  const minus = text.indexOf("-");
  const from = minus >= 0 && minus < first ? minus : first;
  return text.slice(from).replace(/[^0-9]+$/, "");
}

function truthIn(field: Described): Read {
  const yes = field.trueValues ?? ["true", "True", "TRUE", "1"];
  const no = field.falseValues ?? ["false", "False", "FALSE", "0"];
  return (text) => (no.includes(text) ? 0 : yes.includes(text) ? 1 : null);
}

/** Days since 1970. */
function readDate(text: string): number | null {
  const found = DATE.exec(text);
  return found ? dayOf(Number(found[1]), Number(found[2]), Number(found[3])) : null;
}

/** Seconds since 1970; a moment without a zone counts as UTC, a date as its midnight. */
function readMoment(text: string): number | null {
  const day = readDate(text);
  if (day !== null) return day * DAY;
  if (!/^\d{4}-\d{2}-\d{2}[T ]/.test(text)) return null;
  const [date, time] = [readDate(text.slice(0, 10)), readTime(text.slice(11))];
  return date === null || time === null ? null : date * DAY + time;
}

/** Seconds since midnight, in UTC where a zone is given. */
function readTime(text: string): number | null {
  const found = TIME.exec(text);
  if (!found) return null;
  const [, hour, minute, second = "0", part = "0", , sign, zoneHour = "0", zoneMinute = "0"] = found;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const zone = (Number(zoneHour) * 60 + Number(zoneMinute)) * 60 * (sign === "-" ? -1 : 1);
  const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  return seconds + Number(`0.${part}`) - zone;
}

function readMonth(text: string): number | null {
  const found = /^(\d{1,4})-(\d{1,2})$/.exec(text);
  const month = Number(found?.[2]);
  return found && month >= 1 && month <= 12 ? Number(found[1]) * 12 + month : null;
}

function readDuration(text: string): number | null {
  const found = DURATION.exec(text);
  if (!found) return null;
  let total = 0;
  for (const [place, seconds] of SECONDS.entries()) {
    const part = found[place + 2];
    if (part === undefined) continue;
    const number = readNumber(part);
    if (number === null) return null;
    total += number * seconds;
  }
  return found[1] === "-" ? -total : total;
}

/** A date or a time in the field's own form, such as `%d/%m/%Y`; else in the standard one. */
function momentIn(field: Described, standard: Read, ofDay = false): Read {
  const form = field.format ?? "";
  if (!form.includes("%")) return standard;
  const pattern = patternOf(form);
  if (!pattern) return () => null;
  return (text) => {
    const parts = pattern.exec(text)?.groups;
    if (!parts) return null;
    const number = (letter: string, usual: number): number => Number(parts[letter] ?? usual);
    const short = number("y", 0);
    const year = parts["y"] === undefined ? number("Y", 1900) : short + (short < 69 ? 2000 : 1900);
    const day = dayOf(year, number("m", 1), number("d", 1));
    const time = readTime(
      [number("H", 0), number("M", 0), number("S", 0)]
        .map((one) => String(one).padStart(2, "0"))
        .join(":"),
    );
    if (day === null || time === null) return null;
    if (field.type === "date") return day;
    const seconds = time + Number(`0.${parts["f"] ?? "0"}`);
    return ofDay ? seconds : day * DAY + seconds;
  };
}

function patternOf(form: string): RegExp | null {
  let known = true;
  const source = form.replace(/%(.)|[.*+?^${}()|[\]\\]/g, (sign, letter?: string) => {
    if (letter === undefined) return `\\${sign}`;
    if (letter === "%") return "%";
    known &&= Object.hasOwn(DIRECTIVES, letter);
    return DIRECTIVES[letter] ?? "";
  });
  return known ? new RegExp(`^${source}$`) : null;
}

function dayOf(year: number, month: number, day: number): number | null {
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  const real = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return real && year > 0 ? date.getTime() / (DAY * 1000) : null;
}
