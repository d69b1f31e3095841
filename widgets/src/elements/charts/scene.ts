// What is drawn, as paths and texts with their colours, whoever draws it: page, SVG file or canvas.

import type { Locale } from "../../model/texts";
import { contrast, type Ink, mixed, paletteColor, visible } from "./colours";
import { figureText, sumOf } from "./describing";
import { type TextWidth, wrapped } from "./lettering";
import type { ChartModel, ChartSeries, Point, Selection } from "./model";

export interface PathShape {
  d: string;
  fill?: string;
  stroke?: string;
  width?: number;
  dash?: string;
  /** The mark that it belongs to; of no mark where undefined. */
  mark?: number;
  /** It is there to be touched, not to be seen. */
  touch?: boolean;
}

export interface TextShape {
  text: string;
  x: number;
  /** Of the line that the letters stand on. */
  y: number;
  size: number;
  fill: string;
  bold?: boolean;
  anchor?: "start" | "middle" | "end";
  /** Drawn around the letters, so that they stay readable over lines. */
  halo?: string;
  mark?: number;
}

export type Shape = PathShape | TextShape;

/** A value that can be pointed at. */
export interface Mark {
  label: string;
  value: string;
  color: string;
  /** Where its description points to. */
  x: number;
  y: number;
  /** Whether something else is filtered by, so that it steps back. */
  dimmed: boolean;
  chosen: boolean;
  select: Selection | null;
}

export interface Scene {
  width: number;
  height: number;
  shapes: Shape[];
  marks: Mark[];
}

/** What a layout needs to know of the place it draws for. */
export interface Pen {
  width: number;
  ink: Ink;
  widthOf: TextWidth;
  locale: Locale;
}

export const SMALL = 12;
export const NORMAL = 13;
export const LINE = 16;

export function newScene(pen: Pen): Scene {
  return { width: pen.width, height: 0, shapes: [], marks: [] };
}

const round = (value: number): number => Math.round(value * 100) / 100;

export function rectangle(x: number, y: number, width: number, height: number, radius = 0): string {
  const [w, h] = [Math.max(0, width), Math.max(0, height)];
  const r = round(Math.min(radius, w / 2, h / 2));
  const corner = (dx: number, dy: number): string => (r ? `a${r} ${r} 0 0 1 ${dx} ${dy}` : "");
  return (
    `M${round(x + r)} ${round(y)}h${round(w - 2 * r)}${corner(r, r)}v${round(h - 2 * r)}` +
    `${corner(-r, r)}h${round(2 * r - w)}${corner(-r, -r)}v${round(2 * r - h)}${corner(r, -r)}z`
  );
}

export function circle(x: number, y: number, radius: number): string {
  const r = round(radius);
  return `M${round(x - r)} ${round(y)}a${r} ${r} 0 1 1 ${2 * r} 0a${r} ${r} 0 1 1 ${-2 * r} 0z`;
}

export function stroke(x1: number, y1: number, x2: number, y2: number): string {
  return `M${round(x1)} ${round(y1)}L${round(x2)} ${round(y2)}`;
}

/** The fill of a mark, and an outline where the colour is too pale (or too dark) to be seen. */
export function painted(color: string, ink: Ink): Pick<PathShape, "fill" | "stroke" | "width"> {
  if (contrast(color, ink.surface) >= 3) return { fill: color };
  return { fill: color, stroke: visible(color, ink), width: 1 };
}

/** The colour of a point: its own, that of its series, else one of the palette. */
export function colorOfPoint(model: ChartModel, series: number, point: number, ink: Ink): string {
  const one = model.series[series]!;
  const value = one.points[point]!;
  const parted = model.type === "donut" || model.type === "treemap";
  if (value.color) return value.color;
  if (value.others || (parted && value.key === "")) return mixed(ink.muted, ink.surface, 0.35);
  if (one.color) return one.color;
  return paletteColor(model.series.length > 1 || model.type !== "donut" ? series : point);
}

function isDimmed(model: ChartModel, series: ChartSeries, point: Point): boolean {
  const out = (chosen: readonly string[], key: string | undefined): boolean =>
    chosen.length > 0 && (key === undefined || !chosen.includes(key));
  return out(model.selected, point.key) || out(model.seriesSelected, series.key);
}

/** Add the mark of a point; gives its number. */
export function addMark(
  scene: Scene,
  model: ChartModel,
  series: number,
  point: number,
  at: { x: number; y: number; color: string; value: string },
): number {
  const one = model.series[series]!;
  const value = one.points[point]!;
  const named = model.series.length > 1 && one.name;
  const names = model.type === "treemap" ? [one.name, value.label] : [value.label, one.name];
  scene.marks.push({
    ...at,
    label: named ? names.join(" · ") : value.label,
    dimmed: isDimmed(model, one, value),
    chosen: value.key !== undefined && model.selected.includes(value.key),
    select:
      model.field !== null && value.key !== undefined
        ? { field: model.field, value: value.key }
        : null,
  });
  return scene.marks.length - 1;
}

/** Add lines of text, one under the other. */
export function addLines(
  scene: Scene,
  lines: readonly string[],
  shape: Omit<TextShape, "text">,
  height = LINE,
): void {
  lines.forEach((text, at) => scene.shapes.push({ ...shape, text, y: shape.y + at * height }));
}

/** The mark of a whole series, where it can be filtered by. */
function addSeriesMark(
  scene: Scene,
  model: ChartModel,
  series: number,
  at: { x: number; y: number; color: string },
  pen: Pen,
): number | undefined {
  const one = model.series[series]!;
  if (model.seriesField === null || one.key === undefined) return undefined;
  const value = model.additive ? sumOf(one.points.map((point) => point.value)) : null;
  scene.marks.push({
    ...at,
    label: one.name,
    value: figureText(value, pen.locale, model.decimals),
    dimmed: model.seriesSelected.length > 0 && !model.seriesSelected.includes(one.key),
    chosen: model.seriesSelected.includes(one.key),
    select: { field: model.seriesField, value: one.key },
  });
  return scene.marks.length - 1;
}

/** A legend of the series along the top; gives the height it takes. */
export function addLegend(scene: Scene, model: ChartModel, pen: Pen): number {
  if (model.series.length < 2 || !model.legend) return 0;
  let [x, y] = [0, 0];
  model.series.forEach((one, at) => {
    const lines = wrapped(one.name, pen.width - 20, SMALL, pen.widthOf, 2);
    const width = Math.max(...lines.map((line) => pen.widthOf(line, SMALL))) + 18;
    if (x > 0 && x + width > pen.width) [x, y] = [0, y + 24];
    const color = colorOfPoint(model, at, 0, pen.ink);
    scene.shapes.push({ d: rectangle(x, y + 3, 12, 12, 2), ...painted(color, pen.ink) });
    const mark = addSeriesMark(scene, model, at, { x: x + width / 2, y, color }, pen);
    if (mark !== undefined) {
      const height = 8 + LINE * lines.length;
      scene.shapes.push({ d: rectangle(x - 4, y - 3, width + 8, height), mark, touch: true });
    }
    addLines(scene, lines, { x: x + 18, y: y + 13, size: SMALL, fill: pen.ink.text });
    x += width + 16;
    if (lines.length > 1) [x, y] = [0, y + 24 + LINE * (lines.length - 2)];
  });
  return y + (x > 0 ? 24 : 0) + 8;
}
