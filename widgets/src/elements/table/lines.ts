// The rows of a table as a reader sees them: those to add first, then the server's with the draft.

import type { Resource, Row } from "../../model/field";
import type { Mark } from "../../previews/changes";
import type { PendingChange } from "../../sources/source";
import { type Change, identity } from "../../state/draft";
import type { Session } from "../../state/session";
import type { RowPages } from "./pages";

export interface Line {
  /** Identity in the draft. */
  readonly id: string;
  /** Key as in URLs; null for a row to add. */
  readonly key: string | null;
  /** As it was read, or as it would be added. */
  readonly row: Row;
  readonly change: Change | undefined;
  /** What a proposal that is looked at does to it. */
  readonly mark?: Mark | null;
}

/** One look at the rows: made anew for each drawing. */
export class Lines {
  private readonly added: [string, Row][];
  /** Rows that a proposal removes: they stand before the others, struck out. */
  private readonly removed: readonly Row[];

  constructor(
    private readonly session: Session,
    readonly resource: Resource,
    private readonly pages: RowPages,
  ) {
    this.added = session.draft.added(resource.name);
    this.removed = session.preview?.removed(session, resource) ?? [];
  }

  /** Rows in all; null before the first answer. */
  get count(): number | null {
    return this.pages.total === null ? null : this.pages.total + this.lead;
  }

  /** How many rows stand before those of the source. */
  get lead(): number {
    return this.added.length + this.removed.length;
  }

  /** A row by its place; null while it is not there yet. */
  at(index: number): Line | null {
    const added = this.added[index];
    const { draft } = this.session;
    if (added) return { id: added[0], key: null, row: added[1], change: draft.get(added[0]) };
    const row = this.removed[index - this.added.length] ?? this.pages.row(index - this.lead);
    if (!row) return null;
    const { name } = this.resource;
    const key = this.resource.keyOf(row);
    const id = identity(name, key);
    return { id, key, row, change: draft.get(id), mark: this.session.preview?.mark(name, key) };
  }
}

/** The text of a cell with what the draft says of it. */
export function textOf(line: Line, field: string): string | null {
  const { change } = line;
  if (change?.op === "update" && Object.hasOwn(change.new, field)) return change.new[field] ?? null;
  const text: unknown = line.row[field];
  return text == null ? null : String(text); // a distance comes as a number
}

/** Whether the draft gives a cell another text. */
export function isChanged(line: Line, field: string): boolean {
  return line.change?.op === "update" && Object.hasOwn(line.change.new, field);
}

/** What is proposed on a row, as far as it is known. */
export function proposedOn(session: Session, resource: string, line: Line): PendingChange[] {
  if (line.key === null) return [];
  const found = session.pendingOn(resource, []);
  return Object.hasOwn(found, line.key) ? found[line.key]! : [];
}
