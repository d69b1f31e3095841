// A colour that a site chose can be read on light and dark grounds, and text on it too.

import { describe, expect, it } from "vitest";
import { accentOf } from "../src/styles/accent";
import { Chance } from "./chance";

const GROUNDS = { light: ["#ffffff", "#f4f5f8"], dark: ["#17191e", "#22252c"] } as const;

function luminance(text: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = parseInt(text.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light! + 0.05) / (dark! + 0.05);
}

describe("an accent", () => {
  it("can be read whatever the colour chosen", () => {
    const chance = new Chance(1);
    const chosen = ["#000000", "#ffffff", "#ffdd00", "#808080", "#ff0000", "#0000ff"];
    for (let count = 0; count < 500; count += 1) {
      chosen.push(`#${chance.below(0x1000000).toString(16).padStart(6, "0")}`);
    }
    for (const one of chosen) {
      const found = accentOf(one)!;
      for (const scheme of ["light", "dark"] as const) {
        const { accent, on, surface } = found[scheme];
        for (const ground of [...GROUNDS[scheme], surface, on]) {
          expect(contrast(accent, ground), `${one} in ${scheme}`).toBeGreaterThanOrEqual(4.5);
        }
      }
    }
  });

  it("stays as it is where it can be read", () => {
    expect(accentOf("#A01040")!.light).toMatchObject({ accent: "#a01040", on: "#ffffff" });
    expect(accentOf("#ffdd00")!.dark).toMatchObject({ accent: "#ffdd00", on: "#000000" });
  });

  it("is nothing but a colour", () => {
    for (const one of ["", "red", "#fff", "#12345g", "#123456;x", "url(x)"]) {
      expect(accentOf(one), one).toBeNull();
    }
  });
});
