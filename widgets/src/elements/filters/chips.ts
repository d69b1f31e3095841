// The active filters, one by one, each with its way out.

import { css, html, nothing, LitElement, type TemplateResult } from "lit";
import { speaker } from "../../model/messages";
import { formatNumber } from "../../model/values";
import { type Chip, chipsOf, without } from "../../state/conditions";
import { labelsOf, requestLabels } from "../../state/labels";
import type { Session } from "../../state/session";
import { icon } from "../../styles/icons";
import { controls, theme } from "../../styles/theme";
import { MESSAGES } from "../widget/messages";
import { chipLabel, filterLabel } from "./wording";

/**
 * @fires emptied - no filter is left, and the element is about to go
 * @csspart chip - one active filter
 */
export class RetoucheChips extends LitElement {
  static override properties = { session: { attribute: false }, told: { attribute: false } };

  declare session: Session;
  /** Differs when there is something else to show. */
  declare told: unknown;

  static override styles = [
    theme,
    controls,
    css`
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        align-items: center;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        max-width: 100%;
      }
      button {
        max-width: 100%;
        min-height: 30px;
        padding: 0 6px 0 10px;
        border-color: var(--_line);
        border-radius: 15px;
        background: var(--_accent-surface);
        font-size: calc(0.875 * var(--_rem));
        text-align: start;
      }
      button span {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      button.plain {
        padding: 0 8px;
        background: none;
        color: var(--_accent);
        text-decoration: underline;
      }
    `,
  ];

  protected override render(): TemplateResult | typeof nothing {
    const { session } = this;
    const say = speaker(MESSAGES, session.locale);
    const { filters, words, near } = session.state;
    const chips = chipsOf(filters).flatMap((chip) => this.conditionTemplate(chip));
    if (words) {
      chips.push(this.chip(say("words", { words }), () => session.ask({ words: "" })));
    }
    if (near) {
      const distance = formatNumber(near.radius / 1000, session.locale, 1);
      const place = near.label || `${near.latitude}, ${near.longitude}`;
      chips.push(this.chip(say("near", { distance, place }), () => session.ask({ near: null })));
    }
    if (!chips.length) return nothing;
    return html`<ul aria-label=${say("active")}>
      ${chips.map((one) => html`<li>${one}</li>`)}
      <li>
        <button class="plain" @click=${this.clear}>${say("clear")}</button>
      </li>
    </ul>`;
  }

  private conditionTemplate(chip: Chip): TemplateResult[] {
    const { session } = this;
    const field = session.field(chip.field);
    if (!field) return [];
    if (chip.value) requestLabels(session, field, [chip.value]);
    const filter = session.widget.filters?.find((one) => one.field === chip.field);
    const label = chipLabel(chip, field, session.locale, labelsOf(session, field));
    return [
      this.chip(label, () => session.ask({ filters: without(session.state.filters, chip) }), {
        name: filterLabel(filter, field, session.locale),
      }),
    ];
  }

  private chip(label: string, remove: () => void, { name = "" } = {}): TemplateResult {
    const whole = name ? `${name} : ${label}` : label;
    const say = speaker(MESSAGES, this.session.locale);
    return html`<button
      part="chip"
      title=${whole}
      aria-label=${say("remove", { filter: whole })}
      @click=${() => this.removed(remove)}
    >
      <span>${whole}</span>${icon("close")}
    </button>`;
  }

  private clear(): void {
    this.dispatchEvent(new Event("emptied"));
    this.session.ask({ filters: {}, words: "", near: null });
  }

  /** The button that was pressed goes: the next one has the focus, or who follows the event. */
  private removed(remove: () => void): void {
    const { filters, words, near } = this.session.state;
    const last = chipsOf(filters).length + (words ? 1 : 0) + (near ? 1 : 0) === 1;
    if (last) this.dispatchEvent(new Event("emptied"));
    remove();
    if (!last) void this.updateComplete.then(() => this.renderRoot.querySelector("button")?.focus());
  }
}

customElements.get("retouche-chips") ?? customElements.define("retouche-chips", RetoucheChips);
