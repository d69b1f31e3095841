// Which rows a proposal changes, as they are found on either side of it.

import type { Coordinates, Moved, PreviewPart } from "../model/descriptor";
import { bare, type Row } from "../model/field";

export type Side = "before" | "after";
export type Kind = "inserted" | "updated" | "deleted";

/** A row that is not the same on both sides. */
export interface Mark {
  readonly kind: Kind;
  readonly resource: string;
  /** As in URLs: after the proposal, and before it; null on the side where it is not. */
  readonly key: string | null;
  readonly oldKey: string | null;
  readonly label: string;
  readonly position: Coordinates | null;
  readonly moved: Moved | null;
  /** The cells that an update changes. */
  readonly cells: { readonly [field: string]: { old: string | null; new: string | null } };
}

export interface Counts {
  inserted: number;
  updated: number;
  deleted: number;
}

export class Changes {
  private readonly marks: readonly Mark[];
  private readonly known = new Map<string, Mark>();

  constructor(readonly part: PreviewPart) {
    this.marks = Object.entries(part.resources).flatMap(([resource, rows]): Mark[] => [
      ...rows.updated.map((one): Mark => ({
        ...{ kind: "updated", resource, key: one.key, oldKey: one.old_key, label: one.label },
        ...{ position: one.position, moved: one.moved, cells: bare(one.cells) },
      })),
      ...rows.inserted.map((one): Mark => ({
        ...{ kind: "inserted", resource, key: one.key, oldKey: null, label: one.label },
        ...{ position: one.position, moved: null, cells: {} },
      })),
      ...rows.deleted.map((one): Mark => ({
        ...{ kind: "deleted", resource, key: null, oldKey: one.key, label: one.label },
        ...{ position: one.position, moved: null, cells: {} },
      })),
    ]);
    for (const one of this.marks) {
      for (const side of ["before", "after"] as const) {
        const key = keyOn(one, side);
        if (key !== null) this.known.set(nameOf(one.resource, key, side), one);
      }
    }
  }

  /** How a row of one side changes; null where it does not. */
  of(resource: string, key: string, side: Side): Mark | null {
    return this.known.get(nameOf(resource, key, side)) ?? null;
  }

  /** All rows of a resource that change. */
  in(resource: string): Mark[] {
    return this.marks.filter((one) => one.resource === resource);
  }

  /** The keys under which rows that change are found on one side. */
  keys(resource: string, side: Side): string[] {
    return this.in(resource).flatMap((one) => keyOn(one, side) ?? []);
  }

  /** The rows that are removed, as they were. */
  removed(resource: string): Row[] {
    return this.part.resources[resource]?.deleted.map((one) => bare(one.row)) ?? [];
  }

  counts(resource: string): Counts {
    const of = (kind: Kind): number => this.in(resource).filter((one) => one.kind === kind).length;
    return { inserted: of("inserted"), updated: of("updated"), deleted: of("deleted") };
  }

  /** How many rows there are on a side, from how many there are after the proposal. */
  rowCount(resource: string, after: number, side: Side): number {
    const { inserted, deleted } = this.counts(resource);
    return side === "after" ? after : after - inserted + deleted;
  }

  /** The key of a row on the other side; null where it is not there. */
  across(resource: string, key: string, from: Side): string | null {
    const mark = this.of(resource, key, from);
    return mark ? keyOn(mark, from === "after" ? "before" : "after") : key;
  }
}

/** The key of a row on a side; null where it is not there. */
export function keyOn({ key, oldKey }: Mark, side: Side): string | null {
  return side === "after" ? key : oldKey;
}

function nameOf(resource: string, key: string, side: Side): string {
  return `${side} ${resource} ${key}`;
}
