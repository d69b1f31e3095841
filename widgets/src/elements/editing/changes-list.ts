// The changes of a draft as a reader checks them: old and new, what is wrong, ways to take back.

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { CellError, Conflict } from "../../formats/problem";
import type { Resource } from "../../model/field";
import { speaker, type Say } from "../../model/messages";
import { keyOfChange } from "../../state/changes";
import type { Change } from "../../state/draft";
import type { EditRequest, Session } from "../../state/session";
import { icon } from "../../styles/icons";
import { controls, theme } from "../../styles/theme";
import { visible } from "../cell/text";
import { correctExisting, keepMine, removeAnyway, takeTheirs } from "./clashes";
import { labelOfValue } from "./control";
import { difference, type Piece } from "./difference";
import { formStyles } from "./form-styles";
import { REVIEW, type ReviewMessage } from "./review-messages";
import { reviewStyles } from "./review-styles";

const ON_A_PAGE = 20;

/**
 * @fires edit-change - a change is to be edited again: an `EditRequest`
 */
export class RetoucheChanges extends LitElement {
  static override properties = {
    session: { attribute: false },
    /** Changes with this number: the draft was changed since the last time. */
    version: { type: Number },
    page: { state: true },
    faulty: { state: true },
  };
  static override styles = [theme, controls, formStyles, reviewStyles];

  declare session: Session;
  declare version: number;
  declare private page: number;
  /** Whether only the changes with errors are shown. */
  declare private faulty: boolean;
  private left: HTMLElement | null = null;

  constructor() {
    super();
    this.version = 0;
    this.page = 1;
    this.faulty = false;
  }

  protected override updated(_changed: PropertyValues): void {
    // Focus is not lost with the button of a change that was taken back.
    if (this.left && !this.left.isConnected) {
      this.renderRoot.querySelector<HTMLElement>("h3")?.focus();
    }
    this.left = null;
  }

  /** Bring the first error into sight and focus. Gives whether there is any. */
  async goToFault(): Promise<boolean> {
    const place = this.session.draft.entries().findIndex(([id]) => this.isFaulty(id));
    if (place < 0) return false;
    this.faulty = false;
    this.page = Math.floor(place / ON_A_PAGE) + 1;
    this.requestUpdate();
    await this.updateComplete;
    const fault = this.renderRoot.querySelector<HTMLElement>(".fault");
    fault?.scrollIntoView({ block: "center" });
    fault?.focus();
    return fault !== null;
  }

  protected override render(): TemplateResult {
    const { say } = this;
    const all = this.session.draft.entries();
    const wrong = all.filter(([id]) => this.isFaulty(id));
    const only = this.faulty && wrong.length > 0;
    const entries = only ? wrong : all;
    const pages = Math.max(1, Math.ceil(entries.length / ON_A_PAGE));
    const page = Math.min(this.page, pages);
    const shown = entries.slice((page - 1) * ON_A_PAGE, page * ON_A_PAGE);
    return html`<div class="stack">
      ${wrong.length && all.length > ON_A_PAGE
        ? html`<div class="bar">
            <button
              aria-pressed=${only ? "true" : "false"}
              @click=${() => {
                this.faulty = !only;
                this.page = 1;
              }}
            >
              ${say("only_faulty")} (${wrong.length})
            </button>
          </div>`
        : nothing}
      ${repeat(
        shown,
        ([id]) => id,
        ([id, change]) => this.change(id, change),
      )}
      ${pages > 1 ? this.pager(page, pages) : nothing}
    </div>`;
  }

  private get say(): Say<ReviewMessage> {
    return speaker(REVIEW, this.session.locale);
  }

  private isFaulty(id: string): boolean {
    const { draft } = this.session;
    return draft.errorsOf(id).length > 0 || draft.verdicts.conflictsOf(id).length > 0;
  }

  private pager(page: number, pages: number): TemplateResult {
    const turn = (by: number): void => {
      this.page = page + by;
      void this.updateComplete.then(() =>
        this.renderRoot.querySelector<HTMLElement>("h3")?.focus(),
      );
    };
    return html`<div class="bar">
      <button class="icon" aria-label=${this.say("previous")} ?disabled=${page < 2} @click=${() => turn(-1)}>
        ${icon("previous")}
      </button>
      <span role="status">${this.say("page", { page, pages })}</span>
      <button class="icon" aria-label=${this.say("next")} ?disabled=${page >= pages} @click=${() => turn(1)}>
        ${icon("next")}
      </button>
    </div>`;
  }

  private change(id: string, change: Change): TemplateResult {
    const { say } = this;
    const resource = this.session.resources.get(change.resource);
    const { draft } = this.session;
    const label = visible(change.label) || (resource?.title(this.session.locale) ?? change.resource);
    const found = draft.verdicts.conflictsOf(id);
    // A row to add or to remove is decided on as a whole, however many of its cells clash.
    const clashes = change.op === "update" ? found : found.slice(0, 1);
    const cells = Object.entries(change.op === "insert" ? change.row : this.news(change));
    const shown = new Set(cells.map(([field]) => field));
    const elsewhere = ({ field }: { field: string | null }): boolean =>
      field === null || !shown.has(field);
    const others = [
      ...draft.errorsOf(id).filter(elsewhere),
      ...(change.op === "update" ? clashes.filter(elsewhere) : clashes),
    ];
    return html`<article class=${this.isFaulty(id) ? "change bad" : "change"} aria-label=${label}>
      <header>
        <h3 tabindex="-1">${label}</h3>
        <span class="tag">${say(change.op)}</span>
        ${change.op === "delete" || !resource
          ? nothing
          : html`<button
              class="plain"
              aria-label=${say("edit_row", { label })}
              @click=${() => this.edit(id, change)}
            >
              ${icon("edit")} ${say("edit")}
            </button>`}
        <button
          class="plain"
          aria-label=${say("undo_row", { label })}
          @click=${(event: Event) => this.undo(event, () => draft.undo(id))}
        >
          ${icon("undo")} ${say("undo")}
        </button>
      </header>
      ${others.map((one) => ("base" in one ? this.clash(id, change, one) : this.fault(one)))}
      ${cells.map(([field, text]) => this.cell(id, change, resource, field, text))}
    </article>`;
  }

