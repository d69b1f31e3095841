// A treemap: areas proportional to values, as near to squares as they can be.

import { readableOn } from "../../model/values";
import { shareText, sumOf, withUnit } from "./describing";
import { wrapped } from "./lettering";
import type { ChartModel } from "./model";
import {
  addLines,
  addMark,
  colorOfPoint,
  LINE,
  newScene,
  painted,
  type Pen,
  rectangle,
  type Scene,
  SMALL,
} from "./scene";

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * Boxes whose areas are proportional to the values and fill `room` (Bruls, Huizing & van Wijk,
 * "Squarified Treemaps", 2000). A value of 0 or less gets a box of no size.
 */
export function squarified(values: readonly number[], room: Box): Box[] {
  const sum = values.reduce((total, one) => total + Math.max(0, one), 0);
  const boxes: Box[] = values.map(() => ({ x: room.x, y: room.y, width: 0, height: 0 }));
  if (!(sum > 0)) return boxes;
  const scale = (room.width * room.height) / sum;
  const left = values
    .map((value, at) => ({ at, area: value * scale }))
    .filter((one) => one.area > 0)
    .sort((one, two) => two.area - one.area);
  let { x, y, width, height } = room;
  while (left.length) {
    const side = Math.min(width, height);
    let row = [left[0]!];
    for (let count = 2; count <= left.length; count += 1) {
      const longer = left.slice(0, count);
      if (worst(longer, side) > worst(row, side)) break;
      row = longer;
    }
    const deep = row.reduce((total, one) => total + one.area, 0) / side;
    let along = 0;
    for (const { at, area } of row) {
      const length = area / deep;
      boxes[at] =
        width >= height
          ? { x, y: y + along, width: deep, height: length }
          : { x: x + along, y, width: length, height: deep };
      along += length;
    }
    if (width >= height) [x, width] = [x + deep, width - deep];
    else [y, height] = [y + deep, height - deep];
    left.splice(0, row.length);
  }
  return boxes;
}

/** How far from a square the worst box of a row is. */
function worst(row: readonly { area: number }[], side: number): number {
  const sum = row.reduce((total, one) => total + one.area, 0);
  return Math.max(
    ...row.map(({ area }) =>
      Math.max((side * side * area) / sum ** 2, sum ** 2 / (side * side * area)),
    ),
  );
}

export function drawTreemap(model: ChartModel, pen: Pen): Scene {
  const scene = newScene(pen);
  const height = model.height ?? Math.round(Math.min(340, Math.max(240, pen.width * 0.6)));
  const room = { x: 0, y: 0, width: pen.width, height };
  const sums = model.series.map((one) => sumOf(one.points.map((point) => point.value)) ?? 0);
  const whole = sumOf(sums) ?? 0;
  const outside: Outside[] = [];
  squarified(sums, room).forEach((around, series) => {
    const values = model.series[series]!.points.map((one) => one.value ?? 0);
    squarified(values, around).forEach((box, point) => {
      const { label, text, unit } = model.series[series]!.points[point]!;
      // What two fields have together in no row is no box.
      if (!text || (!values[point] && model.series.length > 1)) return;
      const color = colorOfPoint(model, series, point, pen.ink);
      const value = withUnit(text, unit ?? model.unit, pen.locale);
      const share = shareText(whole ? (values[point] ?? 0) / whole : 0, pen.locale);
      const mark = addMark(scene, model, series, point, {
        x: box.x + box.width / 2,
        y: box.y + Math.min(box.height / 2, 24),
        color,
        value: `${value} (${share})`,
      });
      const named = model.series.length > 1 ? scene.marks[mark]!.label : label;
      if (box.width > 0 && box.height > 0) addBox(scene, box, color, pen, mark);
      if (!addText(scene, box, named, text, color, pen, mark)) {
        outside.push({ text: `${named}${pen.locale === "fr" ? " : " : ": "}${text}`, color, mark });
      }
    });
  });
  scene.height = height;
  scene.height += addOutside(scene, outside, pen, height + 12);
  return scene;
}

/** What has no room in its box. */
interface Outside {
  text: string;
  color: string;
  mark: number;
}

/** A list of it under the boxes; gives the height it takes. */
function addOutside(scene: Scene, all: readonly Outside[], pen: Pen, top: number): number {
  let [x, y] = [0, top];
  for (const { text, color, mark } of all) {
    const lines = wrapped(text, pen.width - 16, SMALL, pen.widthOf, 8);
    const width = Math.max(...lines.map((line) => pen.widthOf(line, SMALL))) + 16;
    if (x > 0 && (x + width > pen.width || lines.length > 1)) [x, y] = [0, y + 20];
    scene.shapes.push({ d: rectangle(x, y + 1, 10, 10, 2), ...painted(color, pen.ink), mark });
    addLines(scene, lines, { x: x + 16, y: y + 10, size: SMALL, fill: pen.ink.text, mark });
    x += width + 14;
    if (lines.length > 1) [x, y] = [0, y + 4 + LINE * lines.length];
  }
  return all.length ? y + (x > 0 ? 20 : 0) - top + 12 : 0;
}

function addBox(scene: Scene, box: Box, color: string, pen: Pen, mark: number): void {
  const gap = Math.min(1, box.width / 4, box.height / 4);
  scene.shapes.push({
    d: rectangle(box.x + gap, box.y + gap, box.width - 2 * gap, box.height - 2 * gap, 2),
    ...painted(color, pen.ink),
    mark,
  });
}

/** Write what fits whole into a box; false when nothing does. */
function addText(
  scene: Scene,
  box: Box,
  label: string,
  value: string,
  color: string,
  pen: Pen,
  mark: number,
): boolean {
  const size = box.width > 150 && box.height > 70 ? 14 : SMALL;
  const lines = wrapped(label, box.width - 14, size, pen.widthOf, 20);
  const words = label.split(/[ \t\n/\-–]+/u);
  const broken = words.some((one) => pen.widthOf(one, size) > box.width - 14);
  if (broken || (lines.length + 1) * LINE + 10 > box.height) return false;
  const fill = readableOn(color);
  const place = { x: box.x + 8, y: box.y + 19, size, fill, mark };
  addLines(scene, lines, place);
  const below = { ...place, y: place.y + lines.length * LINE, bold: true };
  scene.shapes.push({ text: value, ...below });
  return true;
}
