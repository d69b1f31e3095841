// What a cell says to a reader: numbers and dates by locale, labels of values, safe addresses.

import type { Field } from "./field";
import { inLanguage, type Locale } from "./texts";

const TAGS: { [locale in Locale]: string } = { fr: "fr-FR", en: "en-GB" };
const numbers = new Map<string, Intl.NumberFormat>();

/** A number as a locale writes it, with at most (or exactly, if `fixed`) `digits` decimals. */
export function formatNumber(
  value: number,
  locale: Locale,
  digits?: number,
  fixed = false,
): string {
  const most = digits ?? 10;
  const name = `${locale} ${most} ${fixed}`;
  let format = numbers.get(name);
  if (!format) {
    format = new Intl.NumberFormat(TAGS[locale], {
      maximumFractionDigits: most,
      minimumFractionDigits: fixed ? most : 0,
    });
    numbers.set(name, format);
  }
  const text = format.format(value);
  return /[1-9]/.test(text) ? text : text.replace(/^-/, ""); // nothing is not less than nothing
}

/** The number a cell holds, by its field's own decimal and group characters; null when it is none. */
export function numberOf(field: Field, text: string | null): number | null {
  if (text == null || text === "") return null;
  const { decimalChar, groupChar } = field.descriptor;
  let plain = text.trim();
  if (groupChar) plain = plain.split(groupChar).join("");
  if (decimalChar && decimalChar !== ".") plain = plain.replace(decimalChar, ".");
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(plain)) return null;
  const number = Number(plain);
  return Number.isFinite(number) ? number : null;
}

const TRUE = ["true", "True", "TRUE", "1"];
const FALSE = ["false", "False", "FALSE", "0"];

/** The truth value a cell holds by its field's words; null when it is none. */
export function booleanOf(field: Field, text: string | null): boolean | null {
  if (text == null) return null;
  if ((field.descriptor.trueValues ?? TRUE).includes(text)) return true;
  if ((field.descriptor.falseValues ?? FALSE).includes(text)) return false;
  return null;
}

/** A date `2026-01-31` in words of the locale; any other text as it is. */
export function formatDate(text: string, locale: Locale): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2}))?/.exec(text);
  if (!match) return text;
  const [, year, month, day, hour, minute] = match;
  const date = new Date(Date.UTC(+year!, +month! - 1, +day!, +(hour ?? 0), +(minute ?? 0)));
  if (date.getUTCMonth() !== +month! - 1 || date.getUTCDate() !== +day!) return text;
  const time = hour === undefined ? {} : ({ timeStyle: "short" } as const);
  return new Intl.DateTimeFormat(TAGS[locale], {
    dateStyle: "long",
    ...time,
    timeZone: "UTC",
  }).format(date);
}

const YES: { [locale in Locale]: [string, string] } = { fr: ["Oui", "Non"], en: ["Yes", "No"] };

/** A cell as plain words, without its unit; the empty text for a missing value. */
export function plainValue(field: Field, text: string | null, locale: Locale): string {
  if (text == null || text === "") return "";
  const value = field.values[text];
  if (value?.label !== undefined) return inLanguage(value.label, locale);
  switch (field.shape) {
    case "number":
    case "percent": {
      const number = numberOf(field, text);
      if (number === null || !field.numeric || field.type === "year") return text;
      if (Math.abs(number) > Number.MAX_SAFE_INTEGER) return text; // its digits would change
      return formatNumber(number, locale, field.digits);
    }
    case "boolean": {
      const truth = booleanOf(field, text);
      return truth === null ? text : YES[locale][truth ? 0 : 1];
    }
    case "date":
      return formatDate(text, locale);
    default:
      return text;
  }
}

/** A cell as plain words with its unit. */
export function valueWithUnit(field: Field, text: string | null, locale: Locale): string {
  const value = plainValue(field, text, locale);
  const unit = field.unit(locale) || (field.shape === "percent" ? "%" : "");
  return value && unit ? `${value} ${unit}` : value;
}

/** The address if a reader may follow it (http or https), else null. */
export function safeLink(text: string): string | null {
  if (!/^https?:\/\//i.test(text.trim())) return null;
  try {
    return new URL(text.trim()).href;
  } catch {
    return null;
  }
}

export function mailLink(text: string): string | null {
  return /^[^\s@<>"',;:?&/\\]+@[^\s@<>"',;:?&/\\]+\.[^\s@<>"',;:?&/\\]+$/.test(text)
    ? `mailto:${text}`
    : null;
}

export function phoneLink(text: string): string | null {
  const digits = text.replace(/[\s.()-]/g, "");
  return /^\+?\d{3,15}$/.test(digits) ? `tel:${digits}` : null;
}

/** A colour of a descriptor, if it is one (`#rrggbb`). */
export function safeColor(text: string | undefined | null): string | null {
  return text && /^#[0-9a-f]{6}$/i.test(text) ? text.toLowerCase() : null;
}

/** Black or white, whichever is easier to read on a colour (WCAG 2 relative luminance). */
export function readableOn(color: string): string {
  const channel = (at: number): number => {
    const part = parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  const luminance = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
  return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 ? "#ffffff" : "#000000";
}
