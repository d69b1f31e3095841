// A corrected copy of the data, pasted or as a file, turned into a draft.

import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { Resource } from "../../model/field";
import { speaker, type Say } from "../../model/messages";
import { type Comparison, Problem } from "../../sources/source";
import type { Session } from "../../state/session";
import { icon } from "../../styles/icons";
import { controls, theme } from "../../styles/theme";
import { visible } from "../cell/text";
import "../dialog/dialog";
import type { RetoucheDialog } from "../dialog/dialog";
import { copyOf, labelsOf } from "./copies";
import { formStyles } from "./form-styles";
import { reviewStyles } from "./review-styles";
import { waiting } from "./sending";
import { UPLOAD, type UploadMessage } from "./upload-messages";

/**
 * @fires close - it was left; what was compared and not taken is forgotten
 */
export class RetoucheUpload extends LitElement {
  static override properties = {
    session: { attribute: false },
    file: { state: true },
    over: { state: true },
    busy: { state: true },
    compared: { state: true },
    problem: { state: true },
  };
  static override styles = [theme, controls, formStyles, reviewStyles];

  declare session: Session;
  declare private file: File | null;
  /** Whether a file is held over the place to drop it. */
  declare private over: boolean;
  declare private busy: boolean;
  declare private compared: Comparison | null;
  declare private problem: string;
  private pasted = "";
  private copy: Blob | null = null;
  private absent: "keep" | "delete" = "keep";
  private resource: Resource | null = null;
  private afterwards: (() => void) | null = null;

  constructor() {
    super();
    this.file = null;
    this.over = false;
    this.busy = false;
    this.compared = null;
    this.problem = "";
  }

  protected override willUpdate(): void {
    this.resource ??= this.session.resource;
  }

  protected override render(): TemplateResult {
    const { say } = this;
    const resource = this.resource!.title(this.session.locale);
    return html`<retouche-dialog
      wide
      .heading=${say("title", { resource })}
      .closeLabel=${say("close")}
      @close=${this.closed}
    >
      <div class="stack" lang=${this.session.locale}>
        ${this.compared ? this.summary(this.compared) : this.form()}
        <div id="problem" role="alert" tabindex="-1"
          >${this.problem ? html`<p class="panel bad">${this.problem}</p>` : nothing}</div
        >
      </div>
      <div slot="footer" class="bar">
        <span class="quiet" role="status">${this.busy ? say("comparing") : nothing}</span>
        ${this.compared ? this.actions(this.compared) : this.compareButton()}
      </div>
    </retouche-dialog>`;
  }

  private get say(): Say<UploadMessage> {
    return speaker(UPLOAD, this.session.locale);
  }

  private form(): TemplateResult {
    const { say } = this;
    const key = this.resource!.key
      .map((one) => this.resource!.field(one)?.label(this.session.locale) ?? one)
      .join(", ");
    return html`<p>${say("intro", { key })}</p>
      ${this.session.draft.size ? html`<p class="notice">${say("replaces")}</p>` : nothing}
      <div
        class=${this.over ? "files over" : "files"}
        @dragover=${(event: DragEvent) => this.drag(event, true)}
        @dragleave=${(event: DragEvent) => this.drag(event, false)}
        @drop=${this.dropped}
      >
        <label
          >${say("choose")}
          <input
            type="file"
            accept=".csv,.tsv,.txt,.xlsx,text/csv"
            @change=${(event: Event) =>
              this.choose((event.target as HTMLInputElement).files?.[0] ?? null)}
          />
        </label>
        <span class="quiet">${say("drop")}</span>
        <span role="status"
          >${this.file ? say("chosen", { name: visible(this.file.name) }) : nothing}</span
        >
      </div>
      <label
        >${say("paste")}
        <textarea
          rows="5"
          wrap="off"
          spellcheck="false"
          aria-describedby="paste-hint"
          .value=${this.pasted}
          @input=${(event: Event) => {
            this.pasted = (event.target as HTMLTextAreaElement).value;
          }}
        ></textarea>
      </label>
      <p id="paste-hint" class="quiet small">${say("paste_hint")}</p>`;
  }

  private compareButton(): TemplateResult {
    return html`<button
      class="primary"
      aria-disabled=${this.busy ? "true" : "false"}
      @click=${this.compareGiven}
    >
      ${icon("check")} ${this.say("compare")}
    </button>`;
  }

