import { describe, expect, it, vi } from "vitest";
import {
  askedFields,
  type Column,
  columnsOf,
  GUTTER,
  inSight,
  place,
  stretched,
} from "../src/elements/table/columns";
import { block, copied, moved, ordered } from "../src/elements/table/moves";
import { type Question, RowPages } from "../src/elements/table/pages";
import { RowWindow, TALLEST } from "../src/elements/table/window";
import type { ResourceDescriptor } from "../src/model/descriptor";
import { Field, Resource } from "../src/model/field";
import type { Page } from "../src/sources/source";

const resource = (names: string[], more: Partial<ResourceDescriptor> = {}): Resource =>
  new Resource("r", {
    title: "R",
    schema: {
      fields: names.map((name) => ({
        name,
        ...(name === "secret" && { retouche: { personal: true } }),
      })),
      primaryKey: "id",
    },
    editable: true,
    label: "{name}",
    geo: null,
    row_count: 0,
    links: { csv: "", json: "" },
    ...more,
  });

const columns = (...widths: number[]): Column[] =>
  widths.map((width, index) => {
    const field = new Field({ name: `f${index}` });
    return { field, label: field.name, width, fixed: false };
  });

describe("columns", () => {
  it("are those of the view, or all, but none that is personal", () => {
    const all = resource(["id", "name", "secret"]);
    const named = (view: object): string[] =>
      columnsOf({ type: "table", ...view }, all, "fr").map((one) => one.field.name);
    expect(named({})).toEqual(["id", "name"]);
    expect(named({ columns: ["name", { field: "id" }, "secret", "gone", "name"] })).toEqual([
      "name",
      "id",
    ]);
  });

  it("take their label and width from the view", () => {
    const [one] = columnsOf(
      { type: "table", columns: [{ field: "id", label: { fr: "N°" }, width: 90 }] },
      resource(["id"]),
      "en",
    );
    expect(one).toMatchObject({ label: "N°", width: 90, fixed: true });
  });

  it("ask for the key, the label and the place too", () => {
    const all = resource(["id", "name", "x", "y", "other"], { geo: ["y", "x"] });
    const view = columnsOf({ type: "table", columns: ["other"] }, all, "fr");
    expect(askedFields(view, all)).toEqual(["id", "name", "x", "y", "other"]);
  });

  it("that stay in sight leave more than half of a narrow table to the others", () => {
    const placed = place(columns(300, 200, 100), 2, 360);
    expect(placed.map((one) => one.frozen)).toEqual([true, false, false]);
    expect(GUTTER + placed[0]!.width).toBeLessThanOrEqual(360 * 0.45);
    expect(place(columns(100, 100, 100), 2, 1200).map((one) => one.frozen)).toEqual([
      true,
      true,
      false,
    ]);
  });

  it("stand side by side", () => {
    expect(place(columns(100, 200), 0, 500).map((one) => one.left)).toEqual([GUTTER, GUTTER + 100]);
  });

  it("are drawn only near what is in sight, where there are many", () => {
    const many = place(columns(...Array.from({ length: 81 }, () => 100)), 1, 600);
    const drawn = inSight(many, 3000, 600, 2).map((one) => one.index);
    expect(drawn).toContain(0);
    expect(drawn).toContain(2);
    expect(drawn).toContain(33);
    expect(drawn).not.toContain(50);
    expect(drawn.length).toBeLessThan(16);
  });

  it("share the room that is left", () => {
    const [one, two] = stretched([{ ...columns(100)[0]!, fixed: true }, ...columns(100)], 348);
    expect([one!.width, two!.width]).toEqual([100, 204]);
  });
});

