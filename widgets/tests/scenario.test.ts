import { describe, expect, it, vi } from "vitest";
import { Resource, type Row } from "../src/model/field";
import type { ResourceDescriptor } from "../src/model/descriptor";
import type { Impact, Scenario, Written } from "../src/elements/scenario/calls";
import { differenceText, mappable, touchedBy, valueText } from "../src/elements/scenario/effects";
import { sitesWith } from "../src/elements/scenario/finding";
import { freeKey } from "../src/elements/scenario/keys";
import * as plans from "../src/elements/scenario/plan";
import { type Calls, ScenarioStore } from "../src/elements/scenario/store";
import {
  cellsAt,
  cellsOf,
  placeFields,
  siteResources,
} from "../src/elements/scenario/surroundings";
import { type Operation, Problem } from "../src/sources/source";

const described = (
  fields: object[],
  primaryKey: string,
  label: string,
  editable: boolean,
  foreignKeys: object[] = [],
): ResourceDescriptor =>
  ({
    title: label,
    schema: { fields, primaryKey, foreignKeys },
    editable,
    label,
    geo: ["latitude", "longitude"],
    row_count: 3,
    links: { csv: "", json: "" },
  }) as unknown as ResourceDescriptor;

const geo = [
  { name: "latitude", type: "number", retouche: { group: "where" } },
  { name: "longitude", type: "number", retouche: { group: "where" } },
];
const to = (field: string, resource: string, there: string): object => ({
  fields: field,
  reference: { resource, fields: there },
});
const RESOURCES: plans.Resources = new Map(
  Object.entries({
    counters: described(
      [
        { name: "id" },
        { name: "name" },
        { name: "address", retouche: { group: "where" } },
        { name: "phone", retouche: { group: "where", display: { as: "phone" } } },
        { name: "commune" },
        { name: "department" },
        ...geo,
      ],
      "id",
      "{name}",
      true,
      [to("commune", "communes", "code"), to("department", "departments", "code")],
    ),
    stops: described(
      [{ name: "id" }, { name: "counter" }, { name: "place" }, { name: "commune" }, ...geo],
      "id",
      "{place}",
      true,
      [to("counter", "counters", "id"), to("commune", "communes", "code")],
    ),
    communes: described(
      [{ name: "code" }, { name: "title" }, { name: "dep" }, ...geo],
      "code",
      "{title}",
      false,
      [to("dep", "departments", "code")],
    ),
  }).map(([name, one]) => [name, new Resource(name, one)]),
);
const COUNTERS = RESOURCES.get("counters")!;
const STOPS = RESOURCES.get("stops")!;
const row = (id: string, latitude: string, longitude: string, more: Row = {}): Row => ({
  id,
  name: `Counter ${id}`,
  latitude,
  longitude,
  ...more,
});
const ONE = row("1", "44.5", "6.10", { address: "1 road", phone: "1", commune: "A" });
const TWO = row("2", "45.25", "6.2", { address: "2 road", phone: "2", commune: "B" });
const STOP: Row = { id: "P01", counter: "1", place: "Square", latitude: "44", longitude: "6" };
const ROWS = new Map([
  ["counters", [ONE, TWO]],
  ["stops", [STOP]],
]);
const sites = (plan: plans.Plan): plans.Site[] => plans.sitesOf(plan, ROWS, RESOURCES);
const kinds = (plan: plans.Plan): (plans.Kind | null)[] => sites(plan).map((one) => one.kind);

