// What a proposal changes, found on either side of it, and said.

import { expect, test } from "vitest";
import type { ChartModel } from "../src/elements/charts/model";
import { EMPTY_MODEL } from "../src/elements/charts/model";
import type { PreviewPart } from "../src/model/descriptor";
import { NOTHING, readState, writeState } from "../src/state/address";
import { Changes } from "../src/previews/changes";
import { changedFigures } from "../src/previews/figures";
import { markWords, movedWords } from "../src/previews/marks";
import { distanceWords, MESSAGES } from "../src/previews/messages";
import { around } from "../src/previews/places";
import { Preview } from "../src/previews/preview";

const PART: PreviewPart = {
  of: { kind: "proposal", id: "0123456789abcdef", state: "open", title: null, number: 4, url: "" },
  before: { revision: "a".repeat(40), widget: "" },
  published: "",
  rows: 4,
  complete: true,
  resources: {
    desks: {
      inserted: [{ key: "9", label: "Desk 9", position: [45, 5] }],
      updated: [
        {
          key: "1b",
          old_key: "1",
          label: "Desk 1",
          position: [44.01, 6],
          moved: { from: [44, 6], to: [44.01, 6], metres: 1112, towards: "north" },
          cells: { id: { old: "1", new: "1b" }, phone: { old: null, new: "12" } },
        },
        {
          ...{ key: "constructor", old_key: "constructor", label: "Odd", position: null },
          ...{ moved: null, cells: { toString: { old: "a", new: "b" } } },
        },
      ],
      deleted: [{ key: "3", label: "Desk 3", position: null, row: { id: "3", phone: "7" } }],
    },
  },
};
const changes = new Changes(PART);

test("a row is found under its key on each side", () => {
  expect(changes.of("desks", "1b", "after")?.label).toBe("Desk 1");
  expect(changes.of("desks", "1", "before")?.label).toBe("Desk 1");
  expect(changes.of("desks", "1", "after")).toBeNull();
  expect(changes.of("desks", "9", "before")).toBeNull();
  expect(changes.of("desks", "3", "before")?.kind).toBe("deleted");
  expect(changes.of("other", "9", "after")).toBeNull();
});

test("keys and fields may be called like what every object has", () => {
  expect(changes.of("desks", "constructor", "after")?.cells["toString"]?.old).toBe("a");
  expect(changes.of("desks", "toString", "after")).toBeNull();
  expect(changes.of("desks", "1b", "after")?.cells["valueOf"]).toBeUndefined();
});

test("each side has its own rows", () => {
  expect(changes.keys("desks", "after")).toEqual(["1b", "constructor", "9"]);
  expect(changes.keys("desks", "before")).toEqual(["1", "constructor", "3"]);
  expect(changes.counts("desks")).toEqual({ inserted: 1, updated: 2, deleted: 1 });
  expect(changes.rowCount("desks", 10, "after")).toBe(10);
  expect(changes.rowCount("desks", 11, "before")).toBe(11);
});

test("a row that is open is found again on the other side", () => {
  expect(changes.across("desks", "1b", "after")).toBe("1");
  expect(changes.across("desks", "1", "before")).toBe("1b");
  expect(changes.across("desks", "42", "after")).toBe("42");
  expect(changes.across("desks", "9", "after")).toBeNull();
});

test("a removed row is marked although it is not there any more", () => {
  const preview = new Preview(PART);
  expect(preview.mark("desks", "3")?.kind).toBe("deleted");
  expect(preview.isGone(preview.mark("desks", "3"))).toBe(true);
  expect(preview.mark("desks", "1")).toBeNull(); // it has another key now
  preview.turn({ ...NOTHING, side: "before" });
  expect(preview.mark("desks", "1")?.kind).toBe("updated");
  expect(preview.isGone(preview.mark("desks", "3"))).toBe(false);
});

test("turning tells whether rows are others", () => {
  const preview = new Preview(PART);
  expect(preview.turn({ ...NOTHING })).toBe(false);
  expect(preview.turn({ ...NOTHING, side: "before" })).toBe(true);
  expect(preview.turn({ ...NOTHING, side: "before", page: 2, words: "a" })).toBe(false);
  expect(preview.turn({ ...NOTHING, side: "before", changes: "only" })).toBe(true);
  expect(preview.rowCount("desks")).toBe(3);
});

test("what happens to a row is said for the side that is shown", () => {
  const moved = changes.of("desks", "1b", "after")!;
  expect(markWords(moved, "after", "en")).toBe("Changed. Moved by 1.1 km to the north");
  expect(markWords(moved, "before", "fr")).toBe(
    "Sera modifiée. Serait déplacée de 1,1 km vers le nord",
  );
  expect(movedWords(changes.of("desks", "9", "after")!, "after", "fr")).toBe("");
  expect(markWords(changes.of("desks", "9", "after")!, "after", "fr")).toBe("Nouvelle");
});

test.each([
  [0.4, "moins de 1 m"],
  [37.4, "37 m"],
  [243, "240 m"],
  [994, "990 m"],
  [997, "1 km"],
  [4321, "4,3 km"],
  [12_345, "12 km"],
])("a distance of %d metres is said as the server says it", (metres, words) => {
  expect(distanceWords(metres, "fr")).toBe(words);
});

test("both languages say the same things", () => {
  expect(Object.keys(MESSAGES.fr)).toEqual(Object.keys(MESSAGES.en));
});

test("side and changes are in the address, and nothing else is taken for them", () => {
  const state = { ...NOTHING, side: "before", changes: "only" } as const;
  const search = writeState("?a=1", "w", state);
  expect(search).toBe("?a=1&w.side=before&w.changes=only");
  expect(readState(search, "w")).toMatchObject({ side: "before", changes: "only" });
  expect(readState("?w.side=left&w.changes=all", "w")).toMatchObject({ side: null, changes: null });
});

test("a map looks at what changes, with room around it", () => {
  const marks = changes.in("desks");
  const [low, high] = around(marks)!;
  expect(low!.latitude).toBeLessThan(44);
  expect(high!.latitude).toBeGreaterThan(45);
  expect(around([])).toBeNull();
  expect(around(marks.filter((one) => !one.position))).toBeNull();
  const [south, north] = around(marks.filter((one) => one.kind === "inserted"))!;
  expect(north!.latitude - south!.latitude).toBeCloseTo(0.1);
});

const chart = (...points: [string, number | null][]): ChartModel => ({
  ...EMPTY_MODEL,
  unit: "desks",
  series: [
    {
      name: "",
      color: null,
      points: points.map(([label, value]) => ({ label, value, text: String(value ?? "") })),
    },
  ],
});

test("only the values of a chart that differ are told", () => {
  const before = chart(["Nord", 12], ["Indre", 4], ["Gone", 1]);
  const after = chart(["Nord", 13], ["Indre", 4], ["New", 2], ["Unknown", null]);
  expect(changedFigures(before, after)).toEqual([
    { label: "Nord", before: "12\u00a0desks", after: "13\u00a0desks" },
    { label: "New", before: null, after: "2\u00a0desks" },
    { label: "Gone", before: "1\u00a0desks", after: null },
  ]);
  expect(changedFigures(before, before)).toEqual([]);
  expect(changedFigures(null, null)).toEqual([]);
});
