// The last look at a draft, and its sending.

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { speaker, type Say } from "../../model/messages";
import { type Accepted, Problem } from "../../sources/source";
import type { Change, Draft } from "../../state/draft";
import { remember } from "../../state/followups";
import type { EditRequest, Session } from "../../state/session";
import { icon } from "../../styles/icons";
import { controls, theme } from "../../styles/theme";
import "../dialog/dialog";
import type { RetoucheDialog } from "../dialog/dialog";
import "./changes-list";
import type { RetoucheChanges } from "./changes-list";
import { type Entrance, entranceOf } from "./entrance";
import { type BadWord, explanation } from "./explanation";
import { formStyles } from "./form-styles";
import { REVIEW, type ReviewMessage } from "./review-messages";
import { reviewStyles } from "./review-styles";
import {
  isUnanswered,
  keepWords,
  keptWords,
  looksLikeAddress,
  looksLikeMail,
  proposal,
  refusalText,
  type Words,
} from "./sending";
import { pauseText } from "./pausing";
import "./sent";
import type { RetoucheSent } from "./sent";

/** In memory, or in the tab until an answer comes: a name is not left behind on a device. */
const words = new WeakMap<Draft, Words>();

/**
 * @fires close - the review was left; what was not sent stays in the draft
 * @fires retouche-proposed - a proposal was sent; its detail is its `id` and `url`
 */
export class RetoucheReview extends LitElement {
  static override properties = {
    session: { attribute: false },
    stage: { state: true },
    problem: { state: true },
    sure: { state: true },
    bad: { state: true },
    version: { state: true },
  };
  static override styles = [theme, controls, formStyles, reviewStyles];

  declare session: Session;
  declare private stage: "review" | "sending" | "sent";
  declare private problem: unknown;
  /** Whether everything is about to be undone. */
  declare private sure: boolean;
  /** The words that do not look right. */
  declare private bad: readonly BadWord[];
  declare private version: number;
  private accepted: Accepted | null = null;
  private afterwards: (() => void) | null = null;
  private heard: Session | null = null;
  private entrance: Entrance | null = null;

  constructor() {
    super();
    this.stage = "review";
    this.problem = null;
    this.sure = false;
    this.bad = [];
    this.version = 0;
  }

