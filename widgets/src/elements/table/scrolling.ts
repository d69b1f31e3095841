// Where a reader is in a table: which rows and columns are in sight, and which cell has the focus.

import { GUTTER, inSight, type Placed, widthOf } from "./columns";
import type { Bounds, Spot } from "./moves";
import { RowWindow } from "./window";

/** What is scrolled. */
export interface Scrolled {
  readonly renderRoot: HTMLElement | DocumentFragment;
  readonly columns: readonly Placed[];
  requestUpdate(): void;
  /** The reader rests: what is in sight will stay there for a while. */
  rested(): void;
}

const HEAD = 52;
const USUAL_LETTERS = 16;
/** Room that a note takes, in pixels. */
const NOTE = { width: 328, height: 120 };
/** Milliseconds without a step after which a reader is taken to rest. */
const REST = 120;

export class Scrolling {
  readonly window = new RowWindow();
  /** How many times larger than usual a reader wants letters: headings and rows grow with them. */
  readonly enlarged = Math.max(
    1,
    parseFloat(getComputedStyle(document.documentElement).fontSize) / USUAL_LETTERS,
  );
  /** Height of the headings, in pixels. */
  readonly head = HEAD * this.enlarged;
  spot: Spot = { row: 0, column: -1 };
  /** Width of the box, in pixels; 0 before it was measured. */
  across = 0;
  private left = 0;
  private height = 0;
  private drawn = "";
  private focusing = false;
  private resting: ReturnType<typeof setTimeout> | null = null;
  private watched: Element | null = null;
  private readonly watch = new ResizeObserver(() => this.measure());

  constructor(private readonly table: Scrolled) {}

  /** There are so many rows of this height. */
  resize(rows: number, rowHeight: number): void {
    const most = rows * rowHeight;
    this.window.resize(rows, rowHeight, Math.max(rowHeight, Math.min(most, this.height)));
    const { row, column } = this.spot;
    this.spot = {
      row: Math.min(row, Math.max(rows, 1) - 1),
      column: Math.min(column, this.table.columns.length - 1),
    };
  }

  /** The columns to draw. */
  get inSight(): Placed[] {
    return inSight(this.table.columns, this.left, this.across, this.spot.column);
  }

  get bounds(): Bounds {
    const { rows, step } = this.window;
    return { rows, columns: this.table.columns.length, step };
  }

  /** Of the last column that stays in sight; -1 where only the buttons do. */
  get edge(): number {
    return this.table.columns.filter((one) => one.frozen).length - 1;
  }

  /** To be called when the box was scrolled. */
  readonly scrolled = (): void => {
    const box = this.box!;
    this.left = box.scrollLeft;
    this.window.scrolled(box.scrollTop);
    if (this.window.scale !== 1 || this.drawn !== this.signature) this.table.requestUpdate();
    this.rest();
  };

  /** To be called before each drawing: a row that comes for its ghost must not lose the focus. */
  willUpdate(): void {
    const active = (this.table.renderRoot as ShadowRoot | undefined)?.activeElement;
    if (active?.matches(".cell")) this.focusing = true;
  }

  /** To be called after each drawing. */
  updated(): void {
    this.drawn = this.signature;
    const { box } = this;
    if (this.watched !== box) {
      this.watch.disconnect();
      if (box) this.watch.observe(box);
      this.watched = box;
      this.measure();
    }
    if (this.focusing) {
      this.focusing = false;
      const cell = this.cellAt(this.spot);
      if (cell && !cell.matches(":focus-within")) cell.focus({ preventScroll: true });
    }
    this.rest();
  }

  /** Give a cell the focus, and bring it in sight. */
  go(spot: Spot): void {
    this.spot = spot;
    this.focusing = true;
    this.show();
    this.table.requestUpdate();
  }

  /** Bring the cell in focus in sight. */
  show(): void {
    const { row, column } = this.spot;
    const { box } = this;
    if (!box) return;
    const top = row >= 0 ? this.window.show(row) : null;
    if (top !== null) box.scrollTop = top;
    const placed = this.table.columns[column];
    if (!placed || placed.frozen) return;
    const stays = this.table.columns[this.edge];
    const start = placed.left - (stays ? stays.left + stays.width : GUTTER);
    const end = placed.left + placed.width - this.across;
    if (box.scrollLeft > start) box.scrollLeft = start;
    else if (box.scrollLeft < end) box.scrollLeft = Math.min(end, start);
  }

  /** Other rows are shown: from the first one on. */
  restart(): void {
    const { box } = this;
    if (!box) return;
    box.scrollTop = 0;
    this.window.scrolled(0);
    if (this.spot.row > 0) this.spot = { ...this.spot, row: 0 };
  }

  cellAt({ row, column }: Spot): HTMLElement | null {
    return this.table.renderRoot.querySelector(`[data-row="${row}"][data-column="${column}"]`);
  }

  /** The cell that an event happened in. */
  spotOf(event: Event): Spot | null {
    for (const one of event.composedPath()) {
      const { row, column } = (one as HTMLElement).dataset ?? {};
      if (row !== undefined && column !== undefined) {
        return { row: Number(row), column: Number(column) };
      }
    }
    return null;
  }

  /** Where a note on the cell in focus stands: below it, or above where there is no room. */
  get beside(): { top: number; left: number; above: boolean } {
    const { row, column } = this.spot;
    const { window } = this;
    const placed = this.table.columns[column];
    const left = (placed?.left ?? 0) + (!placed || placed.frozen ? this.left : 0);
    const most = Math.max(0, this.left + this.across - NOTE.width);
    const { last } = window.sight;
    const above = row > 3 && (last - row) * window.rowHeight < NOTE.height;
    const top = this.head + window.topOf(row) + (above ? 0 : window.rowHeight);
    return { top: row < 0 ? this.head : top, left: Math.min(left, most), above };
  }

  get width(): number {
    return widthOf(this.table.columns);
  }

  close(): void {
    this.watch.disconnect();
    this.watched = null;
    if (this.resting) clearTimeout(this.resting);
  }

  private get box(): HTMLElement | null {
    return this.table.renderRoot.querySelector(".scroller");
  }

  private get signature(): string {
    const rows = this.window.drawn(this.spot.row);
    const columns = this.inSight;
    return `${rows[0]} ${rows.at(-1)} ${rows.length} ${columns.map((one) => one.index)}`;
  }

  private measure(): void {
    const { box } = this;
    if (!box) return;
    const { maxHeight } = getComputedStyle(box);
    const most = maxHeight.endsWith("px") ? parseFloat(maxHeight) : box.clientHeight;
    // A box without a limit is as high as all rows: then those in the window are drawn, at most.
    const height = Math.max(0, Math.min(most, Math.max(box.clientHeight, innerHeight)) - this.head);
    if (box.clientWidth === this.across && height === this.height) return;
    this.across = box.clientWidth;
    this.height = height;
    this.table.requestUpdate();
  }

  private rest(): void {
    if (this.resting) clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      this.resting = null;
      this.settle();
      this.table.rested();
    }, REST);
  }

  /** Let the scroll bar of a very long table agree with the rows in sight. */
  private settle(): void {
    const { box, window } = this;
    if (!box || window.scale === 1 || Math.abs(box.scrollTop - window.rest) < 2) return;
    // The reader has scrolled on and we have not been told yet: that step counts, not this rest.
    if (Math.abs(box.scrollTop - window.heard) > 2) return;
    box.scrollTop = window.settle();
    this.table.requestUpdate();
  }
}
