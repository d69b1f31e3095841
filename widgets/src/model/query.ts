// Which rows a reader asks for: filters, words, order, a place. And how the API is asked for them.

import { bare } from "./field";

/** What one field must satisfy; all that is given must hold. */
export interface Condition {
  /** One of these texts; the empty text stands for a missing value. */
  values?: string[];
  /** At least, at most, by the field's type. */
  from?: string;
  to?: string;
}

export type Filters = { [field: string]: Condition };

export interface Order {
  field: string;
  descending: boolean;
}

/** A place and how far from it, in metres. */
export interface Near {
  latitude: number;
  longitude: number;
  radius?: number;
}

export interface Query {
  filters?: Filters;
  words?: string;
  order?: readonly Order[];
  near?: Near | null;
  /** West, south, east, north, in degrees. */
  bounds?: readonly [number, number, number, number] | null;
}

/** A text as one of a list of the API: in double quotes where it holds a comma or a quote. */
export const quoted = (value: string): string =>
  /[",]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;

/** The parameters of the API that a query stands for (docs/api.md, "Filters"). */
export function parameters(query: Query): URLSearchParams {
  const found = new URLSearchParams();
  for (const [field, condition] of Object.entries(query.filters ?? {})) {
    const values = condition.values ?? [];
    const present = values.filter((one) => one !== "").map(quoted);
    if (values.length && !present.length) found.append(`${field}__isnull`, "");
    else if (present.length) {
      if (values.includes("")) present.push("");
      found.append(`${field}__in`, present.join(","));
    }
    if (condition.from) found.append(`${field}__greater`, condition.from);
    if (condition.to) found.append(`${field}__less`, condition.to);
  }
  if (query.words?.trim()) found.append("q", query.words.trim());
  if (query.near) {
    found.append("near", `${query.near.latitude},${query.near.longitude}`);
    if (query.near.radius) found.append("radius", String(query.near.radius));
  }
  if (query.bounds) found.append("bbox", query.bounds.join(","));
  for (const { field, descending } of query.order ?? []) {
    found.append(`${field}__sort`, descending ? "desc" : "asc");
  }
  return found;
}

/** Whether a query keeps all rows. */
export function isEverything(query: Query): boolean {
  return !parameters({ ...query, order: [] }).size;
}

/** Whether a condition asks for anything. */
export function asks(condition: Condition | undefined): boolean {
  return !!(condition?.values?.length || condition?.from || condition?.to);
}

/** A reader's filters inside those that the page fixed: a reader can narrow them, never widen. */
export function narrowed(filters: Filters, fixed: Filters): Filters {
  const found = bare(fixed);
  for (const [field, condition] of Object.entries(filters)) {
    if (!asks(condition)) continue;
    const outer = Object.hasOwn(fixed, field) ? fixed[field] : undefined;
    found[field] = outer ? inside(condition, outer) : condition;
  }
  return found;
}

function inside(condition: Condition, outer: Condition): Condition {
  const common = condition.values?.filter((one) => outer.values?.includes(one) ?? true) ?? [];
  const values = common.length ? common : outer.values;
  const from = farthest(condition.from, outer.from, 1);
  const to = farthest(condition.to, outer.to, -1);
  return { ...(values && { values }), ...(from && { from }), ...(to && { to }) };
}

/** The stricter one of two bounds: the greater one for direction 1, the smaller one for -1. */
function farthest(one: string | undefined, other: string | undefined, direction: 1 | -1): string {
  if (!one || !other) return one || other || "";
  const order = Number(one) - Number(other) || (one < other ? -1 : 1);
  return order * direction >= 0 ? one : other;
}
