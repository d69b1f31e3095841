// A scene on the page: its shapes, its marks as a list to walk through, what describes one of them.

import { html, nothing, svg, type TemplateResult } from "lit";
import { speaker } from "../../model/messages";
import type { Locale } from "../../model/texts";
import type { Ink } from "./colours";
import { MESSAGES } from "./messages";
import type { ChartModel } from "./model";
import type { Mark, Scene, Shape } from "./scene";
import { summaryOf } from "./summary";

/** The drawing, with its summary; `active` is the mark that is described. */
export function plotOf(
  model: ChartModel,
  scene: Scene,
  ink: Ink,
  locale: Locale,
  active: number | null,
): TemplateResult {
  // Nothing steps back where nothing that is drawn is chosen.
  const dims = scene.marks.some((one) => one.chosen);
  return html`<svg
      role="img"
      aria-label=${summaryOf(model, locale)}
      width=${scene.width}
      height=${scene.height}
      viewBox="0 0 ${scene.width} ${scene.height}"
    >
      ${scene.shapes.map((shape) => shapeOf(shape, scene, ink, active, dims))}
    </svg>
    ${marksOf(model, scene, locale, active)} ${tipOf(scene, locale, active)}`;
}

function shapeOf(
  shape: Shape,
  scene: Scene,
  ink: Ink,
  active: number | null,
  dims: boolean,
): TemplateResult {
  if ("text" in shape) {
    return svg`<text
      x=${shape.x} y=${shape.y} font-size=${shape.size} fill=${shape.fill}
      font-weight=${shape.bold ? 600 : nothing} text-anchor=${shape.anchor ?? "start"}
      stroke=${shape.halo ?? nothing} stroke-width=${shape.halo ? 3 : nothing}
      stroke-linejoin="round" paint-order="stroke"
    >${shape.text}</text>`;
  }
  const mark = shape.mark === undefined ? undefined : scene.marks[shape.mark];
  const number = shape.mark ?? nothing;
  if (shape.touch) return svg`<path d=${shape.d} fill="transparent" data-mark=${number} />`;
  const ringed = mark && (shape.mark === active || mark.chosen);
  return svg`<path
    d=${shape.d} fill=${shape.fill ?? "none"} data-mark=${number}
    opacity=${dims && mark?.dimmed ? 0.3 : nothing}
    stroke=${ringed ? ink.text : (shape.stroke ?? nothing)}
    stroke-width=${ringed ? 2 : (shape.width ?? nothing)}
    stroke-dasharray=${shape.dash ?? nothing} stroke-linejoin="round"
  />`;
}

/** The marks as a list that the arrow keys walk through. */
function marksOf(
  model: ChartModel,
  scene: Scene,
  locale: Locale,
  active: number | null,
): TemplateResult | typeof nothing {
  if (!scene.marks.length) return nothing;
  const say = speaker(MESSAGES, locale);
  return html`<div
    class="marks"
    role="listbox"
    tabindex="0"
    aria-label=${say("marks", { title: model.title })}
    aria-multiselectable=${scene.marks.some((one) => one.select) ? "true" : nothing}
    aria-activedescendant=${active === null ? nothing : `mark-${active}`}
  >
    ${scene.marks.map(
      (one, at) =>
        html`<span
          role="option"
          id="mark-${at}"
          aria-selected=${one.select ? String(one.chosen) : nothing}
          >${say("tooltip", { label: one.label, value: one.value })}</span
        >`,
    )}
  </div>`;
}

function tipOf(
  scene: Scene,
  locale: Locale,
  active: number | null,
): TemplateResult | typeof nothing {
  const mark = active === null ? undefined : scene.marks[active];
  if (!mark) return nothing;
  const say = speaker(MESSAGES, locale);
  return html`<div class="tip" part="tip" aria-hidden="true">
    ${mark.label}<strong>${mark.value}</strong>
    ${mark.select ? say(mark.chosen ? "chosen" : "choose", { label: mark.label }) : nothing}
  </div>`;
}

/** Above the mark where there is room, else under it; never beyond the sides. */
export function placeTip(tip: HTMLElement, mark: Mark, width: number): void {
  const left = Math.max(0, Math.min(mark.x - tip.offsetWidth / 2, width - tip.offsetWidth));
  const above = mark.y - tip.offsetHeight - 8;
  const top = above > -40 ? above : mark.y + 36;
  tip.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
}
