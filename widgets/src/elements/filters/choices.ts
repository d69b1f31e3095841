// The choices of one filter: a list of check boxes, or of radio buttons for one value at a time.

import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { Field } from "../../model/field";
import { type Say, speaker } from "../../model/messages";
import { formatNumber, safeColor } from "../../model/values";
import type { FacetValue } from "../../sources/source";
import { withCondition, withValue } from "../../state/conditions";
import { labelsOf, requestLabels } from "../../state/labels";
import type { Session } from "../../state/session";
import { icon } from "../../styles/icons";
import { styleMap } from "../../styles/style-map";
import { controls, theme } from "../../styles/theme";
import { type Choice, choicesOf, FEW, inSight, MOST, SEARCHED } from "./choosing";
import { MESSAGES, type Name } from "./messages";
import { choiceStyles } from "./styles";
import { valueLabel } from "./wording";

export class RetoucheChoices extends LitElement {
  static override properties = {
    session: { attribute: false },
    field: { attribute: false },
    label: { type: String },
    single: { type: Boolean },
    facet: { attribute: false },
    told: { attribute: false },
    text: { state: true },
    all: { state: true },
  };

  declare session: Session;
  declare field: Field;
  /** What the filter is called. */
  declare label: string;
  /** One value at a time. */
  declare single: boolean;
  /** The values and how many rows have them; null while they are not known. */
  declare facet: readonly FacetValue[] | null;
  /** Differs when there is something else to show. */
  declare told: unknown;
  declare private text: string;
  declare private all: boolean;

  static override styles = [theme, controls, choiceStyles];

  constructor() {
    super();
    this.label = "";
    this.single = false;
    this.facet = null;
    this.text = "";
    this.all = false;
  }

  private get chosen(): readonly string[] {
    const { filters } = this.session.state;
    return (Object.hasOwn(filters, this.field.name) && filters[this.field.name]!.values) || [];
  }

  protected override render(): TemplateResult {
    const { session, field, facet } = this;
    const { locale } = session;
    const say = speaker(MESSAGES, locale);
    if (!facet) {
      return html`<fieldset aria-busy="true">
        <legend>${this.label}</legend>
        <div class="waiting">${[1, 2, 3].map(() => html`<i></i>`)}</div>
      </fieldset>`;
    }
    requestLabels(
      session,
      field,
      facet.map((one) => one.value),
    );
    const labels = labelsOf(session, field);
    const choices = choicesOf(field, facet, this.chosen, (value) =>
      valueLabel(field, value, locale, labels),
    );
    const shown = inSight(choices, this.text, this.all);
    return html`<fieldset>
      <legend>${this.label}</legend>
      ${choices.length > SEARCHED ? this.search(say) : nothing}
      <div class="choices">
        ${this.single && !this.text ? this.anything(say) : nothing}
        ${shown.map((choice) => this.choice(choice))}
      </div>
      ${shown.length ? nothing : html`<p class="note">${say("nothing")}</p>`}
      ${this.more(choices.length, say)}
      ${facet.length >= MOST
        ? html`<p class="note">${say("not_all", { count: facet.length })}</p>`
        : nothing}
    </fieldset>`;
  }

  private search(say: Say<Name>): TemplateResult {
    const label = say("find", { filter: this.label });
    return html`<input
      type="search"
      class="find"
      autocomplete="off"
      aria-label=${label}
      placeholder=${label}
      .value=${this.text}
      @input=${(event: Event) => (this.text = (event.target as HTMLInputElement).value)}
    />`;
  }

  private choice(choice: Choice): TemplateResult {
    const { value, label, count, chosen } = choice;
    const color = safeColor(this.field.values[value]?.color);
    return html`<label class=${count || chosen ? "" : "none"}>
      <input
        type=${this.single ? "radio" : "checkbox"}
        name="choice"
        .checked=${chosen}
        @change=${(event: Event) => this.choose(value, (event.target as HTMLInputElement).checked)}
      />
      ${color ? html`<i class="dot" style=${styleMap({ background: color })}></i>` : nothing}
      <span class=${value === "" ? "missing" : ""}>${label}</span>
      <small>${formatNumber(count, this.session.locale)}</small>
    </label>`;
  }

  private anything(say: Say<Name>): TemplateResult {
    return html`<label>
      <input
        type="radio"
        name="choice"
        .checked=${!this.chosen.length}
        @change=${() => this.ask([])}
      />
      <span>${say("any")}</span>
    </label>`;
  }

  private more(count: number, say: Say<Name>): TemplateResult | typeof nothing {
    if (this.text || count <= SEARCHED) return nothing;
    return html`<button
      class="plain more"
      aria-expanded=${this.all ? "true" : "false"}
      @click=${() => (this.all = !this.all)}
    >
      ${icon(this.all ? "up" : "down")}
      ${this.all ? say("fewer") : say("more", { count: count - FEW })}
    </button>`;
  }

  private choose(value: string, on: boolean): void {
    if (this.single) this.ask([value]);
    else {
      const { session, field } = this;
      session.ask({ filters: withValue(session.state.filters, field.name, value, on) });
    }
  }

  private ask(values: string[]): void {
    const { session, field } = this;
    session.ask({
      filters: withCondition(session.state.filters, field.name, values.length ? { values } : {}),
    });
  }
}

customElements.get("retouche-choices") ??
  customElements.define("retouche-choices", RetoucheChoices);
