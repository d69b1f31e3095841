// The bar that says that there are corrections, not sent yet.

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { speaker } from "../../model/messages";
import type { Locale } from "../../model/texts";
import type { Session } from "../../state/session";
import { icon } from "../../styles/icons";
import { controls, theme } from "../../styles/theme";
import { MESSAGES } from "./messages";
import { loadPart } from "./parts";

/** Stays in sight below the views while there is a draft. */
export class RetoucheDraftBar extends LitElement {
  static override properties = {
    session: { attribute: false },
    count: { type: Number },
    locale: { type: String },
    sure: { state: true },
  };

  declare session: Session;
  declare count: number;
  declare locale: Locale;
  declare private sure: boolean;

  static override styles = [
    theme,
    controls,
    css`
      :host {
        position: sticky;
        bottom: 8px;
        z-index: 3;
        display: block;
        margin-top: 12px;
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 12px;
        align-items: center;
        padding: 8px 12px;
        border: 1px solid var(--_warn);
        border-radius: var(--_radius);
        background: var(--_changed-surface);
        box-shadow: 0 4px 16px rgb(0 0 0 / 0.15);
      }
      p {
        flex: 1 1 12em;
        margin: 0;
      }
      @media (max-width: 480px) {
        .bar {
          padding: 6px 8px;
        }
        .actions {
          flex: 1 1 auto;
        }
        .actions button {
          padding-inline: 0.4em;
        }
        .actions .primary {
          flex: 1 1 auto;
        }
      }
      small {
        display: block;
        color: var(--_warn);
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
    `,
  ];

  constructor() {
    super();
    this.count = 0;
    this.locale = "fr";
    this.sure = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // At hand before it is needed: the connection may be gone by then.
    loadPart("review").catch(() => undefined);
  }

  protected override render(): TemplateResult {
    const say = speaker(MESSAGES, this.locale);
    const count = { count: this.count };
    const kept = this.session.draft.kept;
    return html`<div class="bar" role="region" aria-label=${say("draft", count)}>
      <p role="status">
        ${this.sure ? say("sure", count) : say("draft", count)}
        ${kept ? nothing : html`<small>${say("draft_not_kept")}</small>`}
      </p>
      <div class="actions">
        ${this.sure
          ? html`<button @click=${this.discard}>${icon("remove")} ${say("discard")}</button>
              <button class="primary" @click=${() => this.ask(false)}>${say("keep")}</button>`
          : html`<button class="plain" @click=${() => this.ask(true)}>${say("discard")}</button>
              <button class="primary" @click=${() => this.session.review()}>
                ${icon("check")} ${say("review")}
              </button>`}
      </div>
    </div>`;
  }

  private ask(sure: boolean): void {
    this.sure = sure;
    void this.updateComplete.then(() => this.renderRoot.querySelector("button")?.focus());
  }

  private discard(): void {
    this.sure = false;
    this.session.draft.clear();
  }
}

customElements.get("retouche-draft-bar") ??
  customElements.define("retouche-draft-bar", RetoucheDraftBar);
