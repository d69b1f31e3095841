// The map view: a map, its layers and legend, a list that says the same, a search around a place.

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { inLanguage } from "../../model/texts";
import type { Layer, MapView } from "../../model/views";
import type { Session } from "../../state/session";
import { controls, theme } from "../../styles/theme";
import { ViewElement } from "../view";
import { BaseControl, baseOf } from "./basemap";
import { besideTemplate } from "./beside";
import { Camera } from "./camera";
import { canvasStyles, toolStyles } from "./canvas-styles";
import type { Point } from "./geometry";
import type { GroundOptions } from "./ground";
import "./list";
import type { RetoucheMapList } from "./list";
import { type MapWords, mapWords } from "./messages";
import "./nearby";
import { paletteOf } from "./palette";
import { footTemplate, hoverTemplate, panelsTemplate, toolsTemplate } from "./panels";
import { type Marked, openedAt, pickedOf, placePopup } from "./picking";
import "./popup";
import type { RetoucheMapPopup } from "./popup";
import { LayerReader } from "./reader";
import { namesIn, outlinesOf, readOutlines } from "./reading";
import { type Drawing, MapScreen } from "./screen";
import { shadingOf } from "./shading";
import { mapStyles } from "./styles";

const HEIGHT = 560;
const LISTED = 20;
/** From this width (pixels) on, the legend lies on the map and the list beside it. */
const WIDE = 760;
/** How close to look at what was picked in the list. */
const CLOSE = { area: 7, row: 9 };

/**
 * Rows on a map, with a list beside it that gives the same results without one.
 *
 * @attr basemap - `at_once`, `on_request` or `none`: whether the base map of another server is
 *   shown; by default what the descriptor says
 * @csspart map - the map
 * @csspart list - the list beside it
 * @csspart legend - the legend
 * @csspart popup - the mini card of what was picked
 * @cssprop --retouche-map-height - how high the map is; what the descriptor says if left out
 */
export class RetoucheMap extends ViewElement<MapView> {
  static override properties = {
    chosen: { state: true },
    picked: { state: true },
    seenOnly: { state: true },
    listed: { state: true },
    hover: { state: true },
    without: { state: true },
  };
  static override styles = [theme, controls, canvasStyles, toolStyles, mapStyles];
  readonly viewType = "map" as const;

  /** Names of the visible layers; null while those of the descriptor are. */
  declare private chosen: string[] | null;
  declare private picked: Marked | null;
  /** Whether the list is limited to what the map shows. */
  declare private seenOnly: boolean;
  /** How many entries of the list are shown. */
  declare private listed: number;
  declare private hover: { label: string; x: number; y: number } | null;
  /** Whether this browser draws no maps. */
  declare private without: boolean;

  private screen: MapScreen | null = null;
  private opening: object | null = null;
  private outlines: GeoJSON.FeatureCollection | null = null;
  /** What the outlines call areas, by code. */
  private names: ReadonlyMap<string, string> = new Map();
  /** What lies where the reader clicked: the mini card is that of one of them. */
  private heap: Marked[] = [];
  /** Key of the entry of the list that a mini card was opened from. */
  private origin: string | null = null;
  private readonly reader = new LayerReader(() => this.requestUpdate());
  private readonly base = new BaseControl(this, () => this.requestUpdate());
  private readonly camera = new Camera();
  private readonly drawn = new WeakMap<object, Drawing>();

  constructor() {
    super();
    this.chosen = null;
    this.picked = null;
    this.seenOnly = true;
    this.listed = LISTED;
    this.hover = null;
    this.without = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.shut();
  }

  private shut(): void {
    this.opening = null;
    this.camera.close();
    this.reader.close();
    this.screen?.close();
    this.screen = null;
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (!changed.has("session") && !changed.has("view")) return;
    this.shut();
    this.outlines = null;
    this.chosen = null;
    this.picked = null;
  }

  protected override updated(): void {
    const { session, view, screen } = this;
    if (!session || !view || !this.isConnected) return;
    if (!this.opening) void this.start(session, view);
    if (!this.outlines) return;
    this.reader.want(session, this.visible, this.names);
    if (!screen) return;
    screen.wear(this.renderRoot);
    const { drawings } = this;
    screen.draw(session, drawings, this.picked?.point ?? openedAt(session, drawings));
    if (!this.reader.busy) this.camera.aim(screen, session, () => this.places);
    this.follow();
  }

