import { describe, expect, it } from "vitest";
import { difference, type Piece } from "../src/elements/editing/difference";

const told = (pieces: Piece[]): string =>
  pieces
    .map(({ kind, text }) => (kind === "same" ? text : kind === "old" ? `[-${text}-]` : `{+${text}+}`))
    .join("");
const side = (pieces: Piece[], other: Piece["kind"]): string =>
  pieces
    .filter(({ kind }) => kind !== other)
    .map(({ text }) => text)
    .join("");

describe("the difference of two texts", () => {
  it("marks the digits of a phone number that changed", () => {
    expect(told(difference("04 65 71 01 38", "04 65 71 02 38"))).toBe("04 65 71 0[-1-]{+2+} 38");
  });

  it("marks whole words in a long text", () => {
    const before = "Cette France services accueille le public dans les locaux de la mairie annexe.";
    const after = "Cette France services accueille le public dans la salle de la mairie annexe.";
    expect(told(difference(before, after))).toContain("[-les locaux-]{+la salle+}");
  });

  it("shows a text that came and one that went", () => {
    expect(difference("", "neuf")).toEqual([{ kind: "new", text: "neuf" }]);
    expect(difference("vieux", "")).toEqual([{ kind: "old", text: "vieux" }]);
  });

  it("has nothing to mark in equal texts", () => {
    expect(difference("a", "a")).toEqual([{ kind: "same", text: "a" }]);
    expect(difference("", "")).toEqual([]);
  });

  it("never cuts a character in two", () => {
    expect(difference("😀", "😁").map(({ text }) => text)).toEqual(["😀", "😁"]);
  });

  it("gives both texts back, whatever they are", () => {
    const texts = ["", "abc", "a b c", "  a\tb\n", "é́é", "aXbXc".repeat(40), "mot ".repeat(300)];
    for (const before of texts) {
      for (const after of texts) {
        const pieces = difference(before, after);
        expect(side(pieces, "new")).toBe(before);
        expect(side(pieces, "old")).toBe(after);
      }
    }
  });

  it("stays quick on texts that have nothing in common", () => {
    const start = performance.now();
    difference("a b ".repeat(8000), "c d ".repeat(8000));
    expect(performance.now() - start).toBeLessThan(500);
  });
});
