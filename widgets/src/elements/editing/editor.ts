// The form of one row, to correct it or to add it. What is typed is in the draft at once.

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { CellError } from "../../formats/problem";
import type { Field } from "../../model/field";
import { speaker, type Say } from "../../model/messages";
import type { EditRequest, Session } from "../../state/session";
import { icon } from "../../styles/icons";
import { controls, theme } from "../../styles/theme";
import "../dialog/dialog";
import type { RetoucheDialog } from "../dialog/dialog";
import "./actions";
import { EDITOR } from "./editor-messages";
import * as parts from "./editor-parts";
import { type Entrance, entranceOf } from "./entrance";
import { Entry } from "./entry";
import { type FormGroup, formGroups, groupsWith } from "./form";
import { formStyles } from "./form-styles";
import "./input";
import type { RetoucheInput } from "./input";
import { pauseText } from "./pausing";
import "./place";

const MANY = 25;
const NONE: readonly CellError[] = [];

/**
 * @fires close - the form was left, by whatever means; what was typed stays in the draft
 */
export class RetoucheEditor extends LitElement {
  static override properties = {
    session: { attribute: false },
    request: { attribute: false },
    stage: { state: true },
    words: { state: true },
    tried: { state: true },
    checking: { state: true },
  };
  static override styles = [theme, controls, formStyles];

  declare session: Session;
  declare request: EditRequest;
  declare private stage: "loading" | "ready" | "gone" | "failed";
  declare private words: string;
  /** Whether it was tried to send: from then on all that is wrong is told. */
  declare private tried: boolean;
  declare private checking: boolean;
  private entry!: Entry;
  private touched = new Set<string>();
  private afterwards: (() => void) | null = null;
  private heard: Session | null = null;
  private entrance: Entrance | null = null;
  private readonly again = (): void => this.requestUpdate();

