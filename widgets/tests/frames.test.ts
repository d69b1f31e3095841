// What a host believes of a frame's height.

import { describe, expect, it } from "vitest";
import { heightIn } from "../src/frames/hearing";
import { messages } from "../src/frames/telling";

describe("the height of a frame", () => {
  it("is told in the words of Datawrapper and of AMP", () => {
    expect(messages("/embed/d/w", 500)).toEqual([
      { "datawrapper-height": { "/embed/d/w": 500 } },
      { sentinel: "amp", type: "embed-size", height: 500 },
    ]);
  });

  it("is heard as it was told, and rounded up", () => {
    expect(heightIn(messages("x", 500)[0])).toBe(500);
    expect(heightIn({ "datawrapper-height": { x: 500.2 } })).toBe(501);
  });

  it("is not believed when it is nonsense", () => {
    const told = [-1, 0, 39, 20_001, NaN, Infinity, "500", null, [500], {}, true];
    for (const height of told) expect(heightIn({ "datawrapper-height": { x: height } })).toBeNull();
    for (const data of [null, undefined, "x", 5, {}, { "datawrapper-height": null }, []]) {
      expect(heightIn(data)).toBeNull();
    }
  });
});
