// Share, download, embed, language, full screen.

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { type Messages, type Say, speaker } from "../../model/messages";
import { type Locale, LOCALES } from "../../model/texts";
import type { Session } from "../../state/session";
import { icon, type IconName } from "../../styles/icons";
import { controls, theme } from "../../styles/theme";
import { MESSAGES, type Name } from "./messages";

const LANGUAGES: { [locale in Locale]: string } = { fr: "Français", en: "English" };

/**
 * @fires ask - a reader wants to `share`, `download` or `embed` (detail)
 * @fires full - full screen, or out of it
 */
export class RetoucheToolbar extends LitElement {
  static override properties = {
    session: { attribute: false },
    locale: { type: String },
    offered: { attribute: false },
    full: { type: Boolean },
  };

  declare session: Session;
  declare locale: Locale;
  /** The actions that the page left in. */
  declare offered: readonly ("share" | "download" | "embed")[];
  declare full: boolean;

  static override styles = [
    theme,
    controls,
    css`
      .tools {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
      }
      button {
        padding: 0 10px;
        border-color: transparent;
        background: none;
        color: var(--_muted);
        font-size: calc(0.9375 * var(--_rem));
      }
      button:hover {
        background: var(--_raised);
        color: var(--_text);
      }
      .languages {
        display: inline-flex;
      }
      .languages button {
        min-width: 36px;
        padding: 0 6px;
        text-transform: uppercase;
      }
      .languages button[aria-pressed="true"] {
        border-color: transparent;
        background: none;
        color: var(--_accent);
        font-weight: 700;
        text-decoration: underline;
        text-underline-offset: 4px;
      }
      @container widget (max-width: 47.5em) {
        .label {
          position: absolute;
          width: 1px;
          height: 1px;
          overflow: hidden;
          clip-path: inset(50%);
          white-space: nowrap;
        }
        .tools button {
          position: relative;
          min-width: 36px;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.offered = [];
    this.full = false;
  }

  protected override render(): TemplateResult {
    const say = speaker(MESSAGES as Messages<Name>, this.locale);
    const icons = { share: "share", download: "download", embed: "code" } as const;
    return html`<div class="tools">
      ${this.offered.map((one) =>
        this.button(icons[one], say(one), () =>
          this.dispatchEvent(new CustomEvent("ask", { detail: one })),
        ),
      )}
      ${this.languages(say)}
      ${this.button("full", say(this.full ? "full_leave" : "full"), () =>
        this.dispatchEvent(new Event("full")),
      )}
    </div>`;
  }

  private button(drawing: IconName, label: string, act: () => void): TemplateResult {
    return html`<button title=${label} @click=${act}>
      ${icon(drawing)}<span class="label">${label}</span>
    </button>`;
  }

  private languages(say: Say<Name>): TemplateResult | typeof nothing {
    const offered = LOCALES.filter((one) => this.session.descriptor.locales?.includes(one));
    if (offered.length < 2) return nothing;
    return html`<span class="languages" role="group" aria-label=${say("language")}>
      ${offered.map(
        (one) =>
          html`<button
            lang=${one}
            title=${LANGUAGES[one]}
            aria-label=${`${one.toUpperCase()} – ${LANGUAGES[one]}`}
            aria-pressed=${one === this.locale ? "true" : "false"}
            @click=${() => this.session.speak(one)}
          >
            ${one}
          </button>`,
      )}
    </span>`;
  }
}

customElements.get("retouche-toolbar") ??
  customElements.define("retouche-toolbar", RetoucheToolbar);
