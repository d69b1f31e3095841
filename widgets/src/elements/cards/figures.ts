// The charts that need no drawing: big values and sentences. The others are loaded when needed.

import { html, nothing, type TemplateResult } from "lit";
import type { ChartModel, Point } from "../charts/model";

export function isPlain({ type }: ChartModel): boolean {
  return type === "big_values" || type === "text";
}

export function figure(model: ChartModel): TemplateResult {
  return html`<figure class="figure" part="chart">
    ${model.title ? html`<figcaption>${model.title}</figcaption>` : nothing}
    ${model.type === "text" ? sentences(model) : values(model)}
    ${model.note ? html`<p class="note">${model.note}</p>` : nothing}
  </figure>`;
}

function sentences({ sentences: all }: ChartModel): TemplateResult {
  return html`<ul class="sentences">
    ${all.map((one) => html`<li>${one}</li>`)}
  </ul>`;
}

function values({ series }: ChartModel): TemplateResult {
  const points = series.flatMap((one) => one.points);
  return html`<div class="values">${points.map(value)}</div>`;
}

function value({ label, text, unit, color }: Point): TemplateResult {
  // Set by the CSSOM, which every content security policy lets pass.
  return html`<p class="value" .style=${color ? `--_series:${color}` : ""}>
    <span class="number ${text.length > 12 ? "long" : ""}">${text}</span>
    ${unit ? html` <span class="unit">${unit}</span>` : nothing}
    ${label ? html`<span class="label">${label}</span>` : nothing}
  </p>`;
}
