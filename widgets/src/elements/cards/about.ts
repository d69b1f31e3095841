// The foot of a card: say that it is still correct, report something, its history and its link.

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Resource } from "../../model/field";
import { type Say, speaker } from "../../model/messages";
import { formatDate } from "../../model/values";
import type { Confirmations } from "../../sources/source";
import type { Session } from "../../state/session";
import { icon } from "../../styles/icons";
import { controls, theme } from "../../styles/theme";
import { addressOf, pageOf } from "./addresses";
import { CARD_MESSAGES, type CardMessageName } from "./card-messages";
import { cardStyles } from "./card-styles";

/**
 * @csspart about - the foot of the card
 */
export class RetoucheAbout extends LitElement {
  static override properties = {
    session: { attribute: false },
    resource: { attribute: false },
    rowKey: { attribute: false },
    revision: { attribute: false },
    confirmations: { attribute: false },
    locale: { attribute: false },
    outcome: { state: true },
    busy: { state: true },
    link: { state: true },
  };
  static override styles = [
    theme,
    controls,
    cardStyles,
    css`
      :host {
        container-type: normal;
      }
    `,
  ];

  declare session: Session;
  declare resource: Resource;
  declare rowKey: string;
  /** That the reader is looking at. */
  declare revision: string;
  /** As read with the row; null where the source keeps none. */
  declare confirmations: Confirmations | null;
  /** Given so that the foot is drawn anew in another language. */
  declare locale: string;
  declare private outcome: "" | "done" | "error" | "copied";
  declare private busy: boolean;
  /** To be copied by hand, where the page may not write to the clipboard. */
  declare private link: string;
  private ofRow = "";

  constructor() {
    super();
    this.confirmations = null;
    this.outcome = "";
    this.busy = false;
    this.link = "";
  }

  protected override willUpdate(): void {
    if (this.ofRow === this.rowKey) return;
    this.ofRow = this.rowKey;
    this.outcome = "";
    this.link = "";
  }

  protected override render(): TemplateResult {
    const { session, resource, rowKey } = this;
    const say = speaker(CARD_MESSAGES, session.locale);
    const page = pageOf(resource, rowKey);
    return html`<div class="about" role="group" aria-label=${say("about")} part="about">
      <div class="choices">
        ${session.editable(resource) ? this.contributions(say) : nothing}
        ${addressOf(session, resource, rowKey)
          ? html`<button class="plain" @click=${this.copy}>${icon("link")} ${say("copy")}</button>`
          : nothing}
        ${page ? html`<a href="${page}#history">${icon("clock")} ${say("history")}</a>` : nothing}
      </div>
      ${this.link
        ? html`<p>
            <label
              >${say("copy_by_hand")}
              <input class="by-hand" readonly .value=${this.link}
            /></label>
          </p>`
        : nothing}
      ${this.confirmed(say)}
      <p
        role="status"
        class=${this.outcome === "error" ? "error" : "done"}
        ?hidden=${!this.outcome}
      >
        ${this.outcomeText(say)}
      </p>
    </div>`;
  }

  private contributions(say: Say<CardMessageName>): TemplateResult {
    const request = {
      resource: this.resource.name,
      key: this.rowKey,
      panel: "remark",
    } as const;
    return html`<button
        aria-disabled=${this.busy || this.outcome === "done"}
        @click=${this.confirm}
      >
        ${icon("check")} ${say("confirm")}
      </button>
      <button class="plain" @click=${() => this.session.edit(request)}>
        ${icon("warning")} ${say("remark")}
      </button>`;
  }

  private confirmed(say: Say<CardMessageName>): TemplateResult | typeof nothing {
    const { count = 0, last = null } = this.confirmations ?? {};
    if (!count || !last) return nothing;
    const date = formatDate(last.slice(0, 10), this.session.locale);
    return html`<p>${say("confirmed", { count, date })}</p>`;
  }

  private outcomeText(say: Say<CardMessageName>): string {
    const { outcome } = this;
    if (!outcome) return "";
    return say(
      outcome === "done" ? "confirm_thanks" : outcome === "copied" ? "copied" : "not_sent",
    );
  }

  private readonly confirm = async (): Promise<void> => {
    if (this.busy || this.outcome === "done") return;
    const { session, resource, rowKey, revision } = this;
    const token = session.draft.tokenFor(["confirmation", resource.name, rowKey, revision]);
    this.busy = true;
    try {
      const { entranceOf } = await import("../editing/entrance");
      const found = await entranceOf(session).through(({ proof }) =>
        session.source.confirm(resource.name, rowKey, revision, token, proof ? { proof } : {}),
      );
      if (rowKey !== this.rowKey) return;
      this.confirmations = found;
      this.outcome = "done";
    } catch {
      if (rowKey === this.rowKey) this.outcome = "error";
    } finally {
      this.busy = false;
    }
  };

  private readonly copy = async (): Promise<void> => {
    const address = addressOf(this.session, this.resource, this.rowKey)!;
    const link = new URL(address, location.href).href;
    try {
      await navigator.clipboard.writeText(link);
      this.outcome = "copied";
    } catch {
      this.link = link; // a frame may not write to the clipboard
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLInputElement>(".by-hand")?.select();
    }
  };
}

customElements.get("retouche-about") ?? customElements.define("retouche-about", RetoucheAbout);
