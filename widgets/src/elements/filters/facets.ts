// The values of the fields that filters are about.

import type { Filters } from "../../model/query";
import type { Facets } from "../../sources/source";
import type { Session } from "../../state/session";

/**
 * The values of fields and how often they occur, each field under the filters of the others: what
 * was not chosen does not vanish.
 */
export async function facetsOf(session: Session, fields: readonly string[]): Promise<Facets> {
  const { filters } = session.state;
  const free = fields.filter((field) => !Object.hasOwn(filters, field));
  const ask = (some: readonly string[], under: Filters): Promise<Facets> =>
    session.source.facets(session.resource.name, some, {
      ...session.query,
      order: [],
      filters: session.filtersWith(under),
    });
  const narrowing = fields
    .filter((field) => Object.hasOwn(filters, field))
    .map((field) => {
      const { [field]: _, ...others } = filters;
      return ask([field], others);
    });
  const found = await Promise.all([...(free.length ? [ask(free, filters)] : []), ...narrowing]);
  return Object.assign(Object.create(null), ...found) as Facets;
}
