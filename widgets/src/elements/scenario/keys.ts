// The key of a row that a project opens: one that no row has.

import type { Resource, Row } from "../../model/field";
import type { Cells } from "../../sources/source";
import { nextKey } from "../editing/form";
import type { Plan } from "./plan";

/** The cell of a free key; none where keys are not numbered, and somebody has to write one. */
export function freeKey(resource: Resource, rows: readonly Row[], plan: Plan): Cells {
  const [name, ...others] = resource.key;
  const field = resource.field(name ?? "");
  if (!field || others.length || field.foreignKey || !/^(integer|string)$/.test(field.type)) {
    return {};
  }
  const opened = plan.flatMap((one) =>
    one.op === "insert" && one.resource === resource.name ? [one.row] : [],
  );
  const key = nextKey([...rows, ...opened].map((row) => row[field.name] ?? ""));
  return key === null ? {} : { [field.name]: key };
}
