// Writing in the cells of a table: one is edited at a time, others are cleared or pasted over.
// What is written goes to the draft; nothing is sent from here.

import type { Field } from "../../model/field";
import type { Session } from "../../state/session";
import { asWritten } from "../editing/control";
import { type Line, textOf } from "./lines";
import type { Spot } from "./moves";

/** Cells that one paste may fill. */
export const MOST_FILLED = 2000;

export interface Edited {
  readonly spot: Spot;
  /** Identity of the row in the draft. */
  readonly id: string;
  readonly field: Field;
  /** What is written so far. */
  text: string | null;
  /** What the cell said before. */
  readonly before: string | null;
}

/** Why a cell cannot be written: by its field, or because its row goes. */
export type Refusal = "field" | "removed";

/** Why a cell cannot be written now; null when it can. */
export function refused(field: Field, line: Line): Refusal | null {
  if (line.change?.op === "delete") return "removed";
  const { derived, locked } = field.descriptor.retouche ?? {};
  if (derived || locked || (field.isKey && line.change?.op !== "insert")) return "field";
  return null;
}

/** Write a cell to the draft. A text that is empty is a missing value. */
export function write(session: Session, line: Line, field: Field, text: string | null): void {
  const { resource } = session;
  const value = text === "" ? null : text;
  if ((textOf(line, field.name) ?? null) === value) return;
  if (line.change?.op === "insert") {
    session.draft.add(resource, { ...line.row, [field.name]: value }, line.id);
  } else {
    session.draft.set(resource, line.row, field.name, value);
  }
}

/** Fill cells to the right of and below a spot. Gives how many were filled, and how many not. */
export function fill(
  session: Session,
  from: Spot,
  texts: readonly (readonly string[])[],
  fields: readonly Field[],
  lineAt: (row: number) => Line | null,
): { count: number; left: number } {
  let count = 0;
  let left = 0;
  texts.forEach((cells, down) => {
    const line = lineAt(from.row + down);
    cells.forEach((text, right) => {
      const field = fields[from.column + right];
      if (!line || !field || count >= MOST_FILLED || refused(field, line)) left += 1;
      else {
        const now = lineAt(from.row + down)!;
        write(session, now, field, asWritten(text, textOf(now, field.name)));
        count += 1;
      }
    });
  });
  return { count, left };
}
