// Sending a project as a proposal: a comment, a source, who sends it, and the calculation that is
// asked for.

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { Problem } from "../../sources/source";
import { remember } from "../../state/followups";
import type { Session } from "../../state/session";
import { controls, theme } from "../../styles/theme";
import "../dialog/dialog";
import type { RetoucheDialog } from "../dialog/dialog";
import { type Entrance, entranceOf } from "../editing/entrance";
import { type BadWord, explanation } from "../editing/explanation";
import { formStyles } from "../editing/form-styles";
import { pauseText } from "../editing/pausing";
import { reviewStyles } from "../editing/review-styles";
import {
  looksLikeAddress,
  looksLikeMail,
  refusalText,
  TRAP,
  type Words,
} from "../editing/sending";
import type { Receipt, ScenarioCalls, Submission } from "./calls";
import { scenarioWords } from "./messages";
import type { ScenarioStore } from "./store";

/**
 * @fires submitted - it was sent; detail: what the server `accepted`
 * @fires close - the dialog was left
 */
export class RetoucheScenarioSubmit extends LitElement {
  static override properties = {
    session: { attribute: false },
    store: { attribute: false },
    calls: { attribute: false },
    busy: { state: true },
    problem: { state: true },
    accepted: { state: true },
    bad: { state: true },
  };
  static override styles = [theme, controls, formStyles, reviewStyles];

  declare session: Session;
  declare store: ScenarioStore;
  declare calls: ScenarioCalls;
  declare private busy: boolean;
  declare private problem: unknown;
  declare private accepted: Receipt | null;
  declare private bad: readonly BadWord[];
  private entrance: Entrance | null = null;
  private words: Words = { name: "", email: "", trap: "" };
  private readonly said = {
    comment: "",
    source: "",
    explain: (words: { comment?: string; source?: string }): void => {
      Object.assign(this.said, words);
    },
  };
  private readonly again = (): void => this.requestUpdate();

  constructor() {
    super();
    this.busy = false;
    this.problem = null;
    this.accepted = null;
    this.bad = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.entrance = entranceOf(this.session);
    this.entrance.addEventListener("change", this.again);
    void this.entrance.ask();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.entrance?.removeEventListener("change", this.again);
  }

  protected override render(): TemplateResult {
    const { session, entrance } = this;
    const say = scenarioWords(session.locale);
    const share = entrance?.share ?? null;
    const paused = pauseText(entrance?.paused ?? null, session.locale);
    const progress =
      share === null ? say("sending") : say("proving", { share: Math.floor(share * 100) });
    return html`<retouche-dialog
      .heading=${say("submit_heading")}
      .closeLabel=${say("close")}
      @close=${this.closed}
    >
      <div class="stack" lang=${session.locale}>
        <div role="status">${paused ? html`<p class="notice">${paused}</p>` : nothing}</div>
        ${this.accepted ? this.done(this.accepted) : this.form()}
      </div>
      <div slot="footer" class="bar">
        <span class="quiet" role="status">${this.busy ? progress : nothing}</span>
        <button @click=${() => this.dialog.close()}>
          ${say(this.accepted ? "close" : "later")}
        </button>
        ${this.accepted
          ? nothing
          : html`<button
              class="primary"
              aria-disabled=${this.busy || paused ? "true" : "false"}
              @click=${this.send}
            >
              ${say("send")}
            </button>`}
      </div>
    </retouche-dialog>`;
  }

  private done({ url, follow_up_url }: Receipt): TemplateResult {
    const say = scenarioWords(this.session.locale);
    return html`<p id="told" tabindex="-1">
      <strong>${say("sent_done")}</strong> <a href=${follow_up_url ?? url}>${say("follow")}</a>
    </p>`;
  }

  private form(): TemplateResult {
    const { session, problem } = this;
    const say = scenarioWords(session.locale);
    const errors = problem instanceof Problem ? problem.errors : [];
    return html`<p>${say("submit_about", { count: this.store.operations.length })}</p>
      <div id="refusal" role="alert" tabindex="-1">
        ${problem
          ? html`<p class="error">
                ${say("refused")} ${refusalText(problem, session.locale)}
              </p>
              <ul>
                ${errors.map((one) => html`<li class="error">${one.message}</li>`)}
              </ul>`
          : nothing}
      </div>
      ${explanation(this.said, this.words, session.locale, this.bad, () => this.check(), {
        mails: this.entrance?.mails ?? false,
        notice: session.descriptor.links.personal_data,
      })}`;
  }

  private check(): boolean {
    this.bad = [
      ...(looksLikeAddress(this.said.source) ? [] : (["source"] as const)),
      ...(looksLikeMail(this.words.email) ? [] : (["email"] as const)),
    ];
    return this.bad.length === 0;
  }

  private body(version: number): Submission {
    const { name, email, trap } = this.words;
    const contributor = {
      ...(name.trim() && { name: name.trim() }),
      ...(email.trim() && { email: email.trim() }),
    };
    const { comment, source } = this.said;
    return {
      version,
      ...(comment.trim() && { comment: comment.trim() }),
      ...(source.trim() && { source: source.trim() }),
      ...(Object.keys(contributor).length && { contributor }),
      ...(trap && { [TRAP]: trap }),
      locale: this.session.locale,
    };
  }

  private readonly send = async (): Promise<void> => {
    if (this.busy || this.entrance?.paused) return;
    if (!this.check()) {
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>(`#${this.bad[0]}`)?.focus();
      return;
    }
    this.busy = true;
    this.problem = null;
    try {
      await this.store.save();
      const scenario = this.store.scenario!;
      const body = this.body(scenario.version);
      const accepted = await this.entrance!.through((pass) =>
        this.calls.submit(scenario.id, { ...body, ...pass }),
      );
      this.entrance!.sent();
      this.accepted = accepted;
      if (accepted.follow_up_url) {
        remember({
          id: accepted.id,
          url: accepted.follow_up_url,
          dataset: this.session.descriptor.dataset,
          label: scenario.title,
          sent: new Date().toISOString(),
        });
      }
      this.dispatchEvent(new CustomEvent("submitted", { detail: { accepted } }));
    } catch (error) {
      this.problem = error;
    }
    this.busy = false;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(this.accepted ? "#told" : "#refusal")?.focus();
  };

  private get dialog(): RetoucheDialog {
    return this.renderRoot.querySelector<RetoucheDialog>("retouche-dialog")!;
  }

  private readonly closed = (event: Event): void => {
    event.stopPropagation();
    this.dispatchEvent(new Event("close"));
  };
}

customElements.get("retouche-scenario-submit") ??
  customElements.define("retouche-scenario-submit", RetoucheScenarioSubmit);
