// The changes of a draft, and the operations of a proposal that they become.

import { bare, encodeKeyPart, own, type Resource, type Row } from "../model/field";
import type { Cells, Operation } from "../sources/source";

interface Changed {
  op: "update";
  resource: string;
  key: { [field: string]: string };
  /** What a reader calls the row. */
  label: string;
  /** The texts that the contributor saw, of the changed fields alone. */
  old: Cells;
  new: Cells;
}

interface Added {
  op: "insert";
  resource: string;
  label: string;
  row: Cells;
}

interface Removed {
  op: "delete";
  resource: string;
  key: { [field: string]: string };
  label: string;
  /** The row as the contributor saw it. */
  old: Cells;
}

export type Change = Changed | Added | Removed;

/** The identity of the change of a row that exists. */
export function identity(resource: string, key: string): string {
  return `${resource}/${key}`;
}

/** The key as in URLs of the row that a change is about; null for a row to add. */
export function keyOfChange(change: Change): string | null {
  return change.op === "insert" ? null : keyAsInUrls(change.key);
}

/** The parts of a key in the order in which they are given, as URLs write them. */
export function keyAsInUrls(key: { [field: string]: string }): string {
  return Object.values(key).map(encodeKeyPart).join(",");
}

/** A change of one row with one more cell written; null when nothing of it is left. */
export function withCell(
  before: Change | undefined,
  resource: Resource,
  row: Row,
  field: string,
  text: string | null,
): Changed | null {
  const change: Changed =
    before?.op === "update"
      ? { ...before, old: bare(before.old), new: bare(before.new) }
      : {
          op: "update",
          resource: resource.name,
          key: resource.keyCells(row),
          label: resource.labelOf(row),
          old: bare({}),
          new: bare({}),
        };
  const known = own(change.old, field);
  const old = known === undefined ? (row[field] ?? null) : known;
  if ((old ?? "") === (text ?? "")) {
    delete change.old[field];
    delete change.new[field];
  } else {
    change.old[field] = old;
    change.new[field] = text;
  }
  return Object.keys(change.new).length ? change : null;
}

/** What is proposed to be removed: the row as it was seen, without what is computed from others. */
export function removal(resource: Resource, row: Row): Removed {
  const seen = [...resource.fields.values()].filter(
    (one) => Object.hasOwn(row, one.name) && !one.descriptor.retouche?.derived,
  );
  return {
    op: "delete",
    resource: resource.name,
    key: resource.keyCells(row),
    label: resource.labelOf(row),
    old: Object.fromEntries(seen.map((one) => [one.name, row[one.name] ?? null])),
  };
}

/** An operation as a change; gives its identity too. */
export function changeOf(
  operation: Operation,
  label: string,
  newId: () => string,
): [string, Change] {
  const { resource } = operation;
  if (operation.op === "insert") return [newId(), { ...operation, label }];
  const id = identity(resource, keyAsInUrls(operation.key));
  return [id, { ...operation, label, old: operation.old ?? {} }];
}

export function operationOf(change: Change): Operation {
  const { resource } = change;
  if (change.op === "insert") return { op: "insert", resource, row: change.row };
  const { key, old } = change;
  if (change.op === "delete") {
    return { op: "delete", resource, key, ...(Object.keys(old).length ? { old } : {}) };
  }
  return { op: "update", resource, key, old, new: change.new };
}

/** Whether something read from the browser's storage is a change. */
export function isChange(value: unknown): value is Change {
  if (typeof value !== "object" || value === null) return false;
  const { op, resource, label } = value as Change;
  if (typeof resource !== "string" || typeof label !== "string") return false;
  const one = value as { [name: string]: unknown };
  const cells = (name: string): boolean =>
    typeof one[name] === "object" &&
    one[name] !== null &&
    Object.values(one[name]).every((cell) => cell === null || typeof cell === "string");
  if (op === "insert") return cells("row");
  if (op === "delete") return cells("key") && cells("old");
  return op === "update" && cells("key") && cells("old") && cells("new");
}
