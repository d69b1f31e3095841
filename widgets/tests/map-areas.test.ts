// Rows joined to areas, their centres, their classes and sizes.

import { expect, test } from "vitest";
import { areaColumns, asked, joined, type Area } from "../src/elements/map/areas";
import { classesOf, classOf, digitsFor } from "../src/elements/map/classes";
import { areFilled, radiiOf, shadeOf, shadingOf } from "../src/elements/map/shading";
import type { ResourceDescriptor } from "../src/model/descriptor";
import { Resource } from "../src/model/field";
import type { ChoroplethLayer } from "../src/model/views";
import type { Group } from "../src/sources/source";

const communes = new Resource("communes", {
  title: "Communes",
  editable: false,
  label: "{nom} ({code})",
  geo: ["latitude", "longitude"],
  row_count: 4,
  links: {},
  schema: {
    primaryKey: "code",
    fields: [
      { name: "code", type: "string" },
      { name: "nom", type: "string" },
      { name: "epci", type: "string" },
      { name: "epci_nom", type: "string" },
      { name: "population", type: "integer" },
      { name: "latitude", type: "number" },
      { name: "longitude", type: "number" },
    ],
  },
} as unknown as ResourceDescriptor);

const row = (
  code: string,
  epci: string | null,
  population: string | null,
  place: [string, string] | null,
) => ({
  code,
  nom: `Commune ${code}`,
  epci,
  epci_nom: epci && `CC ${epci}`,
  population,
  latitude: place?.[0] ?? null,
  longitude: place?.[1] ?? null,
});

const ROWS = [
  row("1", "A", "3000", ["44", "6"]),
  row("2", "A", "1000", ["48", "2"]),
  row("3", "B", "500", null),
  row("4", "B", null, ["50", "3"]),
  row("5", null, "70", ["50", "3"]),
];
const BY_EPCI = {
  resource: "communes",
  key: "code",
  field: "insee_com",
  group: "epci",
  title: "epci_nom",
  population: "population",
};
const COUNT = { operation: "count", per_inhabitants: 10_000 } as const;

const group = (place: string | null, count: number, numbers = {}): Group => ({
  by: [place],
  count,
  numbers,
});

test("rows are counted by the area of their place, per inhabitants", () => {
  const groups = [group("1", 3), group("2", 1), group("9", 2), group(null, 4)];
  const { areas, unplaced } = joined(BY_EPCI, COUNT, communes, ROWS, groups);
  expect(unplaced).toBe(6);
  const [a, b] = areas;
  expect(a).toMatchObject({ code: "A", title: "CC A", count: 4, population: 4000, value: 10 });
  expect(b).toMatchObject({ code: "B", count: 0, population: 500, value: 0 });
});

test("the centre of an area is that of its inhabitants", () => {
  const { areas } = joined(BY_EPCI, COUNT, communes, ROWS, []);
  expect(areas[0]!.center).toEqual({ latitude: 45, longitude: 5 });
  // Where nobody is known to live at a known position, places count the same.
  expect(areas[1]!.center).toEqual({ latitude: 50, longitude: 3 });
});

test("an area whose inhabitants are not known has no figure per inhabitant", () => {
  const rows = [row("1", "A", null, ["44", "6"])];
  const { areas } = joined(BY_EPCI, COUNT, communes, rows, [group("1", 3)]);
  expect(areas[0]).toMatchObject({ count: 3, population: null, value: null });
});

test("each place is an area of its own, by its label, when it is grouped by its key", () => {
  for (const by of [{ group: "code" }, { group: undefined }]) {
    const areas = { ...BY_EPCI, ...by, title: undefined } as unknown as typeof BY_EPCI;
    const found = joined(areas, { operation: "count" }, communes, ROWS, [group("5", 1)]);
    expect(found.areas).toHaveLength(5);
    expect(found.areas.find((one) => one.code === "5")!.title).toBe("Commune 5 (5)");
    expect(areaColumns(areas, communes)).toContain("nom");
  }
});

test("what the outlines call an area is its title where the descriptor names no field", () => {
  const areas = { ...BY_EPCI, title: undefined } as unknown as typeof BY_EPCI;
  const names = new Map([["A", "Pays de A"]]);
  const found = joined(areas, COUNT, communes, ROWS, [], names).areas;
  expect(found.map((one) => one.title)).toEqual(["B", "Pays de A"]);
});

