// The rows before and after one in the result that a reader walks through.

import type { Resource } from "../../model/field";
import type { Session } from "../../state/session";

/** Rows looked through for the one that is open: one page of the API. */
const MOST = 1000;

export interface Neighbours {
  /** Keys as in URLs, null at an end. */
  before: string | null;
  after: string | null;
  /** From 1 on. */
  rank: number;
  total: number;
}

/** Where a row stands among the first rows of the result; null when it is not one of them. */
export async function neighboursOf(
  session: Session,
  resource: Resource,
  key: string,
): Promise<Neighbours | null> {
  const { rows, total } = await session.page(1, MOST, { columns: resource.key });
  const keys = rows.map((row) => resource.keyOf(row));
  const at = keys.indexOf(key);
  if (at < 0) return null;
  return { before: keys[at - 1] ?? null, after: keys[at + 1] ?? null, rank: at + 1, total };
}
