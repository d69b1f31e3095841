// The list beside a map: what the map shows, in words, some at a time.

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { styleMap } from "../../styles/style-map";
import { controls } from "../../styles/theme";
import type { Locale } from "../../model/texts";
import { mapWords } from "./messages";

/** One thing of the list. */
export interface Entry {
  id: string;
  title: string;
  /** Under the title. */
  detail?: string;
  /** At the right: a distance, a figure. */
  aside?: string;
  color?: string | null;
  pending?: boolean;
  /** What a proposal that is looked at does to it. */
  note?: string;
  gone?: boolean;
}

const PART = 20;

/**
 * Shows entries, and offers more where there are more.
 *
 * @fires more - more entries are wanted
 * @fires pick - one was chosen; detail: its id
 */
export class RetoucheMapList extends LitElement {
  static override properties = {
    entries: { attribute: false },
    current: { attribute: false },
    locale: {},
    total: { attribute: false },
  };

  declare entries: readonly Entry[];
  /** Id of the entry that is picked on the map. */
  declare current: string | null;
  declare locale: Locale;
  /** How many there are, shown or not. */
  declare total: number;

  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }
      ol {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li + li {
        border-top: 1px solid var(--_line);
      }
      .entry {
        display: grid;
        grid-template-columns: 12px 1fr auto;
        gap: 2px 8px;
        width: 100%;
        min-height: 44px;
        padding: 6px 12px;
        border: 0;
        border-radius: 0;
        text-align: left;
        align-items: center;
        line-height: 1.35;
      }
      .entry[aria-current="true"] {
        background: var(--_raised);
        box-shadow: inset 3px 0 0 var(--_accent);
      }
      .entry:focus-visible {
        outline: 3px solid var(--_accent);
        outline-offset: -3px;
      }
      .dot {
        width: 10px;
        height: 10px;
        border-radius: 50%;
      }
      .title {
        grid-column: 2;
        overflow-wrap: anywhere;
        font-weight: 500;
      }
      .detail {
        grid-column: 2 / span 2;
        color: var(--_muted);
        font-size: 0.875em;
      }
      .note {
        grid-column: 2 / span 2;
        font-size: 0.875em;
        font-weight: 600;
      }
      .gone {
        text-decoration: line-through;
      }
      .aside {
        color: var(--_muted);
        font-size: 0.875em;
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }
      .more {
        display: flex;
        margin: 8px 12px;
      }
    `,
  ];

  constructor() {
    super();
    this.entries = [];
    this.current = null;
    this.locale = "fr";
    this.total = 0;
  }

  protected override render(): TemplateResult {
    const say = mapWords(this.locale);
    const rest = this.total - this.entries.length;
    return html`<ol>
        ${this.entries.map((one) => this.entry(one, say("pending_mark")))}
      </ol>
      ${rest > 0
        ? html`<div class="more">
            <button @click=${this.more}>${say("more", { n: Math.min(PART, rest) })}</button>
          </div>`
        : nothing}`;
  }

  private entry(
    { id, title, detail, aside, color, pending, note, gone }: Entry,
    mark: string,
  ): TemplateResult {
    return html`<li>
      <button
        class="entry"
        data-id=${id}
        aria-current=${id === this.current ? "true" : nothing}
        @click=${() => this.dispatchEvent(new CustomEvent("pick", { detail: id }))}
      >
        <span class="dot" style=${styleMap(color ? { background: color } : {})}></span>
        <span class="title ${gone ? "gone" : ""}">${title}</span>
        ${aside ? html`<span class="aside">${aside}</span>` : nothing}
        ${detail || pending
          ? html`<span class="detail"
              >${detail}${detail && pending ? " · " : nothing}${pending ? mark : nothing}</span
            >`
          : nothing}
        ${note ? html`<span class="note">${note}</span>` : nothing}
      </button>
    </li>`;
  }

  /** The keyboard goes on at the first of the new ones. */
  private async more(): Promise<void> {
    const from = this.entries.length;
    this.dispatchEvent(new Event("more"));
    await new Promise((resolve) => requestAnimationFrame(resolve));
    await this.updateComplete;
    this.renderRoot.querySelectorAll<HTMLElement>(".entry")[from]?.focus();
  }

  /** Put the keyboard back where it was picked. */
  focusOn(id: string): boolean {
    const entries = [...this.renderRoot.querySelectorAll<HTMLElement>(".entry")];
    const found = entries.find((one) => one.dataset["id"] === id);
    found?.focus();
    return found !== undefined;
  }
}

customElements.get("retouche-map-list") ?? customElements.define("retouche-map-list", RetoucheMapList);
