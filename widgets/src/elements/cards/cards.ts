// The cards view: a grid of cards, a page of rows at a time.

import { html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Say } from "../../model/messages";
import { speaker } from "../../model/messages";
import { isEverything } from "../../model/query";
import { inLanguage } from "../../model/texts";
import type { CardsView } from "../../model/views";
import { type Page, Problem } from "../../sources/source";
import type { Session } from "../../state/session";
import { icon } from "../../styles/icons";
import { controls, theme } from "../../styles/theme";
import { cellStyles } from "../cell/cell";
import { ViewElement } from "../view";
import { remember } from "./known";
import { PAGE_SIZE, pageOfCards, plainView } from "./layout";
import { type MessageName, MESSAGES } from "./messages";
import { miniCard } from "./mini";
import { pagerTemplate } from "./pager";
import { blockStyles, cardsStyles } from "./styles";

const PER_ROW = 3;

/**
 * Rows as cards. A click on a title opens the card in place; Ctrl or the middle button open the
 * row's own page.
 *
 * @csspart card - one card
 * @csspart block - one block of a card
 * @csspart marks - what is under way for a row
 * @csspart edit - the button that opens the form
 * @csspart pager - the way to other pages
 * @cssprop --retouche-gap - the space between cards; `12px` if left out
 */
export class RetoucheCards extends ViewElement<CardsView> {
  static override properties: PropertyDeclarations = {
    shown: { state: true },
    failure: { state: true },
  };
  static override styles = [theme, controls, cellStyles, blockStyles, cardsStyles];
  readonly viewType = "cards" as const;

  /** The page that is shown, perhaps an older one while the next one is on its way. */
  declare private shown: Page | null;
  declare private failure: unknown;
  /** The page that was asked for last, and the same while it is on its way. */
  private last: Promise<Page> | null = null;
  private asked: Promise<Page> | null = null;
  /** What was asked for when it failed. */
  private failed = "";
  private ofSession: Session | null = null;
  private turned = false;

  constructor() {
    super();
    this.shown = null;
    this.failure = null;
  }

  protected override viewWithout(session: Session): CardsView {
    return plainView(session.resource);
  }

  protected draw(session: Session, view: CardsView): TemplateResult {
    this.ask(session, view);
    const say = speaker(MESSAGES, session.locale);
    const style = `--_per-row:${view.per_row ?? PER_ROW}`;
    const title = inLanguage(view.title, session.locale) || say("cards");
    return html`${this.src ? html`<h2 class="visually-hidden">${title}</h2>` : nothing}
      <div .style=${style}>${this.content(session, view, say)}</div>`;
  }

  private content(session: Session, view: CardsView, say: Say<MessageName>): TemplateResult {
    const { shown } = this;
    if (this.failure) return this.failureTemplate(say);
    if (!shown) return this.ghosts(view, say);
    if (!shown.total && !session.preview?.removed(session, session.resource).length) {
      return this.empty(session, say);
    }
    const pages = Math.max(1, Math.ceil(shown.total / shown.size));
    const { page } = shown;
    return html`${this.grid(session, view, shown, pages, say)}
    ${pages > 1
      ? pagerTemplate({ page, pages, turn: (to) => this.turn(session, to) }, say)
      : nothing}`;
  }

  private grid(
    session: Session,
    view: CardsView,
    { rows, page }: Page,
    pages: number,
    say: Say<MessageName>,
  ): TemplateResult {
    const { resource } = session;
    const removed = page === 1 ? (session.preview?.removed(session, resource) ?? []) : [];
    rows = [...removed, ...rows];
    const keys = rows.map((row) => resource.keyOf(row));
    const pending = session.pendingOn(resource.name, keys);
    const older = this.asked !== null;
    return html`<div
      class="list ${older ? "older" : ""}"
      role="group"
      tabindex="-1"
      aria-label=${say("cards_page", { page, pages })}
      aria-busy=${older}
    >
      ${repeat(
        rows,
        (_, index) => keys[index] || index,
        (row, index) =>
          miniCard({
            ...{ session, resource, view, row, say, host: this },
            pending: pending[keys[index]!] ?? [],
          }),
      )}
    </div>`;
  }

  /** Ask for the rows that the session wants, unless they are asked for or shown. */
  private ask(session: Session, view: CardsView): void {
    if (this.ofSession !== session) {
      this.ofSession = session;
      this.shown = null;
    }
    const { resource } = session;
    const { page: number } = session.state;
    // What failed is asked for again when a reader says so, or wants something else.
    const name = JSON.stringify([resource.name, session.query, number]);
    if (this.failure && name === this.failed) return;
    const wanted = pageOfCards(session, view);
    if (wanted === this.last) return;
    this.last = this.asked = wanted;
    this.failure = null;
    wanted.then(
      (page) => {
        if (this.last !== wanted) return;
        this.asked = null;
        remember(session, resource, page.rows);
        this.take(session, page);
      },
      (error: unknown) => {
        if (this.last !== wanted) return;
        this.asked = null;
        this.failed = name;
        this.failure = error;
      },
    );
  }

  private take(session: Session, page: Page): void {
    const pages = Math.max(1, Math.ceil(page.total / page.size));
    if (!page.rows.length && page.page > pages) {
      session.update({ page: pages });
      return;
    }
    this.shown = page;
    this.requestUpdate();
    if (!this.turned) return;
    this.turned = false;
    void this.updateComplete.then(() => {
      const list = this.renderRoot.querySelector<HTMLElement>(".list");
      list?.focus({ preventScroll: true });
      list?.scrollIntoView({ block: "start" });
    });
  }

  private turn(session: Session, page: number): void {
    this.turned = true;
    session.update({ page }, "push");
  }

  private ghosts(view: CardsView, say: Say<MessageName>): TemplateResult {
    const count = Math.min(view.page_size ?? PAGE_SIZE, 12);
    const blocks = view.mini.blocks ?? [];
    return html`<div class="list" aria-busy="true">
      <p class="visually-hidden" role="status">${say("loading")}</p>
      ${Array.from(
        { length: count },
        () =>
          html`<div class="ghost" aria-hidden="true">
            <i></i>${blocks.map(({ type }) => html`<i class=${type === "chart" ? "big" : ""}></i>`)}
          </div>`,
      )}
    </div>`;
  }

  private failureTemplate(say: Say<MessageName>): TemplateResult {
    const offline = this.failure instanceof Problem && this.failure.code === "offline";
    const again = (): void => {
      this.failure = null;
    };
    return html`<div class="state" role="alert">
      <p>${say(offline ? "offline" : "failed")}</p>
      <button @click=${again}>${icon("undo")} ${say("retry")}</button>
    </div>`;
  }

  private empty(session: Session, say: Say<MessageName>): TemplateResult {
    const { filters, words, near } = session.state;
    const all = isEverything({ filters, words, near });
    const clear = (): void => session.ask({ filters: {}, words: "", near: null });
    const add = (): void => session.edit({ resource: session.resource.name, key: null });
    return html`<div class="state">
      <p>${say(all ? "no_rows" : "no_match")}</p>
      ${all
        ? session.editable()
          ? html`<button @click=${add}>${icon("add")} ${say("add")}</button>`
          : nothing
        : html`<button @click=${clear}>${icon("close")} ${say("clear")}</button>`}
    </div>`;
  }
}

customElements.get("retouche-cards") ?? customElements.define("retouche-cards", RetoucheCards);
