// What a reader can tell a table to do, by keys, headings or the panel of columns.

import type { Say } from "../../model/messages";
import type { Session } from "../../state/session";
import { type Column, DISTANCE, type Placed } from "./columns";
import type { Grid } from "./keyboard";
import type { Lines } from "./lines";
import type { MESSAGES } from "./messages";
import { type Bounds, ordered, type Spot } from "./moves";
import type { Scrolling } from "./scrolling";
import type { Widths } from "./widths";
import type { Writing } from "./writing";

/** The table that is told. */
export interface Commanded {
  readonly session: Session | null;
  readonly lines: Lines | null;
  readonly columns: readonly Placed[];
  readonly scrolling: Scrolling;
  readonly writing: Writing;
  readonly widths: Widths;
  readonly say: Say<keyof (typeof MESSAGES)["fr"]>;
  /** Say something to readers who listen. */
  tell(text: string): void;
}

export class Commands implements Grid {
  constructor(private readonly table: Commanded) {}

  get spot(): Spot {
    return this.table.scrolling.spot;
  }

  get bounds(): Bounds {
    return this.table.scrolling.bounds;
  }

  go(spot: Spot): void {
    this.table.writing.refusal = "";
    this.table.scrolling.go(spot);
  }

  open(): void {
    const { session, lines } = this.table;
    const line = lines?.at(this.spot.row);
    if (!line) return;
    if (line.key === null) session!.review();
    else session!.open(line.key);
  }

  write(letter?: string): boolean {
    return this.table.writing.begin(letter);
  }

  clear(): void {
    this.table.writing.clear();
  }

  act(): boolean {
    const cell = this.table.scrolling.cellAt(this.spot);
    const found = cell?.querySelector<HTMLElement>("a, retouche-long-text, retouche-picture");
    found?.click();
    return !!found;
  }

  sort(more: boolean): void {
    const column = this.table.columns[this.spot.column];
    if (column && column.field !== DISTANCE && !this.table.session!.state.near) {
      this.order(column, more);
    }
  }

  widen(by: number): void {
    const column = this.table.columns[this.spot.column];
    if (column) this.resize(column, by);
  }

  /** Let a column put the rows in order: the first time up, then down, then not. */
  order({ field, label }: Column, more: boolean): void {
    const { session, say } = this.table;
    const order = ordered(session!.order, field.name, more);
    const now = order.find((one) => one.field === field.name);
    const said = now ? (now.descending ? "sorted_down" : "sorted_up") : "unsorted";
    this.table.tell(say(said, { column: label }));
    session!.ask({ order });
  }

  /** Make a column wider, by pixels. */
  resize(column: Column, by: number): void {
    const placed = this.table.columns.find((one) => one.field === column.field) ?? column;
    const width = this.table.widths.set(column, placed.width + by);
    this.table.tell(this.table.say("width", { column: column.label, width }));
  }
}
