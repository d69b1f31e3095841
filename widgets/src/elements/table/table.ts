// The table view: a grid that scrolls over the whole answer, is sorted, and is written in.

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { type Say, speaker } from "../../model/messages";
import { inLanguage } from "../../model/texts";
import type { TableView } from "../../model/views";
import { requestLabels } from "../../state/labels";
import type { Session } from "../../state/session";
import { controls, theme } from "../../styles/theme";
import { cellStyles } from "../cell/cell";
import { ViewElement } from "../view";
import { body } from "./body";
import { chooser } from "./chooser";
import { Commands } from "./commands";
import {
  askedFields,
  type Column,
  columnsOf,
  distanceIn,
  place,
  type Placed,
  stretched,
} from "./columns";
import { GridEvents } from "./events";
import { headings } from "./headings";
import { Lines, textOf } from "./lines";
import { MESSAGES } from "./messages";
import { failure, type Note, noteBeside, nothingThere } from "./notices";
import { RowPages } from "./pages";
import { Scrolling } from "./scrolling";
import { ColumnSheet } from "./sheet";
import { tableStyles } from "./styles";
import { Widths } from "./widths";
import { Writing } from "./writing";

const LOW = 36;
const TALL = 52;
const TALLER = 72;
/** Narrower tables, in pixels, have tall rows: their texts need three lines. */
const NARROW = 480;
const PAGE = 100;
/** Rows drawn before it is known how many there are. */
const GHOSTS = 8;

/**
 * Rows and columns: sorted, resized and corrected by mouse and keyboard. Pages of rows are read as
 * they come in sight.
 *
 * @csspart bar - the buttons above the rows
 * @csspart table - the box that scrolls
 * @cssprop --retouche-table-height - how high the box is at most; `600px` if left out
 */
export class RetoucheTable extends ViewElement<TableView> {
  static override properties = {
    unwanted: { state: true },
    tall: { state: true },
    choosing: { state: true },
    told: { state: true },
  };
  static override styles = [theme, controls, cellStyles, tableStyles];
  readonly viewType = "table" as const;

  /** Names of the columns that a reader does not want to see. */
  declare private unwanted: ReadonlySet<string>;
  /** Whether rows are tall; null where nobody chose. */
  declare private tall: boolean | null;
  declare private choosing: boolean;
  /** What is said to readers who listen. */
  declare private told: string;

  readonly scrolling = new Scrolling(this);
  lines: Lines | null = null;
  columns: Placed[] = [];
  private all: Column[] = [];
  readonly widths = new Widths(this);
  readonly writing = new Writing(this);
  private readonly commands = new Commands(this);
  private readonly events = new GridEvents(this, this.commands);
  private readonly pages = new RowPages(() => this.requestUpdate());
  private readonly sheet = new ColumnSheet();
  private generation = 0;

  constructor() {
    super();
    this.unwanted = new Set();
    this.tall = null;
    this.choosing = false;
    this.told = "";
  }

  /** All fields, where the descriptor says nothing of a table. */
  protected override viewWithout(): TableView {
    return { type: "table" };
  }

  get say(): Say<keyof (typeof MESSAGES)["fr"]> {
    return speaker(MESSAGES, this.session?.locale ?? "fr");
  }

  tell(text: string): void {
    this.told = text;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.choose(false);
    this.scrolling.close();
    this.pages.close();
  }

