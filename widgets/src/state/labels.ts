// What the values of foreign keys are called, known once for all views of a widget. Labels are
// asked for in batches; what cannot be read is shown by its value.

import type { Field, Resource } from "../model/field";
import { templateParts } from "../model/texts";
import type { Session } from "./session";

/** Values asked for at a time: their addresses must stay short. */
const BATCH = 100;
/** Milliseconds after which labels that could not be read are asked for again. */
const PATIENCE = 30_000;

interface Labels {
  readonly known: Map<string, string>;
  readonly asked: Set<string>;
  waiting: string[];
}

const ofSession = new WeakMap<Session, Map<string, Labels>>();
const NONE: ReadonlyMap<string, string> = new Map();

/** The resource and field that a foreign key points at; null where they are not at hand. */
export function referenceOf(
  session: Session,
  field: Field,
): { resource: Resource; field: string } | null {
  const reference = field.foreignKey?.reference;
  if (!reference) return null;
  const [name] = [reference.fields].flat();
  const resource = reference.resource
    ? session.resources.get(reference.resource)
    : [...session.resources.values()].find((one) => one.field(field.name) === field);
  return resource && name && resource.field(name) ? { resource, field: name } : null;
}

/** The labels of a foreign key's values, as far as they are known. */
export function labelsOf(session: Session, field: Field): ReadonlyMap<string, string> {
  const reference = referenceOf(session, field);
  return reference ? kept(session, reference.resource, reference.field).known : NONE;
}

/** Ask for the labels of some values; the session tells by `pending` when there are more. */
export function requestLabels(
  session: Session,
  field: Field,
  values: Iterable<string | null | undefined>,
): void {
  const reference = referenceOf(session, field);
  if (!reference?.resource.descriptor.label) return;
  const labels = kept(session, reference.resource, reference.field);
  const begun = labels.waiting.length > 0;
  for (const value of values) {
    if (!value || labels.asked.has(value)) continue;
    labels.asked.add(value);
    labels.waiting.push(value);
  }
  if (!begun && labels.waiting.length) {
    queueMicrotask(() => void read(session, reference.resource, reference.field, labels));
  }
}

function kept(session: Session, resource: Resource, field: string): Labels {
  let all = ofSession.get(session);
  if (!all) ofSession.set(session, (all = new Map()));
  const name = `${resource.name}/${field}`;
  let found = all.get(name);
  if (!found) all.set(name, (found = { known: new Map(), asked: new Set(), waiting: [] }));
  return found;
}

async function read(
  session: Session,
  resource: Resource,
  field: string,
  labels: Labels,
): Promise<void> {
  const values = labels.waiting;
  labels.waiting = [];
  const batches: string[][] = [];
  for (let at = 0; at < values.length; at += BATCH) batches.push(values.slice(at, at + BATCH));
  const columns = columnsFor(resource, field);
  const before = labels.known.size;
  await Promise.all(
    batches.map(async (batch) => {
      const query = { filters: { [field]: { values: batch } } };
      try {
        const { rows } = await session.source.page(resource.name, query, { size: 1000, columns });
        for (const row of rows) labels.known.set(row[field] ?? "", resource.labelOf(row));
      } catch {
        setTimeout(() => batch.forEach((value) => labels.asked.delete(value)), PATIENCE);
      }
    }),
  );
  if (labels.known.size > before) session.dispatchEvent(new Event("pending"));
}

/** The field, the key, and the fields that the label names. */
function columnsFor(resource: Resource, field: string): string[] {
  const named = templateParts(resource.descriptor.label ?? "").flatMap((part) =>
    "field" in part && resource.field(part.field) ? [part.field] : [],
  );
  return [...new Set([field, ...resource.key, ...named])];
}
