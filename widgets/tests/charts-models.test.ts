// From descriptors and data to what a chart says.

import { describe, expect, test } from "vitest";
import { chartOfGroups, askedOf } from "../src/elements/charts/groups";
import { chartOfRow } from "../src/elements/charts/row";
import { chartOfRows, dateOf } from "../src/elements/charts/rows";
import { queryOf, toggled } from "../src/elements/dataviz/figures";
import { type FieldDescriptor, Resource } from "../src/model/field";
import type { Chart } from "../src/model/views";
import type { Group } from "../src/sources/source";
import { type Filters, narrowed } from "../src/model/query";
import type { Session } from "../src/state/session";

const fields: FieldDescriptor[] = [
  { name: "id", type: "string" },
  { name: "nom", type: "string" },
  {
    name: "femmes",
    type: "integer",
    retouche: { display: { unit: { fr: "pers.", en: "people" } } },
  },
  {
    name: "hommes",
    type: "integer",
    retouche: { display: { unit: { fr: "pers.", en: "people" } } },
  },
  { name: "part", type: "number", retouche: { display: { as: "percent", digits: 1 } } },
  { name: "jour", type: "date" },
  {
    name: "etape",
    type: "string",
    retouche: {
      display: {
        values: { audit: { label: { fr: "Audit", en: "Auditing" }, color: "#ff7f00" } },
      },
    },
  },
  { name: "dep", type: "string" },
];
const resource = new Resource("structures", {
  title: "Structures",
  schema: { fields, primaryKey: "id" },
  editable: true,
  label: "{nom}",
  geo: null,
  row_count: 3,
  links: { csv: "", json: "" },
});
const group = (by: (string | null)[], count: number, numbers: Group["numbers"] = {}): Group => ({
  by,
  count,
  numbers,
});

describe("a chart of a row", () => {
  const donut: Chart = {
    type: "donut",
    title: { fr: "Usagers", en: "Users" },
    total: true,
    series: [
      { field: "femmes", label: { fr: "Femmes", en: "Women" }, color: "#1bd8ac" },
      { field: "hommes", label: { fr: "Hommes", en: "Men" }, color: "red; x" },
    ],
  };

  test("has a point per field, its unit, and the total", () => {
    const model = chartOfRow(donut, { femmes: "1200", hommes: "800" }, resource, "fr")!;
    expect(model.title).toBe("Usagers");
    expect(model.unit).toBe("pers.");
    expect(model.total).toEqual({ value: 2000, text: "2\u202f000" });
    expect(model.series[0]!.points).toMatchObject([
      { label: "Femmes", value: 1200, text: "1\u202f200", color: "#1bd8ac" },
      { label: "Hommes", value: 800, text: "800", color: null },
    ]);
  });

  test("is none when every cell is missing, or holds no number", () => {
    expect(chartOfRow(donut, { femmes: null, hommes: "" }, resource, "fr")).toBeNull();
    expect(chartOfRow(donut, {}, resource, "en")).toBeNull();
    expect(chartOfRow(donut, { femmes: "beaucoup" }, resource, "en")).toBeNull();
  });

  test("leaves a missing slice out, and keeps the place of a missing bar", () => {
    const row = { femmes: "3", hommes: null };
    expect(chartOfRow(donut, row, resource, "fr")!.series[0]!.points).toHaveLength(1);
    const bars = { ...donut, type: "bars", total: undefined } as unknown as Chart;
    expect(chartOfRow(bars, row, resource, "fr")!.series[0]!.points).toMatchObject([
      { value: 3 },
      { value: null, text: "" },
    ]);
  });

  test("shows big values in words too, with the unit the descriptor gives", () => {
    const chart: Chart = {
      type: "big_values",
      series: [{ field: "part", unit: { fr: "% de satisfaction" } }, { field: "etape" }],
    };
    const model = chartOfRow(chart, { part: "91.25", etape: "audit" }, resource, "en")!;
    expect(model.series[0]!.points).toMatchObject([
      { text: "91.3", unit: "% de satisfaction" },
      { text: "Auditing", value: null },
    ]);
  });

  test("leaves out a sentence with a missing field, and braces in a cell stay as they are", () => {
    const chart: Chart = {
      type: "text",
      sentences: [{ fr: "{nom} compte {femmes} femmes." }, "Part : {part} ({etape}).", "Fin."],
    };
    const row = { nom: "{hommes}<b>", femmes: "1500", hommes: "3", part: "5", etape: null };
    expect(chartOfRow(chart, row, resource, "fr")!.sentences).toEqual([
      "{hommes}<b> compte 1\u202f500 femmes.",
      "Fin.",
    ]);
    expect(chartOfRow(chart, {}, resource, "fr")).toBeNull();
  });

  test("puts the steps of a timeline in order", () => {
    const chart: Chart = {
      type: "timeline",
      series: [
        { field: "jour", label: "Ouverture" },
        { field: "nom", label: "Sans date" },
      ],
    };
    const model = chartOfRow(chart, { jour: "2020-03-01", nom: "x" }, resource, "fr")!;
    expect(model.series[0]!.points).toMatchObject([{ label: "Ouverture", text: "1 mars 2020" }]);
  });
});

