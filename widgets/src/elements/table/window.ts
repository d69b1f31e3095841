// Which rows of a long table are in sight, and where they are drawn. Browsers cannot make a box
// taller than some 17 to 33 million pixels: a longer table is scrolled at a scale. No DOM here.

/** Tallest box that is made, in pixels; taller ones lose their end in some browser. */
export const TALLEST = 8_000_000;
/** Rows drawn above and below those in sight, so that a fast wheel shows no gap. */
const BESIDE = 4;
/** The rows drawn change by so many at a time, not at each step of a wheel. */
const AT_ONCE = 4;

/** The position of a reader in rows of one height. Pixels everywhere. */
export class RowWindow {
  rows = 0;
  rowHeight = 40;
  /** Height in which rows are in sight. */
  viewport = 0;
  /** The position in the full table, and that of the box which stands for it. */
  private full = 0;
  private real = 0;

  /** Height of the box. */
  get height(): number {
    return Math.min(this.rows * this.rowHeight, TALLEST);
  }

  resize(rows: number, rowHeight: number, viewport: number): void {
    const first = this.rowHeight ? this.full / this.rowHeight : 0;
    const same = this.rowHeight === rowHeight && this.rows === rows;
    Object.assign(this, { rows, rowHeight, viewport });
    if (same) return;
    this.full = Math.min(first * rowHeight, this.furthest);
    this.real = this.full / this.scale;
  }

  /** The box was scrolled to here. Small steps move by as much, at whatever scale. */
  scrolled(top: number): void {
    const step = top - this.real;
    this.real = top;
    if (Math.abs(step) < 1.5 && this.scale !== 1) return;
    if (this.scale === 1) this.full = top;
    else if (Math.abs(step) < this.viewport) {
      this.full = Math.min(this.furthest, Math.max(0, this.full + step));
    } else this.full = Math.min(this.furthest, top * this.scale);
  }

  /** Where the box was when it was last heard of. */
  get heard(): number {
    return this.real;
  }

  /** Where the box must be scrolled to agree with the position, once a reader rests. */
  get rest(): number {
    return this.full / this.scale;
  }

  /** Accept that the box is where `rest` says. */
  settle(): number {
    this.real = this.rest;
    return this.real;
  }

  /** Move so that a row is wholly in sight; gives where to scroll the box, null if it was. */
  show(index: number): number | null {
    const top = index * this.rowHeight;
    const bottom = top + this.rowHeight;
    if (top >= this.full && bottom <= this.full + this.viewport) return null;
    this.full = Math.max(0, top < this.full ? top : bottom - this.viewport);
    this.real = this.full / this.scale;
    return this.real;
  }

  /** Where a row is drawn in the box. */
  topOf(index: number): number {
    const top = index * this.rowHeight;
    if (this.scale === 1) return top;
    const drawn = this.real + (top - this.full);
    return Math.min(Math.max(drawn, 0), this.height - this.rowHeight);
  }

  /** First and last row in sight; `last` is before `first` when there are none. */
  get sight(): { first: number; last: number } {
    const first = Math.floor(this.full / this.rowHeight);
    const last = Math.ceil((this.full + this.viewport) / this.rowHeight) - 1;
    return { first: Math.max(0, first), last: Math.min(this.rows - 1, last) };
  }

  /** The rows to draw: those in sight, some beside them, and `kept` wherever it is. */
  drawn(kept: number | null = null): number[] {
    const { first, last } = this.sight;
    const from = Math.max(0, Math.floor((first - BESIDE) / AT_ONCE) * AT_ONCE);
    const until = Math.ceil((last + 1 + BESIDE) / AT_ONCE) * AT_ONCE;
    const to = Math.min(this.rows, until) - 1;
    const found = Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at);
    if (kept !== null && kept >= 0 && kept < this.rows) {
      if (kept < from) found.unshift(kept);
      else if (kept > to) found.push(kept);
    }
    return found;
  }

  /** Whole rows in sight: what Page Up and Page Down move by. */
  get step(): number {
    return Math.max(1, Math.floor(this.viewport / this.rowHeight) - 1);
  }

  private get furthest(): number {
    return Math.max(0, this.rows * this.rowHeight - this.viewport);
  }

  /** Pixels of the full table per pixel of the box. */
  get scale(): number {
    const room = this.height - this.viewport;
    return this.rows * this.rowHeight <= TALLEST || room <= 0 ? 1 : this.furthest / room;
  }
}
