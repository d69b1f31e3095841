// The drawings of charts: axes, areas and angles that tell the truth, texts that can be read.

import { describe, expect, test } from "vitest";
import { contrast, PALETTE, visible } from "../src/elements/charts/colours";
import { slices } from "../src/elements/charts/donut";
import { gathered } from "../src/elements/charts/gathering";
import { drawn } from "../src/elements/charts/layout";
import { wrapped } from "../src/elements/charts/lettering";
import { type ChartModel, EMPTY_MODEL, type Point } from "../src/elements/charts/model";
import { framed, svgFile } from "../src/elements/charts/picture";
import type { Pen, Scene, TextShape } from "../src/elements/charts/scene";
import { summaryOf } from "../src/elements/charts/summary";
import { dateTicks, niceAxis, tickText } from "../src/elements/charts/ticks";
import { squarified } from "../src/elements/charts/treemap";

const LIGHT = {
  text: "#1b1b1f",
  muted: "#5a5d66",
  line: "#d5d8df",
  surface: "#ffffff",
  accent: "#1a56a8",
};
const DARK = {
  text: "#e8e9ed",
  muted: "#b0b4be",
  line: "#3a3e48",
  surface: "#17191e",
  accent: "#9cc3ff",
};
const widthOf = (text: string, size: number): number => text.length * size * 0.58;
const penOf = (width: number): Pen => ({ width, ink: LIGHT, widthOf, locale: "fr" });

const LONG = [
  "Direction générale des finances publiques et du recouvrement",
  "Caisse",
  "Mutualité sociale agricole (MSA) du département",
  "Min. de l'Intérieur / ANTS",
  "Anticonstitutionnellement",
];
const points = (values: (number | null)[], label = (at: number) => `Groupe ${at + 1}`): Point[] =>
  values.map((value, at) => ({
    label: label(at),
    value,
    text: value === null ? "" : String(value),
    key: String(at),
  }));
const long = (at: number): string => `${LONG[at % LONG.length]} ${at}`;
const modelOf = (values: (number | null)[], more: Partial<ChartModel> = {}): ChartModel => ({
  ...EMPTY_MODEL,
  title: "Titre",
  series: [{ name: "Actes", color: null, points: points(values, long) }],
  ...more,
});
const several = (more: Partial<ChartModel>): ChartModel =>
  modelOf([], {
    series: ["Femmes", "Hommes", "Non renseigné"].map((name, at) => ({
      name,
      color: null,
      key: name,
      points: points([40 - at * 10, 25 + at * 5, at * 3 + 2, null], long),
    })),
    ...more,
  });
const month = (at: number): number => Date.UTC(2020, at);
const line = (values: number[], more: Partial<ChartModel> = {}): ChartModel =>
  modelOf([], {
    type: "lines",
    axis: "dates",
    additive: false,
    series: [
      {
        name: "Labellisées",
        color: null,
        points: points(values, (at) => `mois ${at}`).map((one, at) => ({ ...one, at: month(at) })),
      },
    ],
    ...more,
  });