  /** Read the outlines, then open the map on them. */
  private async start(session: Session, view: MapView): Promise<void> {
    const turn = (this.opening = {});
    const said = outlinesOf(session, view.outlines);
    const outlines = await readOutlines(session, said);
    if (turn !== this.opening) return;
    this.outlines = outlines;
    this.names = namesIn(outlines, said);
    this.requestUpdate();
    const container = this.renderRoot.querySelector<HTMLElement>(".canvas")!;
    const options = this.options(session, view, container, outlines);
    try {
      const screen = await MapScreen.open(options, said?.key ?? null, {
        chosen: (layer, keys) => this.choose(layer, keys),
        hovered: (label, at) => {
          if (label || this.hover) this.hover = label ? { label, ...at } : null;
        },
        moved: (byReader) => this.moved(byReader),
        moving: () => this.follow(),
      });
      if (turn !== this.opening) return screen.close();
      this.screen = screen;
      this.camera.begin(session, options.center !== undefined);
      container.querySelector("canvas")?.setAttribute("aria-describedby", "keys");
      this.base.begin(session, baseOf(session, view.basemap), screen.ground);
    } catch {
      this.without = turn === this.opening;
    }
    this.requestUpdate();
  }

  private options(
    session: Session,
    view: MapView,
    container: HTMLElement,
    outlines: GeoJSON.FeatureCollection,
  ): GroundOptions {
    const say = mapWords(session.locale);
    const { map } = session.state;
    const [longitude, latitude] = view.center ?? [];
    const said = longitude === undefined ? undefined : { longitude, latitude: latitude! };
    const title = inLanguage(view.title ?? session.widget.title, session.locale);
    return {
      container,
      outlines,
      palette: paletteOf(this.renderRoot),
      titleProperty: outlinesOf(session, view.outlines)?.title,
      label: say("map_of", { title }),
      gestures: { keys: say("gesture_keys"), touch: say("gesture_touch") },
      center: map ?? said,
      zoom: map?.zoom ?? view.zoom,
    };
  }

  private moved(byReader: boolean): void {
    const { session, screen } = this;
    if (session && screen && byReader) this.camera.keep(session, screen.position);
    if (this.seenOnly && !this.picked) this.listed = LISTED;
    this.requestUpdate();
  }

  /** The layers that are shown: those that the reader chose, else those of the descriptor. */
  private get visible(): Layer[] {
    const { layers, switch: mode } = this.view!;
    if (this.chosen) return layers.filter((one) => this.chosen!.includes(one.name));
    const said = layers.filter((one) => one.visible);
    const first = said.length ? said : layers.slice(0, 1);
    return mode === "any" ? first : first.slice(0, 1);
  }

  /** The visible layers of which something is known, with the colours of their areas. */
  private get drawings(): Drawing[] {
    return this.visible.flatMap((layer) => {
      const data = this.reader.data(layer.name);
      if (!data) return [];
      let found = this.drawn.get(data);
      if (!found) {
        const shading = layer.type === "choropleth" ? shadingOf(layer, data.areas) : null;
        found = { layer, data, shading };
        this.drawn.set(data, found);
      }
      return [found];
    });
  }

  /** Where all that is drawn lies. */
  private get places(): readonly Point[] {
    const { session, drawings } = this;
    const shown = drawings.map(({ layer }) => layer.resource ?? session!.resource.name);
    return session!.preview?.places(shown) ?? drawings.flatMap(({ data }) => [
      ...data.spots.flatMap((one) => one.point ?? []),
      ...data.areas.flatMap((one) => one.center ?? []),
    ]);
  }

  /** What the list is about: rows where there are any, else areas. */
  private get main(): Drawing | null {
    const { drawings } = this;
    return drawings.find((one) => one.layer.type !== "choropleth") ?? drawings[0] ?? null;
  }

  /** Show the mini card of the first of these; `origin` is the entry of the list it came from. */
  private choose(
    layer: string | null,
    keys: readonly string[],
    origin: string | null = null,
  ): void {
    const drawing = this.drawings.find((one) => one.layer.name === layer);
    this.origin = origin;
    this.hover = null;
    this.heap = drawing ? keys.flatMap((key) => pickedOf(this.session!, drawing, key) ?? []) : [];
    this.picked = this.heap[0] ?? null;
    if (!this.picked) return;
    const { point, kind } = this.picked;
    if (origin !== null && point) this.screen?.visit(point, CLOSE[kind]);
    void this.updateComplete.then(() => this.popup?.focus());
  }

  /** Go round what lies on one spot. */
  private turn(by: number): void {
    const { heap } = this;
    const next = heap.indexOf(this.picked!) + by + heap.length;
    this.picked = heap[next % heap.length]!;
  }

  /** Where there is no map, the list opens the card itself. */
  private pick(session: Session, key: string): void {
    const { layer } = this.main!;
    const own = (layer.resource ?? session.resource.name) === session.resource.name;
    if (this.without && own && layer.type !== "choropleth") session.open(key);
    else this.choose(layer.name, [key], key);
  }