describe("a plan", () => {
  it("has one operation for each row, whatever is done to it", () => {
    let plan = plans.withCells([], COUNTERS, ONE, { latitude: "44.6" }, RESOURCES);
    plan = plans.withCells(plan, COUNTERS, ONE, { longitude: "6.2" }, RESOURCES);
    expect(plan).toEqual([
      {
        op: "update",
        resource: "counters",
        key: { id: "1" },
        new: { latitude: "44.6", longitude: "6.2" },
      },
    ]);
    expect(plans.without(plan, COUNTERS, ONE, RESOURCES)).toEqual([
      { op: "delete", resource: "counters", key: { id: "1" } },
    ]);
  });

  it("forgets cells that are set back, and steps without any", () => {
    const plan = plans.withCells([], COUNTERS, ONE, { latitude: "44.6" }, RESOURCES);
    expect(plans.withCells(plan, COUNTERS, ONE, { latitude: "44.5" }, RESOURCES)).toEqual([]);
    expect(plans.withCells([], COUNTERS, ONE, { address: "1 road" }, RESOURCES)).toEqual([]);
  });

  it("opens a row, moves it in the same step, and takes it out when it is closed", () => {
    const opened = plans.withRow([], COUNTERS, row("9", "44", "6", { phone: "" }), RESOURCES);
    expect(opened[0]).not.toHaveProperty("row.phone");
    const moved = plans.withCells(
      opened,
      COUNTERS,
      { id: "9" },
      { latitude: "44.1" },
      RESOURCES,
    );
    expect(moved).toHaveLength(1);
    expect(moved[0]).toMatchObject({ op: "insert", row: { id: "9", latitude: "44.1" } });
    expect(plans.without(moved, COUNTERS, { id: "9" }, RESOURCES)).toEqual([]);
  });

  it("keeps the place of an opened row that is given another key", () => {
    const plan = plans.withRow([], COUNTERS, row("9", "44", "6"), RESOURCES);
    const again = plans.withRow(plan, COUNTERS, row("10", "44", "6"), RESOURCES, "counters/9");
    expect(again).toHaveLength(1);
    expect(again[0]).toMatchObject({ row: { id: "10" } });
  });

  it("tells what its steps do", () => {
    const shared = cellsOf(sites([])[0]!, sites([])[1]!, RESOURCES);
    const plan = plans.withCells([], COUNTERS, ONE, shared, RESOURCES);
    const [step] = plans.stepsOf(plan, sites(plan), RESOURCES);
    expect(step).toMatchObject({ kind: "share", label: "Counter 1", other: "Counter 2" });
    expect(kinds([{ op: "delete", resource: "counters", key: { id: "2" } }])).toEqual([
      null,
      "close",
      null,
    ]);
    expect(kinds(plans.withRow([], STOPS, { id: "P02", place: "x" }, RESOURCES)).at(-1)).toBe(
      "open",
    );
    const moved = plans.withCells([], COUNTERS, ONE, { latitude: "40" }, RESOURCES);
    expect(sites(moved)[0]).toMatchObject({ kind: "move", from: { latitude: 44.5 } });
    expect(kinds(plans.withCells([], COUNTERS, ONE, { phone: "3" }, RESOURCES))[0]).toBe("change");
  });

  it("finds what hangs on a row", () => {
    const [one, two] = sites([]);
    expect(plans.dependents(one!, sites([]), RESOURCES).map(({ key }) => key)).toEqual(["P01"]);
    expect(plans.dependents(two!, sites([]), RESOURCES)).toEqual([]);
  });
});

describe("a place", () => {
  const place = {
    resource: RESOURCES.get("communes")!,
    row: { code: "B", title: "Town", dep: "05", latitude: "45", longitude: "6" },
  };

  it("fills the position with five decimals, and what refers to the place", () => {
    const point = { latitude: 44.123456789, longitude: -6 };
    expect(cellsAt(COUNTERS, point, place)).toEqual({
      commune: "B",
      department: "05",
      latitude: "44.12346",
      longitude: "-6.00000",
    });
  });

  it("is shared with the other's own texts, and without what is of a person", () => {
    const [one, two, stop] = sites([]);
    expect(cellsOf(two!, one!, RESOURCES)).toEqual({
      address: "1 road",
      commune: "A",
      department: null,
      latitude: "44.5",
      longitude: "6.10",
    });
    expect(cellsOf(stop!, one!, RESOURCES)).toEqual({
      commune: "A",
      latitude: "44.5",
      longitude: "6.10",
    });
    const names = new Set(siteResources(RESOURCES).map(({ name }) => name));
    expect([...names]).toEqual(["counters", "stops"]);
    expect(placeFields(STOPS, names).map(({ name }) => name)).not.toContain("counter");
  });

  it.each([
    ["48,85661", 48.85661],
    [" -1.5 ", -1.5],
    ["91", null],
    ["1e3", null],
    ["", null],
  ])("reads %j as degrees", (text, found) => {
    expect(plans.typedDegrees(text, 90)).toBe(found);
  });

  it("is found by its words, names that begin so first", () => {
    const named = [..."ab"].map((id) => ({ ...sites([])[0]!, id, label: `Le Col ${id}` }));
    const first = { ...named[0]!, id: "c", label: "Côl B" };
    expect(sitesWith([...named, first], "col b").map(({ id }) => id)).toEqual(["c", "b"]);
    expect(sitesWith(named, "")).toEqual([]);
  });

  it("gets the key after the highest, of those that are opened too", () => {
    expect(freeKey(STOPS, [STOP], [])).toEqual({ id: "P02" });
    const plan = plans.withRow([], STOPS, { id: "P07" }, RESOURCES);
    expect(freeKey(STOPS, [STOP], plan)).toEqual({ id: "P08" });
    expect(freeKey(STOPS, [{ id: "x" }], [])).toEqual({});
  });
});

