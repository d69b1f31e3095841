// A donut: shares of a whole, its total in the middle, its legend with values and shares.

import { shareDecimals, shareText, withUnit } from "./describing";
import { wrapped } from "./lettering";
import type { ChartModel } from "./model";
import {
  addLines,
  addMark,
  circle,
  colorOfPoint,
  LINE,
  newScene,
  NORMAL,
  painted,
  type Pen,
  rectangle,
  type Scene,
  SMALL,
} from "./scene";

/** From and to of each slice, in turns from the top, clockwise; together one whole turn. */
export function slices(values: readonly (number | null)[]): { from: number; to: number }[] {
  const sum = values.reduce<number>((total, one) => total + Math.max(0, one ?? 0), 0);
  let done = 0;
  return values.map((one) => {
    const from = sum ? done / sum : 0;
    done += Math.max(0, one ?? 0);
    return { from, to: sum ? done / sum : 0 };
  });
}

export function drawDonut(model: ChartModel, pen: Pen): Scene {
  const scene = newScene(pen);
  const points = model.series[0]!.points;
  const beside = pen.width >= 400;
  const most = Math.min(model.height ?? 260, 300);
  const size = beside ? Math.min(most, pen.width * 0.44) : Math.min(most, pen.width, 240);
  const legendLeft = beside ? size + 24 : 0;
  const legend = legendOf(model, pen, pen.width - legendLeft);
  const height = beside ? Math.max(size, legend.height) : size + 16 + legend.height;
  const [x, y] = [beside ? size / 2 : pen.width / 2, beside ? height / 2 : size / 2];
  const turns = slices(points.map((one) => one.value));
  const decimals = shareDecimals(turns.map((one) => one.to - one.from));
  const [outer, inner] = [size / 2 - 2, size * 0.31];
  if (turns.every((one) => one.to === 0)) {
    const d = circle(x, y, (outer + inner) / 2);
    scene.shapes.push({ d, stroke: pen.ink.line, width: outer - inner });
  }
  let top = beside ? (height - legend.height) / 2 : size + 16;
  points.forEach((point, at) => {
    const { from, to } = turns[at]!;
    const middle = (from + to) / 2;
    const color = colorOfPoint(model, 0, at, pen.ink);
    const angle = middle * 2 * Math.PI - Math.PI / 2;
    const value = withUnit(point.text, point.unit ?? model.unit, pen.locale);
    const mark = addMark(scene, model, 0, at, {
      x: x + Math.cos(angle) * ((outer + inner) / 2),
      y: y + Math.sin(angle) * ((outer + inner) / 2) - 6,
      color,
      value: `${value} (${shareText(to - from, pen.locale, decimals)})`,
    });
    const paint = painted(color, pen.ink);
    if (to > from) {
      // Thin gaps between slices, which leave the thinnest of them visible.
      const gap = Math.min((to - from) / 4, 1 / (2 * Math.PI * outer));
      const d = ring(x, y, outer, inner, from + gap, to - gap);
      scene.shapes.push({ d, ...paint, mark });
    }
    const { lines, figures } = legend.entries[at]!;
    const rows = lines.length + 1;
    const touch = rectangle(legendLeft - 4, top, pen.width - legendLeft + 4, rows * LINE + 6);
    scene.shapes.push({ d: touch, touch: true, mark });
    scene.shapes.push({ d: rectangle(legendLeft, top + 5, 12, 12, 2), ...paint, mark });
    const place = { x: legendLeft + 20, y: top + 15, size: NORMAL };
    addLines(scene, lines, { ...place, fill: pen.ink.text, mark });
    scene.shapes.push({
      text: figures,
      ...place,
      y: top + 15 + lines.length * LINE,
      size: SMALL,
      fill: pen.ink.muted,
      mark,
    });
    top += rows * LINE + 8;
  });
  addTotal(scene, model, pen, x, y, inner);
  scene.height = Math.ceil(height + 2);
  return scene;
}

function legendOf(
  model: ChartModel,
  pen: Pen,
  width: number,
): { height: number; entries: { lines: string[]; figures: string }[] } {
  const points = model.series[0]!.points;
  const shares = slices(points.map((one) => one.value)).map((one) => one.to - one.from);
  const decimals = shareDecimals(shares);
  const entries = points.map((one, at) => {
    const share = shareText(shares[at]!, pen.locale, decimals);
    const value = withUnit(one.text, one.unit ?? model.unit, pen.locale);
    return {
      lines: wrapped(one.label, width - 24, NORMAL, pen.widthOf),
      figures: `${value} · ${share}`,
    };
  });
  const height = entries.reduce((sum, one) => sum + (one.lines.length + 1) * LINE + 8, 0);
  return { height, entries };
}

/** The total, as large as the hole lets it be. */
function addTotal(
  scene: Scene,
  model: ChartModel,
  pen: Pen,
  x: number,
  y: number,
  inner: number,
): void {
  if (!model.total) return;
  const { text } = model.total;
  const room = inner * 1.6;
  const size = Math.max(12, Math.min(30, (24 * room) / Math.max(1, pen.widthOf(text, 24, true))));
  const label = model.unit || { fr: "total", en: "total" }[pen.locale];
  const fits = pen.widthOf(label, SMALL) <= room;
  const middle = { x, anchor: "middle" } as const;
  const baseline = y + size * 0.35 - (fits ? 7 : 0);
  scene.shapes.push({ text, ...middle, y: baseline, size, bold: true, fill: pen.ink.text });
  if (!fits) return;
  scene.shapes.push({ text: label, ...middle, y: baseline + 17, size: SMALL, fill: pen.ink.muted });
}

function ring(
  x: number,
  y: number,
  outer: number,
  inner: number,
  from: number,
  to: number,
): string {
  // A whole turn has no beginning: it is drawn as two circles.
  if (to - from > 0.995) return `${circle(x, y, outer)}${inside(x, y, inner)}`;
  const at = (turn: number, radius: number): string => {
    const angle = turn * 2 * Math.PI - Math.PI / 2;
    return `${(x + Math.cos(angle) * radius).toFixed(2)} ${(y + Math.sin(angle) * radius).toFixed(2)}`;
  };
  const large = to - from > 0.5 ? 1 : 0;
  return (
    `M${at(from, outer)}A${outer} ${outer} 0 ${large} 1 ${at(to, outer)}` +
    `L${at(to, inner)}A${inner} ${inner} 0 ${large} 0 ${at(from, inner)}z`
  );
}

/** A circle the other way round, which leaves a hole. */
function inside(x: number, y: number, radius: number): string {
  return `M${x - radius} ${y}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0z`;
}