  private news(change: Change): { [field: string]: string | null } {
    return change.op === "update" ? change.new : {};
  }

  private cell(
    id: string,
    change: Change,
    resource: Resource | undefined,
    field: string,
    text: string | null,
  ): TemplateResult {
    const { say } = this;
    const { draft } = this.session;
    const known = resource?.field(field);
    const name = known?.label(this.session.locale) ?? field;
    const before = change.op === "update" ? (change.old[field] ?? "") : "";
    const label = known && text ? labelOfValue(known, text, this.session.locale) : "";
    const pieces = difference(visible(before, known), visible(text ?? "", known));
    const clashes =
      change.op === "update"
        ? draft.verdicts.conflictsOf(id).filter((one) => one.field === field)
        : [];
    return html`<div class="cell">
      <span class="name">${name}</span>
      <div class="texts">
        ${change.op === "update" ? this.text("before", before, pieces, "new") : nothing}
        ${this.text("after", text ?? "", pieces, "old")}
        ${label && label !== text ? html`<span class="quiet small">(${label})</span>` : nothing}
      </div>
      ${change.op === "update" && Object.keys(change.new).length > 1
        ? html`<button
            class="plain icon"
            aria-label=${say("undo_cell", { field: name })}
            @click=${(event: Event) => this.undo(event, () => draft.undoCell(id, field))}
          >
            ${icon("undo")}
          </button>`
        : html`<span></span>`}
      <div class="faults">
        ${draft.errorsOf(id, field).map((one) => this.fault(one))}
        ${draft
          .warningsOf(id, field)
          .map((one) => html`<p class="warning small">${icon("warning")} ${one.message}</p>`)}
        ${clashes.map((one) => this.clash(id, change, one))}
      </div>
    </div>`;
  }

  private text(
    name: "before" | "after",
    text: string,
    pieces: readonly Piece[],
    without: Piece["kind"],
  ): TemplateResult {
    const own = pieces.filter(({ kind }) => kind !== without);
    return html`<span
      ><span class="visually-hidden">${this.say(name)} </span>${text === ""
        ? html`<i class="quiet">${this.say("nothing")}</i>`
        : own.map(({ kind, text: part }) =>
            kind === "same"
              ? part
              : kind === "old"
                ? html`<del>${part}</del>`
                : html`<ins>${part}</ins>`,
          )}</span
    >`;
  }

  private fault(error: CellError): TemplateResult {
    return html`<p class="error small fault" tabindex="-1">${error.message}</p>`;
  }

  private clash(id: string, change: Change, clash: Conflict): TemplateResult {
    const { say, session } = this;
    const button = (name: ReviewMessage, act: () => void | Promise<void>): TemplateResult =>
      html`<button @click=${(event: Event) => this.undo(event, act)}>${say(name)}</button>`;
    const field = session.resources.get(change.resource)?.field(clash.field ?? "");
    const shown = (text: string | null): string => (text ? visible(text, field) : say("nothing"));
    if (change.op === "update" && clash.field !== null && clash.kind === "edit_edit") {
      return html`<div class="panel bad fault" tabindex="-1">
        <p>${say("clash")}</p>
        <dl>
          <dt>${say("clash_base")}</dt>
          <dd>${shown(clash.base)}</dd>
          <dt>${say("clash_published")}</dt>
          <dd>${shown(clash.ours)}</dd>
          <dt>${say("clash_yours")}</dt>
          <dd>${shown(clash.theirs)}</dd>
        </dl>
        <div class="bar">
          ${button("keep_mine", () => keepMine(session, id, clash))}
          ${button("take_theirs", () => takeTheirs(session, id, clash))}
        </div>
      </div>`;
    }
    const [told, ...ways] =
      change.op === "delete"
        ? [
            say("clash_changed"),
            button("remove_anyway", () => removeAnyway(session, id, clash)),
            button("keep_row", () => session.draft.undo(id)),
          ]
        : change.op === "insert"
          ? [
              say("clash_key"),
              button("correct_existing", () => correctExisting(session, id, clash)),
              button("drop", () => session.draft.undo(id)),
            ]
          : [say("clash_gone"), button("drop", () => session.draft.undo(id))];
    return html`<div class="panel bad fault" tabindex="-1">
      <p>${told}</p>
      <div class="bar">${ways}</div>
    </div>`;
  }

  /** Do something that may take the button away that was pressed. */
  private undo(event: Event, act: () => void | Promise<void>): void {
    const pressed = event.currentTarget as HTMLElement;
    void Promise.resolve(act())
      .catch(() => undefined) // nothing has changed: the choice is still there
      .then(() => {
        this.left = pressed;
        this.requestUpdate();
      });
  }

  private edit(id: string, change: Change): void {
    const error = this.session.draft.errorsOf(id).find((one) => one.field);
    const first = change.op === "update" ? Object.keys(change.new)[0] : undefined;
    const field = error?.field ?? first;
    const detail: EditRequest = {
      resource: change.resource,
      key: keyOfChange(change),
      ...(field && { field }),
      ...(change.op === "insert" && { added: id }),
    };
    this.dispatchEvent(new CustomEvent<EditRequest>("edit-change", { detail }));
  }
}

customElements.get("retouche-changes") ?? customElements.define("retouche-changes", RetoucheChanges);
