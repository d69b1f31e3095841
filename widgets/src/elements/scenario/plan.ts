// A project as a list of steps: the operations of a proposal, one for each row that it touches.

import { own, type Resource, type Row } from "../../model/field";
import type { Cells, Operation } from "../../sources/source";
import type { Point } from "../map/geometry";
import { pointOf } from "../map/spots";

export type Plan = readonly Operation[];
export type Resources = ReadonlyMap<string, Resource>;

/** What a step does, in the words of a reader. */
export type Kind = "open" | "close" | "move" | "share" | "change";

/** A row with a position, as it is now or as the project has it. */
export interface Site {
  /** `identity` of its row. */
  id: string;
  resource: string;
  /** As in addresses. */
  key: string;
  label: string;
  /** Where it is with the project; null for a row without a position. */
  point: Point | null;
  /** Where it was before it was moved. */
  from: Point | null;
  /** The step that touches it; null for a row that stays. */
  kind: Kind | null;
  row: Row;
}

export interface Step {
  kind: Kind;
  operation: Operation;
  site: string;
  label: string;
  /** With whom a site is shared. */
  other: string | null;
  point: Point | null;
}

export const identity = (resource: string, key: string): string => `${resource}/${key}`;

/** The identity of the row that an operation is about. */
export function rowOf(operation: Operation, resources: Resources): string {
  const resource = resources.get(operation.resource);
  if (!resource) return identity(operation.resource, "");
  const cells = operation.op === "insert" ? operation.row : operation.key;
  return identity(resource.name, resource.keyOf(cells));
}

const place = (plan: Plan, id: string, resources: Resources): number =>
  plan.findIndex((one) => rowOf(one, resources) === id);

/** A row is opened; `before` is the identity of the row that it was, when it was opened before. */
export function withRow(
  plan: Plan,
  resource: Resource,
  row: Cells,
  resources: Resources,
  before: string | null = null,
): Operation[] {
  const filled = Object.entries(row).filter(([, cell]) => cell !== null && cell !== "");
  const cells = Object.fromEntries(filled);
  const made: Operation = { op: "insert", resource: resource.name, row: cells };
  const at = before === null ? -1 : place(plan, before, resources);
  return at < 0 ? [...plan, made] : plan.map((one, index) => (index === at ? made : one));
}

/** Cells of a row are changed; `now` is the row as published. A cell set back is no change. */
export function withCells(
  plan: Plan,
  resource: Resource,
  now: Row,
  cells: Cells,
  resources: Resources,
): Operation[] {
  const at = place(plan, identity(resource.name, resource.keyOf(now)), resources);
  const known = plan[at];
  if (known?.op === "insert") {
    return withRow(plan, resource, { ...known.row, ...cells }, resources, rowOf(known, resources));
  }
  const before = known?.op === "update" ? known.new : {};
  const changed = Object.entries({ ...before, ...cells }).filter(
    ([field, cell]) => (cell ?? "") !== (own(now, field) ?? ""),
  );
  if (!changed.length) return plan.filter((_, index) => index !== at);
  const made: Operation = {
    op: "update",
    resource: resource.name,
    key: resource.keyCells(now),
    new: Object.fromEntries(changed.map(([field, cell]) => [field, cell === "" ? null : cell])),
  };
  return at < 0 ? [...plan, made] : plan.map((one, index) => (index === at ? made : one));
}

/** A row is closed: one that the project opened is only taken out of it. */
export function without(
  plan: Plan,
  resource: Resource,
  now: Row,
  resources: Resources,
): Operation[] {
  const at = place(plan, identity(resource.name, resource.keyOf(now)), resources);
  if (plan[at]?.op === "insert") return plan.filter((_, index) => index !== at);
  const made: Operation = {
    op: "delete",
    resource: resource.name,
    key: resource.keyCells(now),
  };
  return at < 0 ? [...plan, made] : plan.map((one, index) => (index === at ? made : one));
}

export const undone = (plan: Plan, at: number): Operation[] =>
  plan.filter((_, index) => index !== at);

