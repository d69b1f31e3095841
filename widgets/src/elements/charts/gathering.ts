// The smallest groups gathered into one, so that a chart stays readable.

import type { Locale } from "../../model/texts";
import { figureText, sumOf } from "./describing";
import { OTHERS } from "./messages";
import type { ChartModel, Point } from "./model";

/** Groups that are drawn one by one; a donut's slices are told apart by colour. */
export const MOST_GROUPS = 20;
export const MOST_SLICES = 8;

/** One point for several: their sum where they can be added, else no value. */
export function othersOf(
  points: readonly Point[],
  locale: Locale,
  { additive, decimals }: Pick<ChartModel, "additive" | "decimals">,
  like?: Point,
): Point {
  const value = additive ? sumOf(points.map((one) => one.value)) : null;
  const text = figureText(value, locale, decimals);
  if (like) return { ...like, value, text };
  return { label: `${OTHERS[locale]} (${points.length})`, value, text, others: points.length };
}

/**
 * The model with at most so many groups. Those that are selected stay; the order stays; the last
 * group stands for the others.
 */
export function gathered(model: ChartModel, locale: Locale, most?: number): ChartModel {
  const limit = most ?? (model.type === "donut" ? MOST_SLICES : MOST_GROUPS);
  const first = model.series[0]?.points ?? [];
  if (model.axis !== "groups" || model.type === "lines" || first.length <= limit) return model;
  if (model.type === "treemap" && model.series.length > 1) return model;
  const sizes = first.map((_, at) =>
    Math.abs(sumOf(model.series.map((one) => one.points[at]?.value ?? null)) ?? 0),
  );
  const kept = new Set(
    first
      .map((point, at) => ({ at, chosen: model.selected.includes(point.key ?? "\0") }))
      .sort((one, two) => +two.chosen - +one.chosen || sizes[two.at]! - sizes[one.at]!)
      .slice(0, limit - 1)
      .map((one) => one.at),
  );
  const series = model.series.map((one) => ({
    ...one,
    points: [
      ...one.points.filter((_, at) => kept.has(at)),
      othersOf(
        one.points.filter((_, at) => !kept.has(at)),
        locale,
        model,
      ),
    ],
  }));
  return { ...model, series };
}
