// The layers of a map view, put on a ground: points, clusters, heat, areas, a search, a mark.

import type { ExpressionSpecification } from "maplibre-gl";
import type { Field } from "../../model/field";
import { readableOn, safeColor } from "../../model/values";
import type { ChoroplethLayer } from "../../model/views";
import type { Area } from "./areas";
import { circleAround, type Point } from "./geometry";
import type { Ground } from "./ground";
import { pictureName } from "./images";
import type { Palette } from "./palette";
import { areFilled, radiiOf, shadeOf, type Shading } from "./shading";
import { colorOf, type Spot, type SpotLayer } from "./spots";

type Collection = GeoJSON.FeatureCollection;
type Properties = { [name: string]: string | number };

const collection = (features: GeoJSON.Feature[]): Collection => ({
  type: "FeatureCollection",
  features,
});

const pointFeature = ({ longitude, latitude }: Point, properties: Properties): GeoJSON.Feature => ({
  type: "Feature",
  properties,
  geometry: { type: "Point", coordinates: [longitude, latitude] },
});

/** What lies on what. */
const RANK = { areas: 0, heat: 1, search: 2, spots: 3, mark: 4 };

/** Above the spots, below the ring around what was picked. */
export const OVER_SPOTS = RANK.spots + 0.5;

const BY_ZOOM: ExpressionSpecification = ["interpolate", ["linear"], ["zoom"], 5, 4, 10, 7, 15, 10];

/** The colour of a layer that says none. */
export const layerColor = (layer: SpotLayer, palette: Palette): string =>
  safeColor("color" in layer ? layer.color : null) ?? palette.accent;

/** Put the spots of a layer on the map. `field` gives their colours by value. */
export function drawSpots(
  ground: Ground,
  layer: SpotLayer,
  spots: readonly Spot[],
  field: Field | undefined,
  palette: Palette,
): void {
  const color = layerColor(layer, palette);
  const heaviest = spots.reduce((found, { weight }) => Math.max(found, weight), 0) || 1;
  const most = layer.type === "heat" ? heaviest : 1;
  const features = spots.flatMap(({ key, label, point, value, weight }) =>
    point
      ? [
          pointFeature(point, {
            key,
            label,
            color: colorOf(field, value, color),
            weight: weight / most,
          }),
        ]
      : [],
  );
  const data = collection(features);
  if (layer.type === "clusters") drawClusters(ground, layer.name, data, color, palette);
  else if (layer.type === "heat") drawHeat(ground, layer.name, data);
  else drawPoints(ground, layer.name, data, palette);
}

function drawPoints(ground: Ground, name: string, data: Collection, palette: Palette): void {
  ground.put(name, RANK.spots, data, [
    { id: name, type: "circle", paint: dot(palette) } as never,
  ]);
}

const dot = (palette: Palette): object => ({
  "circle-color": ["get", "color"],
  "circle-radius": BY_ZOOM,
  "circle-stroke-color": palette.surface,
  "circle-stroke-width": 1.5,
});

function drawClusters(
  ground: Ground,
  name: string,
  data: Collection,
  color: string,
  palette: Palette,
): void {
  const count: ExpressionSpecification = [
    "concat",
    '["count","',
    ["get", "point_count_abbreviated"],
    `","${readableOn(color)}"]`,
  ];
  ground.put(
    name,
    RANK.spots,
    data,
    [
      {
        id: `${name}-many`,
        type: "circle",
        filter: ["has", "point_count"],
        paint: {
          "circle-color": color,
          "circle-opacity": 0.92,
          "circle-radius": ["step", ["get", "point_count"], 15, 10, 18, 100, 23, 1000, 29],
          "circle-stroke-color": palette.surface,
          "circle-stroke-width": 2,
        },
      },
      {
        id: `${name}-count`,
        type: "symbol",
        filter: ["has", "point_count"],
        layout: { "icon-image": count, "icon-allow-overlap": true },
      },
      { id: `${name}-one`, type: "circle", filter: ["!", ["has", "point_count"]], paint: dot(palette) },
    ] as never,
    { cluster: true, clusterRadius: 48, clusterMaxZoom: 14 },
  );
}

/** The colours of the heat, from little to much; the legend shows the same. */
export const HEAT = ["#fde0a6", "#fdae61", "#f46d43", "#d73027", "#7f0000"];

function drawHeat(ground: Ground, name: string, data: Collection): void {
  const colors = HEAT.flatMap((color, index) => [(index + 1) / HEAT.length, color]);
  ground.put(name, RANK.heat, data, [
    {
      id: name,
      type: "heatmap",
      paint: {
        "heatmap-weight": ["get", "weight"],
        "heatmap-intensity": ["interpolate", ["linear"], ["zoom"], 5, 0.9, 10, 2.5],
        "heatmap-radius": ["interpolate", ["linear"], ["zoom"], 4, 8, 7, 22, 11, 48],
        "heatmap-color": [
          "interpolate",
          ["linear"],
          ["heatmap-density"],
          0,
          "rgba(253,224,166,0)",
          ...colors,
        ],
        "heatmap-opacity": 0.85,
      },
    } as never,
  ]);
}

