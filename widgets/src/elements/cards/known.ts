// Rows that a view has already read, so that a card of one shows something at once.

import type { Resource, Row } from "../../model/field";
import type { Session } from "../../state/session";

const MOST = 2000;
const ofSession = new WeakMap<Session, Map<string, Row>>();

const nameOf = (resource: Resource, key: string): string => `${resource.name}/${key}`;

/** Keep rows as far as they were read: of what was not asked for, nothing is known. */
export function remember(session: Session, resource: Resource, rows: readonly Row[]): void {
  let known = ofSession.get(session);
  if (!known || known.size > MOST) ofSession.set(session, (known = new Map()));
  for (const row of rows) known.set(nameOf(resource, resource.keyOf(row)), row);
}

/** What is known of a row; null when nothing is. */
export function recall(session: Session, resource: Resource, key: string): Row | null {
  return ofSession.get(session)?.get(nameOf(resource, key)) ?? null;
}
