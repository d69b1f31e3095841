// Rows as spots on a map: where each is, what it is called, its value and its weight.

import { bare, type Field, type Resource, type Row } from "../../model/field";
import type { Condition, Filters } from "../../model/query";
import { templateParts } from "../../model/texts";
import { numberOf, safeColor } from "../../model/values";
import type { Layer } from "../../model/views";
import { distanceBetween, type Point } from "./geometry";

/** A row that a map or the list beside it shows. */
export interface Spot {
  /** As in URLs. */
  key: string;
  label: string;
  /** Null when the row has no position: it is in the list only. */
  point: Point | null;
  /** The text that its colour or weight stands for. */
  value: string | null;
  weight: number;
}

/** Layers that draw rows, one by one or together. */
export type SpotLayer = Extract<Layer, { type: "points" | "clusters" | "heat" }>;

export const NO_COLOR = "#767a85";

/** The columns that spots are made of. */
export function spotColumns(layer: SpotLayer, resource: Resource): string[] {
  const label = templateParts(resource.descriptor.label ?? "").flatMap((part) =>
    "field" in part ? [part.field] : [],
  );
  const named = [colorField(layer), layer.type === "heat" ? layer.weight : undefined];
  const wanted = [...resource.key, ...label, ...(resource.descriptor.geo ?? []), ...named];
  return [...new Set(wanted)].filter((one): one is string => !!one && !!resource.field(one));
}

export function colorField(layer: Layer): string | undefined {
  return layer.type === "points" ? layer.color_by : undefined;
}

/** The spots of rows, each row once, in their order; where they have no key, by their place in it. */
export function spotsOf(layer: SpotLayer, resource: Resource, rows: readonly Row[]): Spot[] {
  const [latitude, longitude] = (resource.descriptor.geo ?? []).map((name) => resource.field(name));
  const told = colorField(layer) ?? (layer.type === "heat" ? layer.weight : undefined);
  const weighed = layer.type === "heat" && layer.weight ? resource.field(layer.weight) : undefined;
  const seen = new Set<string>();
  const spots: Spot[] = [];
  for (const [index, row] of rows.entries()) {
    const key = resource.keyed ? resource.keyOf(row) : String(index);
    if (seen.has(key)) continue;
    seen.add(key);
    spots.push({
      key,
      label: resource.labelOf(row),
      point: latitude && longitude ? pointOf(latitude, longitude, row) : null,
      value: told ? (row[told] ?? null) : null,
      weight: weighed ? Math.max(0, numberOf(weighed, row[weighed.name] ?? null) ?? 0) : 1,
    });
  }
  return spots;
}

/** Where a row is; null when it is nowhere on earth. */
export function pointOf(latitude: Field, longitude: Field, row: Row): Point | null {
  const north = numberOf(latitude, row[latitude.name] ?? null);
  const east = numberOf(longitude, row[longitude.name] ?? null);
  if (north === null || east === null || Math.abs(north) > 90 || Math.abs(east) > 180) return null;
  return { latitude: north, longitude: east };
}

/** The colour of each value of a field, by the field's dictionary. */
export function colorOf(field: Field | undefined, value: string | null, otherwise: string): string {
  if (!field) return otherwise;
  return safeColor(field.values[value ?? ""]?.color) ?? NO_COLOR;
}

export interface Counted {
  value: string | null;
  count: number;
}

const counted = new WeakMap<readonly Spot[], Counted[]>();

/** The values that spots on the map have: those of the dictionary in its order, then others. */
export function valuesOf(spots: readonly Spot[], field: Field): Counted[] {
  let found = counted.get(spots);
  if (!found) counted.set(spots, (found = countedBy(spots, field)));
  return found;
}

function countedBy(spots: readonly Spot[], field: Field): Counted[] {
  const counts = new Map<string | null, number>();
  for (const { point, value } of spots) {
    if (point) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const known = Object.keys(field.values).filter((one) => counts.has(one));
  const rest = [...counts.keys()].filter((one) => one === null || !known.includes(one));
  return [...known, ...rest].map((value) => ({ value, count: counts.get(value)! }));
}

/** What both the reader and a layer keep; null when that can be nothing. */
export function limited(
  filters: Filters,
  where: { [field: string]: string[] } | undefined,
): Filters | null {
  const found = bare(filters);
  for (const [field, values] of Object.entries(where ?? {})) {
    const asked: Condition = found[field] ?? {};
    const both = asked.values?.length
      ? values.filter((one) => asked.values!.includes(one))
      : values;
    if (!both.length) return null;
    found[field] = { ...asked, values: both };
  }
  return found;
}

/** A spot and how far it is from the place that is searched around, in metres. */
export interface Ranked {
  spot: Spot;
  distance: number | null;
}

/** The spots by distance from a place, else by name. */
export function ordered(spots: readonly Spot[], from: Point | null, locale: string): Ranked[] {
  const listed = spots.map((spot) => ({
    spot,
    distance: from && spot.point ? distanceBetween(from, spot.point) : null,
  }));
  const collator = new Intl.Collator(locale, { numeric: true, sensitivity: "base" });
  return listed.sort(
    (one, other) =>
      (one.distance ?? Infinity) - (other.distance ?? Infinity) ||
      collator.compare(one.spot.label, other.spot.label),
  );
}
