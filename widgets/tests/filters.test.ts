import { describe, expect, it } from "vitest";
import {
  choicesOf,
  FEW,
  inSight,
  modeOf,
  typedNumber,
} from "../src/elements/filters/choosing";
import { boundLabel, chipLabel, valueLabel } from "../src/elements/filters/wording";
import { countOf } from "../src/elements/widget/count";
import { MESSAGES } from "../src/elements/widget/messages";
import { snippetsOf } from "../src/elements/widget/snippets";
import type { ResolvedDescriptor } from "../src/model/descriptor";
import { Field } from "../src/model/field";
import { speaker } from "../src/model/messages";
import { namedViews, type View } from "../src/model/views";

const plain = new Field({ name: "town" });
const graded = new Field({
  name: "grade",
  retouche: { display: { values: { low: { label: { fr: "Faible", en: "Low" } }, high: {} } } },
});
const number = new Field({
  name: "people",
  type: "integer",
  retouche: { display: { unit: { fr: "hab.", en: "people" } } },
});
const day = new Field({ name: "day", type: "date" });
const named = (value: string): string => value || "(empty)";

describe("the choices of a filter", () => {
  it("come in the order of the facet, missing ones last", () => {
    const facet = ["b", "", "a"].map((value, index) => ({ value, count: 9 - index }));
    expect(choicesOf(plain, facet, [], named).map((one) => one.label)).toEqual([
      "b",
      "a",
      "(empty)",
    ]);
  });

  it("come in the order of the dictionary where there is one", () => {
    const facet = ["other", "high", "low"].map((value) => ({ value, count: 1 }));
    expect(choicesOf(graded, facet, [], named).map((one) => one.value)).toEqual([
      "low",
      "high",
      "other",
    ]);
  });

  it("keep what is chosen, also where no row has it", () => {
    const choices = choicesOf(plain, [{ value: "a", count: 3 }], ["gone"], named);
    expect(choices).toEqual([
      { value: "a", count: 3, label: "a", chosen: false },
      { value: "gone", count: 0, label: "gone", chosen: true },
    ]);
  });

  it("are the first few and the chosen ones, all of them, or those that a search finds", () => {
    const facet = Array.from({ length: 30 }, (_, index) => ({ value: `v${index}`, count: 1 }));
    facet.push({ value: "Évry", count: 1 });
    const choices = choicesOf(plain, facet, ["v20"], named);
    expect(inSight(choices, "", false)).toHaveLength(FEW + 1);
    expect(inSight(choices, "", true)).toHaveLength(31);
    expect(inSight(choices, " evr", false).map((one) => one.value)).toEqual(["Évry"]);
    expect(inSight(choices.slice(0, 10), "", false)).toHaveLength(10);
  });

  it("are a list where the field has no range", () => {
    expect(modeOf({ field: "town", mode: "range" }, plain)).toBe("any");
    expect(modeOf({ field: "people", mode: "range" }, number)).toBe("range");
    expect(modeOf({ field: "people", mode: "dates" }, number)).toBe("any");
    expect(modeOf({ field: "day", mode: "dates" }, day)).toBe("dates");
    expect(modeOf({ field: "town" }, plain)).toBe("any");
  });
});

describe("numbers typed by a reader", () => {
  it("may have a comma and spaces", () => {
    expect(typedNumber("1 200,5")).toBe("1200.5");
    expect(typedNumber("1\u202f200")).toBe("1200");
    expect(typedNumber("-3")).toBe("-3");
    expect(typedNumber("  ")).toBe("");
    expect(typedNumber("12x")).toBeNull();
  });
});

describe("what conditions are called", () => {
  it("uses the dictionary, the row pointed at, and words for missing values", () => {
    expect(valueLabel(graded, "low", "fr", new Map())).toBe("Faible");
    expect(valueLabel(plain, "1", "en", new Map([["1", "The first"]]))).toBe("The first");
    expect(valueLabel(plain, "", "fr", new Map())).toBe("(vide)");
  });

  it("writes bounds as the reader does", () => {
    const chip = { field: "people", value: null, from: "1000", to: "2000" };
    expect(chipLabel(chip, number, "en", new Map())).toBe("from 1,000 people to 2,000 people");
    expect(boundLabel(day, "2020-01-31", "en")).toBe("31 January 2020");
    const open = { field: "people", value: null, to: "5" };
    expect(chipLabel(open, number, "fr", new Map())).toBe("jusqu’à 5 hab.");
  });
});

describe("the count", () => {
  const fr = speaker(MESSAGES, "fr");
  const en = speaker(MESSAGES, "en");

  it("names the rows as the resource does, where that is a plural", () => {
    expect(countOf(200, 200, "France services", fr)).toBe("200 France services");
    expect(countOf(12, 200, "France services", fr)).toBe("12 sur 200 France services");
    expect(countOf(64, 64, "Passages des bus", fr)).toBe("64 Passages des bus");
    expect(countOf(6, 6, "Déploiement", fr)).toBe("6 lignes");
    expect(countOf(1, 1, "Counters", en)).toBe("1 row");
    expect(countOf(0, 1500, "Counters", en)).toBe("No result among 1,500 Counters");
    expect(countOf(7, null, "Counters", en)).toBe("7 Counters");
  });
});

describe("views", () => {
  it("are called by name, else by type, and told apart", () => {
    const views = [{ type: "map" }, { type: "map" }, { type: "table", name: "map" }] as View[];
    expect(namedViews(views).map(([name]) => name)).toEqual(["map", "map-2", "map-3"]);
  });
});

describe("the code to embed", () => {
  const descriptor = {
    name: "w",
    title: "T",
    dataset: "d",
    revision: "r",
    resources: {},
    links: {
      self: "https://host/api/v1/datasets/d/widgets/w",
      embed: "https://host/embed/d/w",
      script: "https://host/widgets.js",
    },
  } as ResolvedDescriptor;

  it("escapes titles", () => {
    const { iframe } = snippetsOf(descriptor, 'A "quoted" <title> & more', "https://host/");
    expect(iframe).toContain('title="A &quot;quoted&quot; &lt;title&gt; &amp; more"');
  });

  it("leads to the page where an embed is made", () => {
    expect(snippetsOf(descriptor, "T", "https://host/").builder).toBe(
      "https://host/embed/d?widget=w",
    );
  });

  it("follows the descriptor of a static export", () => {
    const links = { self: "w.json", script: "../../widgets.js", embed: "../w.html" };
    const found = snippetsOf({ ...descriptor, static: true, links }, "T", "https://x/d/widgets/w.json");
    expect(found.element).toContain('src="https://x/widgets.js"');
    expect(found.element).toContain('src="https://x/d/widgets/w.json"');
    expect(found.iframe).toContain('src="https://x/d/w.html"');
    expect(found.builder).toBeNull();
  });
});
