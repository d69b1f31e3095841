// The rows of a table that are drawn, and what their cells say of the draft and of proposals.

import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Say } from "../../model/messages";
import type { Locale } from "../../model/texts";
import { safeLink } from "../../model/values";
import type { PendingChange } from "../../sources/source";
import { labelsOf } from "../../state/labels";
import type { Session } from "../../state/session";
import { icon } from "../../styles/icons";
import { alignsRight, cellTemplate, cellWords } from "../cell/cell";
import type { Placed } from "./columns";
import { type Edited, refused } from "./editing";
import { isChanged, type Line, type Lines, proposedOn, textOf } from "./lines";
import type { MESSAGES } from "./messages";
import type { Spot } from "./moves";
import type { RowWindow } from "./window";

export interface Body {
  readonly session: Session;
  readonly say: Say<keyof (typeof MESSAGES)["fr"]>;
  readonly locale: Locale;
  readonly lines: Lines;
  readonly window: RowWindow;
  /** Columns to draw. */
  readonly columns: readonly Placed[];
  readonly spot: Spot;
  readonly edge: number;
  readonly edited: Edited | null;
  readonly editable: boolean;
  readonly hinted: boolean;
  readonly typed: (text: string | null) => void;
  readonly commit: () => void;
  readonly cancel: () => void;
}

export function body(model: Body): TemplateResult {
  const drawn = model.window.drawn(model.spot.row);
  return html`<div role="rowgroup" class="body">
    ${repeat(
      drawn,
      (index) => index,
      (index) => rowOf(model, index),
    )}
  </div>`;
}

function rowOf(model: Body, index: number): TemplateResult {
  const line = model.lines.at(index);
  return line ? filled(model, index, line) : ghost(model, index);
}

/** The place of a row that is on its way: as little as can be, for they go by fast. */
function ghost(model: Body, index: number): TemplateResult {
  const first = model.lines.count === null;
  const whole = first || model.spot.row === index;
  const columns = whole ? model.columns : model.columns.slice(0, Math.max(1, model.edge + 1));
  return html`<div
    role="row"
    class="row"
    aria-rowindex=${index + 2}
    aria-busy="true"
    .style=${`top:${model.window.topOf(index)}px`}
  >
    <div
      role="gridcell"
      class="cell gutter ${model.edge < 0 ? "edge" : ""}"
      aria-colindex="1"
      data-row=${index}
      data-column="-1"
      tabindex=${stop(model, index, -1)}
    ></div>
    ${columns.map(
      (column) =>
        html`<div
          role=${column.index === 0 ? "rowheader" : "gridcell"}
          class="cell c${column.index} ${column.index === model.edge ? "edge" : ""}"
          aria-colindex=${column.index + 2}
          data-row=${index}
          data-column=${column.index}
          tabindex=${stop(model, index, column.index)}
        >
          <span class="ghost ${first ? "breathing" : ""}"></span
          ><span class="visually-hidden">${model.say("loading")}</span>
        </div>`,
    )}
  </div>`;
}

function filled(model: Body, index: number, line: Line): TemplateResult {
  const { session, lines, say } = model;
  const open = line.key !== null && session.state.row === line.key;
  const proposed = proposedOn(session, lines.resource.name, line);
  const state = STATES[line.change?.op ?? "none"];
  const { mark } = line;
  const classes = [
    "row",
    open ? "open" : "",
    line.change?.op === "insert" || mark?.kind === "inserted" ? "added" : "",
    line.change?.op === "delete" || session.preview?.isGone(mark) ? "removed" : "",
    model.edited?.spot.row === index ? "edited" : "",
  ];
  const label = lines.resource.labelOf(line.row) || line.id;
  return html`<div
    role="row"
    class=${classes.join(" ")}
    aria-rowindex=${index + 2}
    aria-selected=${open ? "true" : "false"}
    .style=${`top:${model.window.topOf(index)}px`}
  >
    <div
      role="gridcell"
      class="cell gutter ${model.edge < 0 ? "edge" : ""}"
      aria-colindex="1"
      data-row=${index}
      data-column="-1"
      tabindex=${stop(model, index, -1)}
    >
      ${lines.resource.keyed
        ? html`<button tabindex="-1" data-open aria-label=${say("open_row", { row: label })}>
            ${icon("next")}${state ? html`<span class="changed-dot"></span>` : nothing}
          </button>`
        : nothing}
      ${state ? html`<span class="visually-hidden">${say(state)}</span>` : nothing}
      ${proposed.length ? waiting(model, proposed) : nothing}
      ${mark ? session.preview!.rowNote(session, mark) : nothing}
    </div>
    ${model.columns.map((column) => cell(model, index, line, column, proposed))}
  </div>`;
}

