// A corrected copy as it is sent, and what readers call the rows that it changes.

import type { Resource } from "../../model/field";
import type { Operation } from "../../sources/source";
import { keyAsInUrls } from "../../state/changes";
import type { Session } from "../../state/session";

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const AT_ONCE = 100;

/** A file with the media type that its first bytes tell: systems disagree on those of CSV. */
export async function copyOf(file: Blob): Promise<Blob> {
  const start = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const zipped = start[0] === 0x50 && start[1] === 0x4b;
  return new Blob([file], { type: zipped ? XLSX : "text/csv" });
}

/** What readers call the rows of some operations: their labels, else their keys. */
export async function labelsOf(
  session: Session,
  resource: Resource,
  operations: readonly Operation[],
): Promise<(operation: Operation) => string> {
  const known = new Map<string, string>();
  const [key, ...others] = resource.key;
  if (key !== undefined && !others.length) {
    const keys = operations.flatMap((one) => (one.op === "insert" ? [] : (one.key[key] ?? [])));
    for (let at = 0; at < keys.length; at += AT_ONCE) {
      const values = keys.slice(at, at + AT_ONCE);
      const filters = { [key]: { values } };
      const found = await session.source
        .page(resource.name, { filters }, { size: AT_ONCE, columns: columnsOf(resource) })
        .catch(() => null); // keys alone will do
      for (const row of found?.rows ?? []) known.set(resource.keyOf(row), resource.labelOf(row));
    }
  }
  return (one) => {
    if (one.op === "insert") return resource.labelOf(one.row);
    return known.get(keyAsInUrls(one.key)) ?? Object.values(one.key).join(", ");
  };
}

function columnsOf(resource: Resource): string[] {
  const inLabel = [...(resource.descriptor.label ?? "").matchAll(/\{([^{}]+)\}/g)];
  const names = [...resource.key, ...inLabel.map((one) => one[1]!)];
  return [...new Set(names)].filter((one) => resource.field(one));
}
