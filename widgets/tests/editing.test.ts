import { describe, expect, it } from "vitest";
import * as control from "../src/elements/editing/control";
import { formGroups, groupsWith, nextKey } from "../src/elements/editing/form";
import { positionText } from "../src/elements/editing/positions";
import { refusalText, waiting } from "../src/elements/editing/sending";
import { spansToType, textOfTyped, textOfWeek, timeTyped, typedSpans, weekOf } from "../src/elements/editing/week";
import { Field, type FieldDescriptor, Resource } from "../src/model/field";
import { Problem } from "../src/sources/source";

const field = (descriptor: Partial<FieldDescriptor>): Field =>
  new Field({ name: "f", ...descriptor });

describe("the control of a field", () => {
  it.each([
    [{ type: "boolean" }, "true", "boolean"],
    [{ type: "boolean" }, "maybe", "line"],
    [{ constraints: { enum: ["a", "b"] } }, "a", "select"],
    [{ constraints: { enum: [..."abcdefghijklmn"] } }, "a", "choice"],
    [{ type: "date" }, "31/12/24", "date"],
    [{ type: "integer" }, "12", "number"],
    [{ type: "list" }, "a,b", "tags"],
    [{ retouche: { display: { as: "long_text" } } }, "", "long"],
    [{}, "two\nlines", "long"],
    [{ constraints: { enum: ["a"] } }, "two\r\nlines", "long"],
    [{}, "plain", "line"],
  ] as [Partial<FieldDescriptor>, string, string][])("for %j with %j is %s", (one, text, wanted) => {
    expect(control.controlOf(field(one), text)).toBe(wanted);
  });

  it("offers only the steps that may follow what is published", () => {
    const one = field({
      constraints: { enum: ["a", "b", "c"] },
      retouche: { steps: { a: ["b"] } },
    });
    const values = (text: string, before: string | null) =>
      control.optionsOf(one, text, before, "fr").map(({ value }) => value);
    expect(values("a", "a")).toEqual(["a", "b"]);
    expect(values("z", null)).toEqual(["z", "a", "b", "c"]);
  });

  it("keeps the word by which a cell says yes", () => {
    const one = field({ type: "boolean", trueValues: ["oui", "vrai"], falseValues: ["non"] });
    const words = (text: string | null) =>
      control.truthOptions(one, text, null, "fr").map(({ value }) => value);
    expect(words("vrai")).toEqual(["vrai", "non"]);
    expect(words(null)).toEqual(["oui", "non"]);
    const back = control.truthOptions(one, "non", "vrai", "fr").map(({ value }) => value);
    expect(back).toEqual(["vrai", "non"]);
  });

  it("writes parts as the cell wrote them", () => {
    expect(control.joined(["a", "b"], ",", "x, y")).toBe("a, b");
    expect(control.joined(["a", "b"], ";", null)).toBe("a;b");
    expect(control.joined(["a"], "", null)).toBe('["a"]');
    expect(control.joined([], "", null)).toBe("");
    expect(control.joined(["a", "c"], "|", "a | b")).toBe("a | c");
    expect(control.joined(["a", "b"], "", '["x", "y"]')).toBe('["a", "b"]');
  });

  it("keeps the line ends of a cell, and makes an emptied one missing", () => {
    expect(control.asWritten("a\nb", "x\r\ny")).toBe("a\r\nb");
    expect(control.asWritten("a\nb", "x")).toBe("a\nb");
    expect(control.asWritten("", "x")).toBeNull();
    const mixed = "a\r\nb\nc\rd\r\n";
    expect(control.asWritten("a\nb\nc\nd\n", mixed)).toBe(mixed);
    expect(control.asWritten("a\nb!\nc\nd\n", mixed)).toBe("a\r\nb!\nc\rd\r\n");
    expect(control.asWritten("a\nnew\nb\nc\nd\n", mixed)).toBe("a\r\nnew\r\nb\nc\rd\r\n");
    expect(control.asWritten("a\nc\nd\n", mixed)).toBe("a\r\nc\rd\r\n");
    expect(control.asWritten("a", mixed)).toBe("a");
  });

  it("shows a day in the calendar only when it is one", () => {
    expect(control.calendarDay("2024-02-29")).toBe("2024-02-29");
    expect(control.calendarDay("2023-02-29")).toBe("");
    expect(control.calendarDay("1/2/2023")).toBe("");
  });
});

