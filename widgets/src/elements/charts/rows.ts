// A chart of rows as they are: a field along the axis, another one measured, or steps by date.

import type { Field, Resource, Row } from "../../model/field";
import { fill, inLanguage, type Locale } from "../../model/texts";
import { formatDate, numberOf, plainValue, valueWithUnit } from "../../model/values";
import type { Chart } from "../../model/views";
import { type Asked, colorOf, decimalsOf, described } from "./describing";
import type { ChartModel, Point, ReferenceLine } from "./model";

/** Milliseconds of a date `2026-01-31` or `2026-01-31T10:00` (UTC); null when it is none. */
export function dateOf(text: string | null): number | null {
  if (!text || !/^\d{4}(-\d{2}(-\d{2}([T ]\d{2}:\d{2}(:\d{2})?)?)?)?/.test(text)) return null;
  const time = Date.parse(text.length > 10 ? `${text.slice(0, 19).replace(" ", "T")}Z` : text);
  return Number.isNaN(time) ? null : time;
}

/**
 * The model of a chart with `x` and `y`, or of a timeline (`x`, `label`); `references` are the rows
 * of its reference lines. Null when no row has both values.
 */
export function chartOfRows(
  given: Chart,
  rows: readonly Row[],
  resource: Resource,
  locale: Locale,
  references: readonly Row[] = [],
): ChartModel | null {
  const chart: Asked = given;
  const model = described(chart, locale);
  const x = resource.field(chart.x ?? "");
  if (!x) return null;
  model.axis = x.type === "date" || x.type === "datetime" ? "dates" : axisOf(x);
  model.pointsName = x.label(locale);
  const points =
    chart.type === "timeline"
      ? rows.flatMap((row) => stepOf(chart, row, resource, x, locale))
      : rows.flatMap((row) => valueOf(chart, row, resource, x, model.axis, locale));
  if (!points.length) return null;
  if (model.axis !== "groups") points.sort((one, two) => one.at! - two.at!);
  const y = resource.field(chart.y ?? "");
  const shown = chart.type === "timeline" ? points.slice(0, chart.limit ?? 200) : points;
  const name = inLanguage(chart.name, locale) || (y?.label(locale) ?? "");
  model.unit ||= y?.unit(locale) ?? "";
  model.decimals = decimalsOf({ operation: "sum" }, y);
  model.additive = false;
  model.series = [{ name, color: colorOf(chart), points: shown }];
  model.references = referencesOf(chart, references, resource, locale);
  return model;
}

function axisOf(field: Field): "numbers" | "groups" {
  return field.numeric ? "numbers" : "groups";
}

function placeOf(field: Field, text: string | null, axis: ChartModel["axis"]): number | null {
  return axis === "dates" ? dateOf(text) : numberOf(field, text);
}

function valueOf(
  chart: Asked,
  row: Row,
  resource: Resource,
  x: Field,
  axis: ChartModel["axis"],
  locale: Locale,
): Point[] {
  const y = resource.field(chart.y ?? "");
  const value = y ? numberOf(y, row[y.name] ?? null) : null;
  const cell = row[x.name] ?? null;
  const at = placeOf(x, cell, axis);
  if (!y || value === null || !cell || (axis !== "groups" && at === null)) return [];
  const text = plainValue(y, row[y.name] ?? null, locale);
  return [{ label: plainValue(x, cell, locale), value, text, ...(at !== null && { at }) }];
}

function stepOf(chart: Asked, row: Row, resource: Resource, x: Field, locale: Locale): Point[] {
  const cell = row[x.name] ?? null;
  const at = placeOf(x, cell, x.numeric ? "numbers" : "dates");
  if (at === null || !cell) return [];
  const label = fill(inLanguage(chart.label, locale), (name) => {
    const field = resource.field(name);
    return field ? plainValue(field, row[name] ?? null, locale) : "";
  });
  return [
    { label: label || resource.labelOf(row), value: null, text: formatDate(cell, locale), at },
  ];
}

function referencesOf(
  chart: Asked,
  rows: readonly Row[],
  resource: Resource,
  locale: Locale,
): ReferenceLine[] {
  const lines = chart.reference_lines;
  const field = resource.field(lines?.value ?? "");
  if (!lines || !field) return [];
  return rows.flatMap((row): ReferenceLine[] => {
    const cell = row[field.name] ?? null;
    const value = numberOf(field, cell);
    if (value === null) return [];
    const text = valueWithUnit(field, cell, locale);
    const label = fill(inLanguage(lines.label, locale), (name) => {
      const named = resource.field(name);
      return named ? plainValue(named, row[name] ?? null, locale) : "";
    });
    return [{ value, label: label || text, text, color: colorOf(lines) }];
  });
}
