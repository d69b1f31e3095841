// The widths that a reader gives to columns: by holding their edge, by keys, or as the cells need.

import { clamped, type Column, type Placed } from "./columns";

/** What has columns. */
export interface Columned {
  readonly renderRoot: HTMLElement | DocumentFragment;
  requestUpdate(): void;
}

/** Room around the text of a cell, and of a heading with its mark. */
const AROUND = 22;
const AROUND_HEADING = 44;

export class Widths {
  /** The name of the field whose edge is held. */
  held: string | null = null;
  private readonly chosen = new Map<string, number>();

  constructor(private readonly table: Columned) {}

  /** Columns as wide as the reader wants them. */
  applied(columns: readonly Column[]): Column[] {
    return columns.map((one) => {
      const width = this.chosen.get(one.field.name);
      return width === undefined ? one : { ...one, width, fixed: true };
    });
  }

  /** Make a column as wide; gives the width that it got. */
  set(column: Column, width: number): number {
    const got = clamped(width);
    this.chosen.set(column.field.name, got);
    this.table.requestUpdate();
    return got;
  }

  clear(): void {
    this.chosen.clear();
  }

  /** The edge of a column is held: the column follows the pointer until it is let go. */
  readonly grab = (event: PointerEvent, column: Placed): void => {
    if (event.button !== 0) return;
    event.preventDefault();
    const grip = event.currentTarget as HTMLElement;
    const start = event.clientX;
    const follow = (moved: PointerEvent): void => {
      this.set(column, column.width + moved.clientX - start);
    };
    const letGo = (): void => {
      grip.removeEventListener("pointermove", follow);
      this.held = null;
      this.table.requestUpdate();
    };
    grip.setPointerCapture(event.pointerId);
    grip.addEventListener("pointermove", follow);
    grip.addEventListener("lostpointercapture", letGo, { once: true });
    this.held = column.field.name;
    this.table.requestUpdate();
  };

  /** Make a column as wide as its drawn cells need. */
  readonly fit = (column: Placed): void => {
    const cells = this.table.renderRoot.querySelectorAll(`.c${column.index}`);
    const needed = [...cells].map((cell) => {
      const heading = cell.classList.contains("heading");
      const around = heading ? AROUND_HEADING : AROUND;
      return contentWidth(heading ? cell.querySelector(".label")! : cell) + around;
    });
    this.set(column, Math.max(...needed));
  };
}

function contentWidth(element: Element): number {
  const range = document.createRange();
  range.selectNodeContents(element);
  const { left, right } = range.getBoundingClientRect();
  return Math.ceil(right - left);
}
