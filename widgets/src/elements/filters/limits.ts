// The least and the greatest value of a field, to say what a range can be.

import type { Field } from "../../model/field";
import { fitsBound } from "../../state/conditions";
import type { Session } from "../../state/session";
import type { Limits } from "./range";

/** The limits of fields among all rows that the page lets a reader see. */
export async function limitsOf(
  session: Session,
  fields: readonly Field[],
): Promise<{ [field: string]: Limits }> {
  const found = await Promise.all(
    fields.map(async (field): Promise<[string, Limits]> => {
      const [least, greatest] = await Promise.all([
        extreme(session, field, false),
        extreme(session, field, true),
      ]);
      return [field.name, { least, greatest }];
    }),
  );
  return Object.fromEntries(found);
}

/** Rows go by type, missing ones last: the first row has it, unless it is no value of the type. */
async function extreme(session: Session, field: Field, descending: boolean): Promise<string> {
  const query = {
    filters: session.filtersWith({}),
    order: [{ field: field.name, descending }],
  };
  const { rows } = await session.page(1, 1, { query, columns: [field.name] });
  const text = rows[0]?.[field.name] ?? "";
  return fitsBound(text, field) ? text : "";
}
