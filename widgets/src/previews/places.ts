// On a map: rows that come, go and move, by shapes and words that lie over the points.

import type { LayerSpecification } from "maplibre-gl";
import type { Entry } from "../elements/map/list";
import type { Ground } from "../elements/map/ground";
import type { Palette } from "../elements/map/palette";
import type { Coordinates } from "../model/descriptor";
import type { Resource } from "../model/field";
import type { Session } from "../state/session";
import type { Mark } from "./changes";
import { markWords } from "./marks";
import { distanceWords, previewWords } from "./messages";
import type { Preview } from "./preview";

/** The list beside a map. */
export interface Listed {
  entries: Entry[];
  total: number;
}

export interface Place {
  latitude: number;
  longitude: number;
}

/** A map with what it shows: each layer's resource and the keys of the rows drawn. */
export interface Drawn {
  ground: Ground;
  session: Session;
  palette: Palette;
  /** Above the points, below the ring around what is picked. */
  rank: number;
  layers: readonly { name: string; resource: string; keys: ReadonlySet<string> }[];
}

/** Name of the marks among all that is put on a map. */
export const PREVIEW = "preview";
/** Marks drawn with words; more of them would cover the map. */
const MOST_WORDS = 60;

/** Entries with what happens to their rows; those that are removed come first. */
export function entriesWith(
  preview: Preview,
  session: Session,
  resource: Resource,
  { entries, total }: Listed,
): Listed {
  const { locale } = session;
  const noted = entries.map((one): Entry => {
    const mark = preview.mark(resource.name, one.id);
    return mark ? { ...one, note: markWords(mark, preview.side, locale) } : one;
  });
  const removed = preview.removed(session, resource).map((row): Entry => {
    const id = resource.keyOf(row);
    const mark = preview.mark(resource.name, id)!;
    const note = markWords(mark, preview.side, locale);
    return { id, title: resource.labelOf(row), note, gone: true };
  });
  return { entries: [...removed, ...noted], total: total + removed.length };
}

/** Label and place of a row that is marked; null where it is not. */
export function pointOf(
  preview: Preview,
  resource: string,
  key: string,
): { label: string; point: Place | null } | null {
  const mark = preview.mark(resource, key);
  if (!mark) return null;
  const { position: at } = mark;
  return { label: mark.label, point: at && { latitude: at[0], longitude: at[1] } };
}

/** Degrees beside what changes: of a row alone on an empty ground, nobody knows where it is. */
const BESIDE = 0.05;

/** The corners of a rectangle with some room around rows that change; null where none is placed. */
export function around(marks: readonly Mark[]): Place[] | null {
  const found = marks.flatMap(({ position, moved }) =>
    moved ? [moved.from, moved.to] : position ? [position] : [],
  );
  if (!found.length) return null;
  const [south, north] = wider(found.map(([latitude]) => latitude));
  const [west, east] = wider(found.map(([, longitude]) => longitude));
  return [
    { latitude: Math.max(south, -85), longitude: Math.max(west, -180) },
    { latitude: Math.min(north, 85), longitude: Math.min(east, 180) },
  ];
}

function wider(values: readonly number[]): [number, number] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = Math.max(BESIDE, (most - least) / 6);
  return [least - room, most + room];
}

const drawn = new WeakMap<Ground, string>();

/** Put the marks of the rows that a map shows, and of those that are removed, on it. */
export function drawMarks(preview: Preview, drawing: Drawn): void {
  const { ground, palette, rank } = drawing;
  const features = featuresOf(preview, drawing);
  const about = JSON.stringify([features, palette]);
  if (drawn.get(ground) === about) return;
  drawn.set(ground, about);
  if (!features.length) return ground.drop(PREVIEW);
  ground.put(PREVIEW, rank, { type: "FeatureCollection", features }, layersOf(palette));
}

