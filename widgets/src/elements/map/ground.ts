// A map with something under it (outlines, or the base map of another server) and things put on it.
// The only module that talks to MapLibre about styles and sources.

import type {
  GeoJSONSource,
  GeoJSONSourceSpecification,
  LayerSpecification,
  LngLatBoundsLike,
  Map as MapLibreMap,
  MapGeoJSONFeature,
  Marker,
  StyleSpecification,
  TransformStyleFunction,
} from "maplibre-gl";
import { middleOf, type Point } from "./geometry";
import { drawPictures, pictureName } from "./images";
import { library } from "./library";
import type { Palette } from "./palette";

export interface GroundOptions {
  container: HTMLElement;
  palette: Palette;
  outlines: GeoJSON.FeatureCollection;
  /** Property of an outline that a reader knows it by. */
  titleProperty?: string;
  /** Name of the map, for those who do not see it, and words on gestures. */
  label: string;
  gestures?: { keys: string; touch: string };
  center?: Point | undefined;
  zoom?: number | undefined;
  interactive?: boolean;
}

const OWN = "retouche-";
const PATIENCE = 15_000;
const LONGEST_WAIT_MS = 5_000;
const FRANCE: LngLatBoundsLike = [-5.2, 41.3, 9.6, 51.2];

/** Open a map in a container. Raises `NoMaps`. */
export async function openGround(options: GroundOptions): Promise<Ground> {
  const { Map: Drawn, Marker } = await library();
  const { container, palette, label, gestures, center, zoom = 9, interactive = true } = options;
  const map = new Drawn({
    container,
    style: styleOf(palette, options.outlines, options.titleProperty),
    ...(center
      ? { center: [center.longitude, center.latitude], zoom }
      : { bounds: FRANCE, fitBoundsOptions: { padding: 16 } }),
    interactive,
    attributionControl: false,
    cooperativeGestures: interactive && gestures !== undefined,
    dragRotate: false,
    touchPitch: false,
    maxPitch: 0,
    maxZoom: 19,
    renderWorldCopies: false,
    fadeDuration: 0,
    locale: {
      "Map.Title": label,
      "CooperativeGesturesHandler.WindowsHelpText": gestures?.keys ?? "",
      "CooperativeGesturesHandler.MacHelpText": gestures?.keys.replace("Ctrl", "⌘") ?? "",
      "CooperativeGesturesHandler.MobileHelpText": gestures?.touch ?? "",
    },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  drawPictures(map);
  const ground = new Ground(map, options, (element, draggable) => {
    const marker = new Marker({ element, anchor: "bottom", draggable });
    return marker.setLngLat([0, 0]).addTo(map);
  });
  await new Promise<void>((resolve) => map.once("style.load", () => resolve()));
  return ground;
}

export class Ground {
  /** Whether the base map of another server is shown. */
  based = false;
  private readonly puts = new Map<string, { rank: number; layers: string[] }>();
  private heard: ((error: unknown) => void) | null = null;

  constructor(
    readonly map: MapLibreMap,
    private readonly options: GroundOptions,
    /** Pin an element on the map; at no place in particular yet. */
    readonly pin: (element: HTMLElement, draggable: boolean) => Marker,
  ) {
    // A listener also keeps MapLibre from writing to the console of a page that is not ours.
    map.on("error", (event) => this.heard?.(event.error));
  }

  /**
   * Take the map away. Not before its workers have answered once: until then MapLibre tells them
   * to drop what they hold although none is there, and the page's console hears of it.
   */
  close(): void {
    const { map } = this;
    const remove = (): void => map.remove();
    if (map.loaded()) remove();
    else {
      const waiting = setTimeout(remove, LONGEST_WAIT_MS);
      map.once("idle", () => {
        clearTimeout(waiting);
        remove();
      });
    }
  }

  /** Put features on the map under a name, in place of those that had it; higher ranks on top. */
  put(
    name: string,
    rank: number,
    data: GeoJSON.FeatureCollection,
    layers: readonly (Omit<LayerSpecification, "source"> & { id: string })[],
    source: Partial<GeoJSONSourceSpecification> = {},
  ): void {
    const id = OWN + name;
    this.dropLayers(name);
    const known = this.map.getSource<GeoJSONSource>(id);
    if (known) known.setData(data);
    else this.map.addSource(id, { type: "geojson", data, ...source });
    const above = [...this.puts.values()]
      .filter((one) => one.rank > rank && one.layers.some((each) => this.map.getLayer(each)))
      .sort((one, other) => one.rank - other.rank)[0];
    for (const layer of layers) {
      const drawn = { ...layer, id: OWN + layer.id, source: id } as LayerSpecification;
      this.map.addLayer(drawn, above?.layers[0]);
    }
    this.puts.set(name, { rank, layers: layers.map((one) => OWN + one.id) });
  }

  drop(name: string): void {
    this.dropLayers(name);
    if (this.map.getSource(OWN + name)) this.map.removeSource(OWN + name);
    this.puts.delete(name);
  }

  private dropLayers(name: string): void {
    for (const id of this.puts.get(name)?.layers ?? []) {
      if (this.map.getLayer(id)) this.map.removeLayer(id);
    }
  }

  /** The features near a point of the screen, of those put under some names; the topmost first. */
  featuresAt(
    { x, y }: { x: number; y: number },
    names: readonly string[],
  ): { name: string; feature: MapGeoJSONFeature }[] {
    const owners = new Map(
      names.flatMap((name) =>
        (this.puts.get(name)?.layers ?? []).map((id) => [id, name] as const),
      ),
    );
    const layers = [...owners.keys()].filter((id) => this.map.getLayer(id));
    if (!layers.length) return [];
    const box: [[number, number], [number, number]] = [
      [x - 5, y - 5],
      [x + 5, y + 5],
    ];
    const found = this.map.queryRenderedFeatures(box, { layers });
    return found.map((feature) => ({ name: owners.get(feature.layer.id)!, feature }));
  }

  /** The zoom at which a cluster of a name falls apart. */
  unfolds(name: string, cluster: number): Promise<number> {
    return this.map.getSource<GeoJSONSource>(OWN + name)!.getClusterExpansionZoom(cluster);
  }

  /** Take other colours. */
  wear(palette: Palette): void {
    this.options.palette = palette;
    if (!this.based) this.showOutlines();
  }

  showOutlines(): void {
    const { palette, outlines, titleProperty } = this.options;
    this.based = false;
    this.heard = null;
    this.map.setStyle(styleOf(palette, outlines, titleProperty), { transformStyle: keepOwn });
  }

  /** Show a base map; back to the outlines, and an error, when its server does not answer. */
  async showBase(style: string): Promise<void> {
    try {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error("timeout")), PATIENCE);
        const settle = (): void => {
          clearTimeout(timer);
          this.map.off("sourcedata", arrived);
        };
        const arrived = (event: { sourceId: string; tile?: unknown }): void => {
          if (!event.tile || event.sourceId.startsWith(OWN)) return;
          settle();
          resolve();
        };
        this.heard = (error) => {
          settle();
          reject(error as Error);
        };
        this.map.on("sourcedata", arrived);
        this.based = true;
        this.map.setStyle(style, {
          transformStyle: (previous, next) => {
            const made = keepOwn(previous, next);
            // A base map may have no tiles at all; then there is nothing to wait for.
            if (!Object.values(next.sources).some((one) => one.type !== "geojson")) {
              settle();
              resolve();
            }
            return made;
          },
        });
      });
      this.heard = null;
    } catch (error) {
      this.showOutlines();
      throw error;
    }
  }
}