  protected override createRenderRoot(): HTMLElement | DocumentFragment {
    const root = super.createRenderRoot() as ShadowRoot;
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, this.sheet.sheet];
    return root;
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    this.scrolling.willUpdate();
    if (changed.has("view") && changed.get("view")) {
      this.unwanted = new Set();
      this.widths.clear();
      this.writing.edited = null;
    }
    if (this.session && this.view) this.prepare(this.session, this.view);
  }

  /** Columns where they stand, the rows asked for, those that are there. */
  private prepare(session: Session, view: TableView): void {
    const { resource, locale } = session;
    this.all = this.widths.applied(columnsOf(view, resource, locale));
    const shown = this.all.filter((one) => !this.unwanted.has(one.field.name));
    const frozen = Math.min(view.frozen ?? 1, shown.length);
    const columns = askedFields(shown, resource);
    if (session.state.near) shown.splice(Math.max(1, frozen), 0, distanceIn(locale));
    this.columns = place(stretched(shown, this.scrolling.across), frozen, this.scrolling.across);
    const size = view.page_size ?? PAGE;
    const { query, reads } = session;
    this.pages.ask({
      resource: resource.name,
      query,
      columns,
      size,
      reads,
      page: (page) => session.page(page, size, { resource: resource.name, query, columns }),
    });
    this.lines = new Lines(session, resource, this.pages);
    const rows = this.lines.count ?? (this.pages.problem ? 0 : GHOSTS);
    const usual = this.isTall ? (this.isNarrow ? TALLER : TALL) : LOW;
    const rowHeight = Math.round(usual * this.scrolling.enlarged);
    this.scrolling.resize(rows, rowHeight);
    this.sheet.write(this.columns, rowHeight);
  }

  protected override updated(): void {
    if (!this.lines) return;
    if (this.pages.generation !== this.generation) {
      if (this.generation) this.scrolling.restart();
      this.generation = this.pages.generation;
    }
    const { first, last } = this.scrolling.window.sight;
    const { lead } = this.lines;
    this.pages.need(Math.max(0, first - lead), Math.max(0, last - lead));
    this.scrolling.updated();
  }

  /**
   * Ask for marks and labels of the rows in sight.
   * @internal
   */
  rested(): void {
    const { session, lines } = this;
    if (!session || !lines) return;
    const { first, last } = this.scrolling.window.sight;
    const found = [];
    for (let row = first; row <= last; row += 1) {
      const line = lines.at(row);
      if (line) found.push(line);
    }
    const keys = found.flatMap((line) => (line.key === null ? [] : [line.key]));
    if (keys.length) session.pendingOn(lines.resource.name, keys);
    for (const { field } of this.scrolling.inSight) {
      if (!field.foreignKey) continue;
      requestLabels(
        session,
        field,
        found.map((line) => textOf(line, field.name)),
      );
    }
  }

  protected draw(session: Session, view: TableView): TemplateResult {
    const { say, scrolling, lines, events } = this;
    const editable = this.writing.offered;
    const title = inLanguage(view.title, session.locale) || lines!.resource.title(session.locale);
    return html`${this.bar()}${failure(this.pages.problem, say, () => this.pages.retry())}
      <div class="frame">
        <div class="scroller" part="table" @scroll=${scrolling.scrolled}>
          <div
            class="canvas ${this.pages.stale ? "dim" : ""} ${this.isTall ? "tall" : ""} ${
              this.isNarrow ? "narrow" : ""
            }"
            .style=${`width:${scrolling.width}px;height:${this.height}px`}
          >
            <div
              role="grid"
              aria-label=${title}
              aria-describedby="help"
              aria-rowcount=${lines!.count === null ? -1 : lines!.count + 1}
              aria-colcount=${this.columns.length + 1}
              aria-busy=${this.pages.total === null || this.pages.stale ? "true" : "false"}
              @keydown=${events.pressed}
              @focusin=${events.focused}
              @focusout=${events.left}
              @pointerdown=${events.pointed}
              @click=${events.clicked}
              @dblclick=${events.clickedTwice}
              @copy=${this.writing.copy}
              @paste=${this.writing.paste}
            >
              ${this.headings(session)}${this.body(session, editable)}
            </div>
            ${noteBeside(scrolling, this.note)}
          </div>
          ${lines!.count === 0 ? nothingThere(session, say) : nothing}
        </div>
      </div>
      <p id="help" hidden>${say("help")} ${editable ? say("help_editing") : ""}</p>
      <p class="visually-hidden" role="status">${this.told}</p>`;
  }

  private get isNarrow(): boolean {
    return this.scrolling.across > 0 && this.scrolling.across < NARROW;
  }

  private get isTall(): boolean {
    return this.tall ?? this.isNarrow;
  }

  private get height(): number {
    return this.scrolling.head + this.scrolling.window.height;
  }

  private headings(session: Session): TemplateResult {
    return headings({
      say: this.say,
      locale: session.locale,
      columns: this.scrolling.inSight,
      order: session.order,
      sortable: !session.state.near,
      spot: this.scrolling.spot,
      edge: this.scrolling.edge,
      held: this.widths.held,
      sort: (column, more) => this.commands.order(column, more),
      grab: this.widths.grab,
      fit: this.widths.fit,
    });
  }

  private body(session: Session, editable: boolean): TemplateResult {
    return body({
      session,
      say: this.say,
      locale: session.locale,
      lines: this.lines!,
      window: this.scrolling.window,
      columns: this.scrolling.inSight,
      spot: this.scrolling.spot,
      edge: this.scrolling.edge,
      edited: this.writing.edited,
      editable,
      hinted: this.note !== null,
      typed: this.writing.typed,
      commit: () => this.writing.commit("ArrowDown"),
      cancel: this.writing.cancel,
    });
  }

  /** Open the panel of columns, or close it. */
  private choose(open: boolean): void {
    this.choosing = open;
    if (open) document.addEventListener("pointerdown", this.pointed);
    else document.removeEventListener("pointerdown", this.pointed);
  }

  private readonly pointed = (event: Event): void => {
    const panel = this.renderRoot.querySelector("#chooser")?.parentElement;
    if (!panel || !event.composedPath().includes(panel)) this.choose(false);
  };

  private bar(): TemplateResult {
    const hide = (field: string, hidden: boolean): void => {
      const unwanted = new Set(this.unwanted);
      if (hidden) unwanted.add(field);
      else unwanted.delete(field);
      this.unwanted = unwanted;
    };
    return html`<div class="bar" part="bar">
      <button
        class="plain"
        aria-pressed=${this.isTall ? "true" : "false"}
        @click=${() => (this.tall = !this.isTall)}
      >
        ${this.say("tall_rows")}
      </button>
      ${chooser({
        say: this.say,
        columns: this.all,
        hidden: this.unwanted,
        open: this.choosing,
        toggle: (open) => this.choose(open),
        hide,
        widen: (column, by) => this.commands.resize(column, by),
        showAll: () => (this.unwanted = new Set()),
      })}
    </div>`;
  }

  /** What is wrong with the cell in focus, or why it cannot be written. */
  private get note(): Note | null {
    if (this.writing.edited || !this.session) return null;
    if (this.writing.refusal) return { text: this.writing.refusal, bad: false };
    const at = this.writing.here();
    if (!at?.line.change) return null;
    const faults = this.session.draft.errorsOf(at.line.id, at.field.name);
    return faults.length ? { text: faults.map((one) => one.message).join(" "), bad: true } : null;
  }
}

customElements.get("retouche-table") ?? customElements.define("retouche-table", RetoucheTable);
