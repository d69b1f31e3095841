// Counts and figures over rows of a static export, as `facets` and `aggregate` of the API give them.

import type { Facets, Group, Measured } from "./source";
import { Problem } from "./source";
import type { Cell, StaticColumn, StaticTable } from "./static-table";

const MOST_VALUES = 1000;
const MOST_BY = 2;

/** How many rows hold each value: most frequent first, then in the field's order. */
export function facetsOf(
  table: StaticTable,
  positions: readonly number[],
  fields: readonly string[],
): Facets {
  return Object.fromEntries(
    fields.map((field) => {
      const column = table.column(field);
      const counts = new Map<Cell, number>();
      for (const at of positions) {
        const cell = column.cells[at] ?? null;
        counts.set(cell, (counts.get(cell) ?? 0) + 1);
      }
      const values = [...counts]
        .sort(([one, many], [other, more]) => more - many || column.place(one) - column.place(other))
        .slice(0, MOST_VALUES)
        .map(([value, count]) => ({ value: value ?? "", count }));
      return [field, values];
    }),
  );
}

/** One group per value of `by`: most rows first, then in the order of the fields. */
export function groupsOf(
  table: StaticTable,
  positions: readonly number[],
  by: readonly string[],
  measures: readonly Measured[],
): Group[] {
  if (by.length > MOST_BY || new Set(by).size < by.length) throw new Problem("malformed", "by", 400);
  const columns = by.map((one) => table.column(one));
  const groups = new Map<string, number[]>();
  for (const at of positions) {
    const key = columns.map((one) => one.place(one.cells[at] ?? null)).join(" ");
    const group = groups.get(key);
    if (group) group.push(at);
    else groups.set(key, [at]);
  }
  if (!by.length && !groups.size) groups.set("", []);
  const asked = measures
    .filter(({ operation, field }) => operation !== "count" && field)
    .map(({ operation, field }) => ({
      name: `${operation}_${field}`,
      measure: measureOf(table.column(field!), operation),
    }));
  const order = (group: Group): number[] => columns.map((one, at) => one.place(group.by[at] ?? null));
  return [...groups.values()]
    .map((members) => ({
      by: columns.map((one) => one.cells[members[0] ?? -1] ?? null),
      count: members.length,
      numbers: Object.fromEntries(asked.map(({ name, measure }) => [name, measure(members)])),
    }))
    .sort((one, other) => other.count - one.count || compare(order(one), order(other)));
}

type Measure = (positions: readonly number[]) => number | null;

function measureOf(column: StaticColumn, operation: Measured["operation"]): Measure {
  if (!column.typing.numeric) return extremeOf(column, operation);
  const decimals = operation === "sum" ? decimalsOf(column) : 0;
  return (positions) => {
    const numbers = positions
      .map((at) => column.number(column.cells[at] ?? null))
      .filter((one): one is number => one !== null);
    if (!numbers.length) return null;
    if (operation === "min") return numbers.reduce((one, other) => Math.min(one, other));
    if (operation === "max") return numbers.reduce((one, other) => Math.max(one, other));
    const sum = numbers.reduce((one, other) => one + other, 0);
    // A sum has no more decimals than its numbers: what follows is the noise of floats.
    return operation === "mean" ? sum / numbers.length : Number(sum.toFixed(decimals));
  };
}

/** The least or greatest text of a field that is no number, as far as it says a number. */
function extremeOf(column: StaticColumn, operation: Measured["operation"]): Measure {
  if (operation === "sum" || operation === "mean") {
    throw new Problem("malformed", column.descriptor.name, 400);
  }
  const direction = operation === "min" ? 1 : -1;
  const fits = (cell: Cell): cell is string =>
    cell !== null && (!column.typing.read || column.worth(cell) !== null);
  return (positions) => {
    const texts = positions.map((at) => column.cells[at] ?? null).filter(fits);
    if (!texts.length) return null;
    return Number(
      texts.reduce((one, other) =>
        (column.place(other) - column.place(one)) * direction < 0 ? other : one,
      ),
    );
  };
}

/** The most decimals that a number of the column is written with. */
function decimalsOf(column: StaticColumn): number {
  const sign = column.descriptor.decimalChar ?? ".";
  let most = 0;
  for (const text of column.places.keys()) {
    if (column.number(text) === null) continue;
    const [digits = "", power = "0"] = text.split(/e/i);
    const decimals = (digits.split(sign)[1] ?? "").length - Number(power);
    most = Math.max(most, decimals);
  }
  return Math.min(most, 100);
}

function compare(one: readonly number[], other: readonly number[]): number {
  for (const [at, place] of one.entries()) {
    if (place !== other[at]) return place - other[at]!;
  }
  return 0;
}