describe("the window of rows", () => {
  it("is exact while a browser can make the box", () => {
    const window = new RowWindow();
    window.resize(1000, 40, 400);
    window.scrolled(4000);
    expect(window.sight).toEqual({ first: 100, last: 109 });
    expect(window.topOf(100)).toBe(4000);
    expect(window.height).toBe(40_000);
  });

  it("draws some rows beside, and the one in focus wherever it is", () => {
    const window = new RowWindow();
    window.resize(1000, 40, 400);
    window.scrolled(4000);
    const drawn = window.drawn(3);
    expect(drawn[0]).toBe(3);
    expect(drawn).toContain(97);
    expect(drawn).toContain(112);
    expect(drawn.length).toBeLessThan(28);
  });

  it("moves no more than it must to show a row", () => {
    const window = new RowWindow();
    window.resize(100, 40, 400);
    expect(window.show(9)).toBeNull();
    expect(window.show(10)).toBe(40);
    expect(window.show(0)).toBe(0);
  });

  it("reaches every one of three million rows", () => {
    const window = new RowWindow();
    window.resize(3_000_000, 40, 400);
    expect(window.height).toBe(TALLEST);
    window.scrolled(TALLEST - 400);
    expect(window.sight.last).toBe(2_999_999);
    expect(window.topOf(2_999_999)).toBe(TALLEST - 40);
    window.scrolled(0);
    expect(window.sight.first).toBe(0);
    const top = window.show(1_234_567)!;
    window.scrolled(Math.round(top));
    const { first, last } = window.sight;
    expect(first <= 1_234_567 && 1_234_567 <= last).toBe(true);
  });

  it("moves by as much as the wheel in a table that is scaled", () => {
    const window = new RowWindow();
    window.resize(3_000_000, 40, 400);
    window.scrolled(4_000_000);
    const { first } = window.sight;
    window.scrolled(4_000_120);
    expect(window.sight.first).toBe(first + 3);
    window.settle();
    expect(window.sight.first).toBe(first + 3);
  });

  it("keeps the rows in sight when they grow taller", () => {
    const window = new RowWindow();
    window.resize(1000, 40, 400);
    window.scrolled(4000);
    window.resize(1000, 60, 400);
    expect(window.sight.first).toBe(100);
  });

  it("is empty where there are no rows", () => {
    const window = new RowWindow();
    window.resize(0, 40, 400);
    expect(window.drawn(0)).toEqual([]);
  });
});

describe("keys", () => {
  const bounds = { rows: 100, columns: 5, step: 10 };
  const go = (key: string, far = false, row = 50, column = 2): unknown =>
    moved({ row, column }, key, far, bounds);

  it("move by one cell, and stop at the edges", () => {
    expect(go("ArrowUp", false, 0)).toEqual({ row: -1, column: 2 });
    expect(go("ArrowUp", false, -1)).toEqual({ row: -1, column: 2 });
    expect(go("ArrowLeft", false, 0, -1)).toEqual({ row: 0, column: -1 });
    expect(go("ArrowRight", false, 0, 4)).toEqual({ row: 0, column: 4 });
    expect(go("ArrowDown", false, 99)).toEqual({ row: 99, column: 2 });
  });

  it("move to the ends", () => {
    expect(go("Home")).toEqual({ row: 50, column: -1 });
    expect(go("End")).toEqual({ row: 50, column: 4 });
    expect(go("Home", true)).toEqual({ row: 0, column: -1 });
    expect(go("End", true)).toEqual({ row: 99, column: 4 });
  });

  it("move by what is in sight", () => {
    expect(go("PageDown")).toEqual({ row: 60, column: 2 });
    expect(go("PageUp", false, 4)).toEqual({ row: 0, column: 2 });
    expect(go("PageUp", false, -1)).toEqual({ row: -1, column: 2 });
  });

  it("that mean nothing move nothing", () => {
    expect(go("a")).toBeNull();
  });
});

describe("orders", () => {
  const up = (field: string): object => ({ field, descending: false });
  const down = (field: string): object => ({ field, descending: true });

  it("go up, down, and away", () => {
    expect(ordered([], "a", false)).toEqual([up("a")]);
    expect(ordered([{ field: "a", descending: false }], "a", false)).toEqual([down("a")]);
    expect(ordered([{ field: "a", descending: true }], "a", false)).toEqual([]);
  });

  it("are replaced, or added to", () => {
    const before = [{ field: "a", descending: false }];
    expect(ordered(before, "b", false)).toEqual([up("b")]);
    expect(ordered(before, "b", true)).toEqual([up("a"), up("b")]);
    expect(ordered([...before, { field: "b", descending: true }], "a", true)).toEqual([
      down("a"),
      down("b"),
    ]);
  });
});

