// What happens to the cells of a grid: keys, focus, clicks.

import type { Commands, Commanded } from "./commands";
import { pressed } from "./keyboard";

export class GridEvents {
  /** Whether the focus comes by a pointer, which is where it looks. */
  private byPointer = false;

  constructor(
    private readonly table: Commanded & { requestUpdate(): void },
    private readonly commands: Commands,
  ) {}

  readonly pointed = (): void => {
    this.byPointer = true;
  };

  readonly pressed = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const control = (event.target as Element).closest("retouche-input");
    if (
      this.table.writing.edited
        ? this.table.writing.pressed(event)
        : !control && pressed(this.commands, event)
    ) {
      event.preventDefault();
    }
  };

  readonly focused = (event: FocusEvent): void => {
    this.table.writing.prepare();
    const spot = this.table.scrolling.spotOf(event);
    const { row, column } = this.table.scrolling.spot;
    if (spot && (spot.row !== row || spot.column !== column)) {
      this.table.scrolling.spot = spot;
      this.table.writing.refusal = "";
      this.table.requestUpdate();
    }
    if (!this.byPointer && !this.table.writing.edited) this.table.scrolling.show();
    this.byPointer = false;
  };

  readonly left = (event: FocusEvent): void => {
    const { edited } = this.table.writing;
    if (!edited || !document.hasFocus()) return;
    const cell = this.table.scrolling.cellAt(edited.spot);
    if (!cell?.contains(event.relatedTarget as Node | null)) this.table.writing.commit(null);
  };

  readonly clicked = (event: MouseEvent): void => {
    this.byPointer = false;
    if ((event.target as Element).closest("[data-open]")) this.commands.open();
  };

  readonly clickedTwice = (event: MouseEvent): void => {
    const spot = this.table.scrolling.spotOf(event);
    const inside = (event.target as Element).closest("a, button, retouche-input");
    if (spot && spot.row >= 0 && spot.column >= 0 && !inside) this.table.writing.begin();
  };
}
