// The cell that is edited, why others cannot be, and what the clipboard brings and takes.

import type { Field } from "../../model/field";
import type { Say } from "../../model/messages";
import type { Session } from "../../state/session";
import { cellWords } from "../cell/cell";
import { controlOf } from "../editing/control";
import { DISTANCE, type Placed } from "./columns";
import { type Edited, fill, refused, write } from "./editing";
import { type Line, type Lines, textOf } from "./lines";
import type { MESSAGES } from "./messages";
import { block, copied, moved } from "./moves";
import type { Scrolling } from "./scrolling";

/** Controls in which a first letter stands for the whole new text. */
const TYPED = new Set(["line", "number", "date", "long"]);

/** The table that is written in. */
export interface Written {
  readonly session: Session | null;
  readonly lines: Lines | null;
  readonly columns: readonly Placed[];
  readonly scrolling: Scrolling;
  readonly renderRoot: HTMLElement | DocumentFragment;
  readonly updateComplete: Promise<unknown>;
  readonly say: Say<keyof (typeof MESSAGES)["fr"]>;
  requestUpdate(): void;
  /** Say something to readers who listen. */
  tell(text: string): void;
}

type Control = HTMLElement & { updateComplete?: Promise<unknown>; select?: () => void };

export class Writing {
  edited: Edited | null = null;
  /** Why the cell in focus cannot be written; empty when nobody asked. */
  refusal = "";
  /** Whether the control of the edited cell is one that letters are typed in. */
  private byLetters = false;

  constructor(private readonly table: Written) {}

  /** Whether corrections are offered here. */
  get offered(): boolean {
    const { session, lines } = this.table;
    return !!session && !!lines && session.editable(lines.resource);
  }

  /** Have the controls at hand before they are needed. */
  readonly prepare = (): void => {
    if (this.offered) void import("../editing/input").catch(() => undefined);
  };

  /** A key of somebody who writes. False where it is for the control, or for nobody. */
  pressed(event: KeyboardEvent): boolean {
    const { key } = event;
    if (key === "Tab") {
      this.commit(event.shiftKey ? "ArrowLeft" : "ArrowRight");
      return true;
    }
    const reached = (event.target as Element).closest("retouche-input") !== null;
    if (reached || !this.edited) return false;
    // The control is still on its way to the page: what is typed meanwhile is not lost.
    if (key === "Escape") this.cancel();
    else if (key === "Enter") this.commit("ArrowDown");
    else if (!this.byLetters || [...key].length > 1 || event.ctrlKey || event.metaKey) return false;
    else this.typed(`${this.edited.text ?? ""}${key}`);
    return true;
  }

  /** Edit the cell in focus, from a first letter on. False where nothing is ever written. */
  begin(letter?: string): boolean {
    const at = this.here();
    if (!this.offered || !at) return false;
    const { line, field } = at;
    if (field === DISTANCE) return false;
    if (refused(field, line)) {
      void this.refuse(field, line);
      return true;
    }
    void this.edit(line, field, letter);
    return true;
  }

  readonly typed = (text: string | null): void => {
    const { edited } = this;
    const line = this.lineOfEdited();
    if (!edited || !line) return;
    edited.text = text;
    write(this.table.session!, line, edited.field, text);
    this.table.requestUpdate();
  };

  /** What was written stays; the focus goes on, or (no key) stays where a reader put it. */
  commit(key: "ArrowDown" | "ArrowRight" | "ArrowLeft" | null): void {
    if (!this.edited) return;
    const { scrolling } = this.table;
    this.edited = null;
    if (key) scrolling.go(moved(scrolling.spot, key, false, scrolling.bounds)!);
    this.table.requestUpdate();
  }

  readonly cancel = (): void => {
    const line = this.lineOfEdited();
    if (this.edited && line)
      write(this.table.session!, line, this.edited.field, this.edited.before);
    this.edited = null;
    this.table.scrolling.go(this.table.scrolling.spot);
  };

  /** Empty the cell in focus. */
  clear(): void {
    const at = this.here();
    if (!this.offered || !at || at.field === DISTANCE) return;
    if (refused(at.field, at.line)) void this.refuse(at.field, at.line);
    else write(this.table.session!, at.line, at.field, null);
  }

  readonly copy = (event: ClipboardEvent): void => {
    const at = this.here();
    const chosen = document.getSelection();
    if (this.edited || !at || (chosen && !chosen.isCollapsed)) return;
    const text = textOf(at.line, at.field.name) ?? "";
    event.clipboardData?.setData("text/plain", copied(text));
    event.preventDefault();
    const { session, say } = this.table;
    this.table.tell(say("copied", { text: cellWords(at.field, text, session!.locale) }));
  };

  readonly paste = (event: ClipboardEvent): void => {
    const { session, lines, columns, scrolling, say } = this.table;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (this.edited || !this.offered || !text || !this.here()) return;
    event.preventDefault();
    const fields = columns.map((one) => one.field);
    const { count, left } = fill(session!, scrolling.spot, block(text), fields, (row) =>
      lines!.at(row),
    );
    this.table.tell(say(left ? "filled_less" : "filled", { count, left }));
    if (!count) this.begin();
  };

  /** The row and field of the cell in focus; null for headings, buttons and rows not read yet. */
  here(): { line: Line; field: Field } | null {
    const { lines, columns, scrolling } = this.table;
    const { row, column } = scrolling.spot;
    const line = row >= 0 ? lines?.at(row) : null;
    const field = columns[column]?.field;
    return line && field ? { line, field } : null;
  }

  private lineOfEdited(): Line | null {
    const line = this.edited ? this.table.lines?.at(this.edited.spot.row) : null;
    return line && line.id === this.edited!.id ? line : null;
  }

  private async edit(line: Line, field: Field, letter?: string): Promise<void> {
    const { scrolling } = this.table;
    const before = textOf(line, field.name);
    this.byLetters = TYPED.has(controlOf(field, before));
    scrolling.show();
    this.edited = { spot: { ...scrolling.spot }, id: line.id, field, text: before, before };
    this.refusal = "";
    if (letter !== undefined && this.byLetters) this.typed(letter);
    this.table.requestUpdate();
    await import("../editing/input");
    await this.table.updateComplete;
    const control = this.table.renderRoot.querySelector<Control>("retouche-input");
    await control?.updateComplete;
    if (!this.edited || !control) return;
    control.focus();
    if (letter === undefined) control.select?.();
    else afterText(control);
  }

  private async refuse(field: Field, line: Line): Promise<void> {
    const { session, say } = this.table;
    let words = say("removed_row");
    if (refused(field, line) === "field") {
      const { lockedBecause } = await import("../editing/hints");
      words = lockedBecause(field, session!.locale, line.key === null);
    }
    this.refusal = words;
    this.table.tell(words);
    this.table.requestUpdate();
  }
}

/** Put the caret after what is written, whatever the focus did to it. */
function afterText(control: HTMLElement): void {
  const line = control.shadowRoot?.querySelector<HTMLInputElement>("input[type=text], textarea");
  line?.setSelectionRange(line.value.length, line.value.length);
}
