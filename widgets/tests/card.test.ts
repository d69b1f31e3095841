// What a card shows of a row, decided without a page.

import { describe, expect, test } from "vitest";
import {
  columnsOf,
  filled,
  hasContent,
  plainView,
  sectionsOf,
  shownFields,
  titleOf,
} from "../src/elements/cards/layout";
import { lengthWords } from "../src/elements/cards/marks";
import type { ResourceDescriptor } from "../src/model/descriptor";
import { Resource } from "../src/model/field";
import type { Block, CardsView } from "../src/model/views";

const DESCRIPTOR: ResourceDescriptor = {
  title: { fr: "Accueils", en: "Desks" },
  schema: {
    fields: [
      { name: "id" },
      { name: "name", title: "Nom" },
      {
        name: "share",
        type: "number",
        retouche: { display: { unit: "%", digits: 1 } },
      },
      { name: "lat", type: "number" },
      { name: "lon", type: "number" },
      { name: "a" },
      { name: "b" },
    ],
    primaryKey: "id",
  },
  editable: true,
  label: "{name}",
  geo: ["lat", "lon"],
  row_count: 3,
  links: { csv: "", json: "" },
};
const RESOURCE = new Resource("desks", DESCRIPTOR);
const CHARTS: CardsView["charts"] = {
  share: { type: "big_values", series: [{ field: "share" }] },
  said: { type: "text", sentences: [{ fr: "De {a}.", en: "From {b}." }] },
};
const has = (block: Block, row: { [field: string]: string | null }): boolean =>
  hasContent(block, row, RESOURCE, CHARTS);

describe("templates", () => {
  test("are filled with values as displayed, without their unit", () => {
    const row = { id: "1", name: "Apt", share: "12.345" };
    expect(filled("{name} : {share} sur cent", row, RESOURCE, "fr")).toBe("Apt : 12,3 sur cent");
    expect(filled({ fr: "À {name}", en: "In {name}" }, row, RESOURCE, "en")).toBe("In Apt");
  });

  test("keep a dash for a missing value, and are empty when all are missing", () => {
    expect(filled("{a} et {b}", { a: "un", b: null }, RESOURCE, "fr")).toBe("un et –");
    expect(filled("{a} et {b}", { a: "", b: null }, RESOURCE, "fr")).toBe("");
    expect(filled("Rien à remplir", {}, RESOURCE, "fr")).toBe("Rien à remplir");
    expect(filled("{name}", { name: "fdp\u202e.exe" }, RESOURCE, "fr")).toBe("fdp[U+202E].exe");
  });

  test("show braces in cells as they are", () => {
    expect(filled("{a}", { a: "{{name}} {name}", name: "x" }, RESOURCE, "fr")).toBe(
      "{{name}} {name}",
    );
  });

  test("give way to the row's label when they are empty", () => {
    expect(titleOf("{a}", { id: "7", name: "Apt" }, RESOURCE, "fr")).toBe("Apt");
    expect(titleOf("{a}", { id: "7", name: null }, RESOURCE, "fr")).toBe("7");
  });
});

describe("blocks", () => {
  test("have content when one of their fields has", () => {
    const fields: Block = { type: "fields", fields: ["a", { field: "b", label: "B" }] };
    expect(has(fields, { a: null, b: "x" })).toBe(true);
    expect(has(fields, { a: null, b: "" })).toBe(false);
    expect(has({ type: "text", paragraphs: ["{a}"] }, { b: "x" })).toBe(false);
    expect(has({ type: "text", paragraphs: ["{a}", "Toujours."] }, {})).toBe(true);
    expect(has({ type: "image", field: "a" }, { a: "https://example.org/a.png" })).toBe(true);
    expect(has({ type: "map" }, { lat: "44", lon: null })).toBe(false);
    expect(has({ type: "map" }, { lat: "44", lon: "5" })).toBe(true);
    expect(has({ type: "chart", chart: "share" }, { share: "0" })).toBe(true);
    expect(has({ type: "chart", chart: "share" }, { share: null })).toBe(false);
    expect(has({ type: "chart", chart: "said" }, { b: "x" })).toBe(true);
    expect(has({ type: "chart", chart: "unknown" }, { share: "1" })).toBe(false);
    const related: Block = { type: "related", resource: "visits", on: { desk: "id" } };
    expect(has(related, { id: "1" })).toBe(true);
  });

  test("are in two columns, charts on a grid, in their order", () => {
    const text = (side?: "left" | "right"): Block => ({
      type: "text",
      paragraphs: ["x"],
      ...(side && { side }),
    });
    const chart: Block = { type: "chart", chart: "share" };
    const sections = sectionsOf([text(), text("right"), chart, chart, text()]);
    expect(sections.map(({ left, right, charts }) => [left.length, right.length, charts.length]))
      .toEqual([
        [1, 1, 0],
        [0, 0, 2],
        [1, 0, 0],
      ]);
    const side: Block = { type: "chart", chart: "share", side: "right" };
    expect(sectionsOf([text(), side])).toEqual([{ left: [text()], right: [side], charts: [] }]);
  });

  test("tell which columns of a row a card needs", () => {
    const mini: CardsView["mini"] = {
      title: "{name}",
      blocks: [
        { type: "fields", fields: ["a", "not there"] },
        { type: "chart", chart: "share" },
        { type: "map" },
      ],
    };
    expect(columnsOf(mini, CHARTS, RESOURCE)).toEqual(["id", "name", "a", "share", "lat", "lon"]);
    expect(columnsOf({ title: "x" }, CHARTS, RESOURCE)).toEqual(["id", "name"]);
  });

  test("are made up for a resource that has no cards", () => {
    const { mini, detail } = plainView(RESOURCE);
    expect(mini.title).toBe("{name}");
    const [fields, map] = detail.blocks!;
    expect(shownFields(fields as Parameters<typeof shownFields>[0])).toHaveLength(7);
    expect(map).toEqual({ type: "map", side: "right" });
  });
});

test("distances are told as people do", () => {
  expect([37, 951, 1234, 12_345].map((one) => lengthWords(one, "fr"))).toEqual([
    ...["40 m", "950 m", "1,2 km", "12 km"],
  ]);
});
