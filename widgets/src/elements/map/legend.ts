// What the colours and sizes of the visible layers stand for.

import { html, nothing, type TemplateResult } from "lit";
import { inLanguage, type Locale } from "../../model/texts";
import { formatNumber, plainValue } from "../../model/values";
import type { ChoroplethLayer, Layer } from "../../model/views";
import type { Session } from "../../state/session";
import { styleMap } from "../../styles/style-map";
import { digitsFor } from "./classes";
import { HEAT, layerColor } from "./layers";
import type { MapWords } from "./messages";
import type { Palette } from "./palette";
import type { LayerData } from "./reading";
import type { Shading } from "./shading";
import { colorOf, valuesOf } from "./spots";

/** A line of the legend: a colour, what it is for, how many there are. */
interface Entry {
  mark: "dot" | "square" | "hollow dot" | "hollow square" | "hatched" | "ring";
  color?: string;
  text: string;
  count?: number;
}

export interface LegendPart {
  title: string;
  entries: Entry[];
  gradient?: boolean;
  notes: string[];
}

export interface Drawn {
  shading: Shading | null;
  filled: boolean;
}

/** The legend of one layer. */
export function legendOf(
  session: Session,
  layer: Layer,
  data: LayerData,
  drawn: Drawn,
  palette: Palette,
  say: MapWords,
): LegendPart {
  const { locale } = session;
  const title = inLanguage(layer.title, locale) || layer.name;
  if (layer.type === "choropleth") {
    return { title, ...areasLegend(layer, data, drawn, locale, say) };
  }
  const resource = session.resources.get(layer.resource ?? session.resource.name)!;
  const color = layerColor(layer, palette);
  if (layer.type === "heat") {
    const field = layer.weight ? resource.field(layer.weight) : undefined;
    const notes = field ? [say("heat_by", { field: field.label(locale) })] : [];
    return { title, entries: [], gradient: true, notes };
  }
  if (layer.type === "clusters") {
    const entries: Entry[] = [
      { mark: "ring", color, text: say("cluster") },
      { mark: "dot", color, text: say("point") },
    ];
    return { title, entries, notes: [] };
  }
  const field = layer.color_by ? resource.field(layer.color_by) : undefined;
  if (!field) return { title, entries: [{ mark: "dot", color, text: title }], notes: [] };
  const entries = valuesOf(data.spots, field).map(
    ({ value, count }): Entry => ({
      mark: "dot",
      color: colorOf(field, value, color),
      text: plainValue(field, value, locale) || say("missing"),
      count,
    }),
  );
  return { title, entries, notes: [field.label(locale)] };
}

function areasLegend(
  layer: ChoroplethLayer,
  data: LayerData,
  { shading, filled }: Drawn,
  locale: Locale,
  say: MapWords,
): Omit<LegendPart, "title"> {
  if (!shading) return { entries: [], notes: [] };
  const digits = digitsFor(shading.classes);
  const number = (value: number): string => formatNumber(value, locale, digits, true);
  const mark = filled ? "square" : "dot";
  const entries: Entry[] = shading.classes.map(({ from, to, color }) => ({
    mark,
    color,
    text: from === to ? number(from) : `${number(from)} – ${number(to)}`,
  }));
  if (shading.none) entries.unshift({ mark: `hollow ${mark}`, text: say("none") });
  if (shading.unknown) entries.push({ mark: filled ? "hatched" : "dot", text: say("no_value") });
  const drawnAs = filled
    ? say("filled")
    : shading.size === null
      ? say("circles_same")
      : say(`circles_${shading.size}`);
  const notes = [inLanguage(layer.unit, locale), drawnAs].filter(Boolean);
  if (data.unplaced) notes.push(say("unplaced_areas", { n: data.unplaced }));
  return { entries, notes };
}

export function legendTemplate(parts: readonly LegendPart[], say: MapWords): TemplateResult {
  return html`${parts.map(
    ({ title, entries, gradient, notes }) => html`<div class="legend-part">
      <p class="legend-title">${title}</p>
      ${notes.slice(0, 1).map((note) => html`<p class="note">${note}</p>`)}
      ${gradient
        ? html`<p class="gradient">
            <span>${say("little")}</span>
            <span
              class="ramp"
              style=${styleMap({ background: `linear-gradient(to right, ${HEAT.join(", ")})` })}
            ></span>
            <span>${say("much")}</span>
          </p>`
        : nothing}
      ${entries.length
        ? html`<ul>
            ${entries.map(
              ({ mark, color, text, count }) => html`<li>
                <span class="mark ${mark}" style=${styleMap(color ? { background: color } : {})}></span>
                <span>${text}${count === undefined ? nothing : html` <span class="count">${count}</span>`}</span>
              </li>`,
            )}
          </ul>`
        : nothing}
      ${notes.slice(1).map((note) => html`<p class="note">${note}</p>`)}
    </div>`,
  )}`;
}
