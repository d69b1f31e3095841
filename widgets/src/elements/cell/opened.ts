// What a cell shows on demand: the whole of a long text, a picture of a third party.

import {
  css,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type TemplateResult,
} from "lit";
import { speaker } from "../../model/messages";
import type { Locale } from "../../model/texts";
import { icon } from "../../styles/icons";
import { controls, theme } from "../../styles/theme";
import { fit } from "../dialog/sight";
import { MESSAGES } from "./messages";
import { COMPACT, cut, shortAddress } from "./text";

const styles = css`
  :host {
    display: block;
    min-width: 0;
    font: inherit;
    color: inherit;
  }
  .line {
    display: flex;
    gap: 6px;
    align-items: center;
    min-width: 0;
  }
  .line > span {
    flex: 0 1 auto;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    unicode-bidi: isolate;
  }
  .line > button {
    flex: none;
    min-height: 24px;
    padding: 0 0.5em;
    font-size: 0.8125em;
  }
  [popover] {
    width: min(640px, calc(100vw - 32px));
    max-height: min(0.7 * var(--_room, 100dvh), 640px);
    inset-block: var(--_above, 0) var(--_below, 0);
    padding: 16px;
    overflow: auto;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_surface);
    color: var(--_text);
    font-weight: 400;
    text-align: start;
    overflow-wrap: anywhere;
    box-shadow: 0 8px 32px rgb(0 0 0 / 0.25);
  }
  .head {
    display: flex;
    gap: 8px;
    align-items: start;
    justify-content: space-between;
    margin-bottom: 8px;
  }
  .head strong {
    padding: 4px 0;
  }
  .whole {
    white-space: pre-line;
    unicode-bidi: isolate;
  }
  img {
    display: block;
    max-width: 100%;
    max-height: 60dvh;
    border-radius: var(--_radius);
  }
  p {
    margin: 8px 0 0;
    color: var(--_muted);
    font-size: 0.875em;
  }
`;

/** What opens over the page at a button of a cell, and closes with Escape or a click elsewhere. */
abstract class Opened extends LitElement {
  static override properties: PropertyDeclarations = {
    label: { attribute: false },
    locale: { attribute: false },
    stop: { attribute: false },
    open: { state: true },
  };
  static override styles = [theme, controls, styles];

  /** What the field is called. */
  declare label: string;
  declare locale: Locale;
  /** `tabindex` of the button. */
  declare stop: string;
  declare protected open: boolean;

  constructor() {
    super();
    this.label = "";
    this.locale = "fr";
    this.stop = "0";
    this.open = false;
  }

  /** Open it, as its button does. */
  override click(): void {
    const box = this.renderRoot.querySelector<HTMLElement>("[popover]")!;
    const fitted = this.open ? null : fit(box);
    if (fitted) void fitted.then(() => box.togglePopover());
    else box.togglePopover();
  }

  protected say(name: keyof (typeof MESSAGES)["fr"], values?: { [name: string]: string }): string {
    return speaker(MESSAGES, this.locale)(name, values);
  }

  protected over(content: TemplateResult | typeof nothing): TemplateResult {
    return html`<div
      popover
      role="dialog"
      aria-label=${this.label}
      @toggle=${(event: ToggleEvent) => {
        this.open = event.newState === "open";
        if (this.open) this.renderRoot.querySelector<HTMLElement>(".close")?.focus();
      }}
      @keydown=${(event: Event) => event.stopPropagation()}
      @dblclick=${(event: Event) => event.stopPropagation()}
    >
      <div class="head">
        <strong>${this.label}</strong>
        <button class="icon plain close" aria-label=${this.say("close")} @click=${this.click}>
          ${icon("close")}
        </button>
      </div>
      ${this.open ? content : nothing}
    </div>`;
  }
}

/** The beginning of a text, and the whole of it on demand. */
export class RetoucheLongText extends Opened {
  static override properties: PropertyDeclarations = { text: { attribute: false } };
  declare text: string;

  constructor() {
    super();
    this.text = "";
  }

  protected override render(): TemplateResult {
    return html`<div class="line">
        <span>${cut(this.text, COMPACT)}</span>
        <button
          tabindex=${this.stop}
          aria-haspopup="dialog"
          aria-label="${this.say("more")} (${this.label})"
          @click=${this.click}
        >
          …
        </button>
      </div>
      ${this.over(html`<div class="whole">${this.text}</div>`)}`;
  }
}

/** A picture that is fetched, without saying from where, when a reader asks for it. */
export class RetouchePicture extends Opened {
  static override properties: PropertyDeclarations = {
    address: { attribute: false },
    failed: { state: true },
  };
  /** A checked address. */
  declare address: string;
  declare private failed: boolean;

  constructor() {
    super();
    this.address = "";
    this.failed = false;
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("address")) this.failed = false;
  }

  protected override render(): TemplateResult {
    const link = html`<a
      href=${this.address}
      target="_blank"
      rel="noopener noreferrer external nofollow"
      >${shortAddress(this.address, 80)}
      <span class="visually-hidden">${this.say("external")}</span></a
    >`;
    return html`<div class="line">
        <button tabindex=${this.stop} aria-haspopup="dialog" @click=${this.click}>
          ${this.say("show_image")}
        </button>
      </div>
      ${this.over(
        html`${
            this.failed
              ? html`<p role="status">${this.say("image_failed")}</p>`
              : html`<img
                  src=${this.address}
                  alt=${this.label}
                  loading="lazy"
                  decoding="async"
                  referrerpolicy="no-referrer"
                  @error=${() => (this.failed = true)}
                />`
          }
          <p>${this.say("image_from", { host: new URL(this.address).host })} ${link}</p>`,
      )}`;
  }
}

customElements.get("retouche-long-text") ??
  customElements.define("retouche-long-text", RetoucheLongText);
customElements.get("retouche-picture") ??
  customElements.define("retouche-picture", RetouchePicture);
