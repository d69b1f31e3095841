import { describe, expect, it } from "vitest";
import { Resource } from "../src/model/field";
import { asks, isEverything, narrowed, parameters } from "../src/model/query";
import { formatNumber } from "../src/model/values";
import { allowed, chipsOf, withCondition, without, withValue } from "../src/state/conditions";

const resource = new Resource("r", {
  title: "R",
  schema: {
    fields: [
      { name: "dep" },
      { name: "number", type: "integer" },
      { name: "day", type: "date" },
      { name: "moment", type: "datetime" },
      { name: "flag", type: "boolean" },
    ],
    primaryKey: "dep",
  },
  editable: true,
  label: null,
  geo: null,
  row_count: 3,
  links: { csv: "", json: "" },
});

describe("the parameters of the API", () => {
  it("quote values with commas and quotes", () => {
    const asked = parameters({ filters: { dep: { values: ["a,b", 'c "d"', "e"] } } });
    expect(asked.get("dep__in")).toBe('"a,b","c ""d""",e');
  });

  it("ask for missing values, alone or beside others", () => {
    expect(parameters({ filters: { dep: { values: [""] } } }).toString()).toBe("dep__isnull=");
    expect(parameters({ filters: { dep: { values: ["", "a"] } } }).get("dep__in")).toBe("a,");
  });

  it("hold bounds, words, a place, a box and the order", () => {
    const asked = parameters({
      filters: { number: { from: "1", to: "2" } },
      words: " a b ",
      near: { latitude: 1, longitude: 2, radius: 3 },
      bounds: [1, 2, 3, 4],
      order: [
        { field: "day", descending: true },
        { field: "dep", descending: false },
      ],
    });
    expect([...asked]).toEqual([
      ["number__greater", "1"],
      ["number__less", "2"],
      ["q", "a b"],
      ["near", "1,2"],
      ["radius", "3"],
      ["bbox", "1,2,3,4"],
      ["day__sort", "desc"],
      ["dep__sort", "asc"],
    ]);
  });

  it("are none for everything", () => {
    expect(isEverything({ filters: { dep: { values: [] } }, words: " " })).toBe(true);
    expect(isEverything({ filters: { dep: { values: [""] } } })).toBe(false);
  });
});

describe("filters that the page fixed", () => {
  it("hold whatever the reader asks for", () => {
    const fixed = { dep: { values: ["Nord", "Indre"] } };
    expect(narrowed({}, fixed)).toEqual(fixed);
    expect(narrowed({ dep: { values: ["Nord", "Paris"] } }, fixed)).toEqual({
      dep: { values: ["Nord"] },
    });
    expect(narrowed({ dep: { values: ["Paris"] } }, fixed)).toEqual(fixed);
    expect(narrowed({ flag: { values: ["true"] } }, fixed)).toEqual({
      ...fixed,
      flag: { values: ["true"] },
    });
  });

  it("keep the stricter bound", () => {
    const fixed = { number: { from: "10", to: "100" }, day: { from: "2020-01-01" } };
    expect(
      narrowed({ number: { from: "9", to: "20" }, day: { from: "2021-01-01" } }, fixed),
    ).toEqual({ number: { from: "10", to: "20" }, day: { from: "2021-01-01" } });
  });
});

describe("conditions", () => {
  it("that the data cannot be asked for are left out", () => {
    expect(
      allowed(
        {
          gone: { values: ["a"] },
          dep: { values: [] },
          number: { from: "abc", to: "5" },
          day: { from: "2020-01-01", to: "soon" },
          flag: { from: "true" },
        },
        resource,
      ),
    ).toEqual({ number: { to: "5" }, day: { from: "2020-01-01" } });
  });

  it("that name no day of the calendar are left out", () => {
    for (const to of ["2024-02-30", "2024-99-99", "2024-01-01x", "0000-01-01", "2024-01-01T10:00"]) {
      expect(allowed({ day: { from: "2024-01-01", to } }, resource)).toEqual({
        day: { from: "2024-01-01" },
      });
    }
    const leap = { day: { to: "2024-02-29" } };
    expect(allowed(leap, resource)).toEqual(leap);
  });

  it("up to a day hold all the moments of that day", () => {
    const filters = { moment: { from: "2026-12-31", to: "2026-12-31" } };
    expect(allowed(filters, resource)).toEqual({
      moment: { from: "2026-12-31", to: "2026-12-31T23:59:59.999999" },
    });
    const told = { moment: { to: "2026-12-31T10:00:00Z" } };
    expect(allowed(told, resource)).toEqual(told);
  });

  it("are made and unmade value by value", () => {
    let filters = withValue({}, "dep", "a", true);
    filters = withValue(filters, "dep", "", true);
    filters = withCondition(filters, "number", { from: "1" });
    expect(filters).toEqual({ dep: { values: ["a", ""] }, number: { from: "1" } });
    const chips = chipsOf(filters);
    expect(chips).toEqual([
      { field: "dep", value: "a" },
      { field: "dep", value: "" },
      { field: "number", value: null, from: "1" },
    ]);
    for (const chip of chips) filters = without(filters, chip);
    expect(filters).toEqual({});
  });

  it("of a name that every object has are like others", () => {
    const filters = withValue({}, "constructor", "a", true);
    expect(filters).toEqual({ constructor: { values: ["a"] } });
    expect(asks(filters["constructor"])).toBe(true);
  });
});

it("a number that rounds to nothing has no sign", () => {
  expect(formatNumber(-0.001, "fr", 2)).toBe("0");
  expect(formatNumber(-0, "en")).toBe("0");
  expect(formatNumber(-0.5, "fr", 1)).toBe("-0,5");
  expect(formatNumber(-0.004, "en", 2, true)).toBe("0.00");
});
