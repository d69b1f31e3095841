// Where the keyboard moves in a grid, how clicks on headers order rows, what a paste holds. No DOM.

import type { Order } from "../../model/query";

/** A cell: row -1 is the header, column -1 the buttons that open rows. */
export interface Spot {
  row: number;
  column: number;
}

export interface Bounds {
  rows: number;
  columns: number;
  /** Rows that Page Up and Page Down move by. */
  step: number;
}

/** The cell that a key leads to; null when the key moves nothing. */
export function moved(spot: Spot, key: string, far: boolean, bounds: Bounds): Spot | null {
  const { row, column } = spot;
  const to = (newRow: number, newColumn: number): Spot => ({
    row: Math.max(-1, Math.min(bounds.rows - 1, newRow)),
    column: Math.max(-1, Math.min(bounds.columns - 1, newColumn)),
  });
  switch (key) {
    case "ArrowUp":
      return to(far ? Math.min(row, 0) : row - 1, column);
    case "ArrowDown":
      return to(far ? bounds.rows - 1 : row + 1, column);
    case "ArrowLeft":
      return to(row, far ? -1 : column - 1);
    case "ArrowRight":
      return to(row, far ? bounds.columns - 1 : column + 1);
    case "Home":
      return far ? to(0, -1) : to(row, -1);
    case "End":
      return far ? to(bounds.rows - 1, bounds.columns - 1) : to(row, bounds.columns - 1);
    case "PageUp":
      return to(Math.max(Math.min(row, 0), row - bounds.step), column);
    case "PageDown":
      return to(row + bounds.step, column);
    default:
      return null;
  }
}

/**
 * The order after a header was chosen: up, down, none. `more` keeps the other fields' order, in
 * front of the new one.
 */
export function ordered(order: readonly Order[], field: string, more: boolean): Order[] {
  const now = order.find((one) => one.field === field);
  const next = !now ? false : now.descending ? null : true;
  if (!more) return next === null ? [] : [{ field, descending: next }];
  if (next === null) return order.filter((one) => one.field !== field);
  if (!now) return [...order, { field, descending: next }];
  return order.map((one) => (one.field === field ? { field, descending: next } : one));
}

/** The cells of a block as spreadsheets copy it: tabs, line ends, quotes around what holds them. */
export function block(text: string): string[][] {
  const rows: string[][] = [[]];
  const cells = /("(?:[^"]|"")*"(?=[\t\r\n]|$)|[^\t\r\n]*)(\t|\r\n|\n|\r|$)/gy;
  for (let match = cells.exec(text); match; match = cells.exec(text)) {
    const [, cell = "", end] = match;
    const quoted = cell.length > 1 && cell.startsWith('"') && cell.endsWith('"');
    rows.at(-1)!.push(quoted ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (!end) break;
    if (end !== "\t") rows.push([]);
  }
  const last = rows.at(-1)!;
  if (rows.length > 1 && last.length === 1 && last[0] === "") rows.pop();
  return rows;
}

/** A cell as spreadsheets read it back. */
export function copied(text: string): string {
  return /[\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
