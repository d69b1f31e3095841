// The search box: asks a moment after the last key, at once on Enter.

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { speaker } from "../../model/messages";
import type { Locale } from "../../model/texts";
import type { Session } from "../../state/session";
import { icon } from "../../styles/icons";
import { controls, theme } from "../../styles/theme";
import { MESSAGES } from "./messages";

const PAUSE_MS = 250;

export class RetoucheSearch extends LitElement {
  static override properties = {
    session: { attribute: false },
    words: { type: String },
    locale: { type: String },
    text: { state: true },
  };

  declare session: Session;
  /** The words that rows are searched for now. */
  declare words: string;
  declare locale: Locale;
  declare private text: string;
  private waiting: ReturnType<typeof setTimeout> | undefined;

  static override styles = [
    theme,
    controls,
    css`
      form {
        position: relative;
        display: flex;
      }
      svg.icon {
        position: absolute;
        inset-inline-start: 10px;
        inset-block: 0;
        margin-block: auto;
        color: var(--_muted);
        pointer-events: none;
      }
      input {
        width: 100%;
        min-height: 38px;
        padding-inline: 2.25em;
        appearance: none;
      }
      input::-webkit-search-cancel-button {
        display: none;
      }
      button {
        position: absolute;
        inset-inline-end: 3px;
        top: 3px;
        min-height: 32px;
      }
      button svg.icon {
        position: static;
      }
    `,
  ];

  constructor() {
    super();
    this.words = "";
    this.locale = "fr";
    this.text = "";
  }

  override focus(): void {
    this.renderRoot.querySelector("input")?.focus();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.waiting);
  }

  protected override willUpdate(changed: PropertyValues): void {
    // The address may have changed the words, unless a reader is typing others.
    if (changed.has("words") && this.waiting === undefined && this.text.trim() !== this.words) {
      this.text = this.words;
    }
  }

  protected override render(): TemplateResult {
    const say = speaker(MESSAGES, this.locale);
    return html`<form role="search" @submit=${this.submit}>
      ${icon("search")}
      <input
        type="search"
        autocomplete="off"
        enterkeyhint="search"
        aria-label=${say("search")}
        placeholder=${say("search")}
        .value=${this.text}
        @input=${this.typed}
        @keydown=${this.pressed}
      />
      ${this.text
        ? html`<button
            type="button"
            class="icon plain"
            aria-label=${say("search_clear")}
            @click=${this.clear}
          >
            ${icon("close")}
          </button>`
        : nothing}
    </form>`;
  }

  private typed(event: Event): void {
    this.text = (event.target as HTMLInputElement).value;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.search(), PAUSE_MS);
  }

  private pressed(event: KeyboardEvent): void {
    if (event.key !== "Escape" || !this.text) return;
    event.preventDefault();
    this.clear();
  }

  private submit(event: Event): void {
    event.preventDefault();
    this.search();
  }

  private clear(): void {
    this.text = "";
    this.search();
    this.focus();
  }

  private search(): void {
    clearTimeout(this.waiting);
    this.waiting = undefined;
    const words = this.text.trim();
    if (words !== this.session.state.words) this.session.ask({ words });
  }
}

customElements.get("retouche-search") ?? customElements.define("retouche-search", RetoucheSearch);