/** Put areas on the map: their outlines where they are known, else circles at their centres. */
export function drawAreas(
  ground: Ground,
  layer: ChoroplethLayer,
  areas: readonly Area[],
  shading: Shading,
  outlines: { collection: Collection; key: string } | null,
  palette: Palette,
): void {
  const polygons = new Map(
    (outlines?.collection.features ?? []).map((one) => [
      String(one.properties?.[outlines!.key]),
      one.geometry,
    ]),
  );
  if (areFilled(areas, new Set(polygons.keys()))) {
    fill(ground, layer, areas, shading, polygons, palette);
  } else circles(ground, layer, areas, shading, palette);
}

function fill(
  ground: Ground,
  { name }: ChoroplethLayer,
  areas: readonly Area[],
  shading: Shading,
  polygons: ReadonlyMap<string, GeoJSON.Geometry>,
  palette: Palette,
): void {
  const hatch = pictureName(["hatch", palette.control, palette.raised]);
  const features = areas.flatMap((area): GeoJSON.Feature[] => {
    const geometry = polygons.get(area.code);
    const { kind, color } = colored(area, shading, palette);
    const properties = { key: area.code, label: area.title, kind, color };
    return geometry ? [{ type: "Feature", properties, geometry }] : [];
  });
  const unknown: ExpressionSpecification = ["==", ["get", "kind"], "unknown"];
  ground.put(name, RANK.areas, collection(features), [
    {
      id: `${name}-fill`,
      type: "fill",
      filter: ["!", unknown],
      paint: { "fill-color": ["get", "color"], "fill-opacity": 0.88 },
    },
    { id: `${name}-unknown`, type: "fill", filter: unknown, paint: { "fill-pattern": hatch } },
    {
      id: `${name}-line`,
      type: "line",
      paint: { "line-color": palette.muted, "line-width": 1 },
    },
  ] as never);
}

function circles(
  ground: Ground,
  { name }: ChoroplethLayer,
  areas: readonly Area[],
  shading: Shading,
  palette: Palette,
): void {
  const radii = radiiOf(areas, shading);
  const features = areas.flatMap((area, index) => {
    const { kind, color } = colored(area, shading, palette);
    const properties = { key: area.code, label: area.title, kind, color, radius: radii[index]! };
    return area.center ? [pointFeature(area.center, properties)] : [];
  });
  const radius = ["get", "radius"];
  ground.put(name, RANK.areas, collection(features), [
    {
      id: name,
      type: "circle",
      // Small circles lie on large ones.
      layout: { "circle-sort-key": ["-", radius] },
      paint: {
        "circle-color": ["get", "color"],
        "circle-opacity": ["match", ["get", "kind"], "class", 0.9, 0.55],
        "circle-radius": [
          "interpolate",
          ["exponential", 1.5],
          ["zoom"],
          5,
          ["*", 0.6, radius],
          8,
          radius,
          12,
          ["*", 3, radius],
        ],
        "circle-stroke-color": palette.muted,
        "circle-stroke-width": 0.8,
      },
    } as never,
  ]);
}

function colored(area: Area, shading: Shading, palette: Palette): { kind: string; color: string } {
  const shade = shadeOf(area, shading);
  if (shade.kind === "class") return shade;
  return { kind: shade.kind, color: shade.kind === "none" ? palette.surface : palette.control };
}

/** Show where is searched: a circle around a place. */
export function drawSearch(
  ground: Ground,
  near: (Point & { radius: number }) | null,
  palette: Palette,
): void {
  if (!near) return ground.drop("search");
  const ring: GeoJSON.Feature = {
    type: "Feature",
    properties: {},
    geometry: { type: "Polygon", coordinates: [circleAround(near, near.radius)] },
  };
  ground.put("search", RANK.search, collection([ring, pointFeature(near, {})]), [
    {
      id: "search-inside",
      type: "fill",
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": palette.accent, "fill-opacity": 0.07 },
    },
    {
      id: "search-ring",
      type: "line",
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "line-color": palette.accent, "line-width": 1.5, "line-dasharray": [3, 2] },
    },
    {
      id: "search-place",
      type: "circle",
      filter: ["==", ["geometry-type"], "Point"],
      paint: {
        "circle-color": palette.accent,
        "circle-radius": 6,
        "circle-stroke-color": palette.surface,
        "circle-stroke-width": 3,
      },
    },
  ] as never);
}

/** A ring around what was picked. */
export function drawMark(ground: Ground, point: Point | null, palette: Palette): void {
  if (!point) return ground.drop("mark");
  ground.put("mark", RANK.mark, collection([pointFeature(point, {})]), [
    {
      id: "mark",
      type: "circle",
      paint: {
        "circle-color": "rgba(0,0,0,0)",
        "circle-radius": 13,
        "circle-stroke-color": palette.accent,
        "circle-stroke-width": 3.5,
      },
    } as never,
  ]);
}
