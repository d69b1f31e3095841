// The map of a project: what there is, what is opened, closed and moved, who gains and who loses.

import { css, html, nothing, type TemplateResult } from "lit";
import { bulkOf, type Point } from "../map/geometry";
import type { Ground } from "../map/ground";
import type { MapWords } from "../map/messages";
import { paletteOf } from "../map/palette";
import { RetouchePosition } from "../map/position";
import { speaker } from "../../model/messages";
import { COLORS } from "./colors";
import { SCENARIO } from "./messages";
import type { Site } from "./plan";

/** A place whose people gain or lose something. */
export interface Touched extends Point {
  gain: boolean;
  people: number;
}

type Properties = { [name: string]: string | number | boolean };

const RANK = { people: 0, moves: 1, sites: 2, chosen: 3 };
/** From what zoom a row is close enough to be told from others. */
const CLOSE = 9;

const ROOM = css`
  .frame {
    min-height: var(--retouche-map-height, min(460px, 90vw));
  }
  :host([still]) .frame {
    min-height: 240px;
  }
`;

const feature = ({ longitude, latitude }: Point, properties: Properties): GeoJSON.Feature => ({
  type: "Feature",
  properties,
  geometry: { type: "Point", coordinates: [longitude, latitude] },
});
const collection = (features: GeoJSON.Feature[]): GeoJSON.FeatureCollection => ({
  type: "FeatureCollection",
  features,
});

/**
 * A click on a row chooses it; a click on the ground puts the pin there, which can be dragged and
 * moved by the arrow keys.
 *
 * @fires position - a place was chosen; detail: its `latitude` and `longitude`, of five decimals
 * @fires site - a row was chosen; detail: its `id`
 */
export class RetoucheScenarioMap extends RetouchePosition {
  static override properties = {
    sites: { attribute: false },
    touched: { attribute: false },
    chosen: { attribute: false },
    pinning: { type: Boolean },
    still: { type: Boolean, reflect: true },
    named: {},
  };
  static override styles = [...RetouchePosition.styles, ROOM];

  declare sites: readonly Site[];
  declare touched: readonly Touched[];
  /** Identity of the site that is looked at. */
  declare chosen: string | null;
  /** Whether a click is for the pin alone, also on a row. */
  declare pinning: boolean;
  /** Whether it is only to be looked at. */
  declare still: boolean;
  /** What the project is called, where several are on a page. */
  declare named: string;

  constructor() {
    super();
    this.sites = [];
    this.touched = [];
    this.chosen = null;
    this.pinning = false;
    this.still = false;
    this.named = "";
  }

  protected override label(say: MapWords): string {
    return this.named ? say("map_of", { title: this.named }) : super.label(say);
  }

  protected override ready(ground: Ground): void {
    const { map } = ground;
    if (!this.still) map.getCanvas().setAttribute("aria-describedby", "hint");
    // A project begins to be looked at where it changes something.
    const changed = this.sites.filter(({ kind, point }) => kind !== null && point);
    const shown = changed.length ? changed : this.sites;
    const points = shown.flatMap(({ point, from }) => [point ?? [], from ?? []].flat());
    const bounds = bulkOf(points);
    if (bounds && !this.point) map.fitBounds(bounds, { padding: 60, maxZoom: 8, animate: false });
    this.draw();
    this.ariaBusy = "true";
    map.once("idle", () => (this.ariaBusy = null));
    if (this.still) return;
    map.on("click", ({ lngLat, point }) => {
      const [found] = this.pinning ? [] : ground.featuresAt(point, ["sites"]);
      const id = found?.feature.properties["id"];
      if (typeof id !== "string") return this.choose(lngLat.lat, lngLat.lng);
      this.dispatchEvent(new CustomEvent("site", { detail: { id }, bubbles: true }));
    });
    map.on("mousemove", ({ point }) => {
      const over = !this.pinning && ground.featuresAt(point, ["sites"]).length;
      map.getCanvasContainer().style.setProperty("cursor", over ? "pointer" : "crosshair");
    });
  }

