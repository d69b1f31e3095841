// The rows that a project may touch, with the few columns that its map needs.

import { type Resource, type Row } from "../../model/field";
import { templateParts } from "../../model/texts";
import type { Session } from "../../state/session";
import { placeFields } from "./surroundings";

/** The rows of each resource as published. */
export type Sites = ReadonlyMap<string, readonly Row[]>;

/** Key, label, position, place and what a row points at. */
export function siteColumns(resource: Resource): string[] {
  const label = templateParts(resource.descriptor.label ?? "").flatMap((part) =>
    "field" in part ? [part.field] : [],
  );
  const pointing = [...resource.fields.values()].filter((one) => one.foreignKey !== null);
  const located = placeFields(resource, new Set());
  const named = [...pointing, ...located].map((one) => one.name);
  const wanted = [...resource.key, ...label, ...(resource.descriptor.geo ?? []), ...named];
  return [...new Set(wanted)].filter((one) => resource.field(one));
}

/** Raises `Problem`. */
export async function readSites(session: Session, resources: readonly Resource[]): Promise<Sites> {
  const read = resources.map(async (one): Promise<[string, Row[]]> => {
    return [one.name, await session.source.all(one.name, {}, siteColumns(one))];
  });
  return new Map(await Promise.all(read));
}