test("sums add up and means weigh by rows over the places of an area", () => {
  const numbers = (sum: number, mean: number) => ({ sum_x: sum, mean_x: mean, min_x: 1, max_x: 9 });
  const groups = [group("1", 4, numbers(40, 10)), group("2", 2, numbers(2, 2))];
  const value = (operation: "sum" | "mean"): number | null =>
    joined(BY_EPCI, { operation, field: "x" }, communes, ROWS, groups).areas[0]!.value;
  expect(value("sum")).toBe(42);
  // Four rows of mean 10, and one row with a number of two: the other has none.
  expect(value("mean")).toBeCloseTo(42 / 5);
  expect(asked({ operation: "mean", field: "x" })).toHaveLength(2);
});

test("classes hold about as many values each, and every value lies in one", () => {
  const values = Array.from({ length: 100 }, (_, index) => index * index);
  const classes = classesOf(values, ["#a", "#b", "#c", "#d", "#e"]);
  expect(classes).toHaveLength(5);
  for (const one of classes) {
    expect(values.filter((value) => classOf(value, classes) === one)).toHaveLength(20);
  }
  expect(classOf(values[99]!, classes)).toBe(classes[4]);
  expect(classOf(-1, classes)).toBeNull();
});

test("values that repeat make fewer classes, from one end of the scale to the other", () => {
  const classes = classesOf([1, 1, 1, 1, 5, 9], ["#a", "#b", "#c"]);
  expect(classes.map((one) => one.color)).toEqual(["#a", "#c"]);
  expect(classesOf([7, 7], ["#a", "#b"])).toEqual([{ from: 7, to: 7, color: "#b" }]);
  expect(classesOf([], ["#a"])).toEqual([]);
});

test("the bounds of the descriptor are kept as they are", () => {
  const classes = classesOf([2, 12, 30], ["#a", "#b", "#c"], [10, 20]);
  expect(classes.map(({ from, to }) => [from, to])).toEqual([
    [2, 10],
    [10, 20],
    [20, 30],
  ]);
  expect(classOf(12, classes)!.color).toBe("#b");
  expect(digitsFor(classes)).toBe(0);
});

test("bounds have no decimals that say nothing", () => {
  const bounds = (...values: number[]) => digitsFor(classesOf(values, ["#a", "#b", "#c"]));
  expect(bounds(1981, 4298, 27644)).toBe(0);
  expect(bounds(1981.4, 4298.2, 27644.9)).toBe(0);
  expect(bounds(1, 2, 3)).toBe(0);
  expect(bounds(0.4, 2.2, 7.8)).toBe(1);
  expect(bounds(2.21, 2.24, 2.33)).toBe(2);
});

const area = (code: string, value: number | null, population = 100): Area => ({
  code,
  title: code,
  count: 1,
  value,
  population,
  center: null,
});
const LAYER = {
  name: "x",
  type: "choropleth",
  areas: BY_EPCI,
  measure: COUNT,
  scale: ["#edf8e9", "#006d2c"],
} as ChoroplethLayer;

test("areas with none and areas without data are told apart from the classes", () => {
  const areas = [area("a", 0), area("b", null), area("c", 1), area("d", 5)];
  const shading = shadingOf(LAYER, areas);
  expect(areas.map((one) => shadeOf(one, shading).kind)).toEqual([
    "none",
    "unknown",
    "class",
    "class",
  ]);
});

test("the surface of a circle follows the inhabitants", () => {
  const areas = [area("a", 1, 100), area("b", 1, 400)];
  const [small, large] = radiiOf(areas, shadingOf(LAYER, areas));
  expect((small! - 3) / (large! - 3)).toBeCloseTo(0.5);
});

test("outlines are filled when they hold most of the areas, else circles are drawn", () => {
  const areas = [area("05", 1), area("36", 1), area("59", 2)];
  expect(areFilled(areas, new Set(["05", "36", "75"]))).toBe(true);
  expect(areFilled(areas, new Set(["75"]))).toBe(false);
  expect(areFilled([], new Set())).toBe(false);
});
