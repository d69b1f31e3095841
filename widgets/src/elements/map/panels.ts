// What lies on and under a map: its buttons, the choice of layers, the legend, the base map.

import { html, nothing, type TemplateResult } from "lit";
import { inLanguage } from "../../model/texts";
import type { BaseMap, MapView } from "../../model/views";
import type { Session } from "../../state/session";
import { icon } from "../../styles/icons";
import { styleMap } from "../../styles/style-map";
import type { BaseControl } from "./basemap";
import type { Ground } from "./ground";
import { legendOf, legendTemplate } from "./legend";
import type { MapWords } from "./messages";
import type { Palette } from "./palette";
import type { Drawing } from "./screen";
import { areFilled } from "./shading";

type Shown = TemplateResult | typeof nothing;

export function toolsTemplate(
  say: MapWords,
  zoom: (by: 1 | -1) => void,
  reset: () => void,
): TemplateResult {
  return html`<div class="tools">
    <button class="icon" aria-label=${say("zoom_in")} title=${say("zoom_in")} @click=${() => zoom(1)}>
      ${icon("add")}
    </button>
    <button
      class="icon"
      aria-label=${say("zoom_out")}
      title=${say("zoom_out")}
      @click=${() => zoom(-1)}
    >
      ${icon("less")}
    </button>
    <button class="icon" aria-label=${say("reset")} title=${say("reset")} @click=${reset}>
      ${icon("full")}
    </button>
  </div>`;
}

/** What lies under the pointer, by name. */
export function hoverTemplate(hover: { label: string; x: number; y: number } | null): Shown {
  if (!hover) return nothing;
  const { label, x, y } = hover;
  const left = x > 300;
  const place = `translate(${x + (left ? -12 : 12)}px, ${y + 12}px) translateX(${left ? -100 : 0}%)`;
  return html`<div class="hover" aria-hidden="true" style=${styleMap({ transform: place })}>
    ${label}
  </div>`;
}

export interface Panels {
  session: Session;
  view: MapView;
  drawings: readonly Drawing[];
  /** Names of the visible layers. */
  shown: readonly string[];
  /** Codes of the areas that have outlines. */
  outlined: ReadonlySet<string>;
  palette: Palette;
  /** Whether there is room for the layers beside the legend. */
  wide: boolean;
}

/** The choice of layers and the legend of the visible ones. */
export function panelsTemplate(
  { session, view, drawings, shown, outlined, palette, wide }: Panels,
  say: MapWords,
  choose: (names: string[]) => void,
): TemplateResult {
  const parts = drawings.map(({ layer, data, shading }) => {
    const filled = areFilled(data.areas, outlined);
    return legendOf(session, layer, data, { shading, filled }, palette, say);
  });
  return html`<div class="panels">
    ${view.layers.length > 1 ? layersTemplate(session, view, shown, wide, say, choose) : nothing}
    ${view.legend !== false && parts.length
      ? html`<details class="panel" part="legend" open>
          <summary>${say("legend")} ${icon("down")}</summary>
          ${legendTemplate(parts, say)}
        </details>`
      : nothing}
  </div>`;
}

function layersTemplate(
  session: Session,
  view: MapView,
  shown: readonly string[],
  wide: boolean,
  say: MapWords,
  choose: (names: string[]) => void,
): TemplateResult {
  const one = view.switch !== "any";
  const toggle = (name: string, on: boolean): void => {
    const others = shown.filter((each) => each !== name);
    choose(one ? [name] : on ? [...others, name] : others);
  };
  return html`<details class="panel layers" ?open=${wide}>
    <summary>${say("layers")} ${icon("down")}</summary>
    <fieldset>
      <legend class="visually-hidden">${say("layers")}</legend>
      ${view.layers.map(
        (layer) =>
          html`<label>
            <input
              type=${one ? "radio" : "checkbox"}
              name="layer"
              .checked=${shown.includes(layer.name)}
              @change=${(event: Event) =>
                toggle(layer.name, (event.target as HTMLInputElement).checked)}
            />
            ${inLanguage(layer.title, session.locale) || layer.name}
          </label>`,
      )}
    </fieldset>
  </details>`;
}

/** Whose base map is shown, or the offer to show it and who is asked for it. */
export function footTemplate(
  session: Session,
  base: BaseMap | null,
  control: BaseControl,
  ground: Ground | undefined,
  say: MapWords,
): TemplateResult {
  const { state } = control;
  if (!base || !ground || state === "none") return html`<div class="foot"></div>`;
  const title = inLanguage(base.title, session.locale) || say("base_title");
  const told = {
    loading: say("base_loading"),
    failed: say("base_failed"),
    shown: inLanguage(base.attribution, session.locale) || title,
    offered: say("base_host", { host: new URL(base.style).host }),
  }[state];
  return html`<div class="foot">
    <p role="status">${told}</p>
    ${state === "shown"
      ? html`<button @click=${() => control.hide(session, ground)}>${say("hide_base")}</button>`
      : html`<button
          ?disabled=${state === "loading"}
          @click=${() => control.show(session, base, ground)}
        >
          ${icon("map")} ${say("show_base", { title })}
        </button>`}
  </div>`;
}
