// Standing bars, where their labels and values have the room.

import { addPart, type Bar, barsOf, isStacked, valueAxis } from "./bars";
import { addDashes, addLevels, axisRoom } from "./grid";
import { widest, wrapped, wrapsWell } from "./lettering";
import type { ChartModel } from "./model";
import { addLegend, addLines, LINE, newScene, type Pen, type Scene, SMALL } from "./scene";

/** The least width of a bar with its room: a target wide. */
const LEAST_BAND = 28;
const WIDEST_BAR = 72;
const MOST_LINES = 4;
/** Tick marks of the axis of values, about. */
const TICKS = 5;

/** Whether standing bars have the room for all that is written at them. */
export function canStand(model: ChartModel, pen: Pen): boolean {
  const all = barsOf(model, pen);
  const left = axisRoom(valueAxis(model, all, TICKS), pen);
  const band = (pen.width - left) / Math.max(1, all.length);
  const each = band / (all[0]?.length ?? 1);
  const texts = all.flat().map((bar) => bar.text);
  return (
    each >= LEAST_BAND &&
    widest(texts, SMALL, pen.widthOf) <= each - 2 &&
    model.series[0]!.points.every((one) =>
      wrapsWell(one.label, band - 6, SMALL, pen.widthOf, MOST_LINES),
    )
  );
}

export function drawStanding(model: ChartModel, pen: Pen): Scene {
  const scene = newScene(pen);
  const all = barsOf(model, pen);
  const axis = valueAxis(model, all, TICKS);
  const left = axisRoom(axis, pen);
  const band = (pen.width - left) / Math.max(1, all.length);
  const labels = model.series[0]!.points.map((one) =>
    wrapped(one.label, band - 6, SMALL, pen.widthOf, MOST_LINES),
  );
  const below = Math.max(...labels.map((one) => one.length)) * LINE + 10;
  const under = axis.min < 0 ? 18 : 0;
  const top = addLegend(scene, model, pen) + 20;
  const bottom = Math.max(top + 120, (model.height ?? 320) - below - under);
  const scale = (bottom - top) / (axis.max - axis.min);
  const y = (value: number): number => bottom - (value - axis.min) * scale;
  addLevels(scene, axis, pen, left, y);
  all.forEach((bars, point) => {
    const start = left + point * band;
    const width = Math.min(WIDEST_BAR, (band * (bars.length > 1 ? 0.84 : 0.7)) / bars.length);
    const first = start + (band - width * bars.length) / 2;
    const whole = [start, top - 16, band, bottom + under + below - top + 16] as const;
    bars.forEach((bar, at) => {
      const x = first + at * width;
      addBar(scene, model, pen, y, { bar, point, x, width, whole });
    });
    addLines(scene, labels[point]!, {
      x: start + band / 2,
      y: bottom + under + 17,
      size: SMALL,
      fill: pen.ink.text,
      anchor: "middle",
    });
  });
  addReferences(scene, model, pen, left, y);
  scene.height = Math.ceil(bottom + under + below);
  return scene;
}

function addBar(
  scene: Scene,
  model: ChartModel,
  pen: Pen,
  y: (value: number) => number,
  one: {
    bar: Bar;
    point: number;
    x: number;
    width: number;
    whole: readonly [number, number, number, number];
  },
): void {
  const { bar, point, x, width } = one;
  const ends = [y(0), ...bar.parts.map((part) => y(part.to))];
  const end = bar.negative ? Math.max(...ends) : Math.min(...ends);
  const parts = bar.parts.length ? bar.parts : [{ series: bar.series, from: 0, to: 0 }];
  for (const part of parts) {
    const [from, to] = [y(part.from), y(part.to)];
    addPart(scene, model, part.series, point, pen, {
      tip: [x + width / 2, isStacked(model) ? (from + to) / 2 : Math.min(from, to) - 14],
      box: [x + 0.5, Math.min(from, to), width - 1, Math.max(Math.abs(from - to), 1.5)],
      touch: model.series.length === 1 ? one.whole : null,
    });
  }
  scene.shapes.push({
    text: bar.text,
    x: x + width / 2,
    y: end + (bar.negative ? 14 : -5),
    size: SMALL,
    fill: bar.parts.length ? pen.ink.text : pen.ink.muted,
    anchor: "middle",
    halo: pen.ink.surface,
  });
}

function addReferences(
  scene: Scene,
  model: ChartModel,
  pen: Pen,
  left: number,
  y: (value: number) => number,
): void {
  for (const one of model.references) {
    addDashes(scene, one, pen, [left, y(one.value), pen.width, y(one.value)]);
    const lines = wrapped(one.label, pen.width - left - 8, SMALL, pen.widthOf, 3);
    const first = y(one.value) - 6 - (lines.length - 1) * LINE;
    const shape = { size: SMALL, fill: pen.ink.text, halo: pen.ink.surface } as const;
    addLines(scene, lines, { x: pen.width - 4, y: first, anchor: "end", ...shape });
  }
}
