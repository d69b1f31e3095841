// A chart of aggregates: groups of rows by one field or two, or figures of all rows.

import { type Field, own, type Resource } from "../../model/field";
import { inLanguage, type Locale } from "../../model/texts";
import { numberOf, plainValue, safeColor } from "../../model/values";
import type { Chart, Measure, Series } from "../../model/views";
import type { Group, Measured } from "../../sources/source";
import {
  type Asked,
  colorOf,
  decimalsOf,
  described,
  figureText,
  sumOf,
  unitOf,
} from "./describing";
import { othersOf } from "./gathering";
import { EMPTY, OTHERS } from "./messages";
import type { ChartModel, ChartSeries, Point } from "./model";
import { dateOf } from "./rows";

/** Parts of a bar or of a line chart that can be told apart by their colours. */
export const MOST_SERIES = 8;

export interface GroupOptions {
  /** What rows that foreign keys point at are called: field → key → label. */
  labels?: { [field: string]: { [key: string]: string } };
  /** What is filtered by now: field → texts. */
  selected?: { [field: string]: readonly string[] };
}

/** The fields that a chart groups rows by. */
export function groupedBy(given: Chart): string[] {
  const { by } = given as Asked;
  return by === undefined ? [] : typeof by === "string" ? [by] : by;
}

/** The figures that a chart asks of each group. */
export function measuresOf(given: Chart): Measure[] {
  const { series, measure = { operation: "count" } } = given as Asked;
  return series?.length ? series.map((one) => one.measure ?? measure) : [measure];
}

/** The same as the source is asked for them: each once, without counts, which always come. */
export function askedOf(chart: Chart): Measured[] {
  const found = new Map<string, Measured>();
  for (const { operation, field } of measuresOf(chart)) {
    if (operation !== "count" && field) found.set(`${operation}_${field}`, { operation, field });
  }
  return [...found.values()];
}

function figure(group: Group, { operation, field }: Measure): number | null {
  if (operation === "count") return group.count;
  const value = group.numbers[`${operation}_${field}`] ?? null;
  return value !== null && Number.isFinite(value) ? value : null;
}

/** The model of a chart with `by`, `measure` or measured `series`; null when no group has a figure. */
export function chartOfGroups(
  given: Chart,
  groups: readonly Group[],
  resource: Resource,
  locale: Locale,
  options: GroupOptions = {},
): ChartModel | null {
  const chart: Asked = given;
  const fields = groupedBy(given).map((name) => resource.field(name));
  const measures = measuresOf(given);
  const model = described(chart, locale);
  model.decimals = Math.max(
    ...measures.map((one) => decimalsOf(one, measuredField(one, resource))),
  );
  model.additive = measures.every((one) => one.operation === "count" || one.operation === "sum");
  model.unit ||= unitOf(measures[0], undefined, resource, locale);
  const series = chart.series ?? [];
  if (!fields.length) model.series = figuresOfAll(chart, measures, groups[0], resource, locale);
  else {
    const [first, second] = fields;
    if (!first) return null;
    const sorted = sortedGroups(groups, chart, first, measures[0]!);
    const distributed = !series.length && (!colorOf(chart) || chart.type === "donut");
    const name = inLanguage(chart.name, locale);
    const context = { model, measures, locale, options, name, distributed };
    if (second) model.series = bySecond(sorted, first, second, chart, context);
    else if (series.length) {
      model.series = series.map((one, at) => ({
        name: seriesName(one, measures[at]!, resource, locale),
        color: colorOf(one),
        points: sorted.map((group) => pointOf(group, 0, first, measures[at]!, context)),
      }));
    } else {
      const points = sorted.map((group) => pointOf(group, 0, first, measures[0]!, context));
      model.series = [{ name: context.name, color: colorOf(chart), points }];
    }
    model.pointsName = first.label(locale);
    setAxis(model, first);
    setSelection(model, chart, groupedBy(given), options);
  }
  if (chart.type === "big_values") model.unit = "";
  const values = model.series.flatMap((one) => one.points.map((point) => point.value));
  if (values.every((one) => one === null)) return null;
  const total = chart.total && model.additive ? sumOf(values) : null;
  if (total !== null)
    model.total = { value: total, text: figureText(total, locale, model.decimals) };
  return model;
}

interface Context {
  model: ChartModel;
  measures: readonly Measure[];
  locale: Locale;
  options: GroupOptions;
  name: string;
  /** Whether each group has the colour of its value. */
  distributed: boolean;
}

function measuredField(measure: Measure, resource: Resource): Field | undefined {
  return measure.field === undefined ? undefined : resource.field(measure.field);
}

function seriesName(series: Series, measure: Measure, resource: Resource, locale: Locale): string {
  const label = inLanguage(series.label, locale);
  return label || (measuredField(measure, resource)?.label(locale) ?? "");
}

/** One figure per series, of all rows. */
function figuresOfAll(
  chart: Asked,
  measures: readonly Measure[],
  group: Group | undefined,
  resource: Resource,
  locale: Locale,
): ChartSeries[] {
  const series = chart.series?.length ? chart.series : [{}];
  const points = series.map((one: Series, at): Point => {
    const measure = measures[at]!;
    const value = group ? figure(group, measure) : null;
    const decimals = decimalsOf(measure, measuredField(measure, resource));
    return {
      label: seriesName(one, measure, resource, locale),
      value,
      text: figureText(value, locale, decimals),
      unit: unitOf(measure, one.unit ?? chart.unit, resource, locale),
      color: safeColor(one.color),
    };
  });
  return [{ name: inLanguage(chart.name, locale), color: colorOf(chart), points }];
}

