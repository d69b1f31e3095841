// The rows that a foreign key may point at: searched by words, and named by their labels.

import type { Field, Resource } from "../../model/field";
import { folded } from "../../model/texts";
import type { Session } from "../../state/session";
import type { Found } from "./combobox";
import type { Option } from "./control";

const MOST = 30;
const names = new WeakMap<Session, Map<string, Promise<string | null>>>();

interface Reference {
  resource: Resource;
  field: string;
  columns: string[];
}

/** What a field points at, as far as the widget knows it. */
export function referenceOf(session: Session, field: Field): Reference | null {
  const key = field.foreignKey;
  const resource = session.resources.get(key?.reference.resource ?? "");
  if (!key || !resource) return null;
  const { fields } = key.reference;
  const name = typeof fields === "string" ? fields : fields[0]!;
  const inLabel = [...(resource.descriptor.label ?? "").matchAll(/\{([^{}]+)\}/g)];
  const columns = [name, ...resource.key, ...inLabel.map((one) => one[1]!)];
  const known = [...new Set(columns)].filter((one) => resource.field(one));
  return { resource, field: name, columns: known };
}

/** The rows that have these words, as values to choose from. Raises `Problem`. */
export async function searchReferences(
  session: Session,
  field: Field,
  words: string,
  signal: AbortSignal,
): Promise<Found> {
  const reference = referenceOf(session, field);
  if (!reference) return { options: [], total: 0 };
  const { resource, columns } = reference;
  const query = words.trim() ? { words } : {};
  const page = await session.source.page(resource.name, query, { size: MOST, columns, signal });
  const options = page.rows.map((row): Option => {
    const value = row[reference.field] ?? "";
    return { value, label: resource.labelOf(row) || value };
  });
  return { options: nearest(options, words), total: page.total };
}

/** Those whose label begins with the words before those that have them elsewhere. */
function nearest(options: Option[], words: string): Option[] {
  const start = folded(words.trim());
  const rank = (one: Option): number =>
    one.value === words.trim() ? 0 : folded(one.label).startsWith(start) ? 1 : 2;
  return options
    .map((one, index) => ({ one, index }))
    .sort((a, b) => rank(a.one) - rank(b.one) || a.index - b.index)
    .map(({ one }) => one);
}

/** What a reader calls the row that a cell points at; null when there is none. */
export function nameOfReference(
  session: Session,
  field: Field,
  value: string,
): Promise<string | null> {
  const known = names.get(session) ?? new Map<string, Promise<string | null>>();
  names.set(session, known);
  const id = `${field.foreignKey?.reference.resource}/${value}`;
  let found = known.get(id);
  if (!found) {
    found = readName(session, field, value);
    found.catch(() => known.delete(id));
    known.set(id, found);
  }
  return found;
}

async function readName(session: Session, field: Field, value: string): Promise<string | null> {
  const reference = referenceOf(session, field);
  if (!reference) return null;
  const { resource, columns } = reference;
  const filters = { [reference.field]: { values: [value] } };
  const page = await session.source.page(resource.name, { filters }, { size: 1, columns });
  const row = page.rows[0];
  return row ? resource.labelOf(row) : null;
}