  private readonly unpick = (): void => {
    const { origin } = this;
    this.picked = null;
    const list = this.renderRoot.querySelector<RetoucheMapList>("retouche-map-list");
    if (origin !== null && list?.focusOn(origin)) return;
    this.renderRoot.querySelector<HTMLElement>(".canvas canvas")?.focus();
  };

  private get popup(): RetoucheMapPopup | null {
    return this.renderRoot.querySelector<RetoucheMapPopup>("retouche-map-popup");
  }

  /** Keep the mini card with its point. */
  private follow(): void {
    const { popup, screen, picked } = this;
    const frame = this.renderRoot.querySelector<HTMLElement>(".frame");
    if (popup && frame && screen && picked) placePopup(popup, frame, screen, picked.point);
  }

  private readonly reset = (): void => {
    this.camera.reset();
    if (this.session!.state.map) this.session!.update({ map: null });
    this.requestUpdate();
  };

  protected draw(session: Session, view: MapView): TemplateResult {
    const say = mapWords(session.locale);
    const { without, screen } = this;
    this.style.setProperty("--map-height", `${view.height ?? HEIGHT}px`);
    return html`<retouche-nearby
        .session=${session}
        .view=${view}
        .state=${session.state}
      ></retouche-nearby>
      ${without ? html`<p class="notice" role="status">${say("no_webgl")}</p>` : nothing}
      ${this.failure(say)}
      <div class="body ${without ? "listed" : ""}">
        <div class="main">
          <div class="screen">
            <div class="frame ${without ? "without" : ""}" part="map">
              <div class="canvas"></div>
              ${this.busy(say)}
              ${toolsTemplate(say, (by) => this.screen?.zoom(by), this.reset)}
              ${hoverTemplate(this.hover)} ${without ? nothing : this.card(session)}
            </div>
            ${this.panels(session, view, say)}
          </div>
          ${without
            ? this.card(session)
            : footTemplate(session, baseOf(session, view.basemap), this.base, screen?.ground, say)}
        </div>
        ${this.beside(session, say)}
      </div>
      <p id="keys" hidden>${say("keys")}</p>`;
  }

  private failure(say: MapWords): TemplateResult | typeof nothing {
    const { problem } = this.reader;
    if (!problem) return nothing;
    const offline = (problem as { code?: string }).code === "offline";
    return html`<p class="notice" role="alert">
      ${say(offline ? "offline" : "failed")}
      <button @click=${() => this.reader.retry()}>${say("retry")}</button>
    </p>`;
  }

  private busy(say: MapWords): TemplateResult | typeof nothing {
    if (!this.reader.busy && (this.screen || this.without)) return nothing;
    const { progress } = this.reader;
    return html`<p class="busy">${progress ? say("loading_some", progress) : say("loading")}</p>`;
  }

  private card(session: Session): TemplateResult | typeof nothing {
    if (!this.picked) return nothing;
    return html`<retouche-map-popup
      part="popup"
      .session=${session}
      .picked=${this.picked}
      .place=${this.heap.indexOf(this.picked) + 1}
      .places=${this.heap.length}
      @turn=${(event: CustomEvent<number>) => this.turn(event.detail)}
      @close=${this.unpick}
    ></retouche-map-popup>`;
  }

  private panels(session: Session, view: MapView, say: MapWords): TemplateResult {
    const { drawings, screen } = this;
    const shown = this.visible.map((one) => one.name);
    const outlined = new Set(this.names.keys());
    const palette = screen?.palette ?? paletteOf(this.renderRoot);
    const wide = this.clientWidth >= WIDE;
    const parts = { session, view, drawings, shown, outlined, palette, wide };
    return panelsTemplate(parts, say, (names) => {
      this.chosen = names;
      this.picked = null;
      this.listed = LISTED;
    });
  }

  private beside(session: Session, say: MapWords): TemplateResult {
    const { main, screen, seenOnly, listed } = this;
    const { busy } = this.reader;
    const bounds = seenOnly && screen ? screen.bounds : null;
    const current = this.picked?.key ?? session.state.row;
    const mapped = !this.without;
    return besideTemplate({ session, main, busy, mapped, bounds, seenOnly, listed, current }, say, {
      limit: (only) => {
        this.seenOnly = only;
        this.listed = LISTED;
      },
      more: () => (this.listed += LISTED),
      pick: (id) => this.pick(session, id),
      reset: this.reset,
    });
  }
}

customElements.get("retouche-map") ?? customElements.define("retouche-map", RetoucheMap);
