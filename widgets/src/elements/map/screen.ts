// The map of a map view: its camera, what is drawn on it, what a reader does with it.

import type { MapMouseEvent, PaddingOptions } from "maplibre-gl";
import type { Layer } from "../../model/views";
import type { Position } from "../../state/address";
import type { Session } from "../../state/session";
import type { Bounds, Point } from "./geometry";
import { type Ground, type GroundOptions, openGround } from "./ground";
import { drawAreas, drawMark, drawSearch, drawSpots, OVER_SPOTS } from "./layers";
import { type Palette, paletteOf } from "./palette";
import type { LayerData } from "./reading";
import type { Shading } from "./shading";
import type { Spot } from "./spots";

/** What is told to the element around the map. */
export interface Audience {
  /** Features of a layer were chosen, all that lie there; null and none when the ground was. */
  chosen(layer: string | null, keys: readonly string[]): void;
  hovered(label: string | null, at: { x: number; y: number }): void;
  /** The map shows something else now; `byReader` unless the element itself moved it. */
  moved(byReader: boolean): void;
  /** The map is moving. */
  moving(): void;
}

/** A visible layer with what is known of it. */
export interface Drawing {
  layer: Layer;
  data: LayerData;
  shading: Shading | null;
}

/** A mini card lies beside its point from this width (pixels) of the map on, else at the foot. */
export const ROOMY = 480;
/** Told with moves that a reader asked for; MapLibre tells it by itself of its own gestures. */
const ASKED = { asked: true };

/** Name of what marks a proposal's rows, as `previews/places.ts` puts it on the map. */
const PREVIEW = "preview";

const keys = new WeakMap<readonly Spot[], ReadonlySet<string>>();

/** Gathered once for as long as the spots are the same. */
function keysOf(spots: readonly Spot[]): ReadonlySet<string> {
  let found = keys.get(spots);
  if (!found) keys.set(spots, (found = new Set(spots.map((one) => one.key))));
  return found;
}

export class MapScreen {
  palette: Palette;
  private drawn = new Map<string, { data: LayerData; palette: Palette }>();
  private names: string[] = [];

  private constructor(
    readonly ground: Ground,
    palette: Palette,
    private readonly outlines: { collection: GeoJSON.FeatureCollection; key: string } | null,
    private readonly audience: Audience,
  ) {
    this.palette = palette;
    this.listen();
  }

  /** Raises `NoMaps`. */
  static async open(
    options: GroundOptions,
    key: string | null,
    audience: Audience,
  ): Promise<MapScreen> {
    const ground = await openGround(options);
    const outlines = key === null ? null : { collection: options.outlines, key };
    return new MapScreen(ground, options.palette, outlines, audience);
  }

  close(): void {
    this.ground.close();
  }

  get bounds(): Bounds {
    const found = this.ground.map.getBounds();
    return [found.getWest(), found.getSouth(), found.getEast(), found.getNorth()];
  }

  get position(): Position {
    const { lng, lat } = this.ground.map.getCenter();
    return { longitude: lng, latitude: lat, zoom: this.ground.map.getZoom() };
  }

  /** Take the colours that the element wears now, if they are others. */
  wear(root: ParentNode): void {
    const palette = paletteOf(root);
    if (JSON.stringify(palette) === JSON.stringify(this.palette)) return;
    this.palette = palette;
    this.ground.wear(palette);
  }

  /** Draw the visible layers; those drawn already stay as they are. */
  draw(session: Session, drawings: readonly Drawing[], mark: Point | null): void {
    const { ground, palette } = this;
    for (const name of this.drawn.keys()) {
      if (drawings.some((one) => one.layer.name === name)) continue;
      ground.drop(name);
      this.drawn.delete(name);
    }
    for (const { layer, data, shading } of drawings) {
      const before = this.drawn.get(layer.name);
      if (before?.data === data && before.palette === palette) continue;
      this.drawn.set(layer.name, { data, palette });
      if (layer.type === "choropleth") {
        if (shading) drawAreas(ground, layer, data.areas, shading, this.outlines, palette);
        continue;
      }
      const resource = session.resources.get(layer.resource ?? session.resource.name)!;
      const colored = layer.type === "points" && layer.color_by;
      drawSpots(ground, layer, data.spots, colored ? resource.field(colored) : undefined, palette);
    }
    this.names = drawings.filter((one) => one.layer.type !== "heat").map((one) => one.layer.name);
    drawSearch(ground, session.state.near, palette);
    drawMark(ground, mark, palette);
    if (!session.preview) return;
    const layers = drawings
      .filter((one) => one.layer.type !== "choropleth")
      .map(({ layer, data }) => ({
        name: layer.name,
        resource: layer.resource ?? session.resource.name,
        keys: keysOf(data.spots),
      }));
    session.preview.draw({ ground, session, palette, rank: OVER_SPOTS, layers });
    this.names.push(PREVIEW);
  }

