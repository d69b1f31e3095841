// Bars as they are before they lie or stand: their parts, their ends, and the axis of their values.

import { readableOn } from "../../model/values";
import { figureText, sumOf, withUnit } from "./describing";
import { widest } from "./lettering";
import type { ChartModel } from "./model";
import { addMark, colorOfPoint, painted, type Pen, rectangle, type Scene, SMALL } from "./scene";
import { type Axis, niceAxis } from "./ticks";

/** What is written where there is no value. */
export const NONE = "–";

type Room = readonly [x: number, y: number, width: number, height: number];

/** One bar: of one series, or a stack of all; what is written at its end. */
export interface Bar {
  /** The series that it stands for; the first one of a stack. */
  series: number;
  parts: { series: number; from: number; to: number }[];
  text: string;
  negative: boolean;
}

export function isStacked(model: ChartModel): boolean {
  return model.stacked && model.series.length > 1;
}

/** The bars of every category. */
export function barsOf(model: ChartModel, pen: Pen): Bar[][] {
  const points = model.series[0]?.points ?? [];
  return points.map((_, point) =>
    isStacked(model)
      ? [stackOf(model, point, pen)]
      : model.series.map((one, series): Bar => {
          const { value, text, others } = one.points[point]!;
          // What gathers many groups is written only: as a bar it would dwarf them.
          const parts = value === null || others ? [] : [{ series, from: 0, to: value }];
          return { series, parts, text: text || NONE, negative: (value ?? 0) < 0 };
        }),
  );
}

/** What is above zero goes up from it, what is below goes down. */
function stackOf(model: ChartModel, point: number, pen: Pen): Bar {
  let [up, down] = [0, 0];
  const values = model.series.map((one) => one.points[point]!.value);
  const parts = values.flatMap((value, series) => {
    if (!value || model.series[series]!.points[point]!.others) return [];
    const from = value < 0 ? down : up;
    if (value < 0) down += value;
    else up += value;
    return [{ series, from, to: from + value }];
  });
  const text = figureText(sumOf(values), pen.locale, model.decimals) || NONE;
  return { series: 0, parts, text, negative: up === 0 && down < 0 };
}

/** The axis of the values: from zero to the longest bar, with round numbers between. */
export function valueAxis(model: ChartModel, bars: readonly Bar[][], count: number): Axis {
  const ends = [
    0,
    ...bars.flat().flatMap((bar) => bar.parts.map((part) => part.to)),
    ...model.references.map((one) => one.value),
  ];
  const [min, max] = [Math.min(...ends), Math.max(...ends)];
  if (min === max) return { min: 0, max: 1, ticks: [0] };
  const whole = ends.every(Number.isInteger);
  const ticks = niceAxis(min, max, count, whole).ticks.filter((one) => one >= min && one <= max);
  return { min, max, ticks };
}

/** The room for what is written at the ends of bars, on one side of them. */
export function endRoom(bars: readonly Bar[][], negative: boolean, pen: Pen): number {
  const texts = bars.flat().flatMap((bar) => (bar.negative === negative ? [bar.text] : []));
  return texts.length ? widest(texts, SMALL, pen.widthOf) + 8 : 0;
}

/** Draw a part of a bar, and let it be touched. `tip` is where its description points to. */
export function addPart(
  scene: Scene,
  model: ChartModel,
  series: number,
  point: number,
  pen: Pen,
  place: { tip: readonly [number, number]; box: Room; touch: Room | null },
): void {
  const one = model.series[series]!.points[point]!;
  const color = colorOfPoint(model, series, point, pen.ink);
  const value = withUnit(one.text, one.unit ?? model.unit, pen.locale) || NONE;
  const [x, y] = place.tip;
  const mark = addMark(scene, model, series, point, { x, y, color, value });
  if (place.touch) scene.shapes.push({ d: rectangle(...place.touch), touch: true, mark });
  const [left, top, width, height] = place.box;
  if (one.value && !one.others) {
    const paint = painted(color, pen.ink);
    const inset = paint.stroke ? 0.5 : 0; // so that an outline takes no more room
    const apart = isStacked(model) && !paint.stroke ? { stroke: pen.ink.surface, width: 1 } : {};
    const radius = isStacked(model) ? 0 : 2;
    const d = rectangle(left + inset, top + inset, width - 2 * inset, height - 2 * inset, radius);
    scene.shapes.push({ d, ...paint, ...apart, mark });
  }
  if (isStacked(model) && pen.widthOf(one.text, SMALL) + 8 <= width && height >= 15) {
    const at = { x: left + width / 2, y: top + height / 2 + 4.5 };
    const fill = readableOn(color);
    scene.shapes.push({ text: one.text, ...at, size: SMALL, fill, anchor: "middle", mark });
  }
}
