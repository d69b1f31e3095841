// Rows as spots: where they are, their colours, their order; places found by name.

import { expect, test } from "vitest";
import { distanceText } from "../src/elements/map/entries";
import type { Ground } from "../src/elements/map/ground";
import { drawSpots } from "../src/elements/map/layers";
import type { Palette } from "../src/elements/map/palette";
import { type Place, ranked } from "../src/elements/map/places";
import {
  colorOf,
  limited,
  NO_COLOR,
  ordered,
  spotColumns,
  type SpotLayer,
  spotsOf,
  valuesOf,
} from "../src/elements/map/spots";
import type { ResourceDescriptor } from "../src/model/descriptor";
import { Resource } from "../src/model/field";

const counters = new Resource("counters", {
  title: "Counters",
  editable: true,
  label: "{name}",
  geo: ["lat", "lon"],
  row_count: 3,
  links: {},
  schema: {
    primaryKey: "id",
    fields: [
      { name: "id", type: "string" },
      { name: "name", type: "string" },
      {
        name: "step",
        type: "string",
        retouche: {
          display: {
            as: "tag",
            values: { open: { color: "#33A02C" }, closed: { color: "red; x:url(//evil)" } },
          },
        },
      },
      { name: "acts", type: "integer" },
      { name: "lat", type: "number" },
      { name: "lon", type: "number" },
      { name: "other", type: "string" },
    ],
  },
} as unknown as ResourceDescriptor);
const POINTS = { name: "p", type: "points", color_by: "step" } as SpotLayer;
const row = (id: string, name: string, lat: string | null, lon: string | null, step = "open") => ({
  id,
  name,
  step,
  lat,
  lon,
  acts: "4",
});

test("rows without a key are spots of their own, those with one are drawn once", () => {
  const { primaryKey: _, ...schema } = counters.descriptor.schema;
  const loose = new Resource("loose", { ...counters.descriptor, schema });
  const rows = [row("1", "A", "48", "2"), row("1", "A", "48", "2"), row("2", "B", "49", "3")];
  expect(spotsOf(POINTS, loose, rows).map((one) => one.label)).toEqual(["A", "A", "B"]);
  expect(spotsOf(POINTS, counters, rows).map((one) => one.label)).toEqual(["A", "B"]);
});

test("a heat is as hot as its heaviest spot, however many there are", () => {
  const rows = Array.from({ length: 200_000 }, (_, at) => row(String(at), "A", "48", "2"));
  const heat = { name: "h", type: "heat", weight: "acts" } as SpotLayer;
  let weights: number[] = [];
  const ground = {
    put: (_: string, __: number, { features }: GeoJSON.FeatureCollection) =>
      (weights = features.map((one) => one.properties!["weight"] as number)),
  } as unknown as Ground;
  drawSpots(ground, heat, spotsOf(heat, counters, rows), undefined, {} as Palette);
  expect(new Set(weights)).toEqual(new Set([1]));
});

test("only the columns that a map needs are asked for", () => {
  expect(spotColumns(POINTS, counters)).toEqual(["id", "name", "lat", "lon", "step"]);
  const heat = { name: "h", type: "heat", weight: "acts" } as SpotLayer;
  expect(spotColumns(heat, counters)).toEqual(["id", "name", "lat", "lon", "acts"]);
});

test("a row comes once, and one without a place on earth is in the list only", () => {
  const rows = [
    row("1", "Gap", "44.5", "6"),
    row("1", "Gap", "44.5", "6"),
    row("2", "Lille", null, "3"),
    row("3", "Mars", "144", "3"),
    row("4", "Text", "here", "3"),
  ];
  const spots = spotsOf(POINTS, counters, rows);
  expect(spots.map((one) => [one.label, one.point !== null])).toEqual([
    ["Gap", true],
    ["Lille", false],
    ["Mars", false],
    ["Text", false],
  ]);
});

test("a colour comes from the dictionary when it is a plain one", () => {
  const step = counters.field("step")!;
  expect(colorOf(step, "open", "#000000")).toBe("#33a02c");
  expect(colorOf(step, "closed", "#000000")).toBe(NO_COLOR);
  expect(colorOf(undefined, "open", "#000000")).toBe("#000000");
});

test("the legend counts the values of the rows on the map, dictionary first", () => {
  const rows = [
    row("1", "a", "44", "6", "new"),
    row("2", "b", "44", "6", "closed"),
    row("3", "c", "44", "6", "open"),
    row("4", "d", null, null, "open"),
  ];
  const found = valuesOf(spotsOf(POINTS, counters, rows), counters.field("step")!);
  expect(found).toEqual([
    { value: "open", count: 1 },
    { value: "closed", count: 1 },
    { value: "new", count: 1 },
  ]);
});

test("a layer keeps what both it and the reader want, or nothing", () => {
  const filters = { step: { values: ["open", "new"] }, other: { values: ["x"] } };
  expect(limited(filters, { step: ["open", "closed"] })).toEqual({
    step: { values: ["open"] },
    other: { values: ["x"] },
  });
  expect(limited(filters, { step: ["closed"] })).toBeNull();
  expect(limited({}, undefined)).toEqual({});
});

test("the nearest come first, then those without a position, by name", () => {
  const rows = [
    row("1", "Zoé", null, null),
    row("2", "Étienne", null, null),
    row("3", "Far", "50", "3"),
    row("4", "Near", "44.6", "6.1"),
  ];
  const spots = spotsOf(POINTS, counters, rows);
  const from = { latitude: 44.5, longitude: 6 };
  const labels = (place: typeof from | null): string[] =>
    ordered(spots, place, "fr").map((one) => one.spot.label);
  expect(labels(from)).toEqual(["Near", "Far", "Étienne", "Zoé"]);
  expect(labels(null)).toEqual(["Étienne", "Far", "Near", "Zoé"]);
});

test("distances are said as a reader says them, in both languages", () => {
  expect(distanceText(120, "fr")).toBe("100 m");
  expect(distanceText(7_480, "fr")).toBe("7,5 km");
  expect(distanceText(7_480, "en")).toBe("7.5 km");
  expect(distanceText(16_200, "en")).toBe("16 km");
});

test("places are found by their name, whatever accents, and not by what else holds the words", () => {
  const place = (label: string): Place => ({ key: label, label, latitude: 0, longitude: 0 });
  const places = ["Neffes (05)", "Gapennes (80)", "Gap (05)", "La Bâtie (05)"].map(place);
  expect(ranked(places, "gap").map((one) => one.label)).toEqual(["Gap (05)", "Gapennes (80)"]);
  expect(ranked(places, "la batie").map((one) => one.label)).toEqual(["La Bâtie (05)"]);
});
