// Lines with their points, along dates, numbers or groups, and reference lines across.

import { withUnit } from "./describing";
import { addDashes, addLevels, axisRoom } from "./grid";
import { widest, wrapped } from "./lettering";
import type { ChartModel, Point } from "./model";
import {
  addLegend,
  addLines,
  addMark,
  circle,
  colorOfPoint,
  LINE,
  newScene,
  type Pen,
  rectangle,
  type Scene,
  SMALL,
  stroke,
} from "./scene";
import { dateTicks, niceAxis, tickText } from "./ticks";
import { visible } from "./colours";

interface Taken {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Up to so many points of a line have their values written, where there is room. */
const MOST_VALUES = 16;

export function drawLines(model: ChartModel, pen: Pen): Scene {
  const scene = newScene(pen);
  const most = Math.max(
    1,
    ...model.references.map(
      (one) => wrapped(one.label, pen.width - 80, SMALL, pen.widthOf, 3).length,
    ),
  );
  const top = addLegend(scene, model, pen) + 6 + most * LINE;
  const all = model.series.flatMap((one) => one.points);
  const values = all.flatMap((one) => (one.value === null ? [] : [one.value]));
  const ends = [...values, ...model.references.map((one) => one.value)];
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const whole = ends.every(Number.isInteger);
  // From zero, unless all the change is far from it.
  const axis = niceAxis(low > 0 && low < high * 0.6 ? 0 : low, high, 5, whole);
  const left = axisRoom(axis, pen) + 4;
  const right = pen.width - 14;
  const bottom = Math.max(top + 140, (model.height ?? 320) - 30);
  const y = (value: number): number =>
    bottom - ((value - axis.min) / (axis.max - axis.min)) * (bottom - top);
  const x = placing(model, all, left + 8, right - 8);
  addLevels(scene, axis, pen, left, y);
  const below = addAcross(scene, model, pen, x, left, bottom);
  const taken: Taken[] = [];
  for (const one of model.references) {
    addDashes(scene, one, pen, [left, y(one.value), pen.width, y(one.value)]);
  }
  model.series.forEach((one, series) => {
    const color = colorOfPoint(model, series, 0, pen.ink);
    const shown = visible(color, pen.ink);
    scene.shapes.push({ d: path(one.points, x, y), stroke: shown, width: 2.5 });
    one.points.forEach((point, at) => {
      if (point.value === null) return;
      const [px, py] = [x(point, at), y(point.value)];
      const value = withUnit(point.text, point.unit ?? model.unit, pen.locale);
      const mark = addMark(scene, model, series, at, { x: px, y: py - 8, color, value });
      const paint = { fill: shown, stroke: pen.ink.surface, width: 1.5 };
      const radius = one.points.length > 60 ? 2.5 : 4.5;
      if (one.points.length <= 200)
        scene.shapes.push({ d: circle(px, py, radius), ...paint, mark });
      scene.shapes.push({ d: rectangle(px - 12, py - 12, 24, 24), touch: true, mark });
      taken.push({ left: px - 6, top: py - 6, right: px + 6, bottom: py + 6 });
    });
  });
  const across = model.references.map((one): Taken => {
    const at = y(one.value);
    return { left, right: pen.width, top: at - 1, bottom: at + 1 };
  });
  const segments = segmentsOf(model, x, y);
  addReferenceLabels(scene, model, pen, { left, right: pen.width, y, taken, segments });
  for (const one of model.series) addValues(one.points);
  scene.height = Math.ceil(below);
  return scene;

  function addValues(points: readonly Point[]): void {
    if (points.length > MOST_VALUES) return;
    points.forEach((point, at) => {
      if (point.value === null) return;
      const half = pen.widthOf(point.text, SMALL, true) / 2;
      const [px, py] = [x(point, at), y(point.value)];
      const aside = half + 8;
      const places = [
        [px, py - 10],
        [px, py + 20],
        [px - aside, py - 8],
        [px + aside, py + 14],
      ]
        .map(([middle, baseline]) => {
          const within = Math.min(Math.max(middle!, left + half), pen.width - half);
          return { middle: within, baseline: baseline!, box: boxOf(within, baseline!, half) };
        })
        .filter(({ box }) => !taken.some((one) => overlap(one, box)) && box.bottom < bottom);
      const crossed = [...across, ...segments];
      const place =
        places.find(({ box }) => !crossed.some((one) => overlap(one, box))) ?? places[0];
      if (!place) return;
      taken.push(place.box);
      scene.shapes.push({
        text: point.text,
        x: place.middle,
        y: place.baseline,
        size: SMALL,
        bold: true,
        anchor: "middle",
        fill: pen.ink.text,
        halo: pen.ink.surface,
      });
    });
  }
}

function boxOf(middle: number, baseline: number, half: number): Taken {
  return {
    left: middle - half - 2,
    right: middle + half + 2,
    top: baseline - 11,
    bottom: baseline + 3,
  };
}

function overlap(one: Taken, two: Taken): boolean {
  return (
    one.left < two.right && two.left < one.right && one.top < two.bottom && two.top < one.bottom
  );
}

/** Where a point stands across: by its date or number, else by its turn. */
function placing(
  model: ChartModel,
  all: readonly Point[],
  left: number,
  right: number,
): (point: Point, at: number) => number {
  if (model.axis === "groups") {
    const count = model.series[0]?.points.length ?? 1;
    return (_, at) => (count < 2 ? (left + right) / 2 : left + (at / (count - 1)) * (right - left));
  }
  const places = all.map((one) => one.at ?? 0);
  const [first, last] = [Math.min(...places), Math.max(...places)];
  return (point) =>
    last === first
      ? (left + right) / 2
      : left + (((point.at ?? 0) - first) / (last - first)) * (right - left);
}

function path(
  points: readonly Point[],
  x: (point: Point, at: number) => number,
  y: (value: number) => number,
): string {
  let pen = "M";
  return points
    .map((point, at) => {
      if (point.value === null) {
        pen = "M"; // a gap where nothing is known
        return "";
      }
      const step = `${pen}${x(point, at).toFixed(1)} ${y(point.value).toFixed(1)}`;
      pen = "L";
      return step;
    })
    .join("");
}

/** Small boxes along the lines, which labels keep clear of. */
function segmentsOf(
  model: ChartModel,
  x: (point: Point, at: number) => number,
  y: (value: number) => number,
): Taken[] {
  return model.series.flatMap((one) =>
    one.points.slice(1).flatMap((point, at) => {
      const before = one.points[at]!;
      if (point.value === null || before.value === null) return [];
      const [x1, y1, x2, y2] = [x(before, at), y(before.value), x(point, at + 1), y(point.value)];
      const steps = Math.max(1, Math.ceil(Math.hypot(x2 - x1, y2 - y1) / 8));
      return Array.from({ length: Math.min(steps, 400) }, (_, step): Taken => {
        const [px, py] = [x1 + ((x2 - x1) * step) / steps, y1 + ((y2 - y1) * step) / steps];
        return { left: px - 2, right: px + 2, top: py - 2, bottom: py + 2 };
      });
    }),
  );
}

/** The labels of reference lines, where they cover neither a line nor each other. */
function addReferenceLabels(
  scene: Scene,
  model: ChartModel,
  pen: Pen,
  room: {
    left: number;
    right: number;
    y: (value: number) => number;
    taken: Taken[];
    segments: Taken[];
  },
): void {
  for (const one of model.references) {
    const most = room.right - room.left - 8;
    const lines = wrapped(one.label, most, SMALL, pen.widthOf, 3);
    const half = widest(lines, SMALL, pen.widthOf) / 2;
    const height = lines.length * LINE;
    const line = room.y(one.value);
    const places = [line - 6 - height + LINE, line + 16].flatMap((baseline) =>
      [room.left + 4 + half, room.right - 4 - half, (room.left + room.right) / 2].map((middle) => ({
        middle,
        baseline,
        box: { ...boxOf(middle, baseline, half), bottom: baseline + height - LINE + 3 },
      })),
    );
    const free = (boxes: Taken[]) => (place: { box: Taken }) =>
      !boxes.some((other) => overlap(other, place.box));
    const place =
      places.find(free([...room.taken, ...room.segments])) ??
      places.find(free(room.taken)) ??
      places[0]!;
    room.taken.push(place.box);
    addLines(scene, lines, {
      x: place.middle,
      y: place.baseline,
      size: SMALL,
      fill: pen.ink.text,
      anchor: "middle",
      halo: pen.ink.surface,
    });
  }
}

/** What stands along the bottom; gives where it ends. */
function addAcross(
  scene: Scene,
  model: ChartModel,
  pen: Pen,
  x: (point: Point, at: number) => number,
  left: number,
  bottom: number,
): number {
  const across = { y: bottom + 18, size: SMALL, anchor: "middle", fill: pen.ink.muted } as const;
  const points = model.series.flatMap((one) => one.points);
  const places = points.map((one) => one.at ?? 0);
  const [first, last] = [Math.min(...places), Math.max(...places)];
  const count = Math.max(2, Math.floor((pen.width - left) / 90));
  let ticks: { x: number; text: string }[];
  if (model.axis === "groups") {
    ticks = (model.series[0]?.points ?? []).map((one, at) => ({ x: x(one, at), text: one.label }));
  } else if (first === last) ticks = [{ x: x(points[0]!, 0), text: points[0]!.label }];
  else if (model.axis === "dates") {
    ticks = dateTicks(first, last, count, pen.locale).map(({ at, text }) => ({
      x: x({ at } as Point, 0),
      text,
    }));
  } else {
    const axis = niceAxis(first, last, count);
    const write = tickText(axis.ticks, pen.locale);
    ticks = axis.ticks
      .filter((one) => one >= first && one <= last)
      .map((one) => ({ x: x({ at: one } as Point, 0), text: write(one) }));
  }
  let free = -Infinity;
  for (const tick of ticks) {
    const text =
      wrapped(
        tick.text,
        Math.max(60, pen.width / Math.min(4, ticks.length)),
        SMALL,
        pen.widthOf,
        1,
      )[0] ?? "";
    const half = pen.widthOf(text, SMALL) / 2;
    const at = Math.min(Math.max(tick.x, half), pen.width - half);
    if (at - half < free) continue;
    free = at + half + 10;
    scene.shapes.push({
      d: stroke(tick.x, bottom, tick.x, bottom + 4),
      stroke: pen.ink.muted,
      width: 1,
    });
    scene.shapes.push({ text, x: at, ...across });
  }
  return bottom + 26;
}