  /** Show a rectangle, at once or on the way there. */
  fit([west, south, east, north]: Bounds, animate: boolean): void {
    this.ground.map.fitBounds(
      [west, south, east, north],
      { padding: this.padding, maxZoom: 12, animate },
    );
  }

  /** Go to where an address says, without a journey. */
  jump({ longitude, latitude, zoom }: Position): void {
    this.ground.map.jumpTo({ center: [longitude, latitude], zoom });
  }

  /** Go to a point that a reader chose, close enough to tell it from others, clear of its card. */
  visit({ longitude, latitude }: Point, closest: number): void {
    const { map } = this.ground;
    // On outlines alone, what is close looks empty.
    const zoom = Math.max(map.getZoom(), this.ground.based ? closest + 3 : closest);
    const { clientWidth, clientHeight } = map.getContainer();
    const down = clientWidth >= ROOMY ? 60 : -clientHeight / 4;
    map.easeTo({ center: [longitude, latitude], zoom, offset: [0, down], duration: 500 }, ASKED);
  }

  zoom(by: 1 | -1): void {
    const { map } = this.ground;
    map.easeTo({ zoom: map.getZoom() + by, duration: 250 }, ASKED);
  }

  /** Where a place is on the screen, in pixels of the map. */
  project({ longitude, latitude }: Point): { x: number; y: number } {
    return this.ground.map.project([longitude, latitude]);
  }

  /** Less of it where the map is small; more where the legend lies on it. */
  private get padding(): PaddingOptions {
    const { clientWidth, clientHeight } = this.ground.map.getContainer();
    const plain = Math.min(48, Math.round(Math.min(clientWidth, clientHeight) / 10));
    const left = clientWidth >= 640 ? 270 : plain; // the panels lie on it from there on
    return { top: plain, bottom: plain, right: plain, left };
  }

  private listen(): void {
    const { map } = this.ground;
    map.on("click", (event) => void this.clicked(event));
    map.on("mousemove", (event) => {
      const [found] = this.ground.featuresAt(event.point, this.names);
      map.getCanvasContainer().style.setProperty("cursor", found ? "pointer" : "");
      const label = found?.feature.properties["label"];
      this.audience.hovered(typeof label === "string" ? label : null, event.point);
    });
    map.on("mouseout", () => this.audience.hovered(null, { x: 0, y: 0 }));
    map.on("move", () => this.audience.moving());
    map.on("moveend", (event) => this.audience.moved("asked" in event || !!event.originalEvent));
  }

  private async clicked({ point }: MapMouseEvent): Promise<void> {
    const there = this.ground
      .featuresAt(point, this.names)
      // What marks a row belongs to the layer that shows it.
      .map(({ name, feature }) => ({
        name: name === PREVIEW ? String(feature.properties["layer"] ?? name) : name,
        feature,
      }));
    const [found] = there;
    if (found && "cluster_id" in found.feature.properties) {
      const { geometry, properties } = found.feature;
      const [longitude, latitude] = (geometry as GeoJSON.Point).coordinates as [number, number];
      const zoom = await this.ground.unfolds(found.name, Number(properties["cluster_id"]));
      this.ground.map.easeTo({ center: [longitude, latitude], zoom, duration: 500 }, ASKED);
      return;
    }
    const keys = there
      .filter(({ name, feature }) => name === found!.name && "key" in feature.properties)
      .map(({ feature }) => String(feature.properties["key"]));
    this.audience.chosen(found?.name ?? null, [...new Set(keys)]);
  }
}
