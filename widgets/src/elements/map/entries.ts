// What the list beside a map shows of a layer: its rows by distance or name, its areas by figure.

import { inLanguage, type Locale } from "../../model/texts";
import { formatNumber, plainValue, valueWithUnit } from "../../model/values";
import type { ChoroplethLayer } from "../../model/views";
import type { Session } from "../../state/session";
import type { Area } from "./areas";
import { type Bounds, isInside, type Point } from "./geometry";
import type { Entry } from "./list";
import type { MapWords } from "./messages";
import { shadeOf, type Shading } from "./shading";
import { colorOf, ordered, type Ranked, type Spot, type SpotLayer } from "./spots";

/** Metres as a reader says them: whole kilometres from 10 km on. */
export function distanceText(metres: number, locale: Locale): string {
  if (metres < 950) return `${formatNumber(Math.round(metres / 50) * 50, locale, 0)} m`;
  return `${formatNumber(metres / 1000, locale, metres < 9950 ? 1 : 0)} km`;
}

/** The first entries of a list, and how many there are. */
export interface Listed {
  entries: Entry[];
  total: number;
}

interface Sorting {
  about: string;
  spots: Ranked[];
}
const sorted = new WeakMap<readonly Spot[], Sorting>();

/** Sorted once, however often the map moves over them. */
function sortedSpots(spots: readonly Spot[], from: Point | null, locale: Locale): Ranked[] {
  const about = JSON.stringify([from?.latitude, from?.longitude, locale]);
  let found = sorted.get(spots);
  if (found?.about !== about) {
    found = { about, spots: ordered(spots, from, locale) };
    sorted.set(spots, found);
  }
  return found.spots;
}

/** The rows within some bounds, at least the first `count`, and all up to the one that is picked. */
export function spotEntries(
  session: Session,
  layer: SpotLayer,
  spots: readonly Spot[],
  { bounds, count, current }: { bounds: Bounds | null; count: number; current: string | null },
  say: MapWords,
): Listed {
  const { locale } = session;
  const resource = session.resources.get(layer.resource ?? session.resource.name)!;
  const colored = layer.type === "points" && layer.color_by ? resource.field(layer.color_by) : null;
  const weighed = layer.type === "heat" && layer.weight ? resource.field(layer.weight) : null;
  const all = sortedSpots(spots, session.state.near, locale);
  const within = bounds
    ? all.filter(({ spot }) => spot.point && isInside(spot.point, bounds))
    : all;
  const seen = session.preview?.first(resource.name, within) ?? within;
  const picked = current === null ? -1 : seen.findIndex(({ spot }) => spot.key === current);
  const entries = seen.slice(0, Math.max(count, picked + 1)).map(({ spot, distance }): Entry => {
    const value = colored ? plainValue(colored, spot.value, locale) || say("missing") : "";
    const weight = weighed ? valueWithUnit(weighed, spot.value, locale) || say("missing") : "";
    const nowhere = spot.point ? "" : say("no_position");
    return {
      id: spot.key,
      title: spot.label,
      detail: [value, weight, nowhere].filter(Boolean).join(" · "),
      ...(distance === null ? {} : { aside: distanceText(distance, locale) }),
      color: colored ? colorOf(colored, spot.value, "") : null,
    };
  });
  return { entries, total: seen.length };
}

/** The figure of an area, in words. */
export function figureText(area: Area, locale: Locale, say: MapWords): string {
  if (area.value === null) return say("no_value");
  const digits = Math.abs(area.value) >= 100 ? 0 : Number.isInteger(area.value) ? 0 : 2;
  return formatNumber(area.value, locale, digits);
}

/** The lines of an area's mini card. */
export function areaLines(
  layer: ChoroplethLayer,
  area: Area,
  rows: string,
  locale: Locale,
  say: MapWords,
): { label: string; text: string }[] {
  const unit = inLanguage(layer.unit, locale) || inLanguage(layer.title, locale) || say("value");
  const lines = [{ label: unit, text: figureText(area, locale, say) }];
  if (layer.measure.operation !== "count" || layer.measure.per_inhabitants) {
    lines.push({ label: rows, text: formatNumber(area.count, locale) });
  }
  if (area.population !== null) {
    lines.push({ label: say("inhabitants"), text: formatNumber(area.population, locale) });
  }
  return lines;
}

/** Areas from the most to the least, those of which nothing is known last. */
export function areaEntries(
  areas: readonly Area[],
  shading: Shading,
  { bounds, count, current }: { bounds: Bounds | null; count: number; current: string | null },
  rows: string,
  locale: Locale,
  say: MapWords,
): Listed {
  const seen = bounds ? areas.filter((one) => one.center && isInside(one.center, bounds)) : areas;
  const figure = (name: string, number: number | null): string[] =>
    number === null ? [] : [say("figure", { name, value: formatNumber(number, locale) })];
  const ranked = [...seen].sort(
    (one, other) => (other.value ?? -Infinity) - (one.value ?? -Infinity),
  );
  const picked = ranked.findIndex((one) => one.code === current);
  const entries = ranked.slice(0, Math.max(count, picked + 1)).map((area): Entry => {
    const shade = shadeOf(area, shading);
    const details = [
      ...figure(rows, area.count),
      ...figure(say("inhabitants"), area.population),
    ];
    return {
      id: area.code,
      title: area.title,
      aside: figureText(area, locale, say),
      detail: details.join(" · "),
      color: shade.kind === "class" ? shade.color : null,
    };
  });
  return { entries, total: seen.length };
}