/** What a group is called: label of its value, of the row it points at, or the words for none. */
function labelOf(field: Field, text: string | null, { locale, options }: Context): string {
  if (text === null || text === "") return EMPTY[locale];
  const labels = own(options.labels, field.name);
  return own(labels, text) ?? plainValue(field, text, locale);
}

function pointOf(
  group: Group,
  which: number,
  field: Field,
  measure: Measure,
  context: Context,
): Point {
  const text = group.by[which] ?? null;
  const value = figure(group, measure);
  const at = text === null ? null : field.shape === "date" ? dateOf(text) : numberOf(field, text);
  return {
    label: labelOf(field, text, context),
    value,
    text: figureText(value, context.locale, context.model.decimals),
    key: text ?? "",
    color: context.distributed ? safeColor(field.values[text ?? ""]?.color) : null,
    ...(at !== null && (field.numeric || field.shape === "date") && { at }),
  };
}

/** Dates, numbers and truth in their own order; other groups by their figure, largest first. */
function sortedGroups(
  groups: readonly Group[],
  chart: Asked,
  field: Field,
  measure: Measure,
): Group[] {
  const sizes = new Map<string | null, number>();
  for (const one of groups) {
    const key = one.by[0] ?? null;
    sizes.set(key, (sizes.get(key) ?? 0) + (figure(one, measure) ?? 0));
  }
  const size = (group: Group): number => sizes.get(group.by[0] ?? null)!;
  const place = (text: string): number | string =>
    (field.numeric ? numberOf(field, text) : field.shape === "date" ? dateOf(text) : null) ?? text;
  const natural = field.numeric || field.shape === "date" || chart.type === "lines";
  return [...groups].sort((one, two) => {
    const [first, second] = [one.by[0] ?? "", two.by[0] ?? ""];
    if (!first !== !second) return first ? -1 : 1;
    if (!natural) return size(two) - size(one);
    const [here, there] = [place(first), place(second)];
    if (typeof here === "number" && typeof there === "number") return here - there;
    return String(here).localeCompare(String(there), undefined, { numeric: true });
  });
}

/** One series per value of the second field (of the first one in a treemap). */
function bySecond(
  groups: readonly Group[],
  first: Field,
  second: Field,
  chart: Asked,
  context: Context,
): ChartSeries[] {
  const measure = context.measures[0]!;
  const outer = chart.type === "treemap" ? 0 : 1;
  const [seriesField, pointsField] = outer === 0 ? [first, second] : [second, first];
  const points = [...new Set(groups.map((one) => one.by[1 - outer] ?? null))];
  const found = new Map<string | null, Map<string | null, Point>>();
  for (const group of groups) {
    const name = group.by[outer] ?? null;
    const point = pointOf(group, 1 - outer, pointsField, measure, context);
    if (!found.has(name)) found.set(name, new Map());
    found.get(name)!.set(group.by[1 - outer] ?? null, point);
  }
  const absent = (text: string | null): Point => ({
    ...pointOf({ by: [text], count: 0, numbers: {} }, 0, pointsField, measure, context),
    ...(context.model.additive ? {} : { value: null, text: "" }),
  });
  const series = [...found].map(([text, values]) => ({
    name: labelOf(seriesField, text, context),
    color: safeColor(seriesField.values[text ?? ""]?.color),
    key: text ?? "",
    points: points.map((one) => ({ ...(values.get(one) ?? absent(one)), color: null })),
  }));
  const total = (one: ChartSeries): number => sumOf(one.points.map((point) => point.value)) ?? 0;
  series.sort((one, two) => total(two) - total(one));
  if (series.length <= MOST_SERIES || chart.type === "treemap") return series;
  const rest = series.slice(MOST_SERIES - 1);
  if (!context.model.additive) return series.slice(0, MOST_SERIES);
  const name = `${OTHERS[context.locale]} (${rest.length})`;
  const gathered = points.map((_, at) =>
    othersOf(
      rest.map((one) => one.points[at]!),
      context.locale,
      context.model,
      rest[0]!.points[at],
    ),
  );
  return [...series.slice(0, MOST_SERIES - 1), { name, color: null, points: gathered }];
}

function setAxis(model: ChartModel, first: Field): void {
  const points = model.series.flatMap((one) => one.points);
  if (model.type !== "lines" || !points.every((one) => one.at !== undefined || one.key === ""))
    return;
  for (const one of model.series) one.points = one.points.filter((point) => point.at !== undefined);
  model.axis = first.shape === "date" ? "dates" : "numbers";
}

function setSelection(
  model: ChartModel,
  chart: Asked,
  names: readonly string[],
  options: GroupOptions,
): void {
  const [first, second] = chart.type === "treemap" && names[1] ? [names[1], names[0]] : names;
  model.field = first ?? null;
  model.seriesField = second ?? null;
  model.selected = own(options.selected, first) ?? [];
  model.seriesSelected = own(options.selected, second) ?? [];
}
