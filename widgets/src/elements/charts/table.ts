// The figures of a chart as a table, for those who prefer to read them.

import { html, nothing, type TemplateResult } from "lit";
import { speaker } from "../../model/messages";
import type { Locale } from "../../model/texts";
import { figureText, shareDecimals, shareText, sumOf } from "./describing";
import { MESSAGES } from "./messages";
import type { ChartModel } from "./model";

/** Every point of every series; shares and total where they can be added. */
export function tableOf(model: ChartModel, locale: Locale): TemplateResult {
  const say = speaker(MESSAGES, locale);
  const points = model.series[0]?.points ?? [];
  const whole = sumOf(model.series.flatMap((one) => one.points.map((point) => point.value)));
  const parted = (model.type === "donut" || model.type === "treemap") && !!whole;
  const shares = parted && model.series.length === 1;
  const unit = model.unit && ` (${model.unit})`;
  const decimals = shareDecimals(points.map((one) => (one.value ?? 0) / (whole || 1)));
  const share = (value: number | null): string =>
    value === null ? "–" : shareText(value / whole!, locale, decimals);
  return html`<div
    class="table"
    tabindex="0"
    role="region"
    aria-label=${model.title || say("table")}
  >
    <table>
      <thead>
        <tr>
          <th scope="col">${model.pointsName || say(model.axis === "dates" ? "date" : "group")}</th>
          ${model.series.map(
            (one) => html`<th scope="col" class="number">${one.name || say("value")}${unit}</th>`,
          )}
          ${shares ? html`<th scope="col" class="number">${say("share")}</th>` : nothing}
        </tr>
      </thead>
      <tbody>
        ${points.map(
          (point, at) =>
            html`<tr>
              <th scope="row">${point.label}</th>
              ${model.series.map((one) => {
                const { text, unit: own } = one.points[at]!;
                const more = !model.unit && own ? ` ${own}` : "";
                return html`<td class="number">${text ? text + more : "–"}</td>`;
              })}
              ${shares ? html`<td class="number">${share(point.value)}</td>` : nothing}
            </tr>`,
        )}
        ${model.references.map(
          (one) =>
            html`<tr>
              <th scope="row">${one.label}</th>
              <td class="number">${one.text}</td>
              ${model.series.slice(1).map(() => html`<td></td>`)}
            </tr>`,
        )}
      </tbody>
      ${
        parted
          ? html`<tfoot>
              <tr>
                <th scope="row">${say("total")}</th>
                ${model.series.map((one) => {
                  const sum = sumOf(one.points.map((point) => point.value));
                  return html`<td class="number">${figureText(sum, locale, model.decimals)}</td>`;
                })}
                ${shares ? html`<td class="number">${share(whole)}</td>` : nothing}
              </tr>
            </tfoot>`
          : nothing
      }
    </table>
  </div>`;
}
