import { describe, expect, it } from "vitest";
import { momentOf } from "../src/elements/cell/dates";
import { cut, listOf, shortAddress, spacedPhone, visible } from "../src/elements/cell/text";
import { Field, type FieldDescriptor } from "../src/model/field";

const field = (more: Partial<FieldDescriptor> = {}): Field => new Field({ name: "x", ...more });

describe("texts", () => {
  it("show the controls that would turn a text around", () => {
    expect(visible("a\u202eb\u2066c\u0007")).toBe("a[U+202E]b[U+2066]c[U+0007]");
  });

  it("leave line ends, tabs and accents alone", () => {
    expect(visible("é\n\tœ")).toBe("é\n\tœ");
  });

  it("keep the controls of a field that may hold them", () => {
    const arabic = field({ retouche: { bidi: true } as FieldDescriptor["retouche"] });
    expect(visible("a\u200fb", arabic)).toBe("a\u200fb");
  });

  it("are never cut inside a character", () => {
    expect(cut("ab😀cd", 3)).toBe("ab…");
    expect(cut("abcd", 4)).toBe("abcd");
  });

  it("of addresses lose what nobody says, and show the host as it is reached", () => {
    expect(shortAddress("https://www.example.org/a%20b/")).toBe("example.org/a b");
    expect(shortAddress("https://example.org/")).toBe("example.org");
    expect(shortAddress("https://exаmple.org/")).toMatch(/^xn--/);
    expect(shortAddress(`https://example.org/${"x".repeat(90)}`)).toHaveLength(41);
  });

  it("of addresses show the controls hidden in them", () => {
    expect(shortAddress("https://example.org/%E2%80%AEgpj.exe")).toBe(
      "example.org/[U+202E]gpj.exe",
    );
    expect(shortAddress("https://example.org/%ff")).toBe("example.org/%ff");
  });

  it("of French phones stand in pairs", () => {
    expect(spacedPhone("0123456789")).toBe("01\u00a023\u00a045\u00a067\u00a089");
    expect(spacedPhone("+33 1 23")).toBe("+33 1 23");
  });
});

describe("lists", () => {
  it("are read from arrays", () => {
    expect(listOf(field({ type: "array" }), '["a", 2, {"b": 1}]')).toEqual(["a", "2", '{"b":1}']);
    expect(listOf(field({ type: "array" }), "[oops")).toEqual(["[oops"]);
  });

  it("are read by their mark", () => {
    expect(listOf(field({ type: "list" }), "a, b")).toEqual(["a", "b"]);
    expect(listOf(field({ type: "list", delimiter: "-" }), "a,b-c")).toEqual(["a,b", "c"]);
  });

  it("of tags are split only where each part is known", () => {
    const tag = field({ constraints: { enum: ["a", "b", "a; b c"] } });
    expect(listOf(tag, "a;b")).toEqual(["a", "b"]);
    expect(listOf(tag, "a; b c")).toEqual(["a; b c"]);
    expect(listOf(tag, "a;z")).toEqual(["a;z"]);
    expect(listOf(tag, "a|z")).toEqual(["a", "z"]);
  });
});

describe("moments", () => {
  const date = field({ type: "date" });

  it("are told in words of the locale", () => {
    expect(momentOf(date, "2026-01-31", "fr")).toEqual({
      machine: "2026-01-31",
      shown: "31 janvier 2026",
    });
    expect(momentOf(date, "2026-01-31", "en", true)?.shown).toBe("31 Jan 2026");
  });

  it("are read by the format of their field", () => {
    const french = field({ type: "date", format: "%d/%m/%Y" });
    expect(momentOf(french, "31/01/2026", "fr")?.machine).toBe("2026-01-31");
    expect(momentOf(french, "2026-01-31", "fr")).toBeNull();
    const short = field({ type: "date", format: "%d.%m.%y" });
    expect(momentOf(short, "1.2.99", "fr")?.machine).toBe("1999-02-01");
  });

  it("may be times, months, and dates with times", () => {
    expect(momentOf(field({ type: "time" }), "14:05:00", "fr")).toEqual({
      machine: "14:05",
      shown: "14:05",
    });
    expect(momentOf(field({ type: "yearmonth" }), "2026-03", "fr")?.shown).toBe("mars 2026");
    const both = momentOf(field({ type: "datetime" }), "2026-03-01T08:30:00Z", "en");
    expect(both?.machine).toBe("2026-03-01T08:30");
    expect(both?.shown).toMatch(/1 March 2026.+08:30/);
  });

  it("that do not exist are none", () => {
    for (const text of ["2026-02-30", "2026-13-01", "soon", "", "2026-1-1"]) {
      expect(momentOf(date, text, "fr")).toBeNull();
    }
  });

  it("in a format with a directive that is not known are none", () => {
    expect(momentOf(field({ type: "date", format: "%d %B %Y" }), "1 mai 2026", "fr")).toBeNull();
    expect(momentOf(field({ type: "date", format: "%Y(%Y" }), "2026(2026", "fr")).toBeNull();
  });
});
