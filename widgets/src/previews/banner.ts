// Above the views of a proposal: which one it is, what it changes, the switch between both sides.

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Locale } from "../model/texts";
import { safeLink } from "../model/values";
import type { State } from "../state/address";
import type { Session } from "../state/session";
import { icon } from "../styles/icons";
import { controls, theme } from "../styles/theme";
import type { Kind, Side } from "./changes";
import { previewWords, type Words } from "./messages";

const KINDS: readonly Kind[] = ["updated", "inserted", "deleted"];
const VERBS = { updated: "update", inserted: "insert", deleted: "delete" } as const;

/**
 * Says that a proposal is looked at, and lets a reader look at the data before it. Filters, page,
 * place on the map and the row that is open stay.
 */
export class RetouchePreview extends LitElement {
  static override properties = {
    session: { attribute: false },
    state: { attribute: false },
    locale: { attribute: false },
    told: { state: true },
  };
  static override styles = [
    theme,
    controls,
    css`
      :host {
        display: block;
        margin: 0 0 var(--_gap);
      }
      section {
        display: grid;
        gap: 8px;
        padding: 12px 14px;
        border: 1px solid var(--_accent);
        border-left-width: 4px;
        border-radius: var(--_radius);
        background: var(--_accent-surface);
      }
      p {
        margin: 0;
      }
      .what {
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      .state {
        color: var(--_muted);
      }
      .line {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 16px;
        align-items: center;
      }
      .switch {
        display: inline-flex;
      }
      .switch button:first-child {
        border-radius: var(--_radius) 0 0 var(--_radius);
      }
      .switch button:last-child {
        margin-left: -1px;
        border-radius: 0 var(--_radius) var(--_radius) 0;
      }
      label {
        display: inline-flex;
        gap: 8px;
        align-items: center;
        min-height: 36px;
      }
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 16px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: inline-flex;
        gap: 6px;
        align-items: center;
      }
      .foot {
        font-size: calc(0.9375 * var(--_rem));
      }
      .foot a {
        display: inline-block;
        min-height: 24px;
      }
    `,
  ];

  declare session: Session;
  /** Given so that the banner is drawn anew with it. */
  declare state: State;
  declare locale: Locale;
  /** What is said to readers who listen. */
  declare private told: string;

  constructor() {
    super();
    this.told = "";
  }

  protected override render(): TemplateResult {
    const { session } = this;
    const say = previewWords(session.locale);
    const { of, published } = session.preview!.changes.part;
    const scenario = of.kind === "scenario";
    const page = safeLink(of.url);
    const open = safeLink(published);
    return html`<section aria-label=${say("region")}>
      <p>
        <span class="what">${this.what(say)}</span>
        <span class="state">${this.standing(say)}</span>
      </p>
      ${this.counts(say)}
      <div class="line">
        <div class="switch" role="group" aria-label=${say("show")}>
          ${this.side("before", say)} ${this.side("after", say)}
        </div>
        ${session.view[1].type === "dataviz" ? nothing : this.limit(say)}
      </div>
      <p class="line foot">
        ${page ? this.link(page, say(scenario ? "see_scenario" : "see")) : nothing}
        <span>${say("no_editing")} ${open ? this.link(open, say("published")) : nothing}</span>
      </p>
      <p class="visually-hidden" role="status">${this.told}</p>
    </section>`;
  }

  /** In a window of its own: in a frame, the page of a proposal would not open. */
  private link(address: string, words: string): TemplateResult {
    return html`<a href=${address} target="_blank" rel="noopener">${words}</a>`;
  }

  /** Which proposal, and what it does to its first row. */
  private what(say: Words): string {
    const { part } = this.session.preview!.changes;
    const { kind, id, number, title } = part.of;
    if (kind === "scenario") return say("looking_scenario", { title: title ?? "" });
    const name = number === null ? id.slice(0, 8) : String(number);
    return say("looking", { name, title: title ?? this.summary(say) });
  }

  private summary(say: Words): string {
    const { part } = this.session.preview!.changes;
    for (const rows of Object.values(part.resources)) {
      for (const kind of KINDS) {
        const [first] = rows[kind];
        if (!first) continue;
        const words = say(VERBS[kind], { label: first.label });
        return part.rows > 1 ? `${words} ${say("more", { n: part.rows - 1 })}` : words;
      }
    }
    return say("nothing");
  }

  private standing(say: Words): string {
    const { state } = this.session.preview!.changes.part.of;
    const name = `state_${state}` as "state_open";
    return say(name);
  }

  /** How many rows of the view's resource change, and how. */
  private counts(say: Words): TemplateResult {
    const { session } = this;
    const { resource, locale } = session;
    const { changes } = session.preview!;
    const counts = changes.counts(resource.name);
    const some = KINDS.filter((kind) => counts[kind]);
    if (!some.length) {
      return html`<p>${say("none_here", { title: resource.title(locale) })}</p>`;
    }
    const signs = { updated: "edit", inserted: "add", deleted: "remove" } as const;
    const listed = some.map(
      (kind) => html`<li>${icon(signs[kind])} ${say(kind, { n: counts[kind] })}</li>`,
    );
    const { complete } = changes.part;
    const n = changes.in(resource.name).length;
    return html`<ul>
        ${listed}
      </ul>
      ${complete ? nothing : html`<p>${say("incomplete", { n })}</p>`}
      ${[...resource.fields.values()].some((one) => one.isComputed) ? html`<p>${say("computed")}</p>` : nothing}`;
  }

  private side(side: Side, say: Words): TemplateResult {
    const shown = (this.session.state.side ?? "after") === side;
    return html`<button
      data-side=${side}
      aria-pressed=${shown ? "true" : "false"}
      @click=${() => this.turn(side, say)}
    >
      ${say(side)}
    </button>`;
  }

  private limit(say: Words): TemplateResult {
    return html`<label>
      <input
        type="checkbox"
        .checked=${this.session.state.changes === "only"}
        @change=${(event: Event) =>
          this.session.update({
            changes: (event.target as HTMLInputElement).checked ? "only" : null,
            page: 1,
          })}
      />
      ${say("only")}
    </label>`;
  }

  /** Look at the other side; a row that is open stays open under the key that it has there. */
  private turn(side: Side, say: Words): void {
    const { session } = this;
    const from: Side = session.state.side ?? "after";
    if (side === from) return;
    const { row } = session.state;
    const other = row && session.preview!.changes.across(session.resource.name, row, from);
    session.update({ side: side === "before" ? side : null, row: other ?? row });
    this.told = say(side === "before" ? "told_before" : "told_after");
  }
}

customElements.get("retouche-preview") ?? customElements.define("retouche-preview", RetouchePreview);
