// The filters of a widget: beside the rows where there is room, else in a sheet over them.

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { type Field, own } from "../../model/field";
import { type Say, speaker } from "../../model/messages";
import type { Filter } from "../../model/views";
import type { Facets } from "../../sources/source";
import type { Session } from "../../state/session";
import { icon } from "../../styles/icons";
import { controls, theme } from "../../styles/theme";
import "../dialog/dialog";
import "./choices";
import { modeOf } from "./choosing";
import { facetsOf } from "./facets";
import { limitsOf } from "./limits";
import { MESSAGES, type Name } from "./messages";
import "./range";
import type { Limits } from "./range";
import { filterLabel } from "./wording";

interface Shown {
  filter: Filter;
  field: Field;
  mode: "any" | "one" | "range" | "dates";
}

/** @fires close - the reader closed the filters */
export class RetoucheFilters extends LitElement {
  static override properties = {
    session: { attribute: false },
    told: { attribute: false },
    sheet: { type: Boolean, reflect: true },
    facets: { state: true },
    limits: { state: true },
    failed: { state: true },
  };

  declare session: Session;
  /** Differs when there is something else to show. */
  declare told: unknown;
  /** Over the rows, not beside them. */
  declare sheet: boolean;
  declare private facets: Facets;
  declare private limits: { [field: string]: Limits };
  declare private failed: boolean;
  private asked = "";

  static override styles = [
    theme,
    controls,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      section {
        padding: 12px;
        border: 1px solid var(--_line);
        border-radius: var(--_radius);
      }
      header {
        display: flex;
        gap: 8px;
        align-items: center;
        justify-content: space-between;
        margin-bottom: 8px;
      }
      h3 {
        margin: 0;
        font-size: calc(1.0625 * var(--_rem));
      }
      .grid {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(220px, 100%), 1fr));
        gap: 20px 24px;
        align-items: start;
      }
      .failure {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        align-items: center;
        margin: 0 0 12px;
      }
      .clear {
        margin-top: 16px;
      }
    `,
  ];

  constructor() {
    super();
    this.sheet = false;
    this.facets = {};
    this.limits = {};
    this.failed = false;
  }

  private get shown(): Shown[] {
    const { session } = this;
    return (session.widget.filters ?? []).flatMap((filter) => {
      const field = session.field(filter.field);
      return field ? [{ filter, field, mode: modeOf(filter, field) }] : [];
    });
  }

  protected override willUpdate(_: PropertyValues): void {
    const { session } = this;
    const asked = JSON.stringify([
      session.resource.name,
      session.descriptor.revision,
      { ...session.query, order: [] },
    ]);
    if (asked !== this.asked) void this.read(asked);
  }

  private async read(asked: string): Promise<void> {
    this.asked = asked;
    this.failed = false;
    const listed = this.shown.filter(({ mode }) => mode === "any" || mode === "one");
    const ranges = this.shown.filter(({ mode }) => mode === "range" || mode === "dates");
    try {
      const [facets, limits] = await Promise.all([
        facetsOf(
          this.session,
          listed.map(({ field }) => field.name),
        ),
        limitsOf(
          this.session,
          ranges.map(({ field }) => field).filter((one) => !own(this.limits, one.name)),
        ),
      ]);
      if (asked !== this.asked) return;
      this.facets = facets;
      this.limits = { ...this.limits, ...limits };
    } catch {
      if (asked === this.asked) this.failed = true;
    }
  }

  protected override render(): TemplateResult {
    const say = speaker(MESSAGES, this.session.locale);
    return this.sheet ? this.asSheet(say) : this.asPanel(say);
  }

  private asPanel(say: Say<Name>): TemplateResult {
    return html`<section aria-labelledby="heading" @keydown=${this.pressed}>
      <header>
        <h3 id="heading">${say("filters")}</h3>
        <button class="icon plain" aria-label=${say("close")} @click=${this.close}>
          ${icon("close")}
        </button>
      </header>
      ${this.content(say)}
      ${this.anyActive
        ? html`<button class="clear" @click=${this.clear}>${say("clear_all")}</button>`
        : nothing}
    </section>`;
  }

  private asSheet(say: Say<Name>): TemplateResult {
    return html`<retouche-dialog
      .heading=${say("filters")}
      .closeLabel=${say("close")}
      @close=${this.close}
    >
      ${this.content(say)}
      <button slot="footer" ?disabled=${!this.anyActive} @click=${this.clear}>
        ${say("clear_all")}
      </button>
      <button
        slot="footer"
        class="primary"
        @click=${() => this.renderRoot.querySelector("retouche-dialog")?.close()}
      >
        ${say("show")}
      </button>
    </retouche-dialog>`;
  }

  private get anyActive(): boolean {
    return Object.keys(this.session.state.filters).length > 0;
  }

  private content(say: Say<Name>): TemplateResult {
    return html`${this.failed
        ? html`<p class="failure notice" role="alert">
            ${say("failed")}
            <button @click=${() => void this.read(this.asked)}>${say("retry")}</button>
          </p>`
        : nothing}
      <div class="grid">${this.shown.map((one) => this.one(one))}</div>`;
  }

  private one({ filter, field, mode }: Shown): TemplateResult {
    const { session } = this;
    const label = filterLabel(filter, field, session.locale);
    if (mode === "any" || mode === "one") {
      return html`<retouche-choices
        .session=${session}
        .field=${field}
        .label=${label}
        .single=${mode === "one"}
        .facet=${own(this.facets, field.name) ?? null}
        .told=${{}}
      ></retouche-choices>`;
    }
    return html`<retouche-range
      .session=${session}
      .field=${field}
      .label=${label}
      .dates=${mode === "dates"}
      .limits=${own(this.limits, field.name) ?? null}
      .told=${{}}
    ></retouche-range>`;
  }

  private readonly pressed = (event: KeyboardEvent): void => {
    if (event.key === "Escape") this.close();
  };

  private clear(): void {
    this.session.ask({ filters: {} });
  }

  private close(): void {
    this.dispatchEvent(new Event("close"));
  }
}

customElements.get("retouche-filters") ??
  customElements.define("retouche-filters", RetoucheFilters);

declare global {
  interface HTMLElementTagNameMap {
    "retouche-filters": RetoucheFilters;
  }
}
