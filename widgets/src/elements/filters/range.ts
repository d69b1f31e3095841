// The bounds of one filter: two numbers or two dates.

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Field } from "../../model/field";
import { speaker } from "../../model/messages";
import type { Condition } from "../../model/query";
import { withCondition } from "../../state/conditions";
import type { Session } from "../../state/session";
import { controls, theme } from "../../styles/theme";
import { typedNumber } from "./choosing";
import { MESSAGES } from "./messages";
import { choiceStyles } from "./styles";
import { boundLabel } from "./wording";

/** The least and the greatest value of the field, as texts of the data; empty where unknown. */
export interface Limits {
  least: string;
  greatest: string;
}

const PAUSE_MS = 400;

export class RetoucheRange extends LitElement {
  static override properties = {
    session: { attribute: false },
    field: { attribute: false },
    label: { type: String },
    dates: { type: Boolean },
    limits: { attribute: false },
    told: { attribute: false },
    texts: { state: true },
  };

  declare session: Session;
  declare field: Field;
  declare label: string;
  declare dates: boolean;
  declare limits: Limits | null;
  /** Differs when there is something else to show. */
  declare told: unknown;
  /** As typed. */
  declare private texts: { from: string; to: string };
  private waiting: ReturnType<typeof setTimeout> | undefined;
  private asked = "";

  static override styles = [theme, controls, choiceStyles];

  constructor() {
    super();
    this.label = "";
    this.dates = false;
    this.limits = null;
    this.texts = { from: "", to: "" };
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.waiting);
  }

  private get condition(): Condition {
    const { filters } = this.session.state;
    return Object.hasOwn(filters, this.field.name) ? filters[this.field.name]! : {};
  }

  protected override willUpdate(_: PropertyValues): void {
    // What another hand changed (a chip, the back button) is shown; what is being typed stays.
    const { from = "", to = "" } = this.condition;
    const asked = `${from} ${to}`;
    if (asked === this.asked) return;
    this.asked = asked;
    this.texts = { from, to };
  }

  private get bounds(): { from: string | null; to: string | null } {
    const { from, to } = this.texts;
    return this.dates ? { from, to } : { from: typedNumber(from), to: typedNumber(to) };
  }

  protected override render(): TemplateResult {
    const say = speaker(MESSAGES, this.session.locale);
    const { from, to } = this.bounds;
    const problem =
      from === null || to === null
        ? say("bad_number")
        : crossed(from, to, this.dates)
          ? say("bad_order")
          : "";
    return html`<fieldset>
      <legend>${this.label}</legend>
      <div class="bounds ${this.dates ? "dates" : ""}">
        ${this.bound("from", say("from"), from === null || !!(problem && to !== null))}
        ${this.bound("to", say("to"), to === null || !!(problem && from !== null))}
      </div>
      ${problem ? html`<p class="error" id="problem" role="alert">${problem}</p>` : nothing}
    </fieldset>`;
  }

  private bound(name: "from" | "to", label: string, bad: boolean): TemplateResult {
    const limit = this.limits?.[name === "from" ? "least" : "greatest"] ?? "";
    const { locale } = this.session;
    return html`<label>
      ${label}
      <input
        type=${this.dates ? "date" : "text"}
        inputmode=${this.dates ? nothing : "decimal"}
        autocomplete="off"
        placeholder=${limit && !this.dates ? boundLabel(this.field, limit, locale) : nothing}
        min=${(this.dates && this.limits?.least.slice(0, 10)) || nothing}
        max=${(this.dates && this.limits?.greatest.slice(0, 10)) || nothing}
        aria-invalid=${bad ? "true" : "false"}
        aria-describedby=${bad ? "problem" : nothing}
        .value=${this.texts[name]}
        @input=${(event: Event) => this.typed(name, (event.target as HTMLInputElement).value)}
        @change=${this.ask}
        @keydown=${(event: KeyboardEvent) => event.key === "Enter" && this.ask()}
      />
    </label>`;
  }

  private typed(name: "from" | "to", text: string): void {
    this.texts = { ...this.texts, [name]: text };
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.ask(), PAUSE_MS);
  }

  private ask(): void {
    clearTimeout(this.waiting);
    const { from, to } = this.bounds;
    if (from === null || to === null || crossed(from, to, this.dates)) return;
    const asked = `${from} ${to}`;
    if (asked === this.asked) return;
    this.asked = asked;
    const { session, field, condition } = this;
    session.ask({
      filters: withCondition(session.state.filters, field.name, {
        ...(condition.values && { values: condition.values }),
        ...(from && { from }),
        ...(to && { to }),
      }),
    });
  }
}

function crossed(from: string, to: string, dates: boolean): boolean {
  if (!from || !to) return false;
  return dates ? from > to : Number(from) > Number(to);
}

customElements.get("retouche-range") ?? customElements.define("retouche-range", RetoucheRange);