  protected override updated(changed: Map<string, unknown>): void {
    super.updated(changed);
    if (["sites", "touched", "chosen"].some((one) => changed.has(one))) this.draw();
  }

  /** Go to a place that was found by its name, close enough to tell it from others. */
  visit({ longitude, latitude }: Point): void {
    const map = this.ground?.map;
    const zoom = Math.max(map?.getZoom() ?? 0, CLOSE);
    map?.easeTo({ center: [longitude, latitude], zoom, duration: 400 });
  }

  private draw(): void {
    const { ground, sites, touched } = this;
    if (!ground) return;
    const palette = paletteOf(this.renderRoot);
    ground.wear(palette);
    const largest = Math.max(1, ...touched.map(({ people }) => people));
    ground.put(
      "people",
      RANK.people,
      collection(
        touched.map((one) =>
          feature(one, {
            color: one.gain ? COLORS.gain : COLORS.loss,
            size: 9 + 12 * Math.sqrt(one.people / largest),
          }),
        ),
      ),
      [
        {
          id: "people",
          type: "circle",
          paint: {
            "circle-color": ["get", "color"],
            "circle-radius": ["get", "size"],
            "circle-opacity": 0.4,
            "circle-stroke-color": ["get", "color"],
            "circle-stroke-width": 1.5,
          },
        } as never,
      ],
    );
    ground.put("moves", RANK.moves, collection(sites.flatMap(lineOf)), [
      {
        id: "moves",
        type: "line",
        paint: { "line-color": palette.text, "line-width": 2, "line-dasharray": [2, 1.5] },
      } as never,
    ]);
    ground.put("sites", RANK.sites, collection(sites.flatMap((one) => dotOf(one, palette.muted))), [
      {
        id: "sites",
        type: "circle",
        paint: {
          "circle-color": ["get", "color"],
          "circle-radius": ["case", ["get", "touched"], 8, 5],
          "circle-opacity": ["case", ["get", "closed"], 0.15, 1],
          "circle-stroke-color": ["case", ["get", "closed"], ["get", "color"], palette.surface],
          "circle-stroke-width": ["case", ["get", "closed"], 2.5, 1.5],
        },
      } as never,
    ]);
    const chosen = sites.filter(({ id }) => id === this.chosen);
    const rings = collection(chosen.flatMap((one) => dotOf(one, palette.text)));
    ground.put("chosen", RANK.chosen, rings, [
      {
        id: "chosen",
        type: "circle",
        paint: {
          "circle-opacity": 0,
          "circle-radius": 13,
          "circle-stroke-color": palette.text,
          "circle-stroke-width": 2.5,
        },
      } as never,
    ]);
  }

  protected override render(): TemplateResult {
    const say = speaker(SCENARIO, this.session?.locale ?? "fr");
    return html`${this.without
        ? html`<p role="status">${say("no_webgl")}</p>`
        : html`<div class="frame"><div class="canvas"></div>
            ${this.tools()}
          </div>`}
      <div class="foot">${this.baseTemplate()}</div>
      ${this.without || this.still
        ? nothing
        : html`<p class="hint" id="hint">${say("map_hint")}</p><span id="told"></span>`}`;
  }
}

function dotOf(site: Site, plain: string): GeoJSON.Feature[] {
  const { id, kind, point } = site;
  if (!point) return [];
  const color = kind && kind !== "change" ? COLORS[kind] : plain;
  return [feature(point, { id, color, touched: kind !== null, closed: kind === "close" })];
}

function lineOf({ point, from }: Site): GeoJSON.Feature[] {
  if (!point || !from) return [];
  const coordinates = [from, point].map((one) => [one.longitude, one.latitude]);
  return [{ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates } }];
}

customElements.get("retouche-scenario-map") ??
  customElements.define("retouche-scenario-map", RetoucheScenarioMap);

declare global {
  interface HTMLElementTagNameMap {
    "retouche-scenario-map": RetoucheScenarioMap;
  }
}
