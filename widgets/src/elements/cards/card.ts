// The whole card of one row, in a dialog of the widget or alone on a page.

import {
  html,
  nothing,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from "lit";
import { type Resource, type Row, soundKey } from "../../model/field";
import { type Say, speaker } from "../../model/messages";
import type { CardsView } from "../../model/views";
import { Problem, type RowAnswer } from "../../sources/source";
import type { State } from "../../state/address";
import type { Session } from "../../state/session";
import { icon } from "../../styles/icons";
import { controls, theme } from "../../styles/theme";
import { cellStyles } from "../cell/cell";
import { ViewElement } from "../view";
import "./about";
import "./cards"; // one file has what both draw
import type { CardContext } from "./blocks";
import { CARD_MESSAGES, type CardMessageName } from "./card-messages";
import { cardStyles } from "./card-styles";
import { pendingTemplate, sectionsTemplate } from "./detail";
import { recall } from "./known";
import { plainView, titleOf } from "./layout";
import { drafted, marksTemplate } from "./marks";
import { MESSAGES } from "./messages";
import { type Neighbours, neighboursOf } from "./neighbours";
import { blockStyles } from "./styles";

/**
 * One row: what the cards view of the descriptor says of it, charts, map, hours, related rows.
 *
 * @attr row - the row key, parts percent-encoded and joined by commas
 * @attr hide - `title`, where the page around it says already what the row is called
 * @slot - shown until the row was read, and where it cannot be
 * @csspart title - what the row is called
 * @csspart edit - the button that opens the form
 * @csspart block - one block
 * @csspart chart - one chart
 */
export class RetoucheCard extends ViewElement<CardsView> {
  static override properties: PropertyDeclarations = {
    rowKey: { type: String, attribute: "row" },
    hide: { type: String },
    answer: { state: true },
    failure: { state: true },
    neighbours: { state: true },
  };
  static override styles = [theme, controls, cellStyles, blockStyles, cardStyles];
  readonly viewType = "cards" as const;
  protected override readonly opensRows = false;

  declare rowKey: string | null;
  declare hide: string | null;
  /** Undefined while it is on its way, null when there is no such row. */
  declare private answer: RowAnswer | null | undefined;
  declare private failure: unknown;
  declare private neighbours: Neighbours | null;
  /** Resource and key of the row that was asked for last, and of the one that is shown. */
  private asked = "";
  private shownFor = "";
  private state: State | null = null;
  private watched: Session | null = null;

  constructor() {
    super();
    this.prefix = "none";
    this.rowKey = null;
    this.hide = null;
    this.answer = undefined;
    this.failure = null;
    this.neighbours = null;
  }

  protected override viewWithout(session: Session): CardsView {
    return plainView(session.resource);
  }

  private get key(): string {
    return soundKey(this.rowKey ?? this.session?.state.row ?? "");
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (this.watched === this.session) return;
    this.watched?.removeEventListener("change", this.renewed);
    this.session?.addEventListener("change", this.renewed);
    this.watched = this.session;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.watched?.removeEventListener("change", this.renewed);
    this.watched = null;
  }

  /** A change that leaves the state as it is is one of the data: the row is read anew. */
  private readonly renewed = (): void => {
    if (this.session?.state === this.state) this.asked = "";
    this.state = this.session?.state ?? null;
  };

  /** Whether the page gave something to show in place of a card that is not there (yet). */
  private get hasFallback(): boolean {
    return !!this.src && this.childElementCount > 0;
  }

  protected override render(): TemplateResult | typeof nothing {
    const waiting = !this.session || !!this.problem;
    return waiting && this.hasFallback ? html`<slot></slot>` : super.render();
  }

  protected draw(session: Session, view: CardsView): TemplateResult {
    this.ask(session);
    if (!this.answer && this.hasFallback) return html`<slot></slot>`;
    const say = speaker(CARD_MESSAGES, session.locale);
    const { answer } = this;
    const row =
      answer === undefined ? recall(session, session.resource, this.key) : (answer?.row ?? null);
    return html`${this.walk(session, say)}
    ${row ? this.card(session, view, row, say) : this.without(session, say)}`;
  }

  /** Read the row when another one is wanted, or when the data may have changed. */
  private ask(session: Session): void {
    const row = `${session.resource.name}/${this.key}`;
    const wanted = `${row}/${session.reads}`;
    this.state = session.state;
    if (wanted === this.asked) return;
    if (row !== this.shownFor) this.answer = undefined;
    this.asked = wanted;
    this.shownFor = row;
    this.failure = null;
    void this.load(session, wanted);
    if (!this.src) void this.place(session, wanted); // alone, a card is not one of a result
  }

  private async load(session: Session, wanted: string): Promise<void> {
    const { key } = this;
    const { resource } = session;
    try {
      const answer = await session.source.row(resource.name, key);
      if (wanted === this.asked) this.answer = answer;
    } catch (error) {
      if (wanted === this.asked) this.failure = error;
    }
  }

  /** Find the rows before and after; those of the last one stay, so that focus is not lost. */
  private async place(session: Session, wanted: string): Promise<void> {
    const found = await neighboursOf(session, session.resource, this.key).catch(() => null);
    if (wanted === this.asked) this.neighbours = found;
  }

  private card(
    session: Session,
    view: CardsView,
    found: Row,
    say: Say<CardMessageName>,
  ): TemplateResult {
    const { resource, locale } = session;
    const { row, changed, removed, mark } = drafted(session, resource, found);
    const shared = speaker(MESSAGES, locale);
    const titled = !this.hide?.split(/\s+/).includes("title");
    const context: CardContext = {
      ...{ session, resource, row, changed, locale, say: shared, host: this },
      level: this.src ? (titled ? 3 : 2) : 4,
      ...{ charts: view.charts, mini: false },
    };
    const title = titleOf(view.detail.title, row, resource, locale);
    const corrected = !mark && changed.size > 0;
    const marks = { pending: [], changed: corrected, removed, distance: null };
    return html`<article aria-busy=${this.answer === undefined}>
      <header class="top">
        <div class="naming">
          ${!titled
            ? nothing
            : this.src
              ? html`<h2 class="name" part="title">${title}</h2>`
              : html`<h3 class="name" part="title">${title}</h3>`}
          ${marksTemplate(marks, shared, locale)}
        </div>
        ${session.editable(resource) ? this.editButton(session, resource, say) : nothing}
      </header>
      ${mark ? session.preview!.cardNote(session, resource, mark, Infinity) : nothing}
      ${pendingTemplate(this.answer?.pending ?? [], resource, locale, say)}
      ${this.failure ? this.failed(say) : nothing}
      ${sectionsTemplate(view.detail.blocks ?? [], context)}
      ${this.answer ? this.foot(session, this.answer) : nothing}
    </article>`;
  }

  private editButton(
    session: Session,
    resource: Resource,
    say: Say<CardMessageName>,
  ): TemplateResult {
    const edit = (): void => session.edit({ resource: resource.name, key: this.key });
    return html`<button class="primary no-print" part="edit" @click=${edit}>
      ${icon("edit")} ${say("edit_card")}
    </button>`;
  }

  private foot(session: Session, answer: RowAnswer): TemplateResult {
    return html`<retouche-about
      class="no-print"
      .session=${session}
      .resource=${session.resource}
      .rowKey=${this.key}
      .revision=${answer.revision}
      .confirmations=${answer.confirmations}
      .locale=${session.locale}
    ></retouche-about>`;
  }

  private walk(session: Session, say: Say<CardMessageName>): TemplateResult | typeof nothing {
    const { neighbours } = this;
    if (!neighbours || neighbours.total < 2) return nothing;
    const { before, after, rank, total } = neighbours;
    const to = (key: string | null): void => {
      if (key !== null) session.update({ row: key });
    };
    return html`<div class="walk" role="group" aria-label=${say("walk")}>
      <button
        class="icon"
        aria-label=${say("previous")}
        aria-disabled=${before === null}
        @click=${() => to(before)}
      >
        ${icon("previous")}
      </button>
      <span>${say("rank", { rank, total })}</span>
      <button
        class="icon"
        aria-label=${say("next")}
        aria-disabled=${after === null}
        @click=${() => to(after)}
      >
        ${icon("next")}
      </button>
    </div>`;
  }

  /** What stands there while there is no row, or when there is none. */
  private without(session: Session, say: Say<CardMessageName>): TemplateResult {
    if (this.failure) return this.failed(say);
    if (this.answer === null) {
      return html`<div class="state" role="alert">
        <p><strong>${say("gone")}</strong></p>
        <p>${say("gone_help")}</p>
        ${this.src
          ? nothing
          : html`<button @click=${() => session.open(null)}>
              ${icon("previous")} ${say("back")}
            </button>`}
      </div>`;
    }
    return html`<div class="ghost" aria-busy="true">
      <p class="visually-hidden" role="status">${say("loading_card")}</p>
      ${[1, 2, 3, 4, 5, 6].map(() => html`<i></i>`)}
    </div>`;
  }

  private failed(say: Say<CardMessageName>): TemplateResult {
    const offline = this.failure instanceof Problem && this.failure.code === "offline";
    const again = (): void => {
      this.asked = "";
      this.requestUpdate();
    };
    return html`<div class="state" role="alert">
      <p>${say(offline ? "card_offline" : "card_failed")}</p>
      <button @click=${again}>${icon("undo")} ${say("retry")}</button>
    </div>`;
  }
}

customElements.get("retouche-card") ?? customElements.define("retouche-card", RetoucheCard);
