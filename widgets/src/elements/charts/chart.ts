// The element that draws a chart, lets a reader walk through its marks, and gives it away.

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { speaker } from "../../model/messages";
import type { Locale } from "../../model/texts";
import { icon } from "../../styles/icons";
import { controls, theme } from "../../styles/theme";
import type { Ink } from "./colours";
import { MESSAGES } from "./messages";
import { type ChartModel, isDrawn, type Selection } from "./model";
import type { Mark, Pen, Scene } from "./scene";
import { styles } from "./styles";
import { lettersOf, probe, surfaceOf } from "./surface";
import { wordsOf } from "./words";

/** The drawings come when the first one is wanted: most cards show words alone. */
let drawing: typeof import("./drawing") | null = null;

/**
 * One chart, with its figures as a table and as pictures to take away.
 *
 * @attr locale - `fr` or `en`
 * @attr theme - `light` (default), `dark` or `auto`
 * @attr compact - without the buttons for table and pictures
 * @attr source - where the figures are from, written under pictures
 * @fires chart-select - a mark was chosen (detail: `Selection`, a field and a value)
 * @csspart title - the title
 * @csspart plot - the drawing
 * @csspart tip - what describes a mark
 */
export class RetoucheChart extends LitElement {
  static override properties = {
    model: { attribute: false },
    locale: { type: String },
    theme: { type: String, reflect: true },
    compact: { type: Boolean, reflect: true },
    source: { type: String },
    width: { state: true },
    active: { state: true },
    asTable: { state: true },
    undrawable: { state: true },
  };
  static override styles = [theme, controls, styles, probe];

  declare model: ChartModel | null;
  declare locale: Locale;
  declare theme: string | null;
  declare compact: boolean;
  /** Where the figures are from. */
  declare source: string;
  declare private width: number;
  /** The mark that is described. */
  declare private active: number | null;
  declare private asTable: boolean;
  /** The drawings could not be loaded: the values are shown as words. */
  declare private undrawable: boolean;
  /** What the page looks like; null until there is something to read it from. */
  private page: { ink: Ink; font: string } | null = null;
  private scene: Scene | null = null;
  private readonly sizes = new ResizeObserver(([entry]) => {
    const width = Math.floor(entry?.contentRect.width ?? 0);
    if (width > 0) this.width = width;
  });
  private readonly scheme = matchMedia("(prefers-color-scheme: dark)");
  private readonly again = (): void => this.requestUpdate();