describe("effects", () => {
  const indicator = {
    ...{ name: "d", title: "Distance", unit: "km", digits: 1, better: "less" as const },
    ...{ resource: "communes", before: 3, after: 2.25, total_rows: 2 },
    gained: { rows: 1, people: 10 },
    lost: { rows: 0, people: null },
    rows: [
      {
        ...{ key: { code: "A" }, label: "A", before: 9, after: 1, people: 10, gains: true },
        ...{ latitude: 44, longitude: 6 },
      },
      {
        ...{ key: { code: "B" }, label: "B", before: 1, after: 2, people: 5, gains: false },
        ...{ latitude: null, longitude: null },
      },
    ],
  };

  it("are written as a reader reads them", () => {
    expect(valueText(2.25, indicator, "fr")).toBe("2,3 km");
    expect(valueText(null, indicator, "fr")).toBe("–");
    expect(differenceText(indicator, "en")).toBe("− 0.8 km");
    expect(differenceText({ ...indicator, after: 3 }, "en")).toBe("");
  });

  it("are on the map where they have a position", () => {
    const impact = { indicators: [indicator] } as unknown as Impact;
    expect(mappable(impact)).toHaveLength(1);
    expect(touchedBy(indicator)).toEqual([
      { latitude: 44, longitude: 6, gain: true, people: 10 },
    ]);
  });
});

/** The scenarios of a server in memory; `fail` refuses the next writing. */
class Server implements Calls {
  kept: Scenario | null = null;
  fail: Problem | null = null;
  asked = 0;

  private stored(body: Written, version: number): Scenario {
    if (this.fail) {
      const problem = this.fail;
      this.fail = null;
      throw problem;
    }
    const { title, operations } = body;
    const base = { id: "a", base_revision: "b", updated_at: "", proposal: null, url: "" };
    this.kept = { ...base, title, operations: [...operations], version, warnings: [] };
    return this.kept;
  }
  read = async (): Promise<Scenario> => this.kept!;
  create = async (body: Written): Promise<Scenario> => this.stored(body, 1);
  write = async (_id: string, version: number, body: Written): Promise<Scenario> => {
    if (version !== this.kept!.version) throw new Problem("head_moved", "", 409);
    return this.stored(body, version + 1);
  };
  impact = async (): Promise<Impact> => {
    this.asked += 1;
    return { sentences: [`version ${this.kept!.version}`] } as unknown as Impact;
  };
}

describe("a store", () => {
  const step = (id: string): Operation => ({ op: "delete", resource: "counters", key: { id } });
  const begun = (): { server: Server; store: ScenarioStore } => {
    const server = new Server();
    return { server, store: new ScenarioStore(server, () => "en") };
  };

  it("writes what is changed, and asks for its impact", async () => {
    const { server, store } = begun();
    store.change([step("1")]);
    expect(store.saving).toBe("waiting");
    await store.save();
    expect(server.kept).toMatchObject({ title: "Untitled project", version: 1 });
    store.change([step("1"), step("2")]);
    store.rename("Two");
    await store.save();
    expect(server.kept).toMatchObject({ title: "Two", version: 2, operations: { length: 2 } });
    await vi.waitFor(() => expect(store.impact?.sentences).toEqual(["version 2"]));
    expect(store.saving).toBe("saved");
  });

  it("knows what the server does not have, and saves it once it can", async () => {
    const { server, store } = begun();
    store.rename("Nothing yet");
    expect(store.unsaved).toBe(false);
    store.change([step("1")]);
    expect(store.unsaved).toBe(true);
    server.fail = new Problem("offline", "");
    await store.save();
    expect([store.saving, store.unsaved]).toEqual(["failed", true]);
    await store.save();
    expect([store.saving, store.unsaved]).toEqual(["saved", false]);
    store.change([]);
    expect(store.unsaved).toBe(true);
    store.close();
  });

  it("keeps nothing of a title alone", async () => {
    const { server, store } = begun();
    store.rename("Nothing yet");
    await store.save();
    expect(server.kept).toBeNull();
  });

  it("tells that somebody else wrote, and lets either version stand", async () => {
    for (const choice of ["reload", "overwrite"] as const) {
      const { server, store } = begun();
      store.change([step("1")]);
      await store.save();
      server.kept = { ...server.kept!, version: 5, title: "Theirs", operations: [] };
      store.change([step("2")]);
      await store.save();
      expect(store.saving).toBe("clashed");
      expect(store.theirs?.title).toBe("Theirs");
      await store[choice]();
      expect(store.saving).toBe("saved");
      expect(server.kept.operations).toEqual(choice === "reload" ? [] : [step("2")]);
      expect(store.operations).toEqual(server.kept.operations);
      store.close();
    }
  });

  it("keeps what could not be written, and writes it when asked again", async () => {
    const { server, store } = begun();
    server.fail = new Problem("offline", "");
    store.change([step("1")]);
    await store.save();
    expect(store.saving).toBe("failed");
    await store.save();
    expect(store.saving).toBe("saved");
    expect(server.kept?.operations).toEqual([step("1")]);
  });
});
