// The mini card of what was picked on a map: a row with some fields, or an area with its figures.

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Row } from "../../model/field";
import { fill, inLanguage } from "../../model/texts";
import { plainValue } from "../../model/values";
import type { ClustersLayer, PointsLayer } from "../../model/views";
import type { PendingChange } from "../../sources/source";
import type { Session } from "../../state/session";
import { icon } from "../../styles/icons";
import { controls, theme } from "../../styles/theme";
import { cellStyles, cellTemplate } from "../cell/cell";
import { visible } from "../cell/text";
import { type MapWords, mapWords } from "./messages";

/** What was picked. */
export type Picked =
  | { kind: "row"; layer: PointsLayer | ClustersLayer | null; resource: string; key: string; label: string }
  | { kind: "area"; key: string; label: string; lines: { label: string; text: string }[] };

/**
 * @fires turn - another that lies on the same spot is wanted; detail: 1 for the next, -1 for the
 *   one before
 * @fires close - the reader is done with it
 */
export class RetoucheMapPopup extends LitElement {
  static override properties = {
    session: { attribute: false },
    picked: { attribute: false },
    place: { attribute: false },
    places: { attribute: false },
    row: { state: true },
    failed: { state: true },
  };

  declare session: Session;
  declare picked: Picked;
  /** Which one it is of those that lie on the same spot, from 1, and how many these are. */
  declare place: number;
  declare places: number;
  declare private row: Row | null | undefined;
  declare private failed: boolean;
  private pending: PendingChange[] = [];

  static override styles = [
    theme,
    controls,
    cellStyles,
    css`
      :host {
        display: block;
      }
      .card {
        padding: 12px 14px;
        border: 1px solid var(--_line);
        border-radius: var(--_radius);
        background: var(--_surface);
        color: var(--_text);
        box-shadow: 0 4px 16px rgb(0 0 0 / 0.22);
        font-size: 0.9375em;
        line-height: 1.4;
      }
      header {
        display: flex;
        gap: 8px;
        align-items: flex-start;
        justify-content: space-between;
      }
      .heap {
        display: flex;
        gap: 8px;
        align-items: center;
        margin: 0 0 4px;
        color: var(--_muted);
        font-size: 0.875em;
        font-variant-numeric: tabular-nums;
      }
      .heap button.icon {
        margin: 0;
      }
      .title {
        margin: 4px 0 0;
        font-weight: 650;
        overflow-wrap: anywhere;
      }
      button.icon {
        flex: none;
        width: 32px;
        min-height: 32px;
        margin: -4px -6px 0 0;
      }
      dl {
        margin: 6px 0 0;
      }
      dl > div {
        margin-top: 4px;
      }
      dt {
        color: var(--_muted);
        font-size: calc(0.8125 * var(--_rem));
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
      .pending {
        margin: 8px 0 0;
        color: var(--_warn);
        font-size: 0.875em;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        margin-top: 10px;
      }
      .actions button {
        min-height: 32px;
        font-size: 0.9375em;
      }
      .waiting {
        height: 60px;
        margin-top: 8px;
        border-radius: var(--_radius);
        background: var(--_raised);
      }
    `,
  ];