describe("a chart of groups", () => {
  const by: Chart = { type: "bars", by: "dep", measure: { operation: "count" } };

  test("has the largest first, rows without a value last, and says so", () => {
    const groups = [group([null], 50), group(["Indre"], 3), group(["Nord"], 9)];
    const model = chartOfGroups(by, groups, resource, "fr")!;
    expect(model.series[0]!.points).toMatchObject([
      { label: "Nord", value: 9, key: "Nord" },
      { label: "Indre", value: 3 },
      { label: "(vide)", value: 50, key: "" },
    ]);
    expect(model.field).toBe("dep");
    expect(chartOfGroups(by, groups, resource, "en")!.series[0]!.points[2]!.label).toBe("(empty)");
  });

  test("names groups by the dictionary of values and by the rows that foreign keys point at", () => {
    const steps: Chart = { type: "donut", by: "etape", total: true };
    const model = chartOfGroups(steps, [group(["audit"], 2)], resource, "en")!;
    expect(model.series[0]!.points[0]).toMatchObject({ label: "Auditing", color: "#ff7f00" });
    expect(model.total).toEqual({ value: 2, text: "2" });
    const options = { labels: { dep: { "36": "Indre" } }, selected: { dep: ["36"] } };
    const found = chartOfGroups(by, [group(["36"], 2)], resource, "fr", options)!;
    expect(found.series[0]!.points[0]!.label).toBe("Indre");
    expect(found.selected).toEqual(["36"]);
  });

  test("keeps dates and numbers in their own order", () => {
    const days: Chart = { type: "lines", by: "jour" };
    const groups = [group(["2022-01-01"], 9), group([null], 4), group(["2020-01-01"], 1)];
    const model = chartOfGroups(days, groups, resource, "fr")!;
    expect(model.axis).toBe("dates");
    expect(model.series[0]!.points.map((one) => one.value)).toEqual([1, 9]);
  });

  test("measures, with the unit and the decimals of the field", () => {
    const mean: Chart = { type: "bars", by: "dep", measure: { operation: "mean", field: "part" } };
    expect(askedOf(mean)).toEqual([{ operation: "mean", field: "part" }]);
    const groups = [
      group(["Nord"], 2, { mean_part: 12.345 }),
      group(["Indre"], 1, { mean_part: null }),
    ];
    const model = chartOfGroups(mean, groups, resource, "fr")!;
    expect(model).toMatchObject({ unit: "%", additive: false });
    expect(model.series[0]!.points.map((one) => one.text)).toEqual(["12,3", ""]);
    expect(chartOfGroups(mean, [], resource, "fr")).toBeNull();
  });

  test("by two fields has a series per value of the second, with a place for what is absent", () => {
    const two: Chart = { type: "bars", by: ["dep", "etape"], stacked: true };
    const groups = [
      group(["Nord", "audit"], 5),
      group(["Nord", "fini"], 7),
      group(["Indre", "audit"], 1),
    ];
    const model = chartOfGroups(two, groups, resource, "fr")!;
    expect(model.series.map((one) => [one.name, one.points.map((point) => point.value)])).toEqual([
      ["fini", [7, 0]],
      ["Audit", [5, 1]],
    ]);
    expect(model.seriesField).toBe("etape");
    expect(model.series[1]!.color).toBe("#ff7f00");
  });

  test("gathers the smallest series", () => {
    const two: Chart = { type: "bars", by: ["dep", "nom"], stacked: true };
    const groups = Array.from({ length: 12 }, (_, at) => group(["Nord", `n${at}`], 20 - at));
    const model = chartOfGroups(two, groups, resource, "fr")!;
    expect(model.series).toHaveLength(8);
    expect(model.series.at(-1)).toMatchObject({ name: "Autres (5)" });
    expect(model.series.at(-1)!.points[0]!.value).toBe(13 + 12 + 11 + 10 + 9);
  });

  test("of all rows has one figure per series", () => {
    const chart: Chart = {
      type: "big_values",
      series: [
        { label: "Structures", measure: { operation: "count" } },
        { measure: { operation: "mean", field: "part" }, unit: "%" },
        { label: "Max", measure: { operation: "max", field: "femmes" } },
      ],
    };
    const model = chartOfGroups(
      chart,
      [group([], 1200, { mean_part: 91.66, max_femmes: null })],
      resource,
      "en",
    )!;
    expect(model.series[0]!.points).toMatchObject([
      { label: "Structures", text: "1,200" },
      { label: "part", text: "91.7", unit: "%" },
      { label: "Max", text: "", value: null },
    ]);
  });
});