  private readonly again = (): void => {
    this.version += 1;
    const { verdicts } = this.session.draft;
    const ofCells = this.problem instanceof Problem && this.problem.status !== 0;
    if (ofCells && !verdicts.faulty && !verdicts.busy) this.problem = verdicts.problem;
  };
  private readonly terms = (): void => this.requestUpdate();
  private readonly online = (): void => void this.session.draft.verdicts.now();

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.session) this.listen(this.session);
    window.addEventListener("online", this.online);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.listen(null);
    window.removeEventListener("online", this.online);
  }

  private listen(session: Session | null): void {
    this.heard?.removeEventListener("draft", this.again);
    session?.addEventListener("draft", this.again);
    this.heard = session;
    this.entrance?.removeEventListener("change", this.terms);
    this.entrance = session && entranceOf(session);
    this.entrance?.addEventListener("change", this.terms);
    void this.entrance?.ask();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("session")) return;
    this.listen(this.session);
    void this.session.draft.verdicts.now();
  }

  protected override render(): TemplateResult {
    const { say } = this;
    return html`<retouche-dialog
      wide
      .heading=${say("title")}
      .closeLabel=${say("close")}
      @close=${this.closed}
    >
      <div class="stack" lang=${this.session.locale}>
        ${this.stage === "sent"
          ? this.sent()
          : this.session.draft.size
            ? this.form()
            : html`<p role="status">${say("empty")}</p>
                <retouche-sent .session=${this.session}></retouche-sent>`}
      </div>
      ${this.footer()}
    </retouche-dialog>`;
  }

  private get say(): Say<ReviewMessage> {
    return speaker(REVIEW, this.session.locale);
  }

  private sent(): TemplateResult {
    return html`<retouche-sent
      .session=${this.session}
      .accepted=${this.accepted}
      .email=${this.words.email.trim()}
      .mails=${this.entrance?.mails ?? false}
    ></retouche-sent>`;
  }

  private form(): TemplateResult {
    const { say } = this;
    const { draft } = this.session;
    const { verdicts } = draft;
    const refusal = this.problem ?? verdicts.problem;
    const told = verdicts.busy
      ? say("checking")
      : verdicts.faulty
        ? say("faulty", { count: verdicts.faulty })
        : "";
    const offline = verdicts.problem?.code === "offline";
    return html`<div id="paused" role="status">${this.paused()}</div>
      <p>${say("intro")}</p>
      ${draft.kept ? nothing : html`<p class="notice">${say("not_kept")}</p>`}
      ${draft.size > this.limit
        ? html`<p class="notice">${say("too_many", { limit: this.limit })}</p>`
        : nothing}
      <div id="refusal" tabindex="-1" role="alert"
        >${this.problem
          ? html`<p class="panel bad">${refusalText(refusal, this.session.locale)}</p>`
          : offline
            ? html`<p class="notice">${say("unchecked")}</p>`
            : refusal
              ? html`<p class="panel bad">${refusalText(refusal, this.session.locale)}</p>`
              : nothing}${verdicts.general.map((one) => html`<p class="error">${one.message}</p>`)}</div
      >
      <div class="bar">
        <span class="grow" role="status"
          >${say("changes", { count: draft.size })}${told ? html` · ${told}` : nothing}</span
        >
        <button class="plain" @click=${this.undoAll}>
          ${icon("undo")} ${say(this.sure ? "undo_all_sure" : "undo_all")}
        </button>
      </div>
      <retouche-changes
        .session=${this.session}
        .version=${this.version}
        @edit-change=${(event: CustomEvent<EditRequest>) => this.edit(event.detail)}
      ></retouche-changes>
      ${explanation(draft, this.words, this.session.locale, this.bad, () => this.check(), {
        mails: this.entrance?.mails ?? false,
        notice: this.session.descriptor.links.personal_data,
      })}`;
  }

  private paused(): TemplateResult | typeof nothing {
    const text = pauseText(this.entrance?.paused ?? null, this.session.locale);
    return text ? html`<p class="notice">${text}</p>` : nothing;
  }

  /** What is done while the button was pressed and nothing is told yet. */
  private get progress(): string {
    const share = this.entrance?.share ?? null;
    if (share === null) return this.say("sending");
    return this.say("proving", { share: Math.floor(share * 100) });
  }

  private footer(): TemplateResult {
    const { say } = this;
    const sendable = this.stage !== "sent" && this.session.draft.size > 0;
    const sending = this.stage === "sending";
    const paused = Boolean(this.entrance?.paused);
    const count = Math.min(this.session.draft.size, this.limit);
    return html`<div slot="footer" class="bar">
      <span class="quiet" role="status">${sending ? this.progress : nothing}</span>
      <button @click=${() => this.dialog.close()}>
        ${sendable ? say("later") : say("close")}
      </button>
      ${sendable
        ? html`<button
            class="primary"
            aria-disabled=${sending || paused ? "true" : "false"}
            aria-describedby=${paused ? "paused" : nothing}
            @click=${this.send}
          >
            ${icon("check")}
            ${this.problem ? say("send_again") : say("send", { count })}
          </button>`
        : nothing}
    </div>`;
  }

  /** What was said beside the changes, also before a change was edited again. */
  private get words(): Words {
    const { draft } = this.session;
    const found = words.get(draft) ?? keptWords(draft);
    words.set(draft, found);
    return found;
  }

  private get limit(): number {
    return this.session.descriptor.limits?.operations ?? 1000;
  }

  private check(): boolean {
    this.bad = [
      ...(looksLikeAddress(this.session.draft.source) ? [] : (["source"] as const)),
      ...(looksLikeMail(this.words.email) ? [] : (["email"] as const)),
    ];
    return this.bad.length === 0;
  }

  private readonly send = async (): Promise<void> => {
    if (this.stage === "sending" || this.entrance?.paused) return;
    if (!this.check()) {
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>(`#${this.bad[0]}`)?.focus();
      return;
    }
    const { draft, source, locale } = this.session;
    const entries = draft.entries().slice(0, this.limit);
    const body = proposal(draft, entries, this.words, locale);
    this.stage = "sending";
    this.problem = null;
    keepWords(draft, this.words);
    try {
      const token = draft.tokenFor(body);
      this.accepted = await this.entrance!.through((pass) =>
        source.propose({ ...body, ...pass }, token),
      );
      this.entrance!.sent();
      await this.done(this.accepted, entries);
    } catch (error) {
      await this.refused(error, entries);
    }
  };

  private async done(accepted: Accepted, entries: readonly [string, Change][]): Promise<void> {
    const { draft, descriptor } = this.session;
    remember({
      id: accepted.id,
      url: accepted.follow_up_url,
      dataset: descriptor.dataset,
      label: this.labelOf(entries),
      sent: new Date().toISOString(),
    });
    this.stage = "sent";
    keepWords(draft, null);
    draft.sent(entries);
    const { id, url } = accepted;
    this.dispatchEvent(
      new CustomEvent("retouche-proposed", { detail: { id, url }, bubbles: true, composed: true }),
    );
    await this.updateComplete;
    const sent = this.renderRoot.querySelector<RetoucheSent>("retouche-sent")!;
    await sent.updateComplete;
    sent.focus();
  }

  private labelOf(entries: readonly [string, Change][]): string {
    const labels = entries.map(([, change]) => change.label);
    if (labels.length < 4) return labels.join(", ");
    return this.say("rows", { count: labels.length });
  }

  private async refused(error: unknown, entries: readonly [string, Change][]): Promise<void> {
    this.stage = "review";
    this.problem = error;
    if (!isUnanswered(error)) keepWords(this.session.draft, null);
    if (error instanceof Problem) this.session.draft.verdicts.refused(entries, error);
    await this.updateComplete;
    const list = this.renderRoot.querySelector<RetoucheChanges>("retouche-changes");
    await list?.updateComplete;
    if (await list?.goToFault()) return;
    if (error instanceof Problem && error.pointer === "/contributor/email") {
      this.bad = ["email"];
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>("#email")?.focus();
      return;
    }
    const told = this.renderRoot.querySelector<HTMLElement>("#refusal");
    told?.scrollIntoView({ block: "center" });
    told?.focus();
  }

  private readonly undoAll = (): void => {
    if (this.sure) this.session.draft.clear();
    this.sure = !this.sure;
  };

  private edit(request: EditRequest): void {
    this.afterwards = () => this.session.edit(request);
    this.dialog.close();
  }

  private get dialog(): RetoucheDialog {
    return this.renderRoot.querySelector<RetoucheDialog>("retouche-dialog")!;
  }

  private readonly closed = (event: Event): void => {
    event.stopPropagation();
    this.dispatchEvent(new Event("close"));
    this.afterwards?.();
  };
}

customElements.get("retouche-review") ?? customElements.define("retouche-review", RetoucheReview);
