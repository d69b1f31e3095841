// What the colours and forms on the map of a project mean.

import { html, nothing, svg, type TemplateResult } from "lit";
import { COLORS } from "./colors";
import type { ScenarioWords } from "./messages";

const dot = (color: string, fill: number): TemplateResult =>
  html`<svg viewBox="0 0 14 14" aria-hidden="true">
    ${svg`<circle cx="7" cy="7" r="5.5" fill=${color} fill-opacity=${fill} stroke=${color}
      stroke-width="2" />`}
  </svg>`;

/** `effects` is whether places that gain and lose are on the map. */
export function legend(say: ScenarioWords, effects: boolean): TemplateResult {
  return html`<ul class="legend" aria-label=${say("legend")}>
    <li>${dot("currentColor", 0.6)} ${say("legend_now")}</li>
    <li>${dot(COLORS.open, 1)} ${say("legend_open")}</li>
    <li>${dot(COLORS.close, 0.15)} ${say("legend_close")}</li>
    <li>${dot(COLORS.move, 1)} ${say("legend_move")}</li>
    ${effects
      ? html`<li>${dot(COLORS.gain, 0.4)} ${say("legend_gain")}</li>
          <li>${dot(COLORS.loss, 0.4)} ${say("legend_loss")}</li>`
      : nothing}
  </ul>`;
}
