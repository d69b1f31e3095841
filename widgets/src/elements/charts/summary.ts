// A chart in a few sentences, for those who do not see it: what it is, extremes, total, trend.

import { speaker } from "../../model/messages";
import type { Locale } from "../../model/texts";
import { figureText, sumOf, withUnit } from "./describing";
import { MESSAGES } from "./messages";
import type { ChartModel, Point } from "./model";

type Valued = Point & { value: number };

/** What a chart shows, in words. */
export function summaryOf(model: ChartModel, locale: Locale): string {
  const say = speaker(MESSAGES, locale);
  const all = model.series.flatMap((one) => one.points);
  const valued = all.filter((one): one is Valued => one.value !== null);
  if (!valued.length) return say("none");
  const kind = say(model.type as "bars");
  const said = [say("summary_of", { kind, n: all.length })];
  if (model.series.length > 1) {
    const names = model.series.map((one) => one.name).join(", ");
    said.push(say("summary_series", { n: model.series.length, names }));
  }
  if (model.type === "lines") said.push(...trends(model, locale));
  said.push(...extremes(model, valued, locale));
  const total = model.additive && valued.length > 1 ? sumOf(valued.map((one) => one.value)) : null;
  if (total !== null && model.type !== "lines") {
    const text = figureText(total, locale, model.decimals);
    said.push(say("summary_total", { total: withUnit(text, model.unit, locale) }));
  }
  for (const { label, text } of model.references) {
    said.push(say("summary_reference", { label, value: text }));
  }
  const missing = all.length - valued.length;
  if (missing) said.push(say("summary_missing", { n: missing }));
  return said.join(" ");
}

function named(point: Point, series: string, model: ChartModel, locale: Locale): string {
  const value = withUnit(point.text, point.unit ?? model.unit, locale);
  return `${point.label}${series && ` (${series})`}, ${value}`;
}

function extremes(model: ChartModel, valued: readonly Valued[], locale: Locale): string[] {
  const say = speaker(MESSAGES, locale);
  const seriesOf = (point: Point): string =>
    model.series.length > 1
      ? (model.series.find((one) => one.points.includes(point))?.name ?? "")
      : "";
  const told = (point: Point): string => named(point, seriesOf(point), model, locale);
  if (valued.length === 1) return [say("summary_one", { one: told(valued[0]!) })];
  // A group that gathers the others is neither the largest nor the smallest of them.
  const single = valued.filter((one) => !one.others);
  const most = single.reduce((one, two) => (two.value > one.value ? two : one));
  const least = single.reduce((one, two) => (two.value < one.value ? two : one));
  if (most.value === least.value) {
    return [say("summary_equal", { value: withUnit(most.text, model.unit, locale) })];
  }
  return [say("summary_extremes", { most: told(most), least: told(least) })];
}

function trends(model: ChartModel, locale: Locale): string[] {
  const say = speaker(MESSAGES, locale);
  return model.series.flatMap(({ name, points }) => {
    const known = points.filter((one): one is Valued => one.value !== null);
    const [first, last] = [known[0], known.at(-1)];
    if (!first || !last || first === last) return [];
    const change = Number((last.value - first.value).toPrecision(12));
    const by = withUnit(figureText(Math.abs(change), locale, model.decimals), model.unit, locale);
    return [
      say("summary_trend", {
        name: name || model.title,
        first: named(first, "", model, locale),
        last: named(last, "", model, locale),
      }),
      change === 0
        ? say("summary_level")
        : say(change > 0 ? "summary_rise" : "summary_fall", { change: by }),
    ];
  });
}
