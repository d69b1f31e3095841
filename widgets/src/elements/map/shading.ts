// The colours and sizes of areas, decided once for the map, its legend and its list.

import type { ChoroplethLayer } from "../../model/views";
import { safeColor } from "../../model/values";
import type { Area } from "./areas";
import { classesOf, classOf, type ValueClass } from "./classes";

const BLUES = ["#eff3ff", "#bdd7e7", "#6baed6", "#3182bd", "#08519c"];
const SMALLEST = 3;

export interface Shading {
  classes: ValueClass[];
  /** Whether areas without any are told apart from the classes. */
  none: boolean;
  /** Whether there are areas of which nothing is known. */
  unknown: boolean;
  /** What the size of a circle stands for. */
  size: "population" | "value" | null;
}

export type Shade = { kind: "class"; color: string } | { kind: "none" } | { kind: "unknown" };

/** Nothing at all is a class of its own: it is no small amount, and often the most frequent one. */
export function shadingOf(layer: ChoroplethLayer, areas: readonly Area[]): Shading {
  const { operation } = layer.measure;
  const apart = !layer.steps && (operation === "count" || operation === "sum");
  const values = areas.flatMap(({ value }) =>
    value === null || (apart && value === 0) ? [] : [value],
  );
  const scale = (layer.scale ?? BLUES).map(safeColor).filter((one) => one !== null);
  return {
    classes: classesOf(values, scale, layer.steps),
    none: apart && areas.some((one) => one.value === 0),
    unknown: areas.some((one) => one.value === null),
    size: layer.areas.population ? "population" : operation === "mean" ? null : "value",
  };
}

export function shadeOf(area: Area, shading: Shading): Shade {
  if (area.value === null) return { kind: "unknown" };
  if (shading.none && area.value === 0) return { kind: "none" };
  const found = classOf(area.value, shading.classes);
  return found ? { kind: "class", color: found.color } : { kind: "unknown" };
}

/** Radii (pixels) of circles whose surface stands for the size of their area. */
export function radiiOf(areas: readonly Area[], shading: Shading): number[] {
  const size = (area: Area): number =>
    shading.size === null ? 1 : Math.max(0, (area[shading.size] as number | null) ?? 0);
  const most = Math.max(...areas.map(size), 0);
  // Many circles must be small ones, or they hide each other.
  const largest = Math.min(24, Math.max(7, 320 / Math.sqrt(areas.length || 1)));
  return areas.map((area) =>
    most ? SMALLEST + (largest - SMALLEST) * Math.sqrt(size(area) / most) : SMALLEST,
  );
}

/** Whether the outlines have a polygon for most areas: then they are filled, else circles drawn. */
export function areFilled(areas: readonly Area[], outlined: ReadonlySet<string>): boolean {
  const known = areas.filter((one) => outlined.has(one.code)).length;
  return known > 0 && known >= areas.length / 2;
}