describe("the clipboard", () => {
  it("brings blocks of cells", () => {
    expect(block("a\tb\r\nc\td\r\n")).toEqual([
      ["a", "b"],
      ["c", "d"],
    ]);
    expect(block("one")).toEqual([["one"]]);
    expect(block("a\t\nb\t")).toEqual([
      ["a", ""],
      ["b", ""],
    ]);
  });

  it("brings cells with tabs, line ends and quotes", () => {
    expect(block('"a\tb\n""c"""\td')).toEqual([['a\tb\n"c"', "d"]]);
    expect(block('say "hi"\tyou')).toEqual([['say "hi"', "you"]]);
  });

  it("takes a cell that comes back as it was", () => {
    for (const text of ["plain", 'two\nlines "quoted"', "a\tb"]) {
      expect(block(copied(text))).toEqual([[text]]);
    }
  });
});

describe("pages of rows", () => {
  const answer = (page: number, size: number, total: number): Page => ({
    rows: Array.from({ length: Math.min(size, total - (page - 1) * size) }, (_, at) => ({
      id: String((page - 1) * size + at),
    })),
    page,
    size,
    total,
    revision: "r",
  });

  function asked(words: string, total = 1000): { question: Question; pages: number[] } {
    const pages: number[] = [];
    return {
      pages,
      question: {
        resource: "r",
        query: { words },
        columns: ["id"],
        size: 50,
        reads: 0,
        page: (page) => {
          pages.push(page);
          return Promise.resolve(answer(page, 50, total));
        },
      },
    };
  }

  const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 130));

  it("are read as they come in sight, and those that were passed by are not", async () => {
    const { question, pages } = asked("");
    const rows = new RowPages(() => undefined);
    rows.ask(question);
    await settled();
    expect(rows.total).toBe(1000);
    expect(rows.row(10)).toEqual({ id: "10" });
    for (let first = 100; first <= 600; first += 100) rows.need(first, first + 20);
    await settled();
    expect(rows.row(610)).toEqual({ id: "610" });
    expect(rows.row(310)).toBeUndefined();
    expect(pages).not.toContain(7);
  });

  it("of an earlier question are dropped when they come late", async () => {
    let late: (page: Page) => void = () => undefined;
    const rows = new RowPages(() => undefined);
    const first = asked("a").question;
    rows.ask({ ...first, page: () => new Promise((resolve) => (late = resolve)) });
    rows.ask(asked("b", 7).question);
    await settled();
    late(answer(1, 50, 999));
    await settled();
    expect(rows.total).toBe(7);
  });

  it("stay until there are new ones, and say that they are old", async () => {
    const rows = new RowPages(() => undefined);
    rows.ask(asked("a").question);
    await settled();
    const { generation } = rows;
    rows.ask(asked("b", 3).question);
    expect(rows.stale).toBe(true);
    expect(rows.row(10)).toEqual({ id: "10" });
    await settled();
    expect(rows.stale).toBe(false);
    expect(rows.total).toBe(3);
    expect(rows.generation).toBe(generation + 1);
  });

  it("are the same rows when other columns are asked for", async () => {
    const rows = new RowPages(() => undefined);
    const { question } = asked("a");
    rows.ask(question);
    await settled();
    const { generation } = rows;
    rows.need(300, 320);
    await settled();
    const again = asked("a");
    rows.ask({ ...again.question, columns: ["id", "name"] });
    await settled();
    expect(again.pages[0]).toBe(7);
    expect(rows.generation).toBe(generation);
  });

  it("of another resource are never shown as those of this one", async () => {
    const rows = new RowPages(() => undefined);
    rows.ask(asked("a").question);
    await settled();
    rows.ask({ ...asked("a", 5).question, resource: "other" });
    expect(rows.row(0)).toBeUndefined();
    await settled();
    expect(rows.total).toBe(5);
  });

  it("are read again when the data may have changed", async () => {
    const rows = new RowPages(() => undefined);
    rows.ask(asked("a").question);
    await settled();
    const again = asked("a", 999);
    rows.ask({ ...again.question, reads: 1 });
    await settled();
    expect(rows.total).toBe(999);
  });

  it("that cannot be read are asked for again when a reader says so", async () => {
    const changed = vi.fn();
    const rows = new RowPages(changed);
    const { question } = asked("");
    let fails = true;
    rows.ask({
      ...question,
      page: (page) => (fails ? Promise.reject(new Error("gone")) : question.page(page)),
    });
    await settled();
    expect(rows.problem).toBeInstanceOf(Error);
    fails = false;
    rows.retry();
    await settled();
    expect(rows.problem).toBeNull();
    expect(rows.row(0)).toEqual({ id: "0" });
  });
});
