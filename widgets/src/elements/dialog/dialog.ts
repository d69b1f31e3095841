// A modal dialog with a title and a way out, the same for all elements.

import { css, html, LitElement, type TemplateResult } from "lit";
import { icon } from "../../styles/icons";
import { controls, theme } from "../../styles/theme";
import { fit } from "./sight";

/**
 * @slot - what the dialog shows
 * @slot footer - its buttons
 * @fires close - it was closed, by whatever means
 * @csspart dialog - the box
 */
export class RetoucheDialog extends LitElement {
  static override properties = {
    heading: { type: String },
    closeLabel: { type: String },
    wide: { type: Boolean, reflect: true },
    theme: { type: String, reflect: true },
  };

  declare heading: string;
  declare closeLabel: string;
  declare wide: boolean;
  declare theme: string;

  static override styles = [
    theme,
    controls,
    css`
      dialog {
        width: min(640px, calc(100vw - 24px));
        max-height: calc(var(--_room, 100dvh) - 24px);
        inset-block: var(--_above, 0) var(--_below, 0);
        padding: 0;
        border: 1px solid var(--_line);
        border-radius: var(--_radius);
        background: var(--_surface);
        color: var(--_text);
        overflow: hidden;
      }
      :host([wide]) dialog {
        width: min(1100px, calc(100vw - 24px));
      }
      dialog[open] {
        display: flex;
        flex-direction: column;
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 0.5);
      }
      header {
        display: flex;
        gap: 12px;
        align-items: flex-start;
        justify-content: space-between;
        padding: 12px 16px;
        border-bottom: 1px solid var(--_line);
      }
      header button {
        flex: none;
      }
      h2 {
        margin: 0;
        padding: 4px 0;
        font-size: calc(1.15 * var(--_rem));
        line-height: 1.3;
        overflow-wrap: anywhere;
      }
      h2:focus {
        outline: none;
      }
      .body {
        flex: 1 1 auto;
        padding: 16px;
        overflow: auto;
      }
      footer {
        display: flex;
        flex-wrap: wrap;
        gap: 0 8px;
        justify-content: flex-end;
        padding: 4px 16px;
      }
      ::slotted([slot="footer"]) {
        margin: 4px 0;
      }
      /* On paper a dialog is a page of its own, as long as it needs to be. */
      @media print {
        dialog[open],
        :host([wide]) dialog[open] {
          position: absolute;
          inset: 0 auto auto 0;
          display: block;
          width: 100%;
          max-width: none;
          max-height: none;
          margin: 0;
          border: 0;
          overflow: visible;
        }
        dialog::backdrop,
        header button {
          display: none;
        }
        .body {
          overflow: visible;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.heading = "";
    this.closeLabel = "Close";
    this.wide = false;
    this.theme = "";
  }

  /** What had the focus before, and all that it was in. */
  private cameFrom: HTMLElement[] = [];

  protected override firstUpdated(): void {
    this.cameFrom = around(focused());
    const fitted = fit(this.box);
    if (fitted) void fitted.then(() => this.show());
    else this.show();
  }

  private show(): void {
    if (!this.isConnected) return;
    this.box.showModal();
    // Not by `autofocus`: browsers refuse it in frames of another site, with a complaint.
    this.renderRoot.querySelector<HTMLElement>("#heading")!.focus({ preventScroll: true });
    window.addEventListener("resize", this.resized);
  }

  private readonly resized = (): void => void fit(this.box);

  /** However it goes, the focus is back where it was, or near it where that is gone. */
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("resize", this.resized);
    if (!isLost(focused())) return;
    const near = this.cameFrom.find((one) => one.isConnected);
    if (!near || near === this.cameFrom[0]) return near?.focus();
    near.tabIndex = -1;
    near.addEventListener("blur", () => near.removeAttribute("tabindex"), { once: true });
    near.focus({ preventScroll: true });
  }

  close(): void {
    this.box.close();
  }

  private get box(): HTMLDialogElement {
    return this.renderRoot.querySelector("dialog")!;
  }

  protected override render(): TemplateResult {
    return html`<dialog
      part="dialog"
      aria-labelledby="heading"
      @close=${() => this.dispatchEvent(new Event("close"))}
    >
      <header>
        <h2 id="heading" tabindex="-1">${this.heading}</h2>
        <button class="icon plain" aria-label=${this.closeLabel} @click=${this.close}>
          ${icon("close")}
        </button>
      </header>
      <div class="body"><slot></slot></div>
      <footer><slot name="footer"></slot></footer>
    </dialog>`;
  }
}

/** Nothing has the focus, or what went with the dialog. */
function isLost(element: HTMLElement | null): boolean {
  return element === null || !element.isConnected;
}

/** An element and all that it is in, through shadow trees. */
function around(element: HTMLElement | null): HTMLElement[] {
  const found: HTMLElement[] = [];
  let node: Node | null = element;
  while (node && node !== document.body) {
    if (node instanceof HTMLElement) found.push(node);
    node = node instanceof ShadowRoot ? node.host : node.parentNode;
  }
  return found;
}

/** The element that has the focus, inside however many shadow trees. */
function focused(): HTMLElement | null {
  let found = document.activeElement;
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
  return found instanceof HTMLElement && found !== document.body ? found : null;
}

customElements.get("retouche-dialog") ?? customElements.define("retouche-dialog", RetoucheDialog);

declare global {
  interface HTMLElementTagNameMap {
    "retouche-dialog": RetoucheDialog;
  }
}
