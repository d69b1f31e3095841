// Which drawing a model gets.

import { drawDonut } from "./donut";
import { gathered } from "./gathering";
import { drawLines } from "./lines";
import { drawLying } from "./lying";
import type { ChartModel } from "./model";
import type { Pen, Scene } from "./scene";
import { canStand, drawStanding } from "./standing";
import { drawTreemap } from "./treemap";

/** The drawing of a model, at the width of the pen. */
export function drawn(given: ChartModel, pen: Pen): Scene {
  let model = given;
  const values = model.series.flatMap((one) => one.points.map((point) => point.value ?? 0));
  // What is below zero is no part of a whole.
  if ((model.type === "donut" || model.type === "treemap") && values.some((one) => one < 0)) {
    model = { ...model, type: "bars", orientation: "horizontal" };
  }
  model = gathered(model, pen.locale);
  switch (model.type) {
    case "donut":
      return drawDonut(model, pen);
    case "treemap":
      return drawTreemap(model, pen);
    case "lines":
      return drawLines(model, pen);
    default:
      // Bars stand if the descriptor says so and all of them fits.
      return model.orientation === "vertical" && canStand(model, pen)
        ? drawStanding(model, pen)
        : drawLying(model, pen);
  }
}
