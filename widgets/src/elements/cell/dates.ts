// Dates and times of cells, by the format of their field, in words of a locale.

import type { Field } from "../../model/field";
import type { Locale } from "../../model/texts";

export interface Moment {
  /** For the `datetime` attribute of a `<time>`. */
  machine: string;
  shown: string;
}

interface Parts {
  Y?: number;
  m?: number;
  d?: number;
  H?: number;
  M?: number;
  S?: number;
}

const TAGS: { [locale in Locale]: string } = { fr: "fr-FR", en: "en-GB" };
const ISO: { [type: string]: RegExp } = {
  date: /^(?<Y>\d{4})-(?<m>\d\d)-(?<d>\d\d)$/,
  datetime: new RegExp(
    String.raw`^(?<Y>\d{4})-(?<m>\d\d)-(?<d>\d\d)(?:[T ](?<H>\d\d):(?<M>\d\d)` +
      String.raw`(?::(?<S>\d\d)(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$`,
  ),
  time: /^(?<H>\d\d):(?<M>\d\d)(?::(?<S>\d\d)(?:\.\d+)?)?Z?$/,
  yearmonth: /^(?<Y>\d{4})-(?<m>\d\d)$/,
};
const DIRECTIVES: { [letter: string]: string } = {
  Y: "(?<Y>\\d{4})",
  y: "(?<y>\\d{2})",
  m: "(?<m>\\d{1,2})",
  d: "(?<d>\\d{1,2})",
  H: "(?<H>\\d{1,2})",
  M: "(?<M>\\d{1,2})",
  S: "(?<S>\\d{1,2})",
};
const known = new Map<string, RegExp | null>();
const formats = new Map<string, Intl.DateTimeFormat>();

/** What a cell says of a moment; null when it is none that its field's format tells. */
export function momentOf(
  field: Field,
  text: string,
  locale: Locale,
  compact = false,
): Moment | null {
  const type = field.type in ISO ? field.type : "datetime";
  const pattern = patternOf(field.descriptor.format, type);
  const groups = pattern?.exec(text.trim())?.groups;
  if (!groups) return null;
  const parts: Parts & { y?: number } = {};
  for (const [name, digits] of Object.entries(groups)) {
    if (digits !== undefined) parts[name as keyof Parts] = Number(digits);
  }
  if (parts.y !== undefined) parts.Y = parts.y + (parts.y < 69 ? 2000 : 1900);
  return valid(parts) ? { machine: machine(parts), shown: shown(parts, locale, compact) } : null;
}

/** The regular expression of a Table Schema format (`default`, `any` or `%d/%m/%Y`). */
function patternOf(format: string | undefined, type: string): RegExp | null {
  if (!format?.includes("%")) return ISO[type]!;
  let found = known.get(format);
  if (found === undefined) {
    const source = format.replace(/%(\w)|[.*+?^${}()|[\]\\]/g, (one, letter: string | undefined) =>
      letter ? (DIRECTIVES[letter] ?? "(?!)") : `\\${one}`,
    );
    const letters = [...format.matchAll(/%(\w)/g)].map((one) => one[1]);
    found = new Set(letters).size === letters.length ? new RegExp(`^${source}$`) : null;
    known.set(format, found);
  }
  return found;
}

function valid({ Y, m, d, H = 0, M = 0, S = 0 }: Parts): boolean {
  if (H > 24 || M > 59 || S > 60 || (m !== undefined && (m < 1 || m > 12))) return false;
  if (d === undefined) return true;
  return d >= 1 && d <= new Date(Date.UTC(Y ?? 2000, m ?? 1, 0)).getUTCDate();
}

const two = (value: number): string => String(value).padStart(2, "0");

function machine({ Y, m, d, H, M, S }: Parts): string {
  const day = Y === undefined ? "" : [String(Y).padStart(4, "0"), m, d];
  const date =
    day &&
    day
      .filter((one) => one !== undefined)
      .map((one) => (typeof one === "number" ? two(one) : one))
      .join("-");
  const time = H === undefined ? "" : `${two(H)}:${two(M ?? 0)}${S ? `:${two(S)}` : ""}`;
  return [date, time].filter(Boolean).join("T");
}

function shown(parts: Parts, locale: Locale, compact: boolean): string {
  const { Y, m, d, H, M, S } = parts;
  if (Y !== undefined && m === undefined) return String(Y);
  const options: Intl.DateTimeFormatOptions = { timeZone: "UTC" };
  if (Y !== undefined) options.year = "numeric";
  if (m !== undefined) options.month = compact ? "short" : "long";
  if (d !== undefined) options.day = "numeric";
  if (H !== undefined) {
    options.hour = options.minute = "2-digit";
    if (S) options.second = "2-digit";
  }
  const name = `${locale}${JSON.stringify(options)}`;
  let format = formats.get(name);
  if (!format) formats.set(name, (format = new Intl.DateTimeFormat(TAGS[locale], options)));
  const date = new Date(0);
  date.setUTCFullYear(Y ?? 2000, (m ?? 1) - 1, d ?? 1);
  date.setUTCHours(H ?? 0, M ?? 0, S ?? 0);
  return format.format(date);
}
