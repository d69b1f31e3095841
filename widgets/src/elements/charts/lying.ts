// Lying bars: labels beside them, above them where there is little room.

import { addPart, type Bar, barsOf, endRoom, isStacked, valueAxis } from "./bars";
import { addDashes } from "./grid";
import { widest, wrapped } from "./lettering";
import type { ChartModel } from "./model";
import {
  addLegend,
  addLines,
  LINE,
  newScene,
  NORMAL,
  type Pen,
  type Scene,
  SMALL,
  stroke,
} from "./scene";
import { type Axis, tickText } from "./ticks";

/** Below this width labels stand above their bars. */
const NARROW = 420;
const MOST_LINES = 4;

interface Layout {
  narrow: boolean;
  labels: string[][];
  /** Where labels end, and where zero and the values are. */
  labelEnd: number;
  x: (value: number) => number;
  thick: number;
  axis: Axis;
}

export function drawLying(model: ChartModel, pen: Pen): Scene {
  const scene = newScene(pen);
  const rows = barsOf(model, pen);
  const layout = layoutOf(model, rows, pen);
  const top = addLegend(scene, model, pen);
  const places = placesOf(layout, rows, top);
  const bottom = places.at(-1)?.bottom ?? top;
  addGrid(scene, layout, pen, top, bottom);
  rows.forEach((bars, point) => {
    const place = places[point]!;
    addLines(scene, layout.labels[point]!, {
      x: layout.labelEnd,
      y: place.label,
      size: NORMAL,
      fill: pen.ink.text,
      anchor: layout.narrow ? "start" : "end",
      ...(layout.narrow && { halo: pen.ink.surface }),
    });
    bars.forEach((bar, at) => addBar(scene, model, pen, layout, { bar, point, place, at }));
  });
  scene.height = Math.ceil(bottom + 18) + addReferences(scene, model, pen, layout, top, bottom);
  return scene;
}

function layoutOf(model: ChartModel, rows: readonly Bar[][], pen: Pen): Layout {
  const narrow = pen.width < NARROW;
  const room = narrow ? pen.width : Math.round(pen.width * 0.38);
  const labels = model.series[0]!.points.map((one) =>
    wrapped(one.label, room, NORMAL, pen.widthOf, MOST_LINES),
  );
  const labelEnd = narrow ? 0 : widest(labels.flat(), NORMAL, pen.widthOf);
  const left = labelEnd + (narrow ? 0 : 10) + endRoom(rows, true, pen);
  const right = pen.width - Math.max(endRoom(rows, false, pen), 4);
  const axis = valueAxis(model, rows, Math.max(2, Math.floor((right - left) / 90)));
  const scale = Math.max(10, right - left) / (axis.max - axis.min);
  const x = (value: number): number => left + (value - axis.min) * scale;
  const count = rows[0]?.length ?? 1;
  const given = model.height ? (model.height - 40) / rows.length - 9 : rows.length > 6 ? 22 : 28;
  const thick = count > 1 ? 18 : Math.min(Math.max(given, 20), 34);
  return { narrow, labels, labelEnd, x, thick, axis };
}

/** From top to bottom: where each row begins, its label and its bars stand, and where it ends. */
function placesOf(
  { narrow, labels, thick }: Layout,
  rows: readonly Bar[][],
  top: number,
): { top: number; label: number; bars: number; bottom: number }[] {
  let y = top;
  return rows.map((bars, at) => {
    const written = labels[at]!.length * LINE;
    const drawn = bars.length * thick;
    const height = narrow ? written + 4 + drawn : Math.max(drawn, written);
    const place = {
      top: y,
      label: y + 12.5 + (narrow ? 0 : (height - written) / 2),
      bars: narrow ? y + written + 4 : y + (height - drawn) / 2,
      bottom: y + height + (narrow ? 12 : 9),
    };
    y = place.bottom;
    return place;
  });
}

function addBar(
  scene: Scene,
  model: ChartModel,
  pen: Pen,
  { x, thick }: Layout,
  one: {
    bar: Bar;
    point: number;
    place: { top: number; bars: number; bottom: number };
    at: number;
  },
): void {
  const { bar, point, place } = one;
  const y = place.bars + one.at * thick;
  const ends = [x(0), ...bar.parts.map((part) => x(part.to))];
  const end = bar.negative ? Math.min(...ends) : Math.max(...ends);
  const alone = scene.marks.length;
  const gap = isStacked(model) || model.series.length === 1 ? 0 : 1;
  const parts = bar.parts.length ? bar.parts : [{ series: bar.series, from: 0, to: 0 }];
  for (const part of parts) {
    const [from, to] = [x(part.from), x(part.to)];
    // A value too small to be seen is still told from none by a thin line.
    const width = Math.max(Math.abs(to - from), 1.5);
    const whole = model.series.length === 1;
    addPart(scene, model, part.series, point, pen, {
      tip: [isStacked(model) ? (from + to) / 2 : end, y],
      box: [Math.min(from, to), y + gap, width, thick - 2 * gap],
      touch: isStacked(model)
        ? null
        : whole
          ? [0, place.top - 2, pen.width, place.bottom - place.top]
          : [x(0), y, pen.width - x(0), thick],
    });
  }
  scene.shapes.push({
    text: bar.text,
    x: end + (bar.negative ? -6 : 6),
    y: y + thick / 2 + 4.5,
    size: SMALL,
    fill: bar.parts.length ? pen.ink.text : pen.ink.muted,
    anchor: bar.negative ? "end" : "start",
    halo: pen.ink.surface,
    ...(parts.length === 1 && { mark: alone }),
  });
}

function addGrid(scene: Scene, { axis, x }: Layout, pen: Pen, top: number, bottom: number): void {
  const write = tickText(axis.ticks, pen.locale);
  let free = -Infinity;
  for (const tick of axis.ticks) {
    const line = tick === 0 ? pen.ink.muted : pen.ink.line;
    scene.shapes.push({ d: stroke(x(tick), top - 2, x(tick), bottom), stroke: line, width: 1 });
    const half = pen.widthOf(write(tick), SMALL) / 2;
    const at = Math.min(Math.max(x(tick), half), pen.width - half);
    if (at - half < free) continue;
    free = at + half + 8;
    const place = { x: at, y: bottom + 14, size: SMALL, anchor: "middle" } as const;
    scene.shapes.push({ text: write(tick), ...place, fill: pen.ink.muted });
  }
}

/** The reference lines, each with its label on a line of its own; gives the height of these. */
function addReferences(
  scene: Scene,
  model: ChartModel,
  pen: Pen,
  { x }: Layout,
  top: number,
  bottom: number,
): number {
  let y = bottom + 18;
  for (const one of model.references) {
    addDashes(scene, one, pen, [x(one.value), top, x(one.value), y]);
    const lines = wrapped(one.label, pen.width, SMALL, pen.widthOf, 3);
    const half = widest(lines, SMALL, pen.widthOf) / 2;
    const at = Math.min(Math.max(x(one.value), half), pen.width - half);
    const fill = pen.ink.text;
    addLines(scene, lines, { x: at, y: y + 13, size: SMALL, anchor: "middle", fill });
    y += lines.length * LINE + 4;
  }
  return y - bottom - 18;
}
