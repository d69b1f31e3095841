// A dialog in a frame stands where the reader is looking.

import { describe, expect, it } from "vitest";
import { within } from "../src/elements/dialog/sight";

describe("the part of a frame that is on the screen", () => {
  it("is what the browser says, inside the frame", () => {
    expect(within({ top: 1200, height: 700 }, 5000)).toEqual({ top: 1200, height: 700 });
    expect(within({ top: 0, height: 600 }, 600)).toEqual({ top: 0, height: 600 });
  });

  it("is never too small for a dialog, as far as the frame has room", () => {
    expect(within({ top: 0, height: 0 }, 5000)).toEqual({ top: 0, height: 420 });
    expect(within({ top: 4950, height: 50 }, 5000)).toEqual({ top: 4580, height: 420 });
    expect(within({ top: 10, height: 100 }, 300)).toEqual({ top: 0, height: 300 });
  });
});