  constructor() {
    super();
    this.stage = "loading";
    this.words = "";
    this.tried = false;
    this.checking = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.session) this.listen(this.session);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.listen(null);
  }

  private listen(session: Session | null): void {
    this.heard?.removeEventListener("draft", this.again);
    session?.addEventListener("draft", this.again);
    this.heard = session;
    this.entrance?.removeEventListener("change", this.again);
    this.entrance = session && entranceOf(session);
    this.entrance?.addEventListener("change", this.again);
    void this.entrance?.ask();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("session")) this.listen(this.session);
    if (changed.has("request")) {
      this.entry = new Entry(this.session, this.request);
      this.touched.clear();
      this.tried = this.request.added !== undefined;
      void this.read();
    }
  }

  private async read(): Promise<void> {
    const { entry } = this;
    this.stage = "loading";
    try {
      const found = await entry.read();
      if (entry === this.entry) this.stage = found ? "ready" : "gone";
    } catch {
      if (entry === this.entry) this.stage = "failed";
    }
    await this.updateComplete;
    const field = entry.request.field;
    if (field && entry === this.entry) this.input(field)?.focus();
  }

  protected override render(): TemplateResult {
    const { say } = this;
    const { resource } = this.entry;
    const label = this.entry.row ? resource.labelOf(this.entry.row) : "";
    const heading = this.entry.adding
      ? say("add", { resource: resource.title(this.session.locale) })
      : say("correct", { label: label || resource.title(this.session.locale) });
    return html`<retouche-dialog
      wide
      .heading=${heading}
      .closeLabel=${say("close")}
      @close=${this.closed}
    >
      <div class="stack" lang=${this.session.locale}>
        <div role="status">${this.paused()}</div>
        ${this.body()}
      </div>
      ${this.stage === "ready" ? this.footer() : nothing}
    </retouche-dialog>`;
  }

  private get say(): Say<keyof (typeof EDITOR)["fr"]> {
    return speaker(EDITOR, this.session.locale);
  }

  private paused(): TemplateResult | typeof nothing {
    const text = pauseText(this.entrance?.paused ?? null, this.session.locale);
    return text ? html`<p class="notice">${text}</p>` : nothing;
  }

  private body(): TemplateResult {
    const { say, entry } = this;
    switch (this.stage) {
      case "loading":
        return html`<p role="status" class="quiet">${say("loading")}</p>
          <div class="skeleton" aria-busy="true"></div>`;
      case "gone":
        return html`<p role="alert">${say("gone")}</p>`;
      case "failed":
        return html`<p role="alert">${say("failed")}</p>
          <p><button @click=${() => this.read()}>${say("retry")}</button></p>`;
      default:
        return entry.change?.op === "delete"
          ? parts.removalNotice(say, () => entry.discard())
          : this.form();
    }
  }

  private form(): TemplateResult {
    const { say, entry } = this;
    const { locale, descriptor } = this.session;
    const groups = formGroups(entry.resource, descriptor, locale, entry.adding, {
      required: say("required"),
      others: say("others"),
    });
    const shown = groupsWith(groups, this.words, locale);
    const count = shown.reduce((sum, { fields }) => sum + fields.length, 0);
    return html`${parts.pendingNotice(say, entry.pending)}
      ${entry.adding
        ? nothing
        : html`<retouche-row-actions
            .session=${this.session}
            .resource=${entry.resource}
            .row=${entry.before!}
            .confirmations=${entry.confirmations}
            .panel=${this.request.panel ?? ""}
            @removal=${() => this.leave(() => this.session.review())}
          ></retouche-row-actions>`}
      ${entry.resource.fields.size > MANY
        ? parts.search(say, this.words, count, (words) => (this.words = words))
        : nothing}
      ${parts.summary(say, this.told(), entry.resource, (field) => this.goTo(field))}
      ${repeat(
        shown,
        ({ title }) => title,
        (group) => this.group(group),
      )}`;
  }

  /** What is told above the fields: all of it once somebody wants to go on. */
  private told(): CellError[] {
    const { entry } = this;
    if (!entry.id) return [];
    const whole = this.session.draft.errorsOf(entry.id, null);
    return [...new Set([...(this.tried ? this.errors() : NONE), ...(entry.adding ? NONE : whole)])];
  }

  private errors(): readonly CellError[] {
    return this.entry.id ? this.session.draft.errorsOf(this.entry.id) : NONE;
  }

  private group({ title, fields }: FormGroup): TemplateResult {
    const geo = this.entry.resource.descriptor.geo;
    const last = geo ? fields.filter((one) => geo.includes(one.name)).at(-1) : undefined;
    return html`<section class="group" aria-label=${title}>
      <h3>${title}</h3>
      <div class="fields">
        ${repeat(
          fields,
          ({ name }) => name,
          (field) => html`${this.field(field)}${field === last ? this.place() : nothing}`,
        )}
      </div>
    </section>`;
  }

  private field(field: Field): TemplateResult {
    const { entry, session } = this;
    const told = !entry.adding || this.tried || this.touched.has(field.name);
    const { id } = entry;
    return html`<retouche-input
      class=${entry.changed(field.name) ? "changed" : ""}
      data-field=${field.name}
      .field=${field}
      .value=${entry.text(field.name)}
      .session=${session}
      .resource=${entry.resource}
      .row=${entry.before}
      .adding=${entry.adding}
      .errors=${id && told ? session.draft.errorsOf(id, field.name) : NONE}
      .warnings=${id && told ? session.draft.warningsOf(id, field.name) : NONE}
      @input-change=${(event: CustomEvent<{ text: string | null }>) =>
        this.write(field, event.detail.text)}
      @hours-copy=${(event: CustomEvent<{ text: string }>) =>
        this.copyHours(field, event.detail.text)}
      @input-left=${() => this.left(field)}
    ></retouche-input>`;
  }

  private place(): TemplateResult | typeof nothing {
    const { entry } = this;
    const [latitude, longitude] = entry.resource.descriptor.geo!;
    const fields = [latitude, longitude].map((one) => entry.resource.field(one));
    if (!fields.every((one) => one?.writable)) return nothing;
    return html`<retouche-place
      class="whole"
      .session=${this.session}
      .resource=${entry.resource}
      .latitude=${entry.text(latitude)}
      .longitude=${entry.text(longitude)}
      @place-change=${(event: CustomEvent<{ latitude: string; longitude: string }>) => {
        this.write(fields[0]!, event.detail.latitude);
        this.write(fields[1]!, event.detail.longitude);
      }}
    ></retouche-place>`;
  }

  private footer(): TemplateResult {
    const { say, entry } = this;
    const { verdicts, kept } = this.session.draft;
    const told = this.checking
      ? say("checking")
      : verdicts.problem?.code === "offline" && entry.size
        ? say("unchecked")
        : entry.change && !kept
          ? say("not_kept")
          : entry.size
            ? say("drafted", { count: entry.size })
            : "";
    return html`<div slot="footer" class="bar">
      <span class="grow quiet small" role="status">${told || nothing}</span>
      ${entry.size
        ? html`<button class="plain" @click=${this.discard}>${say("discard")}</button>`
        : nothing}
      <button class="leave ${entry.change ? "keeping" : ""}" @click=${() => this.leave()}>
        ${entry.change ? say("keep") : say("close")}
      </button>
      <button
        class="primary"
        aria-disabled=${this.session.draft.size ? "false" : "true"}
        @click=${this.review}
      >
        ${icon("check")} ${say("review")}
      </button>
    </div>`;
  }

  private write(field: Field, text: string | null): void {
    const first = this.entry.size === 0;
    this.entry.write(field, text);
    this.requestUpdate();
    if (first) void this.keepInSight();
  }

  /** The buttons take more room once there is a change; what is being written stays in sight. */
  private async keepInSight(): Promise<void> {
    await this.updateComplete;
    this.renderRoot
      .querySelector("retouche-input:focus-within")
      ?.scrollIntoView({ block: "nearest" });
  }

  /** Hours of one day for the other weekdays that have a field of their own. */
  private copyHours(field: Field, text: string): void {
    const days = [...this.entry.resource.fields.values()].filter(
      (one) => one.shape === "hours" && one.writable,
    );
    for (const one of days.slice(0, 5)) if (one !== field) this.write(one, text);
  }

  /** A field that was left is judged at once, words that were typed in full anyway. */
  private left(field: Field): void {
    this.touched.add(field.name);
    if (this.entry.change) this.session.draft.verdicts.soon(0);
    this.requestUpdate();
  }

  private readonly discard = (): void => {
    this.entry.discard();
    this.touched.clear();
    this.tried = false;
    this.renderRoot.querySelector<HTMLElement>(".leave")?.focus();
  };

  private readonly review = async (): Promise<void> => {
    if (!this.session.draft.size || this.checking) return;
    this.checking = true;
    await this.session.draft.verdicts.now(false);
    this.checking = false;
    if (this.entry.change && this.errors().length) {
      this.tried = true;
      this.words = "";
      await this.updateComplete;
      const first = this.errors().find((one) => one.field && this.input(one.field));
      if (first?.field) this.goTo(first.field);
      else this.renderRoot.querySelector<HTMLElement>("#summary")?.focus();
      return;
    }
    this.leave(() => this.session.review());
  };

  private goTo(field: string): void {
    this.words = "";
    void this.updateComplete.then(() => {
      const input = this.input(field);
      input?.scrollIntoView({ block: "center" });
      input?.focus();
    });
  }

  private input(field: string): RetoucheInput | undefined {
    const inputs = this.renderRoot.querySelectorAll<RetoucheInput>("retouche-input");
    return [...inputs].find((one) => one.dataset["field"] === field);
  }

  private get dialog(): RetoucheDialog {
    return this.renderRoot.querySelector<RetoucheDialog>("retouche-dialog")!;
  }

  private leave(then: (() => void) | null = null): void {
    this.afterwards = then;
    this.dialog.close();
  }

  private readonly closed = (event: Event): void => {
    event.stopPropagation();
    this.dispatchEvent(new Event("close"));
    this.afterwards?.();
  };
}

customElements.get("retouche-editor") ?? customElements.define("retouche-editor", RetoucheEditor);
