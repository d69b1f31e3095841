// Where a row is found: its own page, or the host page with its card open.

import type { Resource } from "../../model/field";
import { writeState } from "../../state/address";
import type { Session } from "../../state/session";

/** The address of a row's own page; null where rows have none, as in a static export. */
export function pageOf(resource: Resource, key: string): string | null {
  const { page } = resource.descriptor.links;
  return page ? `${page}/${key}` : null;
}

/** The address that a link to a row has: its page, else the host page with its card open. */
export function addressOf(session: Session, resource: Resource, key: string): string | null {
  if (!resource.keyed) return null;
  const page = pageOf(resource, key);
  if (page || session.prefix === null) return page;
  const state = { ...session.state, row: key };
  return `${location.pathname}${writeState(location.search, session.prefix, state)}`;
}

/** Whether a click asks for the card in place, not for another tab or window. */
export function isPlainClick(event: MouseEvent): boolean {
  return event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
}