const STATES = {
  insert: "row_added",
  delete: "row_removed",
  update: "row_changed",
  none: null,
} as const;

/** A correction of the row waits for a decision: where to follow it. */
function waiting({ say }: Body, proposed: readonly PendingChange[]): TemplateResult {
  const address = safeLink(proposed[0]!.url);
  const words = say("pending");
  if (!address) {
    return html`<span class="mark" title=${words}
      >${icon("clock")}<span class="visually-hidden">${words}</span></span
    >`;
  }
  return html`<a
    class="mark"
    tabindex="-1"
    href=${address}
    target="_blank"
    rel="noopener"
    title=${words}
    >${icon("clock")}<span class="visually-hidden">${words}</span></a
  >`;
}

function cell(
  model: Body,
  index: number,
  line: Line,
  column: Placed,
  proposed: readonly PendingChange[],
): TemplateResult {
  const { session, locale, say } = model;
  const { field } = column;
  const text = textOf(line, field.name);
  const edited =
    model.edited?.spot.row === index && model.edited.spot.column === column.index
      ? model.edited
      : null;
  const changed = isChanged(line, field.name);
  const faults = line.change ? session.draft.errorsOf(line.id, field.name) : [];
  const waits = proposed.some((one) => one.fields.includes(field.name));
  const here = model.spot.row === index && model.spot.column === column.index;
  const note = line.mark ? session.preview!.cellNote(session, field, line.mark) : null;
  const classes = [
    `cell compact c${column.index}`,
    alignsRight(field) ? "right" : "",
    column.index === model.edge ? "edge" : "",
    changed || note ? "changed" : "",
    waits ? "proposed" : "",
    faults.length ? "faulty" : "",
    edited ? "editing" : "",
  ];
  const before = changed ? previous(model, line, column) : "";
  const title = before || note?.words || (waits ? say("pending") : "");
  return html`<div
    role=${column.index === 0 ? "rowheader" : "gridcell"}
    class=${classes.join(" ")}
    aria-colindex=${column.index + 2}
    aria-readonly=${model.editable ? (refused(field, line) ? "true" : "false") : nothing}
    aria-invalid=${faults.length ? "true" : nothing}
    aria-describedby=${here && model.hinted ? "hint" : nothing}
    data-row=${index}
    data-column=${column.index}
    tabindex=${stop(model, index, column.index)}
    title=${title || nothing}
  >
    ${
      edited
        ? input(model, line, edited)
        : html`${cellTemplate(field, text, locale, {
            compact: true,
            focusable: false,
            labels: field.foreignKey ? labelsOf(session, field) : NO_LABELS,
          })}${before ? html`<span class="visually-hidden"> (${before})</span>` : nothing}${
            waits ? html`<span class="visually-hidden"> (${say("pending_here")})</span>` : nothing
          }${note?.template ?? nothing}`
    }
  </div>`;
}

const NO_LABELS: ReadonlyMap<string, string> = new Map();

/** What a changed cell said before. */
function previous({ session, locale, say }: Body, line: Line, { field }: Placed): string {
  const old = line.change?.op === "update" ? (line.change.old[field.name] ?? null) : null;
  if (old === null || old === "") return say("changed_from_nothing");
  return say("changed_from", { text: cellWords(field, old, locale, labelsOf(session, field)) });
}

function input(model: Body, line: Line, edited: Edited): TemplateResult {
  const { session, lines } = model;
  const added = line.change?.op === "insert";
  const { name } = edited.field;
  return html`<retouche-input
    inline
    .field=${edited.field}
    .value=${edited.text}
    .session=${session}
    .resource=${lines.resource}
    .row=${added ? null : line.row}
    .adding=${added}
    .errors=${line.change ? session.draft.errorsOf(line.id, name) : NO_FAULTS}
    .warnings=${line.change ? session.draft.warningsOf(line.id, name) : NO_FAULTS}
    @input-change=${(event: CustomEvent<{ text: string | null }>) => model.typed(event.detail.text)}
    @input-commit=${model.commit}
    @input-cancel=${model.cancel}
  ></retouche-input>`;
}

const NO_FAULTS: readonly never[] = [];

function stop({ spot }: Body, row: number, column: number): number {
  return spot.row === row && spot.column === column ? 0 : -1;
}
