// Rows counted by area: places of a resource, joined to figures of rows, put together into areas.

import type { Resource, Row } from "../../model/field";
import { numberOf } from "../../model/values";
import type { Areas, Measure } from "../../model/views";
import type { Group, Measured } from "../../sources/source";
import type { Point } from "./geometry";

/** One area, with its figure. */
export interface Area {
  code: string;
  title: string;
  /** Rows that lie in it. */
  count: number;
  /** Null where the descriptor names no field of inhabitants. */
  population: number | null;
  /** Null where there is nothing to tell: no inhabitants known, or no number in its rows. */
  value: number | null;
  /** The centre of its inhabitants; null when none of its places has a position. */
  center: Point | null;
}

/** The fields of the places that are needed to put areas together. */
export function areaColumns(areas: Areas, places: Resource): string[] {
  const label = [...(places.descriptor.label ?? "").matchAll(/\{([^{}]+)\}/g)].map((one) => one[1]!);
  const named = [areas.key, areas.group, areas.population, areas.title];
  const wanted = [...named, ...(isPlace(areas) ? label : []), ...(places.descriptor.geo ?? [])];
  return [...new Set(wanted)].filter((one): one is string => !!one && !!places.field(one));
}

/** What to ask of the rows, by place, so that figures of places add up to those of areas. */
export function asked(measure: Measure): Measured[] {
  const { operation, field } = measure;
  if (operation === "count" || !field) return [{ operation: "count" }];
  if (operation === "min" || operation === "max") return [{ operation, field }];
  return [
    { operation: "sum", field },
    { operation: "mean", field },
  ];
}

/** Whether each place is an area of its own. */
const isPlace = ({ group, key }: Areas): boolean => !group || group === key;

interface Sum {
  rows: Row[];
  count: number;
  total: number;
  numbers: number;
  least: number;
  most: number;
}

/**
 * The areas of all places, those without any row included, by title.
 *
 * `names` are what the outlines call them, by code. `unplaced` counts the rows whose place is
 * missing or unknown.
 */
export function joined(
  areas: Areas,
  measure: Measure,
  places: Resource,
  rows: readonly Row[],
  groups: readonly Group[],
  names: ReadonlyMap<string, string> = new Map(),
): { areas: Area[]; unplaced: number } {
  const sums = new Map<string, Sum>();
  const areaOf = new Map<string, Sum>();
  for (const row of rows) {
    const place = row[areas.key];
    const code = row[areas.group ?? areas.key];
    if (!place || !code) continue;
    let sum = sums.get(code);
    if (!sum) {
      sum = { rows: [], count: 0, total: 0, numbers: 0, least: Infinity, most: -Infinity };
      sums.set(code, sum);
    }
    sum.rows.push(row);
    areaOf.set(place, sum);
  }
  let unplaced = 0;
  for (const group of groups) {
    const sum = areaOf.get(group.by[0] ?? "");
    if (sum) add(sum, group, measure);
    else unplaced += group.count;
  }
  const found = [...sums].map(([code, sum]) => {
    const area = areaFrom(code, sum, areas, measure, places);
    return areas.title ? area : { ...area, title: names.get(code) ?? area.title };
  });
  const collator = new Intl.Collator("fr", { numeric: true });
  found.sort((one, other) => collator.compare(one.title, other.title));
  return { areas: found, unplaced };
}

function add(sum: Sum, group: Group, { field }: Measure): void {
  sum.count += group.count;
  const number = (name: string): number | null => group.numbers[`${name}_${field}`] ?? null;
  const total = number("sum");
  const mean = number("mean");
  if (total !== null) {
    sum.total += total;
    // How many rows have a number is not told; their sum and mean tell it, unless both are 0.
    sum.numbers += mean ? Math.round(total / mean) : group.count;
  }
  sum.least = Math.min(sum.least, number("min") ?? Infinity);
  sum.most = Math.max(sum.most, number("max") ?? -Infinity);
}

function areaFrom(
  code: string,
  sum: Sum,
  areas: Areas,
  measure: Measure,
  places: Resource,
): Area {
  const first = sum.rows[0]!;
  const population = areas.population ? inhabitants(sum.rows, areas.population, places) : null;
  const titled = areas.title ? first[areas.title] : null;
  return {
    code,
    title: titled || (isPlace(areas) ? places.labelOf(first) : code),
    count: sum.count,
    population,
    value: figure(sum, measure, population),
    center: centerOf(sum.rows, areas, places),
  };
}

function inhabitants(rows: readonly Row[], name: string, places: Resource): number | null {
  const field = places.field(name);
  if (!field) return null;
  const known = rows
    .map((row) => numberOf(field, row[name] ?? null))
    .filter((one): one is number => one !== null);
  return known.length ? known.reduce((sum, one) => sum + one, 0) : null;
}

function figure(sum: Sum, measure: Measure, population: number | null): number | null {
  const { operation, per_inhabitants: per } = measure;
  const value =
    operation === "count"
      ? sum.count
      : operation === "sum"
        ? sum.total
        : operation === "mean"
          ? sum.numbers
            ? sum.total / sum.numbers
            : null
          : operation === "min"
            ? finite(sum.least)
            : finite(sum.most);
  if (!per || value === null) return value;
  return population ? (value * per) / population : null;
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** The mean position of an area's places, each as heavy as its inhabitants. */
export function centerOf(rows: readonly Row[], areas: Areas, places: Resource): Point | null {
  const [latitudeField, longitudeField] = (places.descriptor.geo ?? []).map((name) =>
    places.field(name),
  );
  const populationField = areas.population ? places.field(areas.population) : undefined;
  if (!latitudeField || !longitudeField) return null;
  const points = rows.flatMap((row) => {
    const latitude = numberOf(latitudeField, row[latitudeField.name] ?? null);
    const longitude = numberOf(longitudeField, row[longitudeField.name] ?? null);
    if (latitude === null || longitude === null) return [];
    const weight = populationField
      ? (numberOf(populationField, row[populationField.name] ?? null) ?? 0)
      : 1;
    return [{ latitude, longitude, weight }];
  });
  if (!points.length) return null;
  const whole = points.reduce((sum, one) => sum + one.weight, 0);
  const weighed = whole ? points : points.map((one) => ({ ...one, weight: 1 }));
  const total = whole || points.length;
  return {
    latitude: weighed.reduce((sum, one) => sum + one.latitude * one.weight, 0) / total,
    longitude: weighed.reduce((sum, one) => sum + one.longitude * one.weight, 0) / total,
  };
}
