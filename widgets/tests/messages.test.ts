import { describe, expect, it } from "vitest";
import type { Messages } from "../src/model/messages";
import { speaker } from "../src/model/messages";

const modules = import.meta.glob<{ [name: string]: unknown }>("../src/elements/**/*messages.ts", {
  eager: true,
});
const all = Object.entries(modules).flatMap(([path, module]) =>
  Object.values(module).flatMap((one): [string, Messages<string>][] =>
    isMessages(one) ? [[path, one]] : [],
  ),
);

function isMessages(one: unknown): one is Messages<string> {
  const texts = one && typeof one === "object" ? (one as { fr?: unknown }).fr : null;
  return !!texts && typeof texts === "object" && !Array.isArray(texts);
}

const valuesIn = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{(\w+)/g)].map((one) => one[1]!))].sort();

describe("what the elements say", () => {
  it.each(all)("%s has each text in both languages, with the same values", (_, messages) => {
    expect(Object.keys(messages.en).sort()).toEqual(Object.keys(messages.fr).sort());
    for (const [name, text] of Object.entries(messages.fr)) {
      expect(text, name).not.toBe("");
      expect(valuesIn(messages.en[name]!), name).toEqual(valuesIn(text));
    }
  });

  it("sets French as printers do, and leaves what fills a text as it is", () => {
    const messages = {
      fr: { told: "« {name} » : c'est noté ; et à 5 % ?" },
      en: { told: "{name} : it's noted" },
    };
    const values = { name: "l'an : 1" };
    expect(speaker(messages, "fr")("told", values)).toBe(
      "«\u00a0l'an : 1\u00a0»\u00a0: c’est noté\u00a0; et à 5\u00a0%\u00a0?",
    );
    expect(speaker(messages, "en")("told", values)).toBe("l'an : 1 : it’s noted");
  });

  it("counts as each language does", () => {
    const messages = {
      fr: { rows: "{count} {count|ligne|lignes}" },
      en: { rows: "{count} {count|row|rows}" },
    };
    expect([0, 1, 2].map((count) => speaker(messages, "fr")("rows", { count }))).toEqual([
      "0 ligne",
      "1 ligne",
      "2 lignes",
    ]);
    expect([0, 1, 2].map((count) => speaker(messages, "en")("rows", { count }))).toEqual([
      "0 rows",
      "1 row",
      "2 rows",
    ]);
  });
});