function featuresOf(preview: Preview, { session, palette, layers }: Drawn): GeoJSON.Feature[] {
  const features: GeoJSON.Feature[] = [];
  for (const { name, resource: of, keys } of layers) {
    const resource = session.resources.get(of)!;
    const removed = new Set(preview.removed(session, resource).map((row) => resource.keyOf(row)));
    const shown = preview.changes.in(of).filter((one) => {
      const key = preview.side === "after" ? (one.key ?? one.oldKey) : one.oldKey;
      return key !== null && (keys.has(key) || removed.has(key));
    });
    for (const [index, mark] of shown.entries()) {
      features.push(...featuresOfMark(mark, name, preview, session, palette, index < MOST_WORDS));
    }
  }
  return features;
}

function featuresOfMark(
  mark: Mark,
  layer: string,
  preview: Preview,
  session: Session,
  palette: Palette,
  worded: boolean,
): GeoJSON.Feature[] {
  const { locale } = session;
  const { side } = preview;
  const say = previewWords(locale);
  const key = (side === "after" ? (mark.key ?? mark.oldKey) : mark.oldKey)!;
  const point = (
    at: Coordinates,
    shape: string,
    words: string,
    above = false,
  ): GeoJSON.Feature => ({
    type: "Feature",
    properties: { key, layer, label: `${mark.label} · ${words}`, shape, above, ...pictured(words) },
    geometry: { type: "Point", coordinates: [at[1], at[0]] },
  });
  const pictured = (words: string): { picture?: string } =>
    worded ? { picture: JSON.stringify(["name", words, palette.text, palette.surface]) } : {};
  const { moved, position } = mark;
  if (moved) {
    const northwards = moved.to[0] >= moved.from[0]; // words stand clear of the way
    const distance = distanceWords(moved.metres, locale);
    return [
      {
        type: "Feature",
        properties: { shape: "way" },
        geometry: {
          type: "LineString",
          coordinates: [
            [moved.from[1], moved.from[0]],
            [moved.to[1], moved.to[0]],
          ],
        },
      },
      point(moved.from, side === "after" ? "old" : "ring", say("place_old"), !northwards),
      point(moved.to, side === "after" ? "ring" : "old", say("place_new", { distance }), northwards),
    ];
  }
  if (!position) return [];
  const shape = mark.kind === "deleted" && side === "after" ? "gone" : "ring";
  return [point(position, shape, markWords(mark, side, locale))];
}

type Layers = readonly (Omit<LayerSpecification, "source"> & { id: string })[];

/** Rings around rows that change, hollow circles where one was, an arrow from there. */
function layersOf(palette: Palette): Layers {
  const of = (shape: string): unknown[] => ["==", ["get", "shape"], shape];
  const arrow = JSON.stringify(["name", "➤", palette.accent, palette.surface]);
  return [
    {
      id: "preview-way",
      type: "line",
      filter: of("way"),
      paint: { "line-color": palette.accent, "line-width": 2.5, "line-dasharray": [2, 1.5] },
    },
    {
      id: "preview-arrow",
      type: "symbol",
      filter: of("way"),
      layout: {
        "symbol-placement": "line-center",
        "icon-image": arrow,
        "icon-allow-overlap": true,
        "icon-rotation-alignment": "map",
      },
    },
    {
      id: "preview-old",
      type: "circle",
      filter: ["any", of("old"), of("gone")],
      paint: {
        "circle-color": palette.surface,
        "circle-radius": 6,
        "circle-stroke-color": palette.muted,
        "circle-stroke-width": 2.5,
      },
    },
    {
      id: "preview-gone",
      type: "symbol",
      filter: of("gone"),
      layout: {
        "icon-image": JSON.stringify(["name", "×", palette.text, palette.surface]),
        "icon-allow-overlap": true,
      },
    },
    {
      id: "preview-ring",
      type: "circle",
      filter: of("ring"),
      paint: {
        "circle-color": "rgba(0,0,0,0)",
        "circle-radius": 11,
        "circle-stroke-color": palette.accent,
        "circle-stroke-width": 2.5,
      },
    },
    {
      id: "preview-words",
      type: "symbol",
      filter: ["has", "picture"],
      layout: {
        "icon-image": ["get", "picture"],
        "icon-anchor": ["case", ["get", "above"], "bottom", "top"],
        "icon-offset": ["case", ["get", "above"], ["literal", [0, -10]], ["literal", [0, 10]]],
      },
    },
  ] as unknown as Layers;
}
