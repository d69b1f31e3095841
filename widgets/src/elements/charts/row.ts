// A chart of the cells of one row, as cards show them.

import type { Field, Resource, Row } from "../../model/field";
import { fill, inLanguage, type Locale, templateParts } from "../../model/texts";
import { numberOf, plainValue, safeColor } from "../../model/values";
import type { Chart, Series } from "../../model/views";
import { type Asked, colorOf, decimalsOf, described, figureText, sumOf } from "./describing";
import type { ChartModel, Point } from "./model";
import { dateOf } from "./rows";

/** The model of a chart of one row; null when all of its cells are missing. */
export function chartOfRow(
  given: Chart,
  row: Row,
  resource: Resource,
  locale: Locale,
): ChartModel | null {
  const chart: Asked = given;
  const model = described(chart, locale);
  if (chart.type === "text") {
    model.sentences = sentencesOf(chart, row, resource, locale);
    return model.sentences.length ? model : null;
  }
  const read = chart.series ?? [];
  const fields = read.map((one) => resource.field(one.field ?? ""));
  const points = read
    .map((series, at) => pointOf(series, fields[at], row, locale))
    .filter((one) => one.text !== "" || chart.type === "bars" || chart.type === "lines");
  if (points.every((one) => one.text === "")) return null;
  if (chart.type === "big_values") return { ...model, series: [{ name: "", color: null, points }] };
  if (chart.type === "timeline") return timelineOf(model, chart, points);
  if (points.every((one) => one.value === null)) return null;
  model.decimals = Math.max(0, ...fields.map((one) => decimalsOf({ operation: "sum" }, one)));
  model.unit ||= commonUnit(points);
  // The cells of a row are of many kinds: only the descriptor knows which are parts of a whole.
  model.additive = chart.type === "donut" || chart.type === "treemap" || model.stacked;
  model.series = [{ name: inLanguage(chart.name, locale), color: colorOf(chart), points }];
  const total = chart.total ? sumOf(points.map((one) => one.value)) : null;
  if (total !== null) {
    model.total = { value: total, text: figureText(total, locale, model.decimals) };
  }
  return model;
}

function pointOf(series: Series, field: Field | undefined, row: Row, locale: Locale): Point {
  const cell = field ? (row[field.name] ?? null) : null;
  const label = inLanguage(series.label, locale);
  if (!field) return { label, value: null, text: "", color: safeColor(series.color) };
  const at = field.shape === "date" ? dateOf(cell) : null;
  return {
    label,
    value: field.numeric ? numberOf(field, cell) : null,
    text: plainValue(field, cell, locale),
    unit:
      inLanguage(series.unit, locale) ||
      field.unit(locale) ||
      (field.shape === "percent" ? "%" : ""),
    color: safeColor(series.color),
    ...(at !== null && { at }),
  };
}

/** The unit that all values share, taken from them; the empty text where they differ. */
function commonUnit(points: readonly Point[]): string {
  const units = new Set(points.map((one) => one.unit ?? ""));
  return units.size === 1 ? [...units][0]! : "";
}

function timelineOf(model: ChartModel, chart: Asked, points: readonly Point[]): ChartModel {
  const dated = points.filter((one) => one.at !== undefined).sort((one, two) => one.at! - two.at!);
  return {
    ...model,
    axis: "dates",
    series: [{ name: "", color: colorOf(chart), points: dated.slice(0, chart.limit ?? 200) }],
  };
}

/** The sentences none of whose fields is missing; none at all where no field has a value. */
function sentencesOf(chart: Asked, row: Row, resource: Resource, locale: Locale): string[] {
  const value = (name: string): string => {
    const field = resource.field(name);
    return field ? plainValue(field, row[name] ?? null, locale) : "";
  };
  const names = (text: string): string[] =>
    templateParts(text).flatMap((part) => ("field" in part ? [part.field] : []));
  const texts = (chart.sentences ?? []).map((one) => inLanguage(one, locale));
  const kept = texts.filter((one) => names(one).every((name) => value(name) !== ""));
  return kept.some((one) => names(one).length) ? kept.map((one) => fill(one, value)) : [];
}