describe("a chart of rows", () => {
  const chart: Chart = {
    type: "lines",
    x: "jour",
    y: "femmes",
    reference_lines: { value: "hommes", label: "Objectif : {hommes}", color: "#b3261e" },
  };

  test("is in the order of its dates, with its aims as lines across", () => {
    const rows = [
      { jour: "2022-09-01", femmes: "2379" },
      { jour: "2020-01-01", femmes: "460" },
      { jour: null, femmes: "1" },
      { jour: "2021-01-01", femmes: null },
    ];
    const model = chartOfRows(chart, rows, resource, "fr", [{ hommes: "2000" }, { hommes: null }])!;
    expect(model.series[0]!.points.map((one) => one.value)).toEqual([460, 2379]);
    expect(model.references).toEqual([
      { value: 2000, label: "Objectif : 2\u202f000", text: "2\u202f000 pers.", color: "#b3261e" },
    ]);
    expect(chartOfRows(chart, [], resource, "fr")).toBeNull();
  });

  test("knows dates from other texts", () => {
    expect(dateOf("2020-01-01")).toBe(Date.UTC(2020, 0, 1));
    expect(dateOf("2020-01-01T10:30")).toBe(Date.UTC(2020, 0, 1, 10, 30));
    expect(dateOf("hier")).toBeNull();
    expect(dateOf("2020-99-01")).toBeNull();
  });
});

describe("what a chart asks for", () => {
  const session = (filters: Filters, fixed: Filters = {}): Session =>
    ({
      query: { words: "", order: [] },
      state: { filters },
      filtersWith: (some: Filters) => narrowed(some, fixed),
    }) as unknown as Session;

  test("are the rows of the filters, whichever of its own groups are chosen", () => {
    const found = queryOf(
      { type: "bars", by: "dep" },
      session({ dep: { values: ["Nord"] }, etape: { values: ["audit"] } }),
    );
    expect(found).toEqual({ filters: { etape: { values: ["audit"] } } });
  });

  test("are never more than what the page fixed, be it by its own groups", () => {
    const fixed = { dep: { values: ["Nord", "Indre"] } };
    const choices: Filters[] = [{}, { dep: { values: ["Nord"] } }];
    for (const chosen of choices) {
      expect(queryOf({ type: "bars", by: "dep" }, session(chosen, fixed))).toEqual({
        filters: fixed,
      });
    }
  });

  test("stays within its own values, or is nothing", () => {
    const chart: Chart = { type: "bars", by: "dep", where: { etape: ["audit", "fini"] } };
    expect(queryOf(chart, session({ etape: { values: ["fini", "x"] } }))!.filters).toEqual({
      etape: { values: ["fini"] },
    });
    expect(queryOf(chart, session({ etape: { values: ["x"] } }))).toBeNull();
  });

  test("a click adds a value to the filters, another one takes it away", () => {
    const once = toggled({ nom: { values: ["a"] } }, "dep", "Nord", false);
    expect(once).toEqual({ nom: { values: ["a"] }, dep: { values: ["Nord"] } });
    expect(toggled(once, "dep", "Indre", false)["dep"]).toEqual({ values: ["Nord", "Indre"] });
    expect(toggled(once, "dep", "Indre", true)["dep"]).toEqual({ values: ["Indre"] });
    expect(toggled(once, "dep", "", false)["dep"]).toEqual({ values: [""] });
    expect(toggled(once, "dep", "Nord", false)).toEqual({ nom: { values: ["a"] } });
  });
});

test("groups called like what every object has are groups like others", () => {
  const names = ["constructor", "__proto__", "toString"];
  const groups: Group[] = names.map((name) => ({ by: [name], count: 1, numbers: {} }));
  const odd = new Resource("r", {
    ...resource.descriptor,
    schema: { fields: names.map((name) => ({ name })), primaryKey: "constructor" },
  });
  for (const by of names) {
    const chart = { type: "bars", by } as unknown as Chart;
    const options = { labels: { [by]: { other: "o" } }, selected: {} };
    const model = chartOfGroups(chart, groups, odd, "fr", options)!;
    expect(model.selected).toEqual([]);
    expect(model.series[0]!.points.map((one) => one.label)).toEqual(names);
  }
});
