// One field of a form: its name, the control that its type asks for, what is wrong with its text.

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { CellError } from "../../formats/problem";
import type { Field, Resource, Row } from "../../model/field";
import { speaker, type Say } from "../../model/messages";
import { folded, type Locale } from "../../model/texts";
import { valueWithUnit } from "../../model/values";
import type { Session } from "../../state/session";
import { controls, theme } from "../../styles/theme";
import { visible } from "../cell/text";
import { Combobox, type Found } from "./combobox";
import * as control from "./control";
import { hintsOf, lockedBecause } from "./hints";
import { HoursControl } from "./hours";
import { INPUT } from "./messages";
import * as plain from "./plain";
import { nameOfReference, referenceOf, searchReferences } from "./references";
import { inputStyles } from "./styles";
import { TagsControl } from "./tags";

/**
 * @fires input-change - the text changed: `{text}`, null for an emptied cell; on every key
 * @fires input-left - the focus went out of the control
 * @fires input-commit - Enter was pressed in a control of one line, or a value was chosen
 * @fires input-cancel - Escape was pressed in an inline control
 * @csspart control - the box that holds the control
 */
export class RetoucheInput extends LitElement {
  static override properties = {
    field: { attribute: false },
    value: { attribute: false },
    session: { attribute: false },
    resource: { attribute: false },
    row: { attribute: false },
    errors: { attribute: false },
    warnings: { attribute: false },
    adding: { type: Boolean },
    inline: { type: Boolean, reflect: true },
    reference: { state: true },
  };
  static override styles = [theme, controls, inputStyles];
  static override shadowRootOptions: ShadowRootInit = { mode: "open", delegatesFocus: true };

  declare field: Field | null;
  /** The text of the cell with what was typed. */
  declare value: string | null;
  declare session: Session | null;
  declare resource: Resource | null;
  /** The row as it was read, null for a row to add. */
  declare row: Row | null;
  declare errors: readonly CellError[];
  declare warnings: readonly CellError[];
  /** Whether the row is one to add: its key may be written. */
  declare adding: boolean;
  /** Only the control, for a cell of a table: no label, help or previous value. */
  declare inline: boolean;
  /** What a reader calls the row that the cell points at. */
  declare private reference: string | null;

  private kind: control.Control | null = null;
  private readonly box = new Combobox(
    this,
    (words, signal) => this.found(words, signal),
    (value) => this.chosen(value),
  );
  private readonly tags = new TagsControl(this, (text) => this.change(text));
  private readonly hours = new HoursControl(this, (text) => this.change(text));

  constructor() {
    super();
    this.field = null;
    this.value = null;
    this.session = null;
    this.resource = null;
    this.row = null;
    this.errors = [];
    this.warnings = [];
    this.adding = false;
    this.inline = false;
    this.reference = null;
  }

  /** Select what is written, as somebody would who types it anew. */
  select(): void {
    const found = this.renderRoot.querySelector<HTMLInputElement>("input[type=text], textarea");
    found?.select();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { field, session, value } = this;
    if (!field) return;
    // The control stays while somebody types: a long text does not turn into another control.
    if (changed.has("field") || !this.kind || !this.matches(":focus-within")) {
      this.kind = control.controlOf(field, value);
      if (this.kind === "hours" && (this.inline || !this.hours.reads(value))) this.kind = "line";
      if (this.kind === "reference" && !(session && referenceOf(session, field))) {
        this.kind = "line";
      }
    }
    if (this.kind === "reference" && (changed.has("value") || changed.has("field"))) {
      this.reference = null;
      if (value) void this.named(session!, field, value);
    }
  }

  protected override render(): TemplateResult | typeof nothing {
    const { field } = this;
    if (!field) return nothing;
    const locked = lockedBecause(field, this.locale, this.adding);
    if (this.inline) {
      return html`<div part="control">${locked ? this.reading(field) : this.control(field)}</div>
        ${this.faults()}`;
    }
    const hints = hintsOf(field, this.locale);
    const unit = field.unit(this.locale);
    const grouped = !locked && this.grouped;
    const name = html`${field.label(this.locale)}${unit && field.shape !== "percent"
      ? html` <span class="quiet">(${unit})</span>`
      : nothing}${field.required && !locked
      ? html` <span class="quiet">– ${this.say("required")}</span>`
      : nothing}`;
    return html`<div class="field">
      ${grouped || locked
        ? html`<span id="c-label" class="label">${name}</span>`
        : html`<label id="c-label" class="label" for="c">${name}</label>`}
      ${hints.length || locked
        ? html`<p id="hints" class="quiet hints">${[...hints, locked].join(" ")}</p>`
        : nothing}
      <div part="control" class="control" @focusout=${this.leaving}>
        ${locked ? this.reading(field) : this.control(field)}
      </div>
      ${locked ? nothing : html`${this.length(field)}${this.faults()}${this.previous(field)}`}
    </div>`;
  }

  private get locale(): Locale {
    return this.session?.locale ?? "fr";
  }

  private get say(): Say<keyof (typeof INPUT)["fr"]> {
    return speaker(INPUT, this.locale);
  }

  private get grouped(): boolean {
    return this.kind === "boolean" || this.kind === "tags" || this.kind === "hours";
  }

  private get label(): string | typeof nothing {
    return this.inline ? this.field!.label(this.locale) : nothing;
  }