/** What is put on a map stays when what is under it changes. */
const keepOwn: TransformStyleFunction = (previous, next) => {
  const own = (id: string): boolean => id.startsWith(OWN);
  const sources = Object.entries(previous?.sources ?? {}).filter(([id]) => own(id));
  return {
    ...next,
    sources: { ...next.sources, ...Object.fromEntries(sources) },
    layers: [...next.layers, ...(previous?.layers ?? []).filter((one) => own(one.id))],
  };
};

/** Outlines on a plain ground, with their names once there is room. */
function styleOf(
  palette: Palette,
  outlines: GeoJSON.FeatureCollection,
  titleProperty: string | undefined,
): StyleSpecification {
  return {
    version: 8,
    sources: {
      outlines: { type: "geojson", data: outlines },
      names: { type: "geojson", data: namesOf(outlines, palette, titleProperty) },
    },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": palette.raised } },
      {
        id: "areas",
        type: "fill",
        source: "outlines",
        paint: { "fill-color": palette.surface },
      },
      {
        id: "borders",
        type: "line",
        source: "outlines",
        layout: { "line-join": "round" },
        paint: {
          "line-color": palette.control,
          "line-opacity": 0.55,
          "line-width": ["interpolate", ["linear"], ["zoom"], 4, 0.6, 8, 1.4],
        },
      },
      {
        id: "names",
        type: "symbol",
        source: "names",
        minzoom: 6.3,
        layout: { "icon-image": ["get", "picture"], "icon-padding": 4 },
      },
    ],
  };
}

function namesOf(
  outlines: GeoJSON.FeatureCollection,
  palette: Palette,
  titleProperty: string | undefined,
): GeoJSON.FeatureCollection {
  const features = outlines.features.flatMap((one): GeoJSON.Feature[] => {
    const title = titleProperty ? one.properties?.[titleProperty] : null;
    const middle = middleOf(one.geometry);
    if (typeof title !== "string" || !middle) return [];
    const picture = pictureName(["name", title, palette.muted, palette.surface]);
    return [
      {
        type: "Feature",
        properties: { picture },
        geometry: { type: "Point", coordinates: [middle.longitude, middle.latitude] },
      },
    ];
  });
  return { type: "FeatureCollection", features };
}
