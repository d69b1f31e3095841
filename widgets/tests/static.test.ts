import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { encodeKeyPart, type Row } from "../src/model/field";
import { parameters, type Query } from "../src/model/query";
import type { Measured } from "../src/sources/source";
import { StaticSource } from "../src/sources/static";
import { compareTexts, fold, wordsOf } from "../src/sources/static-folding";
import { typingOf } from "../src/sources/static-typing";
// What the server answers, written by `python -m tests.web.static_answers`.
import answers from "./static.answers.json";

interface Question {
  kind: "page" | "facets" | "aggregate";
  query: Query;
  parameters: [string, string][];
  page: number;
  size: number;
  fields: string[];
  by: string[];
  measures: Measured[];
  answer: never;
}
const recorded = answers as unknown as {
  files: { [path: string]: unknown };
  questions: Question[];
  rows: { key: string; answer: Row | null }[];
};

const HERE = "https://host.example/some/path/places/widgets/lieux.json";
let asked: string[] = [];
let broken = false;

beforeEach(() => {
  asked = [];
  broken = false;
  vi.stubGlobal("fetch", async (address: string) => {
    asked.push(address);
    if (broken) throw new TypeError("Failed to fetch");
    const path = address.replace("https://host.example/some/path/places/", "");
    const found = recorded.files[path];
    return found
      ? new Response(JSON.stringify(found))
      : new Response("not here", { status: 404 });
  });
});
afterEach(() => vi.unstubAllGlobals());

const near = (value: unknown): unknown =>
  typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(12)) : value;

describe("a static export", () => {
  const source = new StaticSource(HERE);

  for (const [number, question] of recorded.questions.entries()) {
    it(`answers like the server: ${number} ${question.kind} ${parameters(question.query)}`, async () => {
      const { query, kind } = question;
      const listed = [...parameters(query)].map(([name, value]) => `${name}=${value}`).sort();
      expect(listed).toEqual(question.parameters.map((one) => one.join("=")).sort());
      if (kind === "page") {
        const { page, size } = question;
        const found = await source.page("places", query, { page, size });
        expect({ rows: found.rows, total: found.total }).toEqual(question.answer);
        expect({ page: found.page, size: found.size }).toEqual({ page, size });
      } else if (kind === "facets") {
        const answer = question.answer as { [field: string]: { value: string | null }[] };
        const expected = Object.fromEntries(
          Object.entries(answer).map(([field, values]) => [
            field,
            values.map((one) => ({ ...one, value: one.value ?? "" })),
          ]),
        );
        expect(await source.facets("places", question.fields, query)).toEqual(expected);
      } else {
        const { by, measures } = question;
        const found = await source.aggregate("places", by, measures, query);
        const rows = found.map((one) => ({
          ...Object.fromEntries(by.map((field, at) => [field, one.by[at]])),
          count: one.count,
          ...one.numbers,
        }));
        const plain = (groups: object[]): object[] =>
          groups.map((one) =>
            Object.fromEntries(Object.entries(one).map(([name, value]) => [name, near(value)])),
          );
        expect(plain(rows)).toEqual(plain(question.answer as object[]));
      }
    });
  }

  it("finds a row by its key", async () => {
    for (const { key, answer } of recorded.rows) {
      const found = await source.row("places", encodeKeyPart(key));
      expect(found?.row ?? null).toEqual(answer);
    }
  });

  it("gives all rows with the columns asked for", async () => {
    const rows = await source.all("places", {}, ["id", "nom"]);
    expect(rows).toHaveLength(70);
    expect(Object.keys(rows[0]!)).toEqual(["id", "nom"]);
  });

  it("never shows a personal field", async () => {
    expect(JSON.stringify(recorded.files)).not.toContain("hidden");
    await expect(source.facets("places", ["secret"], {})).rejects.toMatchObject({
      code: "unknown_field",
    });
  });

  it("loads each file once, and again only after a failure", async () => {
    const fresh = new StaticSource(HERE);
    broken = true;
    await expect(fresh.page("places", {})).rejects.toMatchObject({ code: "offline" });
    broken = false;
    asked = [];
    await Promise.all([fresh.page("places", {}), fresh.page("places", {}), fresh.descriptor()]);
    await fresh.facets("places", ["nom"], {});
    expect(asked).toEqual([HERE, "https://host.example/some/path/places/data/places.json"]);
  });

  it("takes nothing, and downloads whole files alone", async () => {
    await expect(source.propose()).rejects.toMatchObject({ code: "not_allowed" });
    expect(source.writable).toBe(false);
    expect(await source.pending()).toEqual({});
    expect(source.download("places", "csv", {})).toBe(
      "https://host.example/some/path/places/data/places.csv",
    );
    expect(source.download("places", "xlsx", {})).toBe(null);
    expect(source.download("places", "csv", { words: "x" })).toBe(null);
  });

  it("says what is wrong with a question", async () => {
    const filters = { prix: { from: "cher" } };
    await expect(source.page("places", { filters })).rejects.toMatchObject({ code: "malformed" });
    await expect(source.page("nowhere", {})).rejects.toMatchObject({ code: "not_found" });
    await expect(source.aggregate("places", [], [{ operation: "sum", field: "nom" }], {})).rejects //
      .toMatchObject({ code: "malformed" });
  });
});

describe("texts", () => {
  it("are folded as on the server", () => {
    expect(fold("L’Œuvre d’ÉTÉ à Straße")).toBe("l'oeuvre d'ete a strasse");
    expect(wordsOf('Gap "deux mots" ""  é')).toEqual(["gap", "deux mots", "e"]);
  });

  it("are ordered by code point", () => {
    expect(["\u{1f600}", "\uffee", "b", "a", "ab"].sort(compareTexts)).toEqual([
      "a",
      "ab",
      "b",
      "\uffee",
      "\u{1f600}",
    ]);
  });

  it("are read by the types of fields", () => {
    const read = (type: string, text: string, more: object = {}): number | null =>
      typingOf({ name: "x", type, ...more }).read!(text);
    expect(read("number", "1 234,5 €", { decimalChar: ",", groupChar: " ", bareNumber: false })).toBe(
      1234.5,
    );
    expect(read("duration", "P1DT2H")).toBe(93_600);
    expect(read("duration", "P")).toBe(null);
    expect(read("yearmonth", "2020-12")).toBe(24_252);
    expect(read("yearmonth", "2020-13")).toBe(null);
    expect(read("time", "23:59:30")).toBe(86_370);
    expect(read("time", "24:00")).toBe(null);
    expect(read("year", "2020")).toBe(2020);
    expect(read("date", "2021-02-29")).toBe(null);
    expect(read("datetime", "1970-01-02T01:00:00+01:00")).toBe(86_400);
    expect(read("date", "2.3.70", { format: "%d.%m.%y" })).toBe(60);
  });
});

