// A text with a button that copies it; where the browser refuses, the text is selected instead.

import { css, html, LitElement, type TemplateResult } from "lit";
import { speaker } from "../../model/messages";
import type { Locale } from "../../model/texts";
import { icon } from "../../styles/icons";
import { controls, theme } from "../../styles/theme";
import { MESSAGES } from "./sharing-messages";

export class RetoucheCopying extends LitElement {
  static override properties = {
    label: { type: String },
    text: { type: String },
    locale: { type: String },
    long: { type: Boolean },
    told: { state: true },
  };

  declare label: string;
  declare text: string;
  declare locale: Locale;
  /** Several lines. */
  declare long: boolean;
  declare private told: "" | "copied" | "copy_by_hand";

  static override styles = [
    theme,
    controls,
    css`
      :host {
        display: block;
      }
      label {
        display: block;
        font-weight: 600;
      }
      .line {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        align-items: start;
        margin-top: 4px;
      }
      input,
      textarea {
        flex: 1 1 240px;
        min-width: 0;
        background: var(--_raised);
        font-family: ui-monospace, Consolas, monospace;
        font-size: calc(0.875 * var(--_rem));
        overflow-wrap: anywhere;
      }
      textarea {
        min-height: 96px;
        resize: vertical;
      }
      p {
        min-height: 1.5em;
        margin: 2px 0 0;
        color: var(--_good);
        font-size: calc(0.875 * var(--_rem));
      }
    `,
  ];

  constructor() {
    super();
    this.label = "";
    this.text = "";
    this.locale = "fr";
    this.long = false;
    this.told = "";
  }

  protected override render(): TemplateResult {
    const say = speaker(MESSAGES, this.locale);
    return html`<label for="text">${this.label}</label>
      <div class="line">
        ${this.long
          ? html`<textarea id="text" readonly rows="4" .value=${this.text}></textarea>`
          : html`<input id="text" readonly .value=${this.text} />`}
        <button aria-label=${`${say("copy")} – ${this.label}`} @click=${this.copy}>
          ${icon("link")} ${say("copy")}
        </button>
      </div>
      <p role="status">${this.told ? say(this.told) : ""}</p>`;
  }

  private async copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.text);
      this.told = "copied";
    } catch {
      this.told = this.copySelected() ? "copied" : "copy_by_hand";
    }
  }

  /** The way of before the Clipboard API. The text stays selected, for the reader's own keys. */
  private copySelected(): boolean {
    const field = this.renderRoot.querySelector<HTMLInputElement | HTMLTextAreaElement>("#text")!;
    field.focus();
    field.select();
    try {
      return document.execCommand("copy");
    } catch {
      return false;
    }
  }
}

customElements.get("retouche-copying") ??
  customElements.define("retouche-copying", RetoucheCopying);
