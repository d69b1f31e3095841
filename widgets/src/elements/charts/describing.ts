// What every kind of chart takes from its descriptor, and figures in the reader's words.

import type { Field, Resource } from "../../model/field";
import { inLanguage, type Locale } from "../../model/texts";
import { formatNumber, safeColor } from "../../model/values";
import type { BarsChart, TextChart, TimelineChart } from "../../formats/widget";
import type { Chart, Measure, Series } from "../../model/views";
import { type ChartModel, EMPTY_MODEL } from "./model";

type Parts = Omit<BarsChart, "type"> & Omit<TextChart, "type"> & Omit<TimelineChart, "type">;

/** What any chart may ask for, whichever its type. */
export type Asked = Pick<Chart, "type"> & Partial<Parts> & { total?: boolean };

/** The parts of a model that do not depend on the data. */
export function described(chart: Asked, locale: Locale): ChartModel {
  return {
    ...EMPTY_MODEL,
    type: chart.type,
    title: inLanguage(chart.title, locale),
    note: inLanguage(chart.note, locale),
    unit: inLanguage(chart.unit, locale),
    orientation: chart.orientation ?? "vertical",
    stacked: chart.stacked === true,
    legend: chart.legend !== false,
    height: chart.height ?? null,
  };
}

export function colorOf(series: { color?: string }): string | null {
  return safeColor(series.color);
}

/** The decimals of a figure: those of its field, one at least for a mean. */
export function decimalsOf(measure: Measure, field: Field | undefined): number {
  if (measure.operation === "count") return 0;
  const digits = field?.digits ?? (field?.type === "number" ? 2 : 0);
  return measure.operation === "mean" ? Math.max(1, digits) : digits;
}

/** A figure without its unit; the empty text where there is none. */
export function figureText(value: number | null, locale: Locale, decimals: number): string {
  return value === null ? "" : formatNumber(value, locale, decimals);
}

/** The unit of a measured field: the descriptor's, else the field's own. */
export function unitOf(
  measure: Measure | undefined,
  given: Series["unit"],
  resource: Resource,
  locale: Locale,
): string {
  const wanted = inLanguage(given, locale);
  if (wanted || !measure || measure.operation === "count") return wanted;
  const field = measure.field === undefined ? undefined : resource.field(measure.field);
  return field?.unit(locale) || (field?.shape === "percent" ? "%" : "");
}

/** A value with its unit: `12 km`, `80 %` as each language writes it. */
export function withUnit(text: string, unit: string, locale: Locale): string {
  if (!text || !unit) return text;
  return locale === "en" && unit.startsWith("%") ? `${text}${unit}` : `${text}\u00a0${unit}`;
}

/** The sum of what is there; null when nothing is. */
export function sumOf(values: readonly (number | null)[]): number | null {
  const present = values.filter((one) => one !== null);
  if (!present.length) return null;
  // Twelve significant digits: what follows is the noise of floats.
  return Number(present.reduce((sum, one) => sum + one, 0).toPrecision(12));
}

/** The decimals of shares of one whole: the same for all, so that what is read adds up to it. */
export function shareDecimals(shares: readonly number[]): number {
  return shares.some((one) => one > 0 && one < 0.095) ? 1 : 0;
}

/** A share as a reader says it; alone, whole per cents, with a decimal where there are few. */
export function shareText(share: number, locale: Locale, decimals = shareDecimals([share])): string {
  const percent = Number((share * 100).toPrecision(10));
  return withUnit(formatNumber(percent, locale, decimals), "%", locale);
}
