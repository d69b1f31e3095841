// The dataviz view: charts of all rows that the filters leave, each of which filters in turn.

import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { tabsOf } from "../../model/descriptor";
import { speaker } from "../../model/messages";
import { isEverything } from "../../model/query";
import { inLanguage } from "../../model/texts";
import type { Chart, DatavizView } from "../../model/views";
import { Problem } from "../../sources/source";
import type { Session } from "../../state/session";
import { controls, theme } from "../../styles/theme";
import "../charts/chart";
import type { ChartModel, Selection } from "../charts/model";
import { ViewElement } from "../view";
import { type Figures, modelOf, queryOf, readFigures, toggled } from "./figures";
import { MESSAGES } from "./messages";

/** One chart's figures, as far as they are known. */
interface Reading {
  /** What they were asked with; an answer to anything else is late and dropped. */
  asked: string;
  figures: Figures | null;
  /** Those of the other side, where a proposal is looked at. */
  others: Figures | null;
  loading: boolean;
  problem: unknown;
}

/**
 * The charts of a widget, in a grid of twelve columns. A click on a bar, a slice or a cell filters
 * all views of the widget.
 *
 * @csspart chart - the box of one chart
 */
export class RetoucheDataviz extends ViewElement<DatavizView> {
  static override styles = [
    theme,
    controls,
    css`
      :host {
        display: block;
        container-type: inline-size;
      }
      .grid {
        display: grid;
        grid-template-columns: repeat(12, minmax(0, 1fr));
        gap: 16px;
      }
      .box {
        display: flex;
        flex-direction: column;
        grid-column: 1 / -1;
        min-width: 0;
        padding: 16px;
        border: 1px solid var(--_line);
        border-radius: var(--_radius);
        background: var(--_surface);
      }
      @container (min-width: 40em) {
        .box.half {
          grid-column: span 6;
        }
      }
      @container (min-width: 56.25em) {
        .box,
        .box.half {
          grid-column: span var(--_span, 12);
        }
      }
      .box > button {
        align-self: start;
      }
      retouche-chart {
        flex: 1;
      }
      .stale {
        opacity: 0.55;
        transition: opacity 0.15s 0.2s;
      }
      .skeleton {
        height: var(--_height, 280px);
        border-radius: var(--_radius);
        background: var(--_raised);
      }
      .said {
        margin: 4px 0 12px;
        color: var(--_muted);
      }
      .compared {
        margin-top: 12px;
      }
      .compared table {
        border-collapse: collapse;
        font-size: calc(0.9375 * var(--_rem));
      }
      .compared caption {
        padding-bottom: 4px;
        font-weight: 600;
        text-align: left;
      }
      .compared :is(th, td) {
        padding: 3px 14px 3px 0;
        border-bottom: 1px solid var(--_line);
        text-align: left;
        overflow-wrap: anywhere;
      }
      .compared td {
        font-variant-numeric: tabular-nums;
      }
      .name {
        margin: 0 0 8px;
        font-weight: 600;
      }
    `,
  ];
  readonly viewType = "dataviz" as const;
  private readings = new Map<Chart, Reading>();

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has("session")) this.readings = new Map();
    // A view without a session, or of another tab than the one that is shown, asks for nothing.
    if (!this.session || !this.view || !this.isOurs(this.session, this.view)) return;
    for (const chart of this.view.charts) this.read(this.session, chart);
  }

  protected draw(session: Session, view: DatavizView): TemplateResult {
    return html`<div class="grid">
      ${view.charts.map((chart) => this.box(session, chart, this.readings.get(chart)))}
    </div>`;
  }

  private isOurs(session: Session, view: DatavizView): boolean {
    const ours = tabsOf(session.descriptor).find((one) => one.views.includes(view));
    return !ours || ours.resource === session.resource.name;
  }

  /** Ask for a chart's figures, unless they are there or under way. */
  private read(session: Session, chart: Chart, again = false): void {
    const query = queryOf(chart, session);
    const asked = JSON.stringify([session.resource.name, query, session.reads]);
    const before = this.readings.get(chart);
    if (before?.asked === asked && !again) return;
    const { figures = null, others = null } = before ?? {};
    const reading: Reading = { asked, figures, others, loading: true, problem: null };
    this.readings.set(chart, reading);
    const done = (change: Partial<Reading>): void => {
      if (this.readings.get(chart) !== reading) return;
      Object.assign(reading, { loading: false }, change);
      this.requestUpdate();
    };
    Promise.all([readFigures(chart, query, session), opposite(session, chart, query)]).then(
      ([found, other]) => done({ figures: found, others: other }),
      (problem: unknown) => done({ problem }),
    );
  }

  private box(session: Session, chart: Chart, reading: Reading | undefined): TemplateResult {
    const width = chart.width ?? 12;
    const height = "height" in chart && chart.height ? chart.height : 280;
    const tall = chart.type === "big_values" ? 72 : height;
    return html`<div
      class="box ${width <= 6 ? "half" : ""}"
      part="chart"
      .style=${`--_span: ${width}; --_height: ${tall}px`}
      aria-busy=${reading?.loading === false ? "false" : "true"}
    >
      ${this.inside(session, chart, reading)}
    </div>`;
  }

  private inside(
    session: Session,
    chart: Chart,
    reading: Reading | undefined,
  ): TemplateResult | typeof nothing {
    const say = speaker(MESSAGES, session.locale);
    const name = html`<p class="name">${inLanguage(chart.title, session.locale)}</p>`;
    if (reading?.problem) {
      const offline = reading.problem instanceof Problem && reading.problem.code === "offline";
      return html`${name}
        <div role="alert">
          <p class="said">${say("failed")} ${offline ? say("offline") : nothing}</p>
          <button @click=${() => this.retry(session, chart)}>${say("retry")}</button>
        </div>`;
    }
    if (!reading?.figures) {
      return html`${name}
        <div class="skeleton"><span class="visually-hidden">${say("loading")}</span></div>`;
    }
    const model = modelOf(chart, reading.figures, session, session.locale);
    if (!model) {
      const filtered = !isEverything(session.query);
      return html`${name}
        <p class="said">${say(filtered ? "empty_filters" : "empty")}</p>
        ${
          filtered
            ? html`<button @click=${() => session.ask({ filters: {}, words: "", near: null })}>
                ${say("clear")}
              </button>`
            : nothing
        }`;
    }
    return html`<retouche-chart
        class=${reading.loading ? "stale" : ""}
        .model=${model}
        locale=${session.locale}
        theme=${this.theme ?? nothing}
        source=${sourceOf(session)}
        @chart-select=${(event: CustomEvent<Selection>) => this.choose(session, event)}
      ></retouche-chart>
      ${reading.others ? this.compared(session, chart, model, reading.others) : nothing}`;
  }

  /** What changes in a chart between both sides of a proposal. */
  private compared(
    session: Session,
    chart: Chart,
    model: ChartModel,
    others: Figures,
  ): TemplateResult {
    const other = modelOf(chart, others, session, session.locale);
    const early = session.state.side === "before";
    const { figureNote } = session.preview!;
    return figureNote(early ? model : other, early ? other : model, session.locale);
  }

  private retry(session: Session, chart: Chart): void {
    this.read(session, chart, true);
    this.requestUpdate();
  }

  private choose(session: Session, { detail }: CustomEvent<Selection>): void {
    const { field, value } = detail;
    const one = session.widget.filters?.some((each) => each.field === field && each.mode === "one");
    session.ask({ filters: toggled(session.state.filters, field, value, one === true) });
  }
}

/** The figures of the other side; null where no proposal is looked at, or they cannot be read. */
async function opposite(
  session: Session,
  chart: Chart,
  query: ReturnType<typeof queryOf>,
): Promise<Figures | null> {
  const { preview, resource } = session;
  if (!preview?.touches(resource.name)) return null;
  try {
    return await readFigures(chart, query, session, resource, preview.opposite);
  } catch {
    return null; // the chart itself is there
  }
}

/** Where the figures are from: the credits of the widget, else its title. */
function sourceOf(session: Session): string {
  const credits = session.widget.credits ?? [];
  const said = credits.map((one) => inLanguage(one.text, session.locale)).join(" ; ");
  return said || inLanguage(session.descriptor.title, session.locale);
}

customElements.get("retouche-dataviz") ??
  customElements.define("retouche-dataviz", RetoucheDataviz);
