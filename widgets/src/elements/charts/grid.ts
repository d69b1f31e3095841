// The lines of a standing axis of values, and the reference lines across them.

import { visible } from "./colours";
import type { ReferenceLine } from "./model";
import { type Pen, type Scene, SMALL, stroke } from "./scene";
import { type Axis, tickText } from "./ticks";
import { widest } from "./lettering";

/** The room for the numbers of the axis. */
export function axisRoom(axis: Axis, pen: Pen): number {
  return widest(axis.ticks.map(tickText(axis.ticks, pen.locale)), SMALL, pen.widthOf) + 10;
}

/** A line and its number at every tick; the line of zero is darker. */
export function addLevels(
  scene: Scene,
  axis: Axis,
  pen: Pen,
  left: number,
  y: (value: number) => number,
): void {
  const write = tickText(axis.ticks, pen.locale);
  for (const tick of axis.ticks) {
    const line = tick === 0 ? pen.ink.muted : pen.ink.line;
    scene.shapes.push({ d: stroke(left, y(tick), pen.width, y(tick)), stroke: line, width: 1 });
    const at = { x: left - 8, y: y(tick) + 4, size: SMALL, anchor: "end" } as const;
    scene.shapes.push({ text: write(tick), ...at, fill: pen.ink.muted });
  }
}

/** A dashed line from a place to another, in the colour of the reference. */
export function addDashes(
  scene: Scene,
  one: ReferenceLine,
  pen: Pen,
  [x1, y1, x2, y2]: readonly [number, number, number, number],
): void {
  const color = visible(one.color ?? pen.ink.accent, pen.ink);
  scene.shapes.push({ d: stroke(x1, y1, x2, y2), stroke: color, width: 1.5, dash: "6 4" });
}
