// What a chart of a dataviz view asks of the source, and the model that the answer makes.

import type { Resource, Row } from "../../model/field";
import type { Condition, Filters, Query } from "../../model/query";
import type { Locale } from "../../model/texts";
import type { Chart } from "../../model/views";
import type { Group, Source } from "../../sources/source";
import type { Session } from "../../state/session";
import type { Asked } from "../charts/describing";
import { askedOf, chartOfGroups, groupedBy } from "../charts/groups";
import type { ChartModel } from "../charts/model";
import { chartOfRows } from "../charts/rows";

/** Rows drawn as they are; a chart of more would not be readable. */
const MOST_ROWS = 1000;
/** Groups whose keys are replaced by what the rows they point at are called. */
const MOST_LABELS = 200;

type Labels = { [field: string]: { [key: string]: string } };
type Where = { [field: string]: string[] };

/** What the source answered for one chart. */
export type Figures =
  | { kind: "groups"; groups: Group[]; labels: Labels }
  | { kind: "rows"; rows: Row[]; references: Row[] };

/**
 * The rows that a chart is about: those asked for, within its own `where`. Its own groups are all
 * shown that the page lets a reader see, whichever of them are chosen. Null when no row can be in
 * both.
 */
export function queryOf(given: Chart, session: Session): Query | null {
  const chart: Asked = given;
  const { words, near } = session.query;
  const own = groupedBy(given);
  const others = Object.entries(session.state.filters).map(
    ([field, { values, ...range }]): [string, Condition] => [
      field,
      own.includes(field) || !values ? range : { ...range, values },
    ],
  );
  const kept: Filters = session.filtersWith(Object.fromEntries(others));
  for (const [field, values] of Object.entries((chart.where ?? {}) as Where)) {
    const asked = kept[field]?.values;
    const both = asked?.length ? values.filter((one) => asked.includes(one)) : values;
    if (!both.length) return null;
    kept[field] = { ...kept[field], values: both };
  }
  return { filters: kept, ...(words && { words }), ...(near && { near }) };
}

/** Whether a chart draws rows as they are. */
export function isOfRows(chart: Asked): boolean {
  return chart.x !== undefined;
}

/** Ask for the figures of a chart. Raises `Problem`. */
export async function readFigures(
  given: Chart,
  query: Query | null,
  session: Session,
  resource: Resource = session.resource,
  source: Pick<Source, "page" | "aggregate"> = session.source,
): Promise<Figures> {
  const chart: Asked = given;
  if (!isOfRows(chart)) {
    if (!query) return { kind: "groups", groups: [], labels: {} };
    const by = groupedBy(given);
    const groups = await source.aggregate(resource.name, by, askedOf(given), query);
    return { kind: "groups", groups, labels: await labelsOf(by, groups, session, resource) };
  }
  const lines = chart.reference_lines;
  const rows = async (asked: Query | null): Promise<Row[]> =>
    asked ? (await source.page(resource.name, asked, { size: MOST_ROWS })).rows : [];
  const order = query?.near ? {} : { order: [{ field: chart.x!, descending: false }] };
  const aims = Object.entries((lines?.where ?? {}) as Where).map(
    ([field, values]) => [field, { values }] as const,
  );
  const [own, references] = await Promise.all([
    rows(query && { ...query, ...order }),
    lines ? rows({ filters: Object.fromEntries(aims) }) : [],
  ]);
  return { kind: "rows", rows: own, references };
}

/** What the rows that groups point at are called. */
async function labelsOf(
  by: readonly string[],
  groups: readonly Group[],
  session: Session,
  resource: Resource,
): Promise<Labels> {
  const labels: Labels = {};
  await Promise.all(
    by.map(async (name, at) => {
      const key = resource.field(name)?.foreignKey;
      const target = session.resources.get(key?.reference.resource || resource.name);
      if (!key || !target) return;
      const field = [key.reference.fields].flat()[0]!;
      const texts = new Set(groups.map((one) => one.by[at] ?? ""));
      const values = [...texts].filter((one) => one !== "").slice(0, MOST_LABELS);
      if (!values.length) return;
      const asked = { filters: { [field]: { values } } };
      const { rows } = await session.source.page(target.name, asked, { size: MOST_LABELS });
      labels[name] = Object.fromEntries(
        rows.map((row) => [row[field] ?? "", target.labelOf(row)] as const),
      );
    }),
  );
  return labels;
}

/** The model of a chart from its figures; null when there is nothing to draw. */
export function modelOf(
  chart: Chart,
  figures: Figures,
  session: Session,
  locale: Locale,
): ChartModel | null {
  const { resource } = session;
  if (figures.kind === "rows") {
    return chartOfRows(chart, figures.rows, resource, locale, figures.references);
  }
  const selected = Object.fromEntries(
    Object.entries(session.state.filters).map(([field, one]) => [field, one.values ?? []]),
  );
  const { groups, labels } = figures;
  return chartOfGroups(chart, groups, resource, locale, { labels, selected });
}

/** The filters with a value added, or taken away where it was one. `one` keeps a single value. */
export function toggled(filters: Filters, field: string, value: string, one: boolean): Filters {
  const { [field]: before = {}, ...others } = filters;
  const values = before.values ?? [];
  // A missing value cannot be asked for together with others.
  const alone = one || value === "" || values.includes("");
  const next = values.includes(value)
    ? values.filter((text) => text !== value)
    : [...(alone ? [] : values), value];
  const { values: _, ...range } = before;
  const condition: Condition = next.length ? { ...range, values: next } : range;
  return Object.keys(condition).length ? { ...others, [field]: condition } : others;
}
