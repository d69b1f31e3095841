// What can be said of a row without changing a cell: still right, something is wrong, remove it.

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Resource, Row } from "../../model/field";
import { speaker, type Say } from "../../model/messages";
import { formatDate } from "../../model/values";
import { type Confirmations, Problem } from "../../sources/source";
import type { Session } from "../../state/session";
import { icon } from "../../styles/icons";
import { controls, theme } from "../../styles/theme";
import { EDITOR } from "./editor-messages";
import { type Entrance, entranceOf } from "./entrance";
import { formStyles } from "./form-styles";

export type Panel = "" | "remark" | "removal";

/**
 * @fires removal - the row's removal was written into the draft
 */
export class RetoucheRowActions extends LitElement {
  static override properties = {
    session: { attribute: false },
    resource: { attribute: false },
    row: { attribute: false },
    confirmations: { attribute: false },
    panel: { attribute: false },
    busy: { state: true },
    thanks: { state: true },
    problem: { state: true },
  };
  static override styles = [theme, controls, formStyles];

  declare session: Session;
  declare resource: Resource;
  declare row: Row;
  declare confirmations: Confirmations | null;
  /** What is open below the buttons. */
  declare panel: Panel;
  declare private busy: boolean;
  declare private thanks: "" | "confirmed" | "reported";
  declare private problem: unknown;
  private words = "";
  private entrance: Entrance | null = null;
  private readonly again = (): void => this.requestUpdate();

  constructor() {
    super();
    this.confirmations = null;
    this.panel = "";
    this.busy = false;
    this.thanks = "";
    this.problem = null;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("session")) return;
    this.entrance?.removeEventListener("change", this.again);
    this.entrance = entranceOf(this.session);
    this.entrance.addEventListener("change", this.again);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.entrance?.removeEventListener("change", this.again);
  }

  protected override updated(changed: PropertyValues): void {
    // Focus follows the reader: into a panel that opens, back to its button when it closes.
    if (!changed.has("panel") || (changed.get("panel") ?? "") === this.panel) return;
    const closed = changed.get("panel") as Panel | undefined;
    const wanted = this.panel ? "textarea" : closed ? `[data-panel="${closed}"]` : "";
    if (wanted) this.renderRoot.querySelector<HTMLElement>(wanted)?.focus();
  }

  protected override render(): TemplateResult {
    const { say } = this;
    return html`<div class="stack">
      <div class="bar">
        <button aria-disabled=${this.told ? "true" : "false"} @click=${this.confirm}>
          ${icon("check")} ${say("still_right")}
        </button>
        ${this.opener("remark", say("report"), "warning")}
        ${this.opener("removal", say("remove"), "remove")}
      </div>
      ${this.counted()}
      <div role="status" class=${this.thanks ? "good" : ""}
        >${this.busy ? say("confirming") : this.thanks ? say(this.thanks) : nothing}</div
      >
      ${this.problem ? html`<p class="error" role="alert">${this.failure}</p>` : nothing}
      ${this.panel === "remark"
        ? this.form(say("report"), say("report_hint"), say("report_send"), this.remark)
        : this.panel === "removal"
          ? this.form(say("remove_reason"), this.sure, say("remove_draft"), this.removeRow)
          : nothing}
    </div>`;
  }

  private get say(): Say<keyof (typeof EDITOR)["fr"]> {
    return speaker(EDITOR, this.session.locale);
  }

  private get sure(): string {
    return this.say("remove_sure", { label: this.resource.labelOf(this.row) });
  }

  private opener(panel: Panel, text: string, drawing: "warning" | "remove"): TemplateResult {
    return html`<button
      data-panel=${panel}
      aria-expanded=${this.panel === panel ? "true" : "false"}
      @click=${() => {
        this.panel = this.panel === panel ? "" : panel;
        this.words = "";
        this.problem = null;
      }}
    >
      ${icon(drawing)} ${text}
    </button>`;
  }

  private counted(): TemplateResult | typeof nothing {
    const { confirmations, say } = this;
    if (!confirmations?.count) return nothing;
    const date = confirmations.last ? formatDate(confirmations.last.slice(0, 10), this.locale) : "";
    return html`<p class="quiet small">
      ${say("confirmed_count", { count: confirmations.count })}
      ${date ? say("last_confirmed", { date }) : nothing}
    </p>`;
  }

  /** A button that loses its use keeps the focus. */
  private get told(): boolean {
    return this.busy || this.paused || this.thanks === "confirmed";
  }

  private get paused(): boolean {
    return Boolean(this.entrance?.paused);
  }

  private get locale(): Session["locale"] {
    return this.session.locale;
  }

  private form(
    label: string,
    hint: string,
    button: string,
    done: (event: Event) => void,
  ): TemplateResult {
    return html`<form class="panel" @submit=${done}>
      <p id="hint">${hint}</p>
      <label
        >${label}
        <textarea
          aria-describedby="hint"
          maxlength="5000"
          ?required=${this.panel === "remark"}
          @input=${(event: Event) => (this.words = (event.target as HTMLTextAreaElement).value)}
        ></textarea>
      </label>
      <div class="bar">
        <button
          class="primary"
          type="submit"
          aria-disabled=${this.busy || this.paused ? "true" : "false"}
        >${button}</button>
        <button type="button" @click=${() => (this.panel = "")}>${this.say("cancel")}</button>
      </div>
    </form>`;
  }

  private get key(): string {
    return this.resource.keyOf(this.row);
  }

  private readonly confirm = async (): Promise<void> => {
    if (this.told) return;
    const { session, resource, key } = this;
    const revision = session.draft.shown;
    const token = session.draft.tokenFor(["confirmation", resource.name, key, revision]);
    await this.attempt(async () => {
      this.confirmations = await this.entrance!.through(({ proof }) =>
        session.source.confirm(resource.name, key, revision, token, proof ? { proof } : {}),
      );
      this.thanks = "confirmed";
    });
  };

  private readonly remark = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (this.busy || this.paused) return;
    const { session, resource, key } = this;
    const comment = this.words.trim();
    if (!comment) return;
    const token = session.draft.tokenFor(["remark", resource.name, key, comment]);
    await this.attempt(async () => {
      await this.entrance!.through(({ proof }) =>
        session.source.remark(resource.name, key, { comment, ...(proof && { proof }) }, token),
      );
      this.thanks = "reported";
      this.panel = "";
    });
  };

  private readonly removeRow = (event: Event): void => {
    event.preventDefault();
    if (this.paused) return;
    const { draft } = this.session;
    draft.remove(this.resource, this.row);
    const reason = this.words.trim();
    if (reason) draft.explain({ comment: [draft.comment, reason].filter(Boolean).join("\n") });
    this.panel = "";
    this.dispatchEvent(new Event("removal"));
  };

  private async attempt(what: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.problem = null;
    this.thanks = "";
    try {
      await what();
    } catch (error) {
      this.problem = error;
    } finally {
      this.busy = false;
    }
  }

  private get failure(): string {
    const { problem, say } = this;
    if (problem instanceof Problem && problem.code === "offline") return say("offline");
    return say("refused", { detail: problem instanceof Problem ? problem.detail : "" });
  }
}

customElements.get("retouche-row-actions") ??
  customElements.define("retouche-row-actions", RetoucheRowActions);
