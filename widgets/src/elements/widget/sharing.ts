// The dialogs of sharing, downloading and embedding.

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { type Say, speaker } from "../../model/messages";
import { isEverything } from "../../model/query";
import { inLanguage } from "../../model/texts";
import { formatNumber } from "../../model/values";
import type { DownloadFormat } from "../../sources/source";
import type { Session } from "../../state/session";
import { icon } from "../../styles/icons";
import { controls, theme } from "../../styles/theme";
import "../dialog/dialog";
import "./copying";
import { MESSAGES, type Name } from "./sharing-messages";
import { snippetsOf } from "./snippets";

const FORMATS: readonly DownloadFormat[] = ["csv", "xlsx", "json", "geojson", "parquet"];

/** @fires close - the dialog was closed */
export class RetoucheSharing extends LitElement {
  static override properties = {
    session: { attribute: false },
    what: { type: String },
    base: { type: String },
    all: { state: true },
  };

  declare session: Session;
  declare what: "share" | "download" | "embed";
  /** What addresses of the descriptor are relative to. */
  declare base: string;
  declare private all: boolean;

  static override styles = [
    theme,
    controls,
    css`
      p {
        margin: 0 0 12px;
      }
      fieldset {
        display: grid;
        gap: 4px;
        margin: 0 0 16px;
        padding: 0;
        border: 0;
      }
      legend {
        padding: 0;
        font-weight: 600;
      }
      fieldset label {
        display: flex;
        gap: 8px;
        align-items: center;
        min-height: 32px;
      }
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(220px, 100%), 1fr));
        gap: 8px;
        margin: 0 0 16px;
        padding: 0;
        list-style: none;
      }
      .format {
        width: 100%;
        justify-content: start;
        gap: 12px;
        padding: 8px 12px;
        text-align: start;
      }
      .format strong,
      .format small {
        display: block;
        line-height: 1.3;
      }
      .format small,
      .help {
        color: var(--_muted);
        font-size: calc(0.875 * var(--_rem));
      }
      retouche-copying + .help {
        margin-bottom: 16px;
      }
    `,
  ];

  constructor() {
    super();
    this.what = "share";
    this.base = "";
    this.all = false;
  }

  protected override render(): TemplateResult {
    const say = speaker(MESSAGES, this.session.locale);
    return html`<retouche-dialog
      .heading=${say(this.what)}
      .closeLabel=${say("close")}
      @close=${() => this.dispatchEvent(new Event("close"))}
    >
      ${this[this.what](say)}
    </retouche-dialog>`;
  }

  private share(say: Say<Name>): TemplateResult {
    return html`<p>${say("share_help")}</p>
      <retouche-copying
        .label=${say("address")}
        .text=${location.href}
        .locale=${this.session.locale}
      ></retouche-copying>
      ${"share" in navigator
        ? html`<button class="primary" @click=${this.shareWith}>
            ${icon("share")} ${say("share_native")}
          </button>`
        : nothing}`;
  }

  /** All rows as other standards have them, which the dataset declares. */
  private standards(say: Say<Name>): TemplateResult | typeof nothing {
    const { descriptor } = this.session.resource;
    if (!descriptor.exports?.length) return nothing;
    return html`<p class="help">${say("standards")}</p>
      <ul>
        ${descriptor.exports.map(
          ({ title, url }) =>
            html`<li>
              <a class="button format" href=${url} download>
                ${icon("download")}
                <span
                  ><strong>${inLanguage(title, this.session.locale)}</strong
                  ><small>${say("csv")}</small></span
                >
              </a>
            </li>`,
        )}
      </ul>`;
  }

  private shareWith(): void {
    const { descriptor, locale } = this.session;
    navigator.share({ title: inLanguage(descriptor.title, locale), url: location.href }).catch(
      () => undefined, // the reader chose not to, or the browser does not let us: the address is there
    );
  }

  private download(say: Say<Name>): TemplateResult {
    const { session } = this;
    const narrowed = !isEverything(session.query) && session.total !== session.whole;
    const query = narrowed && !this.all ? session.query : { filters: session.filtersWith({}) };
    const name = session.resource.name;
    const permanent = session.resource.descriptor.links.permanent_csv;
    const links = FORMATS.flatMap((format) => {
      const href = session.source.download(name, format, query);
      return href ? [{ format, href }] : [];
    });
    return html`${narrowed ? this.scopes(say) : nothing}
      <ul>
        ${links.map(
          ({ format, href }) =>
            html`<li>
              <a class="button format" href=${href} download>
                ${icon("download")}
                <span><strong>${say(format)}</strong><small>${say(`${format}_help`)}</small></span>
              </a>
            </li>`,
        )}
      </ul>
      ${this.standards(say)}
      ${permanent
        ? html`<retouche-copying
            .label=${say("permanent")}
            .text=${new URL(permanent, this.base).href}
            .locale=${session.locale}
          ></retouche-copying>`
        : nothing}`;
  }

  private scopes(say: Say<Name>): TemplateResult {
    const { session } = this;
    const count = (rows: number | null): string =>
      rows === null ? "…" : formatNumber(rows, session.locale);
    const choice = (all: boolean, label: string): TemplateResult =>
      html`<label>
        <input
          type="radio"
          name="rows"
          .checked=${this.all === all}
          @change=${() => (this.all = all)}
        />
        ${label}
      </label>`;
    return html`<fieldset>
      <legend>${say("which")}</legend>
      ${choice(false, say("filtered", { count: count(session.total) }))}
      ${choice(true, say("whole", { count: count(session.whole) }))}
    </fieldset>`;
  }

  private embed(say: Say<Name>): TemplateResult {
    const { descriptor, locale } = this.session;
    const title = inLanguage(descriptor.title, locale);
    const { element, iframe, builder } = snippetsOf(descriptor, title, this.base);
    const code = (label: Name, help: Name, text: string | null): TemplateResult | typeof nothing =>
      text
        ? html`<retouche-copying
              long
              .label=${say(label)}
              .text=${text}
              .locale=${locale}
            ></retouche-copying>
            <p class="help">${say(help)}</p>`
        : nothing;
    return html`${code("element", "element_help", element)}
      ${code("iframe", "iframe_help", iframe)}
      ${builder
        ? html`<a class="button" href=${builder} target="_blank" rel="noopener">
            ${icon("edit")} ${say("builder")}
          </a>`
        : nothing}`;
  }
}

customElements.get("retouche-sharing") ??
  customElements.define("retouche-sharing", RetoucheSharing);