const MODELS: { [name: string]: ChartModel } = {
  "lying bars": modelOf([315734, 82359, 46486, 15977, 12]),
  "standing bars": modelOf([65, 50, 38, 25, 22], { orientation: "vertical" }),
  "thirteen standing bars": modelOf(
    Array.from({ length: 13 }, (_, at) => at * 700),
    { orientation: "vertical" },
  ),
  "a hundred groups": modelOf(Array.from({ length: 100 }, (_, at) => 1000 - 9 * at)),
  "values below zero": modelOf([120, -80, 30, -150, 0, null]),
  "standing values below zero": modelOf([120, -80, 30, -150, 0, null], {
    orientation: "vertical",
    series: [{ name: "", color: null, points: points([120, -80, 30, -150, 0, null]) }],
  }),
  "equal values": modelOf([7, 7, 7], { orientation: "vertical" }),
  "one value": modelOf([3]),
  zeros: modelOf([0, 0]),
  "huge values": modelOf([1.2e12, 3.4e9, 5]),
  "stacked bars": several({ stacked: true }),
  "standing stacked bars": several({ stacked: true, orientation: "vertical" }),
  "grouped bars": several({}),
  "standing grouped bars": several({ orientation: "vertical" }),
  donut: modelOf([50, 30, 12, 5, 2, 1, 0.5], {
    type: "donut",
    total: { value: 100, text: "100,5" },
  }),
  "donut of one": modelOf([5], { type: "donut" }),
  "donut of nothing": modelOf([0, 0], { type: "donut", total: { value: 0, text: "0" } }),
  treemap: modelOf(
    Array.from({ length: 30 }, (_, at) => Math.round(900 / (at + 1))),
    { type: "treemap" },
  ),
  "nested treemap": several({ type: "treemap" }),
  "line with aims": line([460, 534, 856, 2379], {
    references: [
      { value: 2000, label: "Objectif : au moins 2 000 en 2022", text: "2 000", color: "#b3261e" },
      { value: 2500, label: "Objectif : une par canton soit 2 500", text: "2 500", color: null },
    ],
  }),
  "line of one point": line([4]),
  "line of many points": line(Array.from({ length: 60 }, (_, at) => at % 7)),
  "bars with an aim": modelOf([12, 30], {
    references: [{ value: 25, label: "Objectif national", text: "25", color: null }],
  }),
};