  constructor() {
    super();
    this.place = 1;
    this.places = 1;
    this.row = undefined;
    this.failed = false;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("picked")) void this.read();
  }

  override focus(): void {
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>(".card")?.focus({ preventScroll: true }),
    );
  }

  private async read(): Promise<void> {
    const { picked } = this;
    this.row = undefined;
    this.failed = false;
    this.pending = [];
    if (picked.kind !== "row") return;
    if (!this.session.resources.get(picked.resource)!.keyed) {
      this.row = {}; // nothing more can be asked about it
      return;
    }
    try {
      const answer = await this.session.source.row(picked.resource, picked.key);
      if (this.picked !== picked) return;
      this.pending = answer?.pending ?? [];
      this.row = answer?.row ?? null;
    } catch {
      if (this.picked === picked) this.failed = true;
    }
  }

  protected override render(): TemplateResult {
    const { picked, session } = this;
    const say = mapWords(session.locale);
    return html`<div
      class="card"
      role="group"
      tabindex="-1"
      aria-labelledby="title"
      aria-busy=${picked.kind === "row" && this.row === undefined && !this.failed ? "true" : "false"}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        this.close();
      }}
    >
      <header>
        <p class="title" id="title" aria-live=${this.places > 1 ? "polite" : "off"}>
          ${this.heading}
        </p>
        <button class="icon plain" aria-label=${say("close")} @click=${this.close}>
          ${icon("close")}
        </button>
      </header>
      ${this.heap(say)}
      ${picked.kind === "area" ? this.figures(picked.lines) : this.fields()}
    </div>`;
  }

  /** The way to the others on the same spot. */
  private heap(say: MapWords): TemplateResult | typeof nothing {
    const { place, places } = this;
    if (places < 2) return nothing;
    const turn = (by: number) => () =>
      this.dispatchEvent(new CustomEvent("turn", { detail: by }));
    return html`<div class="heap">
      <button class="icon" aria-label=${say("before")} @click=${turn(-1)}>${icon("previous")}</button>
      ${say("same_spot", { place, places })}
      <button class="icon" aria-label=${say("next")} @click=${turn(1)}>${icon("next")}</button>
    </div>`;
  }

  private get heading(): string {
    const { picked, row, session } = this;
    const template = picked.kind === "row" ? picked.layer?.popup?.title : null;
    const resource = picked.kind === "row" ? session.resources.get(picked.resource) : undefined;
    if (!row || !template || !resource) return picked.label;
    const shown = fill(inLanguage(template, session.locale), (name) => {
      const field = resource.field(name);
      return field ? visible(plainValue(field, row[name] ?? null, session.locale), field) : "";
    });
    return shown || picked.label;
  }

  private figures(lines: { label: string; text: string }[]): TemplateResult {
    return html`<dl>
      ${lines.map(
        ({ label, text }) => html`<div>
          <dt>${label}</dt>
          <dd>${text}</dd>
        </div>`,
      )}
    </dl>`;
  }

  private fields(): TemplateResult {
    const { picked, row, session, failed } = this;
    const { locale } = session;
    const say = mapWords(locale);
    if (failed) return html`<p class="error" role="alert">${say("unknown_row")}</p>`;
    if (row === undefined) return html`<div class="waiting"></div>`;
    if (row === null || picked.kind !== "row") return html`<p>${say("gone")}</p>`;
    const resource = session.resources.get(picked.resource)!;
    const mark = session.preview?.mark(picked.resource, picked.key);
    const shown = (picked.layer?.popup?.fields ?? []).map((one) =>
      typeof one === "string" ? { field: one } : one,
    );
    return html`${mark ? session.preview!.cardNote(session, resource, mark, 4) : nothing}
      <dl>
        ${shown.map(({ field: name, ...more }) => {
          const field = resource.field(name);
          if (!field || !row[name]) return nothing;
          const label = "label" in more ? inLanguage(more.label, locale) : "";
          return html`<div>
            <dt>${label || field.label(locale)}</dt>
            <dd>${cellTemplate(field, row[name], locale)}</dd>
          </div>`;
        })}
      </dl>
      ${this.pending.length
        ? html`<p class="pending">${say("pending", { n: this.pending.length })}</p>`
        : nothing}
      ${this.actions(picked)}`;
  }

  /** The whole card is that of the widget's own resource; others only have this one. */
  private actions(picked: Picked & { kind: "row" }): TemplateResult | typeof nothing {
    const { session } = this;
    const say = mapWords(session.locale);
    const own = picked.resource === session.resource.name;
    const resource = session.resources.get(picked.resource)!;
    const opens = own && resource.keyed && picked.layer?.open !== "popup";
    const hint = inLanguage(picked.layer?.popup?.hint, session.locale);
    if (!opens && !session.editable(resource)) return nothing;
    return html`<div class="actions">
      ${opens
        ? html`<button class="primary" title=${hint || nothing} @click=${() => session.open(picked.key)}>
            ${say("open")}
          </button>`
        : nothing}
      ${session.editable(resource)
        ? html`<button
            @click=${() => session.edit({ resource: picked.resource, key: picked.key })}
          >
            ${icon("edit")} ${say("correct")}
          </button>`
        : nothing}
    </div>`;
  }

  private close(): void {
    this.dispatchEvent(new Event("close"));
  }
}

customElements.get("retouche-map-popup") ??
  customElements.define("retouche-map-popup", RetoucheMapPopup);