  constructor() {
    super();
    this.model = null;
    this.locale = "fr";
    this.compact = false;
    this.source = "";
    this.width = 0;
    this.active = null;
    this.asTable = false;
    this.undrawable = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.sizes.observe(this);
    this.scheme.addEventListener("change", this.again);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.sizes.disconnect();
    this.scheme.removeEventListener("change", this.again);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!this.width && this.isConnected) this.width = Math.floor(this.clientWidth);
    const probed = this.renderRoot.querySelector(".probe");
    if (!probed || (this.page && changed.size === 1 && changed.has("active"))) return;
    this.page = surfaceOf(probed);
    const wanted = this.model && isDrawn(this.model) ? this.model : null;
    if (wanted && !drawing) void this.load();
    const before = this.scene?.marks.length;
    this.scene = wanted && drawing ? drawing.drawn(wanted, this.pen(this.page)) : null;
    // Who walks through the marks stays where they are while the same ones are drawn anew.
    if (this.scene?.marks.length !== before) this.active = null;
  }

  private async load(): Promise<void> {
    try {
      drawing = await import("./drawing");
      this.requestUpdate();
    } catch {
      this.undrawable = true;
    }
  }

  protected override updated(changed: PropertyValues): void {
    // The colours are read from the page and the attribute, which are there only now.
    if (changed.has("theme") || !this.page) this.requestUpdate();
    const tip = this.renderRoot.querySelector<HTMLElement>(".tip");
    const mark = this.active === null ? undefined : this.scene?.marks[this.active];
    if (tip && mark) drawing?.placeTip(tip, mark, this.width);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { model } = this;
    if (!model) return nothing;
    const titled = model.title !== "";
    return html`<i class="probe"></i>
      <figure aria-labelledby=${titled ? "title" : nothing}>
        ${
          titled || subtitleOf(model)
            ? html`<figcaption>
                <span id="title" class="title" part="title">${model.title}</span>
                <span class="subtitle">${subtitleOf(model)}</span>
              </figcaption>`
            : nothing
        }
        ${this.page ? this.body(model, this.page) : nothing}
        ${model.note ? html`<p class="note">${model.note}</p>` : nothing}
        ${this.compact || !isDrawn(model) ? nothing : this.tools(model)}
      </figure>`;
  }

  private body(model: ChartModel, { ink }: { ink: Ink }): TemplateResult {
    const { scene } = this;
    if (!isDrawn(model) || this.undrawable) return wordsOf(model, ink, this.locale);
    if (!scene || !drawing) {
      const height = `height: ${model.height ?? 280}px`;
      return html`<div class="waiting" aria-busy="true" .style=${height}></div>`;
    }
    if (this.asTable) return drawing.tableOf(model, this.locale);
    return html`<div
      class="plot ${scene.marks.some((one) => one.select) ? "selectable" : ""}"
      part="plot"
      @pointermove=${this.pointed}
      @pointerleave=${() => (this.active = null)}
      @click=${this.clicked}
      @keydown=${this.walked}
      @focusin=${() => (this.active ??= 0)}
      @focusout=${() => (this.active = null)}
    >
      ${drawing.plotOf(model, scene, ink, this.locale, this.active)}
    </div>`;
  }

  private pen({ ink, font }: { ink: Ink; font: string }): Pen {
    const width = Math.max(200, this.width || 300);
    return { width, ink, widthOf: lettersOf(font), locale: this.locale };
  }

  private readonly pointed = (event: PointerEvent): void => {
    this.active = markUnder(event);
  };

  private readonly clicked = (event: MouseEvent): void => {
    const mark = markUnder(event);
    if (mark !== null) this.choose(this.scene?.marks[mark]);
  };

  private readonly walked = (event: KeyboardEvent): void => {
    const count = this.scene?.marks.length ?? 0;
    const at = this.active ?? -1;
    const steps: { [key: string]: number | null } = {
      ArrowRight: Math.min(at + 1, count - 1),
      ArrowDown: Math.min(at + 1, count - 1),
      ArrowLeft: Math.max(at - 1, 0),
      ArrowUp: Math.max(at - 1, 0),
      Home: 0,
      End: count - 1,
      Escape: null,
    };
    if (event.key in steps && !event.ctrlKey && !event.metaKey && !event.altKey) {
      // A dialog around the chart stays open while Escape puts a description away.
      if (event.key !== "Escape" || this.active !== null) event.preventDefault();
      if (event.key === "Escape" && this.active !== null) event.stopPropagation();
      this.active = steps[event.key]!;
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.choose(this.scene?.marks[at]);
    }
  };

  private choose(mark: Mark | undefined): void {
    if (!mark?.select) return;
    const options = { detail: mark.select, bubbles: true, composed: true };
    this.dispatchEvent(new CustomEvent<Selection>("chart-select", options));
  }

  private async save(model: ChartModel, kind: "png" | "svg"): Promise<void> {
    if (!this.page || !drawing) return;
    const { savePicture } = await import("./picture");
    const say = speaker(MESSAGES, this.locale);
    const source = this.source && say("source", { source: this.source });
    const pen = this.pen(this.page);
    await savePicture(kind, {
      scene: drawing.drawn(model, pen),
      frame: { title: model.title, subtitle: subtitleOf(model), notes: [model.note, source] },
      pen,
      font: this.page.font,
      summary: drawing.summaryOf(model, this.locale),
    });
  }

  private tools(model: ChartModel): TemplateResult {
    const say = speaker(MESSAGES, this.locale);
    return html`<div class="tools">
      <button class="plain" @click=${() => (this.asTable = !this.asTable)}>
        ${icon(this.asTable ? "dataviz" : "table")} ${say(this.asTable ? "chart" : "table")}
        <span class="visually-hidden">${model.title}</span>
      </button>
      ${(["png", "svg"] as const).map(
        (kind) =>
          html`<button class="plain" @click=${() => this.save(model, kind)}>
            ${icon("download")} ${kind.toUpperCase()}
            <span class="visually-hidden">${model.title}</span>
          </button>`,
      )}
    </div>`;
  }
}

/** What the values are, where they are of one series, and their unit. */
function subtitleOf(model: ChartModel): string {
  if (!isDrawn(model)) return "";
  const name = model.series.length === 1 ? model.series[0]!.name : "";
  const both = name && model.unit && !name.toLowerCase().includes(model.unit.toLowerCase());
  return both ? `${name} (${model.unit})` : name || model.unit;
}

function markUnder(event: Event): number | null {
  const found = (event.composedPath()[0] as Element).closest?.("[data-mark]");
  return found ? Number(found.getAttribute("data-mark")) : null;
}

customElements.get("retouche-chart") ?? customElements.define("retouche-chart", RetoucheChart);