interface Box {
  text: string;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

function textsOf(scene: Scene): Box[] {
  return scene.shapes
    .filter((one): one is TextShape => "text" in one)
    .map(({ text, x, y, size, anchor = "start" }) => {
      const width = widthOf(text, size);
      const left = anchor === "start" ? x : anchor === "end" ? x - width : x - width / 2;
      return { text, left, right: left + width, top: y - size * 0.72, bottom: y };
    });
}

describe("every drawing, from a telephone to a wide screen", () => {
  const cases = Object.entries(MODELS).flatMap(([name, model]) =>
    [280, 360, 560, 1200].map((width) => ({ name, model, width })),
  );
  test.each(cases)("$name at $width px: no text is cut or covers another", ({ model, width }) => {
    const scene = drawn(model, penOf(width));
    const boxes = textsOf(scene);
    expect(boxes.length).toBeGreaterThan(0);
    for (const one of boxes) {
      expect(one.left, one.text).toBeGreaterThanOrEqual(-1);
      expect(one.right, one.text).toBeLessThanOrEqual(width + 1);
      expect(one.bottom, one.text).toBeLessThanOrEqual(scene.height + 1);
      expect(one.text).not.toMatch(/…$/);
    }
    boxes.forEach((one, at) => {
      for (const two of boxes.slice(at + 1)) {
        const apart =
          one.right <= two.left + 0.5 ||
          two.right <= one.left + 0.5 ||
          one.bottom <= two.top + 0.5 ||
          two.bottom <= one.top + 0.5;
        expect(apart, `${one.text} | ${two.text}`).toBe(true);
      }
    });
  });

  test.each(cases)("$name at $width px: no number is lost", ({ model, width }) => {
    const { shapes, marks } = drawn(model, penOf(width));
    for (const shape of shapes) {
      expect(JSON.stringify(shape)).not.toMatch(/NaN|Infinity|undefined|null/);
      if (!("text" in shape)) expect(shape.d).not.toMatch(/NaN|Infinity/);
    }
    for (const { x, y } of marks) expect(Number.isFinite(x) && Number.isFinite(y)).toBe(true);
  });
});

describe("axes", () => {
  test.each([
    [0, 114, 5, [0, 50, 100, 150]],
    [0, 1, 5, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [-150, 120, 4, [-200, -100, 0, 100, 200]],
    [0, 0.003, 3, [0, 0.001, 0.002, 0.003]],
  ])("from %d to %d in about %d steps stand at round numbers", (min, max, count, ticks) => {
    expect(niceAxis(min, max, count).ticks).toEqual(ticks);
  });

  test("of one value are still axes", () => {
    for (const value of [0, 7, -7, 1e15]) {
      const { min, max, ticks } = niceAxis(value, value, 5);
      expect(max).toBeGreaterThan(min);
      expect(ticks.length).toBeGreaterThan(1);
      expect(ticks.length).toBeLessThan(12);
    }
  });

  test.each([
    [1e-320, 1e-320],
    [1e308, 1e308],
    [-1e308, 1e308],
    [0, 5e-324],
    [1, 1 + 2 ** -52],
  ])("from %d to %d are axes that can be written", (least, most) => {
    const { ticks } = niceAxis(least, most, 5);
    expect(ticks.every(Number.isFinite)).toBe(true);
    expect(ticks.length).toBeGreaterThan(1);
    expect(ticks.length).toBeLessThan(12);
    expect(tickText(ticks, "fr")(ticks[0]!)).toMatch(/\d/);
  });

  test("speak the reader's language", () => {
    expect(tickText([0, 500, 1000], "fr")(1000)).toBe("1\u202f000");
    expect(tickText([0, 500, 1000], "en")(1000)).toBe("1,000");
    expect(tickText([0, 0.5, 1], "fr")(0.5)).toBe("0,5");
    expect(tickText([0, 20000], "fr")(20000)).toBe("20\u00a0k");
  });

  test("of dates start at months or years, in words", () => {
    const two = dateTicks(Date.UTC(2020, 0, 1), Date.UTC(2022, 8, 1), 4, "fr");
    expect(two.map((one) => one.text)).toEqual(["2020", "2021", "2022"]);
    const days = dateTicks(Date.UTC(2020, 0, 1), Date.UTC(2020, 0, 4), 5, "en");
    expect(days.map((one) => one.text)[0]).toBe("1 Jan 2020");
    const centuries = dateTicks(Date.UTC(1000, 0, 1), Date.UTC(2020, 0, 4), 5, "fr");
    expect(centuries.length).toBeGreaterThan(0);
    expect(centuries.length).toBeLessThanOrEqual(12);
  });
});

test("a treemap's areas are proportional to its values and fill the room", () => {
  const values = [46, 35, 26, 25, 23, 20, 13, 12, 0];
  const boxes = squarified(values, { x: 0, y: 0, width: 600, height: 340 });
  const sum = values.reduce((one, two) => one + two);
  boxes.forEach((box, at) => {
    expect(box.width * box.height).toBeCloseTo((values[at]! / sum) * 600 * 340, 3);
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(600.001);
    expect(box.y + box.height).toBeLessThanOrEqual(340.001);
  });
  const shapes = boxes.filter((one) => one.width > 0).map((one) => one.width / one.height);
  for (const shape of shapes) expect(Math.max(shape, 1 / shape)).toBeLessThan(3);
});

test("a donut's slices make one whole turn, each its share", () => {
  const turns = slices([50, 30, null, 20]);
  expect(turns.map((one) => one.to - one.from)).toEqual([
    0.5,
    expect.closeTo(0.3, 10),
    0,
    expect.closeTo(0.2, 10),
  ]);
  expect(turns.at(-1)!.to).toBeCloseTo(1, 10);
  expect(slices([0, 0]).every((one) => one.from === one.to)).toBe(true);
});

test("the shares of a donut are told with as many decimals, and add up", () => {
  const donut = drawn(modelOf([2721, 124], { type: "donut" }), penOf(500));
  expect(donut.marks.map((one) => one.value)).toEqual([
    expect.stringContaining("(95,6\u00a0%)"),
    expect.stringContaining("(4,4\u00a0%)"),
  ]);
  const halves = drawn(modelOf([1, 1], { type: "donut" }), penOf(500));
  expect(halves.marks[0]!.value).toContain("(50\u00a0%)");
});

test("parts below zero are bars, for they are no part of a whole", () => {
  const donut = drawn(modelOf([5, -2], { type: "donut" }), penOf(500));
  expect(donut.marks.map((one) => one.value)).toEqual(["5", "-2"]);
  expect(textsOf(donut).some((one) => one.text.includes("%"))).toBe(false);
});

test("bars are as long as their values", () => {
  const scene = drawn(modelOf([100, 50, 25]), penOf(600));
  const widths = scene.shapes.flatMap((one) =>
    "d" in one && one.mark !== undefined && !one.touch
      ? [Number(/h([\d.]+)a/.exec(one.d)![1]) + 4]
      : [],
  );
  expect(widths[1]! / widths[0]!).toBeCloseTo(0.5, 1);
  expect(widths[2]! / widths[0]!).toBeCloseTo(0.25, 1);
});

describe("many groups", () => {
  const many = modelOf(Array.from({ length: 100 }, (_, at) => 100 - at));

  test("are twenty, the last of which stands for the others", () => {
    const found = gathered(many, "fr").series[0]!.points;
    expect(found).toHaveLength(20);
    expect(found.at(-1)).toMatchObject({ label: "Autres (81)", others: 81, value: 3321 });
    expect(found.at(-1)!.key).toBeUndefined();
  });

  test("keep those that are chosen", () => {
    const found = gathered({ ...many, selected: ["95"] }, "en").series[0]!.points;
    expect(found.map((one) => one.key)).toContain("95");
    expect(found.at(-1)!.label).toBe("Others (81)");
  });

  test("are not added up where that means nothing, such as means", () => {
    const found = gathered({ ...many, additive: false }, "fr").series[0]!.points;
    expect(found.at(-1)!.value).toBeNull();
  });
});

describe("colours", () => {
  test.each([...PALETTE, "#ffff00", "#351c75", "#ffffff", "#17191e"])(
    "%s is visible on light and dark surfaces, if need be by its outline",
    (color) => {
      for (const ink of [LIGHT, DARK]) {
        expect(contrast(visible(color, ink), ink.surface)).toBeGreaterThanOrEqual(3);
      }
    },
  );
});

test("text is wrapped between words, and inside one only where it does not fit", () => {
  const ten = (text: string): number => text.length;
  expect(wrapped("une France services", 10, 1, ten)).toEqual(["une France", "services"]);
  expect(wrapped("anticonstitutionnellement", 10, 1, ten)).toEqual([
    "anticonsti",
    "tutionnell",
    "ement",
  ]);
  expect(wrapped("environ 2 500", 9, 1, ten)).toEqual(["environ", "2 500"]);
});

describe("a summary", () => {
  test("tells what it is, its extremes and its total", () => {
    expect(summaryOf(modelOf([5, 9, null], { unit: "demandes" }), "fr")).toBe(
      "Diagramme en barres, 3 valeurs. La plus grande\u00a0: Caisse 1, 9\u00a0demandes\u00a0; la plus petite\u00a0:" +
        " Direction générale des finances publiques et du recouvrement 0, 5\u00a0demandes." +
        " Total\u00a0: 14\u00a0demandes. 1 sans valeur.",
    );
  });

  test("tells where a line goes, and its aims", () => {
    const told = summaryOf(
      line([460, 534, 2379], {
        references: [{ value: 2000, label: "Aim", text: "2,000", color: null }],
      }),
      "en",
    );
    expect(told).toContain("Line chart, 3 values.");
    expect(told).toContain("Labellisées: from mois 0, 460 to mois 2, 2379. Up by 1,919.");
    expect(told).toContain("Reference: Aim (2,000).");
    expect(told).not.toContain("Total");
  });

  test("tells equal values, one value and none", () => {
    expect(summaryOf(modelOf([7, 7]), "en")).toContain("All equal to 7.");
    expect(summaryOf(modelOf([7]), "en")).toContain("1 value. Direction");
    expect(summaryOf(modelOf([null]), "fr")).toBe("Aucune valeur");
  });
});

test("an SVG file is whole, and holds texts of outside as text", () => {
  const pen = penOf(500);
  const model = modelOf([3, 2], {
    title: "<script>alert(1)</script> & \u0000",
    series: [
      { name: "", color: null, points: points([3, 2], () => `"><img src=x onerror=alert(1)>`) },
    ],
  });
  const frame = { title: model.title, subtitle: "", notes: ["Source : nous"] };
  const text = svgFile(framed(drawn(model, pen), frame, pen), pen, '"Segoe UI", serif', "Résumé");
  expect(text).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  expect(text).not.toMatch(/<script|<img|\u0000/);
  expect(text).toContain("Source : nous");
  expect(text).not.toContain("var(");
});
