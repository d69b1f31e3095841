// What a contributor gets after sending: thanks, the link to follow, what was sent before.

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { speaker, type Say } from "../../model/messages";
import { formatDate, safeLink } from "../../model/values";
import type { Accepted } from "../../sources/source";
import { followUps, forget } from "../../state/followups";
import type { Session } from "../../state/session";
import { icon } from "../../styles/icons";
import { controls, theme } from "../../styles/theme";
import { formStyles } from "./form-styles";
import { REVIEW, type ReviewMessage } from "./review-messages";
import { reviewStyles } from "./review-styles";

/** Thanks for a proposal; without one, the links of those that were sent before. */
export class RetoucheSent extends LitElement {
  static override properties = {
    session: { attribute: false },
    accepted: { attribute: false },
    email: { type: String },
    mails: { type: Boolean },
    copied: { state: true },
  };
  static override styles = [theme, controls, formStyles, reviewStyles];

  declare session: Session;
  declare accepted: Accepted | null;
  declare email: string;
  /** Whether that address is written to when it is decided. */
  declare mails: boolean;
  declare private copied: "" | "copied" | "copy_by_hand";

  constructor() {
    super();
    this.accepted = null;
    this.email = "";
    this.mails = false;
    this.copied = "";
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>(".thanks")?.focus();
  }

  protected override render(): TemplateResult {
    return html`<div class="stack">
      ${this.accepted ? this.thanks(this.accepted) : nothing} ${this.earlier()}
    </div>`;
  }

  private get say(): Say<ReviewMessage> {
    return speaker(REVIEW, this.session.locale);
  }

  private thanks(accepted: Accepted): TemplateResult {
    const { say } = this;
    const link = safeLink(accepted.follow_up_url);
    const merge = accepted.merge_request;
    const mergeLink = merge ? safeLink(merge.url) : null;
    const preview = accepted.state === "open" ? safeLink(accepted.preview_url ?? "") : null;
    const left = this.session.draft.size;
    return html`<div class="stack">
      <div role="status">
        <p class="thanks" tabindex="-1">${icon("check")} ${say("thanks")}</p>
        <p>${say(accepted.state === "queued" ? "sent_queued" : "sent_open")}</p>
        ${this.email ? html`<p
              >${say(this.mails ? "email_told_mails" : "email_told", { email: this.email })}</p
            >` : nothing}
        ${left ? html`<p class="notice">${say("left_over", { count: left })}</p>` : nothing}
      </div>
      ${link
        ? html`<div class="panel">
            <p>
              <a href=${link} target="_blank" rel="noopener noreferrer">${say("follow")}</a>
            </p>
            <div class="bar">
              <input
                class="grow link"
                readonly
                aria-label=${say("follow")}
                .value=${link}
                @focus=${(event: Event) => (event.target as HTMLInputElement).select()}
              />
              <button @click=${() => this.copy(link)}>${icon("link")} ${say("copy")}</button>
            </div>
            <p role="status" class="good small">${this.copied ? say(this.copied) : nothing}</p>
            <p>${say(this.email && this.mails ? "follow_hint_mails" : "follow_hint")}</p>
          </div>`
        : nothing}
      ${mergeLink || preview
        ? html`<ul>
            ${mergeLink
              ? html`<li>
                  <a href=${mergeLink} target="_blank" rel="noopener"
                    >${say("merge_request", { number: String(merge!.number) })}</a
                  >
                </li>`
              : nothing}
            ${preview
              ? html`<li>
                  <a href=${preview} target="_blank" rel="noopener">${say("see_preview")}</a>
                </li>`
              : nothing}
          </ul>`
        : nothing}
    </div>`;
  }

  private earlier(): TemplateResult | typeof nothing {
    const { say, session } = this;
    const found = followUps().filter((one) => one.id !== this.accepted?.id);
    if (!found.length) return nothing;
    return html`<details>
      <summary>${say("earlier")} (${found.length})</summary>
      <p class="quiet small">${say("earlier_hint")}</p>
      <ul>
        ${found.map((one) => {
          const link = safeLink(one.url);
          return html`<li>
            ${link
              ? html`<a href=${link} target="_blank" rel="noopener noreferrer">${one.label}</a>`
              : one.label}
            <span class="quiet small">${formatDate(one.sent.slice(0, 10), session.locale)}</span>
            <button
              class="plain icon small"
              aria-label=${say("forget", { label: one.label })}
              @click=${() => this.forget(one.id)}
            >
              ${icon("remove")}
            </button>
          </li>`;
        })}
      </ul>
      <button @click=${() => this.forget()}>${say("forget_all")}</button>
    </details>`;
  }

  private forget(id?: string): void {
    forget(id);
    this.requestUpdate();
    void this.updateComplete.then(() => this.renderRoot.querySelector("summary")?.focus());
  }

  private async copy(link: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(link);
      this.copied = "copied";
    } catch {
      // A frame may not use the clipboard; people can.
      this.renderRoot.querySelector<HTMLInputElement>("input.link")?.focus();
      this.copied = "copy_by_hand";
    }
  }
}

customElements.get("retouche-sent") ?? customElements.define("retouche-sent", RetoucheSent);
