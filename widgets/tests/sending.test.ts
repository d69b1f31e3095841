// What a contributor may write beside the changes.

import { describe, expect, it } from "vitest";
import { looksLikeMail } from "../src/elements/editing/sending";

describe("a mail address", () => {
  it.each(["", "  ", "name@example.org", " a.b+c@there.example ", "o'neil@sub.there.example"])(
    "may be %j",
    (text) => expect(looksLikeMail(text)).toBe(true),
  );
  it.each(["Canarisk", "a@b", "a b@there.example", "a@there.example,", `${"x".repeat(65)}@x.org`])(
    "is not %j",
    (text) => expect(looksLikeMail(text)).toBe(false),
  );
});