  private summary({ operations, meta, notes }: Comparison): TemplateResult {
    const { say } = this;
    const lines: [UploadMessage, number][] = [
      ["updated", meta.updated],
      ["inserted", meta.inserted],
      ["deleted", meta.deleted],
      ["same", meta.unchanged],
    ];
    const gone = meta.absent || meta.deleted;
    return html`<p id="summary" tabindex="-1">${say("found", { count: meta.rows })}</p>
      <ul>
        ${lines
          .filter(([, count]) => count)
          .map(([name, count]) => html`<li>${say(name, { count })}</li>`)}
        ${meta.absent ? html`<li>${say("absent", { count: meta.absent })}</li>` : nothing}
      </ul>
      ${gone
        ? html`<label class="bar">
            <input
              type="checkbox"
              .checked=${this.absent === "delete"}
              @change=${(event: Event) => {
                this.absent = (event.target as HTMLInputElement).checked ? "delete" : "keep";
                void this.compare();
              }}
            />
            ${say("absent_delete")}
          </label>`
        : nothing}
      ${operations.length ? nothing : html`<p class="notice">${say("no_change")}</p>`}
      ${notes.length
        ? html`<div class="panel">
            <h3>${say("notes")}</h3>
            <ul>
              ${notes.map((one) => html`<li>${visible(one.message)}</li>`)}
            </ul>
          </div>`
        : nothing}`;
  }

  private actions({ operations }: Comparison): TemplateResult {
    const { say } = this;
    return html`<button
        @click=${() => {
          this.compared = null;
          this.problem = "";
          this.absent = "keep";
        }}
      >
        ${say("another")}
      </button>
      ${operations.length
        ? html`<button
            class="primary"
            aria-disabled=${this.busy ? "true" : "false"}
            @click=${this.take}
          >
            ${icon("check")} ${say("take", { count: operations.length })}
          </button>`
        : nothing}`;
  }

  private choose(file: File | null): void {
    this.file = file;
    this.problem = "";
  }

  private drag(event: DragEvent, over: boolean): void {
    event.preventDefault();
    this.over = over;
  }

  private readonly dropped = (event: DragEvent): void => {
    this.drag(event, false);
    const file = event.dataTransfer?.files[0];
    if (file) this.choose(file);
  };

  private readonly compareGiven = async (): Promise<void> => {
    if (this.busy) return;
    if (!this.file && !this.pasted.trim()) {
      await this.refuse(this.say("nothing_given"));
      return;
    }
    this.copy = await copyOf(this.file ?? new Blob([this.pasted]));
    await this.compare();
  };

  private async compare(): Promise<void> {
    if (this.busy || !this.copy) return;
    this.busy = true;
    this.problem = "";
    try {
      const { source } = this.session;
      this.compared = await source.compare(this.resource!.name, this.copy, this.absent);
      this.busy = false;
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>("#summary")?.focus();
    } catch (error) {
      this.busy = false;
      await this.refuse(this.told(error));
    }
  }

  private async refuse(problem: string): Promise<void> {
    this.problem = problem;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("#problem")?.focus();
  }

  private told(error: unknown): string {
    const { say } = this;
    if (!(error instanceof Problem)) return say("failed", { detail: "" });
    if (error.code === "offline") return say("offline");
    if (error.status === 429) {
      return say("wait", { time: waiting(error.retryAfter, this.session.locale) });
    }
    return say("failed", { detail: error.detail });
  }

  private readonly take = async (): Promise<void> => {
    if (this.busy) return;
    this.busy = true;
    const { draft } = this.session;
    const { operations, meta } = this.compared!;
    const labels = await labelsOf(this.session, this.resource!, operations);
    draft.shown = meta.revision;
    draft.take(this.resource!, operations, labels);
    this.afterwards = () => this.session.review();
    this.renderRoot.querySelector<RetoucheDialog>("retouche-dialog")!.close();
  };

  private readonly closed = (event: Event): void => {
    event.stopPropagation();
    this.dispatchEvent(new Event("close"));
    this.afterwards?.();
  };
}

customElements.get("retouche-upload") ?? customElements.define("retouche-upload", RetoucheUpload);
