// Places and widths of columns, as one style sheet: a resize touches no cell. Made by the CSSOM,
// which every content security policy lets pass.

import type { Placed } from "./columns";
import { GUTTER } from "./columns";

export class ColumnSheet {
  readonly sheet = new CSSStyleSheet();
  private written = "";

  /** Put columns where they stand; rows are `rowHeight` pixels high. */
  write(columns: readonly Placed[], rowHeight: number): void {
    const rules = [
      `.canvas{--_row:${rowHeight - 1}px}`,
      `.row{height:${rowHeight}px}`,
      `.gutter{position:sticky;left:0;z-index:1;width:${GUTTER}px}`,
      ...columns.map(rule),
    ].join("\n");
    if (rules === this.written) return;
    this.written = rules;
    this.sheet.replaceSync(rules);
  }
}

function rule({ index, left, width, frozen }: Placed): string {
  return frozen
    ? `.c${index}{position:sticky;left:${left}px;z-index:1;width:${width}px}`
    : `.c${index}{position:absolute;top:0;left:${left}px;width:${width}px}`;
}
