// What a place says of the rows that are put there: its position, its commune, what is near.

import { own, type Field, type Resource, type Row } from "../../model/field";
import type { MapView } from "../../model/views";
import type { Cells } from "../../sources/source";
import type { Session } from "../../state/session";
import { positionText } from "../editing/positions";
import type { Point } from "../map/geometry";
import { type Gazetteer, gazetteerOf } from "../map/places";
import type { Resources, Site } from "./plan";

/** Metres within which the nearest place names a point. */
const NEAR = 30_000;

/** A row of the places of a dataset (its communes). */
export interface Surrounding {
  resource: Resource;
  row: Row;
}

/** The places of a session's map; null where the widget names none. */
export function gazetteer(session: Session): Gazetteer | null {
  const widgets = session.descriptor.tabs ?? [session.widget];
  for (const view of widgets.flatMap((one) => one.views)) {
    const found = view.type === "map" ? gazetteerOf(session, view as MapView) : null;
    if (found) return found;
  }
  return null;
}

/** The place nearest to a point; null where none is known. Raises `Problem`. */
export async function surrounding(session: Session, point: Point): Promise<Surrounding | null> {
  const resource = gazetteer(session)?.resource;
  if (!resource?.descriptor.geo) return null;
  const near = { ...point, radius: NEAR };
  const { rows } = await session.source.page(resource.name, { near }, { size: 1 });
  return rows[0] ? { resource, row: rows[0] } : null;
}

const first = (fields: string | string[]): string =>
  typeof fields === "string" ? fields : fields[0]!;

/** The text that a field has because of the place that its row is in; undefined if none. */
function byPlace(field: Field, { resource, row }: Surrounding): string | undefined {
  const { reference } = field.foreignKey ?? {};
  if (!reference) return undefined;
  if (reference.resource === resource.name) return own(row, first(reference.fields)) ?? undefined;
  const same = [...resource.fields.values()].find(
    (one) => one.foreignKey?.reference.resource === reference.resource,
  );
  return (same && own(row, same.name)) ?? undefined;
}

/** The cells of a row that stands at a point: position and what the place there gives. */
export function cellsAt(
  resource: Resource,
  point: Point,
  place: Surrounding | null,
  before: Row = {},
): Cells {
  const cells: Cells = {};
  for (const field of resource.fields.values()) {
    const found = place && field.writable ? byPlace(field, place) : undefined;
    if (found !== undefined) cells[field.name] = found;
  }
  const [latitude, longitude] = resource.descriptor.geo!;
  for (const [name, degrees] of [
    [latitude, point.latitude],
    [longitude, point.longitude],
  ] as const) {
    cells[name] = positionText(resource.field(name)!, degrees, own(before, name) ?? null);
  }
  return cells;
}

/** The resources whose rows a project may open, close and move. */
export const siteResources = (resources: Resources): Resource[] =>
  [...resources.values()].filter(
    ({ keyed, descriptor }) => keyed && descriptor.editable && descriptor.geo !== null,
  );

/** Texts that say how to reach one person or desk, not where it is. */
const PERSONAL: ReadonlySet<string> = new Set(["phone", "mail", "link", "image", "hours"]);

/**
 * The fields that say where a row is: its position, the places it points at, and what stands
 * beside the position in the same group (the address).
 */
export function placeFields(resource: Resource, sites: ReadonlySet<string>): Field[] {
  const geo: readonly string[] = resource.descriptor.geo ?? [];
  const group = resource.field(geo[0] ?? "")?.descriptor.retouche?.group;
  return [...resource.fields.values()].filter((field) => {
    if (!field.writable || field.isKey) return false;
    if (geo.includes(field.name)) return true;
    const target = field.foreignKey?.reference.resource;
    if (target) return !sites.has(target);
    const beside = group !== undefined && field.descriptor.retouche?.group === group;
    return beside && field.type === "string" && !PERSONAL.has(field.shape);
  });
}

/** The cells with which a row goes to where another one is; the texts are the other's own. */
export function cellsOf(site: Site, other: Site, resources: Resources): Cells {
  const here = resources.get(site.resource)!;
  const there = resources.get(other.resource)!;
  const located = siteResources(resources).map((one) => one.name);
  const cells: Cells = {};
  for (const field of placeFields(here, new Set(located))) {
    const named = counterpart(field, here, there);
    if (named !== null) cells[field.name] = own(other.row, named) ?? null;
  }
  return cells;
}

/** The field of another resource that says the same of its rows; null where there is none. */
function counterpart(field: Field, here: Resource, there: Resource): string | null {
  if (here.name === there.name) return field.name;
  const at = here.descriptor.geo?.indexOf(field.name) ?? -1;
  if (at >= 0) return there.descriptor.geo?.[at] ?? null;
  const target = field.foreignKey?.reference.resource;
  const same = [...there.fields.values()].find(
    (one) => target !== undefined && one.foreignKey?.reference.resource === target,
  );
  return same?.name ?? null;
}
