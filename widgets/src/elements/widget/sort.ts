// The sort menu: by which fields, in which direction, one after the other.

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { type Say, speaker } from "../../model/messages";
import type { Order } from "../../model/query";
import type { Session } from "../../state/session";
import { icon } from "../../styles/icons";
import { controls, theme } from "../../styles/theme";
import { MESSAGES, type Name } from "./sort-messages";

const MOST = 4;

/** Stands below the controls while it is open. */
export class RetoucheSort extends LitElement {
  static override properties = { session: { attribute: false }, told: { attribute: false } };

  declare session: Session;
  /** Differs when there is something else to show. */
  declare told: unknown;

  static override styles = [
    theme,
    controls,
    css`
      section {
        display: flex;
        flex-direction: column;
        gap: 8px;
        padding: 12px;
        border: 1px solid var(--_line);
        border-radius: var(--_radius);
        background: var(--_raised);
      }
      ol {
        display: flex;
        flex-direction: column;
        gap: 8px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li,
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        align-items: center;
      }
      label {
        display: flex;
        flex: 1 1 240px;
        flex-wrap: wrap;
        gap: 4px 8px;
        align-items: center;
        max-width: 480px;
        min-width: 0;
      }
      label span {
        flex: none;
        min-width: 72px;
        color: var(--_muted);
        font-size: calc(0.9375 * var(--_rem));
      }
      select {
        flex: 1 1 160px;
        min-width: 0;
      }
      p {
        margin: 0;
        color: var(--_muted);
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { session } = this;
    const say = speaker(MESSAGES, session.locale);
    if (session.state.near) {
      return html`<section aria-label=${say("sort")}><p>${say("near")}</p></section>`;
    }
    const orders = session.order;
    return html`<section aria-label=${say("sort")}>
      <ol>
        ${orders.map((order, index) => this.line(orders, order, index, say))}
        ${orders.length < MOST ? this.newLine(orders, say) : nothing}
      </ol>
      ${session.state.order.length
        ? html`<div class="actions">
            <button @click=${() => this.ask([])}>${icon("undo")} ${say("reset")}</button>
          </div>`
        : nothing}
    </section>`;
  }

  private line(
    orders: readonly Order[],
    order: Order,
    index: number,
    say: Say<Name>,
  ): TemplateResult {
    const put = (one: Order): void => this.ask(orders.map((old, at) => (at === index ? one : old)));
    const label = this.session.field(order.field)?.label(this.session.locale) ?? order.field;
    const direction = say(order.descending ? "descending" : "ascending");
    return html`<li>
      <label>
        <span>${say(index ? "then" : "by")}</span>
        ${this.fields(orders, order.field, say, (field) => put({ ...order, field }))}
      </label>
      <button
        aria-label=${`${label} : ${direction}`}
        @click=${() => put({ ...order, descending: !order.descending })}
      >
        ${icon(order.descending ? "down" : "up")} ${direction}
      </button>
      ${orders.length > 1
        ? html`<button
            class="icon plain"
            aria-label=${say("remove", { field: label })}
            title=${say("remove", { field: label })}
            @click=${() => this.ask(orders.filter((_, at) => at !== index))}
          >
            ${icon("close")}
          </button>`
        : nothing}
    </li>`;
  }

  private newLine(orders: readonly Order[], say: Say<Name>): TemplateResult {
    return html`<li>
      <label>
        <span>${say(orders.length ? "then" : "by")}</span>
        ${this.fields(orders, "", say, (field) =>
          this.ask([...orders, { field, descending: false }]),
        )}
      </label>
    </li>`;
  }

  private fields(
    orders: readonly Order[],
    chosen: string,
    say: Say<Name>,
    choose: (field: string) => void,
  ): TemplateResult {
    const taken = new Set(orders.map((one) => one.field));
    const { resource, locale } = this.session;
    const offered = [...resource.fields.values()].filter(
      (one) => one.name === chosen || !taken.has(one.name),
    );
    return html`<select
      @change=${(event: Event) => {
        const { value } = event.target as HTMLSelectElement;
        if (value) choose(value);
      }}
    >
      ${chosen ? nothing : html`<option value="" selected>${say("none")}</option>`}
      ${offered.map(
        (one) =>
          html`<option value=${one.name} .selected=${one.name === chosen}>
            ${one.label(locale)}
          </option>`,
      )}
    </select>`;
  }

  private ask(order: Order[]): void {
    this.session.ask({ order });
  }
}

customElements.get("retouche-sort") ?? customElements.define("retouche-sort", RetoucheSort);