describe("opening hours typed as times", () => {
  it.each([
    "09:00 - 12:00 / 13:30 - 17:00",
    "Mo 09:00-12:30,13:30-15:30; PH off",
    "Mo-Fr 09:00-12:00; Sa 10:00-12:00",
    "Tu,Th 14:00-18:00; Fr 09:00-12:00",
  ])("give %s back as it was", (text) => {
    expect(textOfWeek(weekOf(text, "week")!)).toBe(text);
  });

  it.each([
    "Mo[1] 09:00-12:00",
    "week 01-53/2 Mo 09:00-12:00",
    'Mo 09:00-12:00 "on call"',
    "sur rendez-vous",
    "Dec 24 off; Mo 09:00-12:00",
  ])("leave %s to be typed", (text) => {
    expect(weekOf(text, "week")).toBeNull();
  });

  it("take the days that are alike together", () => {
    const week = weekOf(null, "week")!;
    const span = [{ from: 540, to: 720 }];
    for (const day of [0, 1, 3]) week.days[day] = span;
    expect(textOfWeek(week)).toBe("Mo-Tu,Th 09:00-12:00");
  });

  it("wait for both ends of a span", () => {
    expect(typedSpans([{ from: "09:00", to: "" }])).toEqual([]);
    const typed = spansToType([{ from: 540, to: 720 }]);
    expect(typed).toEqual([
      { from: "09:00", to: "12:00" },
      { from: "", to: "" },
    ]);
    expect(typedSpans([{ from: "20:00", to: "00:00" }])).toEqual([{ from: 1200, to: 1440 }]);
  });

  it("lose nothing that is typed in part", () => {
    const half = [
      { from: "09:00", to: "12:00" },
      { from: "13:", to: "" },
    ];
    expect(textOfTyped(weekOf(null, "day")!, [half])).toBe("09:00 - 12:00 / 13: - ");
    const days = [half, ...Array.from({ length: 6 }, () => spansToType([]))];
    expect(textOfTyped(weekOf(null, "week")!, days)).toBe("Mo 09:00-12:00,13:-");
  });

  it.each([
    ["9", "09:00"],
    ["930", "09:30"],
    ["9h30", "09:30"],
    ["14h", "14:00"],
    ["09:30", "09:30"],
    ["24:00", "24:00"],
    ["25:00", null],
    ["9:75", null],
    ["midi", null],
  ])("read %s as %s", (text, time) => {
    expect(timeTyped(text)).toBe(time);
  });

  it("are empty when it is always closed", () => {
    expect(textOfWeek(weekOf(null, "day")!)).toBe("");
    expect(textOfWeek(weekOf("Mo off", "week")!)).toBe("");
  });
});

const resource = new Resource("desks", {
  title: "Desks",
  schema: {
    fields: [
      { name: "id", retouche: { group: "main" } },
      { name: "name", constraints: { required: true }, retouche: { group: "main" } },
      { name: "phone", retouche: { group: "contact", label: "Téléphone" } },
      { name: "town", retouche: { derived: true, group: "main" } },
    ],
    primaryKey: "id",
  },
  editable: true,
  label: null,
  geo: null,
  row_count: 0,
  links: { csv: "", json: "" },
});
const titles = { required: "Required", others: "Others" };
const groups = { groups: { main: { fr: "Identité" } } };

describe("the fields of a form", () => {
  const told = (adding: boolean) =>
    formGroups(resource, groups, "fr", adding, titles).map(
      ({ title, fields }) => `${title}: ${fields.map(({ name }) => name).join(" ")}`,
    );

  it("stand in their groups", () => {
    expect(told(false)).toEqual(["Identité: id name town", "contact: phone"]);
  });

  it("begin with what a new row must have, and leave out what nobody fills", () => {
    expect(told(true)).toEqual(["Required: id name", "contact: phone"]);
  });

  it("are found by words whatever their accents", () => {
    const all = formGroups(resource, groups, "fr", false, titles);
    const found = (words: string) =>
      groupsWith(all, words, "fr").flatMap(({ fields }) => fields.map(({ name }) => name));
    expect(found("telephone")).toEqual(["phone"]);
    expect(found("identite name")).toEqual(["name"]);
    expect(found(" ")).toHaveLength(4);
  });

  it("suggest the key after the highest one", () => {
    expect(nextKey(["1", "9", "10"])).toBe("11");
    expect(nextKey(["P0001", "P0009"])).toBe("P0010");
    expect(nextKey(["01", "02"])).toBe("03");
    expect(nextKey(["a", "1"])).toBeNull();
    expect(nextKey(["A1", "B2"])).toBeNull();
    expect(nextKey([])).toBeNull();
  });

  it("write a chosen position with the decimals and the mark of the cell", () => {
    expect(positionText(field({ decimalChar: "," }), 44.1234567, null)).toBe("44,12346");
    expect(positionText(field({}), 44.1, "44.123456")).toBe("44.100000");
    expect(positionText(field({}), -0.0000001, null)).toBe("0.00000");
    expect(positionText(field({ decimalChar: "," }), 5.83, "5,83")).toBe("5,83");
  });
});

describe("a refusal", () => {
  const problem = (code: string, status: number, wait = 0): Problem =>
    new Problem(code, "Detail.", status, [], [], wait);

  it("says what a contributor can do", () => {
    expect(refusalText(problem("offline", 0), "en")).toContain("draft is kept");
    expect(refusalText(problem("rate_limited", 429, 120), "en")).toContain("2 minutes");
    expect(refusalText(problem("too_large", 413), "en")).toContain("Detail.");
    expect(refusalText(problem("malformed", 400), "fr")).toContain("Detail.");
  });

  it("tells short times in seconds", () => {
    expect(waiting(1, "en")).toBe("1 second");
    expect(waiting(0, "fr")).toBe("60 secondes");
    expect(waiting(3600, "fr")).toBe("60 minutes");
  });
});