  private get describedBy(): string {
    const hints = !this.inline && hintsOf(this.field!, this.locale).length ? "hints " : "";
    return `${hints}faults`;
  }

  private control(field: Field): TemplateResult {
    const { kind, locale, value } = this;
    const before = this.row?.[field.name] ?? null;
    const cell: plain.Edited = {
      ...{ field, locale, kind: kind!, text: value ?? "", inline: this.inline },
      describedBy: this.describedBy,
      invalid: this.errors.length > 0,
      typed: (text) => this.change(control.asWritten(text, before)),
      chosen: (text) => this.chosen(text),
      pressed: this.pressed,
    };
    switch (kind) {
      case "boolean": {
        const options = control.truthOptions(field, value, before, locale);
        return this.inline ? plain.list(cell, options) : plain.radios(cell, options);
      }
      case "select":
        return plain.list(cell, control.optionsOf(field, value, before, locale));
      case "choice":
      case "reference":
        return this.combobox(field);
      case "tags":
        return this.tags.template(field, value, before, cell);
      case "hours":
        return this.hours.template(field, value, before, cell);
      case "long":
        return plain.lines(cell);
      default:
        return plain.line(cell);
    }
  }

  private combobox(field: Field): TemplateResult {
    const value = this.value ?? "";
    const name =
      this.kind === "choice"
        ? control.labelOfValue(field, value, this.locale)
        : this.reference
          ? control.named(this.reference, value)
          : value;
    return this.box.template({
      id: "c",
      value,
      shown: name,
      label: this.label,
      describedBy: this.describedBy,
      invalid: this.errors.length > 0,
      required: field.required,
      told: (shown, count) =>
        count === 0
          ? this.say("not_found")
          : this.say(shown < count ? "found_more" : "found", { shown, count }),
    });
  }

  private async found(words: string, signal: AbortSignal): Promise<Found> {
    const field = this.field!;
    if (this.kind === "reference") {
      return searchReferences(this.session!, field, words, signal);
    }
    const wanted = folded(words.trim());
    const before = this.row?.[field.name];
    const options = control
      .optionsOf(field, this.value, before, this.locale)
      .filter((one) => folded(`${one.label} ${one.value}`).includes(wanted));
    const none = { value: "", label: `(${this.say("empty")})` };
    return { options: wanted ? options : [none, ...options], total: options.length };
  }

  private async named(session: Session, field: Field, value: string): Promise<void> {
    try {
      const name = await nameOfReference(session, field, value);
      if (this.value === value && this.field === field) this.reference = name;
    } catch {
      this.reference = null; // the code alone will do
    }
  }

  private reading(field: Field): TemplateResult {
    const text = valueWithUnit(field, this.value, this.locale);
    return html`<span class=${text ? "reading" : "reading quiet"}
      >${text ? visible(text, field) : this.say("none")}</span
    >`;
  }

  private length(field: Field): TemplateResult | typeof nothing {
    const most = field.descriptor.constraints?.maxLength;
    if (most === undefined || (this.kind !== "line" && this.kind !== "long")) return nothing;
    const count = most - [...(this.value ?? "")].length;
    if (count > Math.max(8, most / 5)) return nothing;
    return html`<p class=${count < 0 ? "error small" : "quiet small"}>
      ${count < 0 ? this.say("too_long", { count: -count }) : this.say("left", { count })}
    </p>`;
  }

  private faults(): TemplateResult {
    const told = (one: CellError, kind: "error" | "warning"): TemplateResult =>
      html`<p class="${kind} small">
        <span class="visually-hidden">${this.say(kind)} </span>${one.message}
      </p>`;
    return html`<div id="faults" aria-live="polite">
      ${this.errors.map((one) => told(one, "error"))}
      ${this.warnings.map((one) => told(one, "warning"))}
    </div>`;
  }

  private previous(field: Field): TemplateResult | typeof nothing {
    if (!this.row) return nothing;
    const before = this.row[field.name] ?? null;
    if ((before ?? "") === (this.value ?? "")) return nothing;
    const text = before ? visible(before, field) : "";
    return html`<p class="small previous">
      <span>${text ? this.say("previous", { text }) : this.say("was_empty")}</span>
      <button
        class="plain small"
        aria-label="${this.say("set_back")} (${field.label(this.locale)})"
        @click=${() => {
          this.change(before);
          this.focus();
        }}
      >
        ${this.say("set_back")}
      </button>
    </p>`;
  }

  private readonly pressed = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    const many = event.target instanceof HTMLTextAreaElement && !(event.ctrlKey || event.metaKey);
    if (event.key === "Enter" && !many) this.tell("input-commit", null);
    if (event.key === "Escape" && this.inline) {
      event.stopPropagation();
      this.tell("input-cancel", null);
    }
  };

  private readonly leaving = (event: FocusEvent): void => {
    const control = event.currentTarget as HTMLElement;
    if (!control.contains(event.relatedTarget as Node | null)) this.tell("input-left", null);
  };

  private chosen(value: string): void {
    this.change(value || null);
    this.tell("input-commit", null);
  }

  private change(text: string | null): void {
    this.value = text;
    this.tell("input-change", { text });
  }

  private tell(name: string, detail: { text: string | null } | null): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}

customElements.get("retouche-input") ?? customElements.define("retouche-input", RetoucheInput);
