// The charts that are words on the page already: big values, sentences, steps of a timeline.

import { html, nothing, type TemplateResult } from "lit";
import type { Locale } from "../../model/texts";
import { type Ink, visible } from "./colours";
import { withUnit } from "./describing";
import type { ChartModel, Point } from "./model";

/** Big values, sentences or steps. */
export function wordsOf(model: ChartModel, ink: Ink, locale: Locale): TemplateResult {
  if (model.type === "text") {
    return html`<ul class="sentences">
      ${model.sentences.map((one) => html`<li>${one}</li>`)}
    </ul>`;
  }
  const points = model.series.flatMap((one) => one.points);
  // As a property: a strict policy of the page forbids the attribute.
  const mark = (point: Point): string => {
    const color = point.color ?? model.series[0]?.color;
    return color ? `--_mark: ${visible(color, ink)}` : "";
  };
  if (model.type === "timeline") {
    return html`<ol class="timeline">
      ${points.map(
        (one) =>
          html`<li .style=${mark(one)}>
            <time datetime=${new Date(one.at!).toISOString().slice(0, 10)}>${one.text}</time>
            ${one.label}
          </li>`,
      )}
    </ol>`;
  }
  return html`<div class="figures">
    ${points.map(
      (one) =>
        html`<div class="figure" .style=${mark(one)}>
          <span class="value ${one.value === null && one.text ? "words" : ""}"
            >${figureOf(one, model, locale)}</span
          >
          ${
            one.label && one.label !== model.title
              ? html`<span class="label">${one.label}</span>`
              : nothing
          }
        </div>`,
    )}
  </div>`;
}

/** The value, then its unit in smaller letters, with the space that the language wants. */
function figureOf(point: Point, model: ChartModel, locale: Locale): TemplateResult | string {
  if (!point.text) return "–";
  const unit = point.unit || model.unit;
  if (!unit) return point.text;
  const rest = withUnit(point.text, unit, locale).slice(point.text.length);
  return html`${point.text}<span class="unit">${rest.replace("\u00a0", " ")}</span>`;
}
