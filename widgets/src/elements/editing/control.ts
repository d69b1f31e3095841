// Which control edits a cell: one that gives an untouched cell back whole, whatever it holds.

import type { Field } from "../../model/field";
import { inLanguage, type Locale } from "../../model/texts";
import { booleanOf } from "../../model/values";
import { listOf } from "../cell/text";

export type Control =
  | "select"
  | "choice"
  | "reference"
  | "boolean"
  | "date"
  | "number"
  | "tags"
  | "hours"
  | "long"
  | "line";

/** A value that may be chosen, and what a reader calls it. */
export interface Option {
  value: string;
  label: string;
}

const MOST_IN_A_SELECT = 12;
const LONG = 80;
const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;

/** The control for a field whose cell now holds `text`. */
export function controlOf(field: Field, text: string | null): Control {
  const value = text ?? "";
  if (/[\r\n]/.test(value)) return "long";
  if (field.type === "boolean") {
    return value && booleanOf(field, value) === null ? "line" : "boolean";
  }
  if (separatorOf(field, text) !== null) return "tags";
  const choices = allowed(field);
  if (choices) return choices.length > MOST_IN_A_SELECT ? "choice" : "select";
  if (field.foreignKey?.reference.resource) return "reference";
  if (field.shape === "hours") return "hours";
  if (field.shape === "long_text" || value.length > LONG) return "long";
  if (isPlainDate(field)) return "date";
  return field.numeric ? "number" : "line";
}

/** The texts that a cell may hold, if the schema lists them. */
export function allowed(field: Field): string[] | null {
  if (field.choices) return field.choices;
  const { categories } = field.descriptor;
  if (!Array.isArray(categories)) return null;
  return categories.map((one) =>
    String(typeof one === "object" && one ? (one as { value: unknown }).value : one),
  );
}

/**
 * The values to choose from, with the present one even if it is not allowed. Where the schema
 * names the steps from one value to the next, only those that may follow what was published.
 */
export function optionsOf(
  field: Field,
  text: string | null,
  before: string | null | undefined,
  locale: Locale,
): Option[] {
  let values = allowed(field) ?? [];
  const steps = field.descriptor.retouche?.steps;
  const next = before != null ? steps?.[before] : undefined;
  if (next) values = values.filter((one) => one === before || next.includes(one));
  if (text && !values.includes(text)) values = [text, ...values];
  return values.map((value) => ({ value, label: labelOfValue(field, value, locale) }));
}

/** What a reader calls a value: the label of the dictionary, else the value itself. */
export function labelOfValue(field: Field, value: string, locale: Locale): string {
  return inLanguage(field.values[value]?.label, locale) || value;
}

/** What a reader calls a code, with the code unless it is said already. */
export function named(label: string, code: string): string {
  return label.includes(code) ? label : `${label} (${code})`;
}

/**
 * The two words of a yes/no field as the file writes them, and what a reader calls them. What the
 * cell says now, or said before, keeps its word where the schema has several.
 */
export function truthOptions(
  field: Field,
  text: string | null,
  before: string | null,
  locale: Locale,
): Option[] {
  const word = (value: boolean, words: string[] | undefined, fallback: string): Option => {
    const own = [text, before].find((one) => booleanOf(field, one) === value);
    const written = own ?? words?.[0] ?? fallback;
    const label = inLanguage(field.values[written]?.label, locale);
    return { value: written, label: label || YES[locale][value ? 0 : 1]! };
  };
  return [
    word(true, field.descriptor.trueValues, "true"),
    word(false, field.descriptor.falseValues, "false"),
  ];
}

const YES: { [locale in Locale]: string[] } = { fr: ["Oui", "Non"], en: ["Yes", "No"] };

/**
 * What stands between the parts of a cell that holds several; null when it holds one, the empty
 * text when the parts are a JSON array.
 */
export function separatorOf(field: Field, text: string | null): string | null {
  if (field.type === "array") return isTextArray(text) ? "" : null;
  if (field.descriptor.delimiter) return field.descriptor.delimiter;
  if (field.type === "list") return ",";
  if (field.shape !== "tag" || !text || listOf(field, text).length < 2) return null;
  return ["|", ";", ","].find((mark) => text.includes(mark)) ?? null;
}

function isTextArray(text: string | null): boolean {
  try {
    const found: unknown = JSON.parse(text || "[]");
    return Array.isArray(found) && found.every((one) => typeof one === "string");
  } catch {
    return false;
  }
}

/** The parts of a cell that holds several. */
export function partsOf(field: Field, text: string | null): string[] {
  return text ? listOf(field, text) : [];
}

/** Parts as the cell writes them; `before` shows which spaces stand around the mark. */
export function joined(parts: readonly string[], mark: string, before: string | null): string {
  if (mark === "") {
    const texts = parts.map((one) => JSON.stringify(one));
    return texts.length ? `[${texts.join(before?.includes('", "') ? ", " : ",")}]` : "";
  }
  const [left, right] = before?.split(mark) ?? [];
  const spaced = left !== undefined && right !== undefined;
  return parts.join(spaced ? /\s*$/.exec(left)![0] + mark + /^\s*/.exec(right)![0] : mark);
}

/** Whether a calendar control can hold each good text of the field. */
export function isPlainDate(field: Field): boolean {
  const { format } = field.descriptor;
  return field.type === "date" && (!format || format === "default" || format === "%Y-%m-%d");
}

/** What a calendar control shows for a text: nothing when it is no day. */
export function calendarDay(text: string | null): string {
  if (!text || !ISO_DATE.test(text)) return "";
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text) ? text : "";
}

/** The keyboard that a phone shows for a field. */
export function keyboardOf(field: Field): string {
  if (field.type === "integer" || field.type === "year") return "numeric";
  if (field.type === "number") return "decimal";
  const keyboards: { [shape: string]: string } = { mail: "email", link: "url", phone: "tel" };
  return keyboards[field.shape] ?? "text";
}

const LINE_END = /\r\n?|\n/g;

/**
 * Typed text as the cell will hold it: an emptied cell is missing, each line that stays keeps its
 * end (browsers know one kind only), and lines that come have the ends of the first.
 */
export function asWritten(text: string, before: string | null | undefined): string | null {
  if (text === "") return null;
  const lines = text.split(LINE_END);
  const known = before?.split(LINE_END) ?? [];
  const ends = before?.match(LINE_END) ?? [];
  let same = 0;
  while (same < ends.length && lines[same] === known[same]) same += 1;
  const more = lines.length - known.length;
  return lines.slice(1).reduce((whole, line, at) => {
    // Ends before the first change are counted from the start, those after it from the end.
    const end = at < same ? ends[at] : at - more < same ? undefined : ends[at - more];
    return whole + (end ?? ends[0] ?? "\n") + line;
  }, lines[0]!);
}
