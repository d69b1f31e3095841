// The fields of a row that a project opens or corrects: what it must have, and the rest below.

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { CellError } from "../../formats/problem";
import { type Field, own, type Resource, type Row } from "../../model/field";
import type { Cells } from "../../sources/source";
import type { Session } from "../../state/session";
import { controls, theme } from "../../styles/theme";
import "../dialog/dialog";
import type { RetoucheDialog } from "../dialog/dialog";
import { formGroups } from "../editing/form";
import { formStyles } from "../editing/form-styles";
import "../editing/input";
import type { RetoucheInput } from "../editing/input";
import { type ScenarioWords, scenarioWords } from "./messages";

/** Rows of up to so many fields are shown whole. */
const FEW = 16;

/** What a form is about. */
export interface FormRequest {
  resource: Resource;
  /** The row as published; null for one that is opened. */
  now: Row | null;
  /** The texts with the project. */
  cells: Cells;
  /** The identity of a row that was opened before. */
  before: string | null;
  label: string;
  errors: readonly CellError[];
}

/**
 * @fires filled - the row is to be as written; detail: its `cells`
 * @fires close - the form was left, by whatever means
 */
export class RetoucheScenarioForm extends LitElement {
  static override properties = {
    session: { attribute: false },
    request: { attribute: false },
    cells: { state: true },
    missing: { state: true },
  };
  static override styles = [theme, controls, formStyles];

  declare session: Session;
  declare request: FormRequest;
  declare private cells: Cells;
  /** Fields that must be filled and were not when it was tried. */
  declare private missing: readonly Field[];

  constructor() {
    super();
    this.cells = {};
    this.missing = [];
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("request")) {
      this.cells = { ...this.request.cells };
      this.missing = [];
    }
  }

  private get adding(): boolean {
    return this.request.now === null;
  }

  protected override render(): TemplateResult {
    const { session, request } = this;
    const say = scenarioWords(session.locale);
    const { resource } = request;
    const heading = this.adding
      ? say("form_open", { resource: resource.title(session.locale) })
      : say("form_change", { label: request.label });
    const few = resource.fields.size <= FEW;
    const titles = { required: say("form_add"), others: say("form_other") };
    const groups = formGroups(resource, session.descriptor, session.locale, true, titles);
    const fields = groups.flatMap((one) => one.fields).filter((one) => this.adding || !one.isKey);
    const faulty = new Set(request.errors.map((one) => one.field));
    const first = fields.filter((one) => few || one.required || faulty.has(one.name));
    const rest = fields.filter((one) => !first.includes(one));
    const general = request.errors.filter((one) => !one.field || !resource.field(one.field));
    return html`<retouche-dialog
      wide
      .heading=${heading}
      .closeLabel=${say("close")}
      @close=${this.closed}
    >
      <div class="stack" lang=${session.locale}>
        <div id="summary" role="alert" tabindex="-1">
          ${general.map((one) => html`<p class="error">${one.message}</p>`)}
          ${this.missing.length ? html`<p class="error">${this.toldMissing(say)}</p>` : nothing}
        </div>
        ${this.fields(first)}
        ${rest.length
          ? html`<details ?open=${general.length > 0}>
              <summary>${say("form_other")} (${rest.length})</summary>
              ${this.fields(rest)}
            </details>`
          : nothing}
      </div>
      <div slot="footer" class="bar">
        <button @click=${() => this.dialog.close()}>${say("cancel")}</button>
        <button class="primary" @click=${this.done}>
          ${say(this.adding && !request.before ? "form_add" : "form_save")}
        </button>
      </div>
    </retouche-dialog>`;
  }

  private toldMissing(say: ScenarioWords): string {
    const { locale } = this.session;
    const left = this.missing.filter((one) => this.isEmpty(one));
    if (!left.length) return "";
    return say("form_missing", { fields: left.map((one) => one.label(locale)).join(", ") });
  }

  private isEmpty({ name }: Field): boolean {
    return !(own(this.cells, name) ?? "").trim();
  }

  private fields(fields: readonly Field[]): TemplateResult {
    const { session, request } = this;
    return html`<div class="fields">
      ${repeat(
        fields,
        ({ name }) => name,
        (field) => html`<retouche-input
          data-field=${field.name}
          .field=${field}
          .value=${own(this.cells, field.name) ?? null}
          .session=${session}
          .resource=${request.resource}
          .row=${request.now}
          .adding=${this.adding}
          .errors=${request.errors.filter((one) => one.field === field.name)}
          @input-change=${(event: CustomEvent<{ text: string | null }>) =>
            (this.cells = { ...this.cells, [field.name]: event.detail.text })}
          @hours-copy=${(event: CustomEvent<{ text: string }>) =>
            this.copyHours(field, event.detail.text)}
        ></retouche-input>`,
      )}
    </div>`;
  }

  /** Hours of one day for the other weekdays that have a field of their own. */
  private copyHours(field: Field, text: string): void {
    const days = [...this.request.resource.fields.values()].filter(
      (one) => one.shape === "hours" && one.writable,
    );
    const copied = days.slice(0, 5).filter((one) => one !== field);
    this.cells = { ...this.cells, ...Object.fromEntries(copied.map((one) => [one.name, text])) };
  }

  private readonly done = async (): Promise<void> => {
    const { resource } = this.request;
    this.missing = [...resource.fields.values()].filter(
      (one) => this.adding && one.required && this.isEmpty(one),
    );
    if (this.missing.length) {
      await this.updateComplete;
      const inputs = this.renderRoot.querySelectorAll<RetoucheInput>("retouche-input");
      [...inputs].find((one) => one.dataset["field"] === this.missing[0]!.name)?.focus();
      return;
    }
    this.dispatchEvent(new CustomEvent("filled", { detail: { cells: this.cells } }));
    this.dialog.close();
  };

  private get dialog(): RetoucheDialog {
    return this.renderRoot.querySelector<RetoucheDialog>("retouche-dialog")!;
  }

  private readonly closed = (event: Event): void => {
    event.stopPropagation();
    this.dispatchEvent(new Event("close"));
  };
}

customElements.get("retouche-scenario-form") ??
  customElements.define("retouche-scenario-form", RetoucheScenarioForm);
