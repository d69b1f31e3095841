// What the outermost element does for a session: dialogs over the views, events for the host page,
// the back button, and being up to date.

import { html, type LitElement, nothing, type ReactiveController, type TemplateResult } from "lit";
import { speaker } from "../../model/messages";
import { hold, release } from "../../state/prefixes";
import type { EditRequest, Session } from "../../state/session";
import { Freshness } from "./freshness";
import { MESSAGES } from "./messages";
import { Wanted } from "./parts";
import { failureTemplate } from "./states";

type Shown =
  | { part: "card"; key: string }
  | { part: "editor"; request: EditRequest }
  | { part: "review" }
  | { part: "upload" };

/** What stands in for an element whose class is loaded later. */
interface Host extends LitElement {
  session: Session | null;
}

/**
 * Hosts the dialogs of a session in the element that made it, and speaks for it:
 * `retouche-change` (detail: the state) and `retouche-open` (detail: the row key).
 */
export class Hosting implements ReactiveController {
  private session: Session | null = null;
  private shown: Exclude<Shown, { part: "card" }> | null = null;
  private readonly parts: Wanted;
  private told = "";
  private row: string | null = null;
  private readonly freshness: Freshness;

  constructor(
    private readonly host: Host,
    /** Whether rows are opened in a dialog over the element. */
    private readonly opensRows = true,
  ) {
    host.addController(this);
    this.parts = new Wanted(host);
    this.freshness = new Freshness(() => this.session);
    host.addEventListener("retouche-proposed", () => this.session?.refresh());
  }

  hostConnected(): void {
    if (this.session) this.listen(this.session);
  }

  hostDisconnected(): void {
    if (this.session) this.forget(this.session);
  }

  /** Take charge of a session; the one before, if any, is let go. */
  take(session: Session): void {
    if (this.session) this.forget(this.session);
    this.session = session;
    this.told = JSON.stringify(session.state);
    // The prefix was held while the session was being opened.
    if (session.prefix !== null) release(session.prefix);
    if (this.host.isConnected) this.listen(session);
    this.host.dispatchEvent(new CustomEvent("retouche-ready", { bubbles: true, composed: true }));
    this.tellRow();
  }

  private listen(session: Session): void {
    if (session.prefix !== null) hold(session.prefix);
    session.addEventListener("change", this.changed);
    session.addEventListener("draft", this.again);
    session.addEventListener("pending", this.again);
    session.addEventListener("edit", this.edit);
    session.addEventListener("review", this.review);
    session.addEventListener("upload", this.upload);
    window.addEventListener("popstate", this.back);
    this.freshness.start();
  }

  private forget(session: Session): void {
    if (session.prefix !== null) release(session.prefix);
    session.removeEventListener("change", this.changed);
    session.removeEventListener("draft", this.again);
    session.removeEventListener("pending", this.again);
    session.removeEventListener("edit", this.edit);
    session.removeEventListener("review", this.review);
    session.removeEventListener("upload", this.upload);
    window.removeEventListener("popstate", this.back);
    this.freshness.stop();
  }

  private readonly back = (): void => this.session?.read();
  private readonly again = (): void => this.host.requestUpdate();
  private readonly edit = (event: Event): void =>
    this.show({ part: "editor", request: (event as CustomEvent<EditRequest>).detail });
  private readonly review = (): void => this.show({ part: "review" });
  private readonly upload = (): void => this.show({ part: "upload" });

  private readonly changed = (): void => {
    const { state } = this.session!;
    const told = JSON.stringify(state);
    if (told !== this.told) {
      this.told = told;
      const detail = structuredClone({ ...state, filters: { ...state.filters } });
      this.host.dispatchEvent(
        new CustomEvent("retouche-change", { detail, bubbles: true, composed: true }),
      );
    }
    this.tellRow();
    this.host.requestUpdate();
  };

  private tellRow(): void {
    const { row } = this.session!.state;
    if (row === this.row) return;
    this.row = row;
    if (row === null) return;
    this.host.dispatchEvent(
      new CustomEvent("retouche-open", { detail: row, bubbles: true, composed: true }),
    );
  }

  private show(shown: Hosting["shown"]): void {
    this.parts.failure = null; // a part that could not be had may be there now
    this.shown = shown;
    this.host.requestUpdate();
  }

  /** The dialogs and the draft's bar, below the views. */
  render(): TemplateResult | typeof nothing {
    const { session } = this;
    if (!session) return nothing;
    const { failure } = this.parts;
    return html`${failure ? failureTemplate(failure, session.locale, () => undefined) : nothing}
      ${this.card(session)} ${this.form(session)}
      ${session.draft.size && session.contribute && this.parts.has("draft")
        ? html`<retouche-draft-bar
            part="draft"
            .session=${session}
            .count=${session.draft.size}
            .locale=${session.locale}
          ></retouche-draft-bar>`
        : nothing}`;
  }

  private card(session: Session): TemplateResult | typeof nothing {
    const key = session.state.row;
    if (key === null || !session.resource.keyed || !this.opensRows || !this.parts.has("card", "dialog")) return nothing;
    const say = speaker(MESSAGES, session.locale);
    return html`<retouche-dialog
      wide
      .heading=${session.resource.title(session.locale)}
      .closeLabel=${say("close")}
      @close=${(event: Event) => this.closeCard(event)}
    >
      <retouche-card .session=${session} .rowKey=${key}></retouche-card>
    </retouche-dialog>`;
  }

  private closeCard(event: Event): void {
    if (event.target !== event.currentTarget) return;
    if (this.session?.state.row !== null) this.session?.open(null);
  }

  private form(session: Session): TemplateResult | typeof nothing {
    const { shown } = this;
    if (!shown || !this.parts.has(shown.part)) return nothing;
    const closed = (): void => {
      // Another dialog may have come meanwhile: it stays.
      if (this.shown === shown) this.show(null);
    };
    switch (shown.part) {
      case "editor":
        return html`<retouche-editor
          .session=${session}
          .request=${shown.request}
          @close=${closed}
        ></retouche-editor>`;
      case "review":
        return html`<retouche-review .session=${session} @close=${closed}></retouche-review>`;
      case "upload":
        return html`<retouche-upload .session=${session} @close=${closed}></retouche-upload>`;
    }
  }
}