/** The sites with a project: those of `rows` (published, by resource), and those it opens. */
export function sitesOf(
  plan: Plan,
  rows: ReadonlyMap<string, readonly Row[]>,
  resources: Resources,
): Site[] {
  const touched = new Map(plan.map((one) => [rowOf(one, resources), one]));
  const sites: Site[] = [];
  for (const [name, listed] of rows) {
    const resource = resources.get(name)!;
    for (const row of listed) sites.push(siteOf(resource, row, touched));
  }
  for (const operation of plan) {
    const resource = resources.get(operation.resource);
    if (operation.op !== "insert" || !resource || !rows.has(resource.name)) continue;
    sites.push({ ...siteOf(resource, operation.row, new Map()), kind: "open" });
  }
  return withShared(sites);
}

function siteOf(resource: Resource, row: Row, touched: ReadonlyMap<string, Operation>): Site {
  const key = resource.keyOf(row);
  const id = identity(resource.name, key);
  const operation = touched.get(id);
  const base = { id, resource: resource.name, key, from: null };
  const from = placed(resource, row);
  if (operation?.op === "delete") {
    return { ...base, label: resource.labelOf(row), point: from, kind: "close", row };
  }
  const now = operation?.op === "update" ? { ...row, ...operation.new } : row;
  const point = placed(resource, now);
  const site = { ...base, label: resource.labelOf(now), point, row: now };
  if (operation?.op !== "update") return { ...site, kind: null };
  const moved = point?.latitude !== from?.latitude || point?.longitude !== from?.longitude;
  return moved ? { ...site, from, kind: "move" } : { ...site, kind: "change" };
}

/** Where a row is by its resource's position fields; null where it says no place on earth. */
export function placed(resource: Resource, row: Row): Point | null {
  const [latitude, longitude] = (resource.descriptor.geo ?? []).map((one) => resource.field(one));
  return latitude && longitude ? pointOf(latitude, longitude, row) : null;
}

/** What was moved to where another one stands shares its site. */
function withShared(sites: Site[]): Site[] {
  return sites.map((one) =>
    one.kind === "move" && neighbourOf(one, sites) ? { ...one, kind: "share" } : one,
  );
}

function neighbourOf(site: Site, sites: readonly Site[]): Site | undefined {
  return sites.find(
    (one) => one.id !== site.id && one.kind !== "close" && samePlace(one.point, site.point),
  );
}

export const samePlace = (one: Point | null, other: Point | null): boolean =>
  !!one && !!other && one.latitude === other.latitude && one.longitude === other.longitude;

/** The steps of a project in their order, as its sites tell them. */
export function stepsOf(plan: Plan, sites: readonly Site[], resources: Resources): Step[] {
  const known = new Map(sites.map((one) => [one.id, one]));
  return plan.map((operation): Step => {
    const id = rowOf(operation, resources);
    const site = known.get(id);
    const fallback = { insert: "open", delete: "close", update: "change" } as const;
    const kind = site?.kind ?? fallback[operation.op];
    return {
      kind,
      operation,
      site: id,
      label: site?.label || id.slice(id.indexOf("/") + 1),
      other: kind === "share" ? (neighbourOf(site!, sites)?.label ?? null) : null,
      point: site?.point ?? null,
    };
  });
}

/** The sites that hang on one by a foreign key: the stops of a mobile counter. */
export function dependents(site: Site, sites: readonly Site[], resources: Resources): Site[] {
  const found: Site[] = [];
  for (const one of sites) {
    if (one.kind === "close") continue;
    for (const field of resources.get(one.resource)?.fields.values() ?? []) {
      const { resource, fields } = field.foreignKey?.reference ?? {};
      const named = typeof fields === "string" ? fields : fields?.[0];
      if (resource !== site.resource || !named) continue;
      const cell = own(one.row, field.name);
      if (cell && cell === own(site.row, named)) found.push(one);
    }
  }
  return found;
}

/** A number that somebody typed, with a comma or a point; null when it is none. */
export function typedDegrees(text: string, most: 90 | 180): number | null {
  const plain = text.trim().replace(",", ".").replace("−", "-");
  if (!/^[+-]?\d{1,3}(\.\d+)?$/.test(plain)) return null;
  const degrees = Number(plain);
  return Math.abs(degrees) <= most ? degrees : null;
}
