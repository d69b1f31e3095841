// What conditions and values are called.

import type { Field } from "../../model/field";
import { speaker } from "../../model/messages";
import { inLanguage, type Locale } from "../../model/texts";
import { formatDate, formatNumber, numberOf, plainValue } from "../../model/values";
import type { Filter } from "../../model/views";
import type { Chip } from "../../state/conditions";
import { MESSAGES } from "../widget/messages";

/** What a filter is called: as its descriptor says, else as its field. */
export function filterLabel(filter: Filter | undefined, field: Field, locale: Locale): string {
  return inLanguage(filter?.label, locale) || field.label(locale);
}

/** What a value is called: by its row where it is a key, by the field's dictionary, as a cell. */
export function valueLabel(
  field: Field,
  value: string,
  locale: Locale,
  labels: ReadonlyMap<string, string>,
): string {
  if (value === "") return speaker(MESSAGES, locale)("missing");
  return labels.get(value) ?? plainValue(field, value, locale);
}

/** A bound of a range as a reader writes it. */
export function boundLabel(field: Field, text: string, locale: Locale): string {
  if (!field.numeric) return formatDate(text, locale);
  const number = numberOf(field, text);
  if (number === null || field.type === "year") return text;
  const unit = field.unit(locale);
  return formatNumber(number, locale) + (unit && ` ${unit}`);
}

/** "Nord", "from 5 to 10 km". */
export function chipLabel(
  chip: Chip,
  field: Field,
  locale: Locale,
  labels: ReadonlyMap<string, string>,
): string {
  if (chip.value !== null) return valueLabel(field, chip.value, locale, labels);
  const say = speaker(MESSAGES, locale);
  const from = chip.from ? boundLabel(field, chip.from, locale) : "";
  const to = chip.to ? boundLabel(field, chip.to, locale) : "";
  return say(from && to ? "between" : from ? "from" : "to", { from, to });
}
