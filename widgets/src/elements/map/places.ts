// Places that a reader can search around: which resource has them, and how they are found by name.

import type { Resource, Row } from "../../model/field";
import { fill, folded, inLanguage, type Locale, type Texts } from "../../model/texts";
import type { Order } from "../../model/query";
import type { MapView } from "../../model/views";
import type { Session } from "../../state/session";
import type { Point } from "./geometry";
import { pointOf } from "./spots";

export interface Place extends Point {
  key: string;
  label: string;
}

export interface Gazetteer {
  resource: Resource;
  label: Texts;
  latitude: string;
  longitude: string;
  /** Large places first, where their size is known. */
  order: Order[];
}

const ASKED = 200;
const SHOWN = 10;
export const RADII = [5, 10, 20, 30, 50];

/** The places of a view: those that it names, else those that one of its layers joins areas to. */
export function gazetteerOf(session: Session, view: MapView): Gazetteer | null {
  const joined = view.layers.flatMap((one) => (one.type === "choropleth" ? [one.areas] : []));
  const name = view.places?.resource ?? joined[0]?.resource;
  const resource = name === undefined ? undefined : session.resources.get(name);
  if (!resource) return null;
  const [latitude, longitude] = view.places
    ? [view.places.latitude, view.places.longitude]
    : (resource.descriptor.geo ?? []);
  if (!latitude || !longitude) return null;
  const size = joined.find((one) => one.resource === name && one.population)?.population;
  return {
    resource,
    label: view.places?.label ?? resource.descriptor.label ?? "",
    latitude,
    longitude,
    order: size && resource.field(size) ? [{ field: size, descending: true }] : [],
  };
}

/** The places whose name has some words, those that begin with them first. */
export async function findPlaces(
  session: Session,
  places: Gazetteer,
  words: string,
  signal: AbortSignal,
): Promise<{ places: Place[]; total: number }> {
  const { resource, order } = places;
  const query = { words, order };
  const columns = columnsOf(places, session.locale);
  const options = { size: ASKED, columns, signal };
  const { rows } = await session.source.page(resource.name, query, options);
  const found = ranked(
    rows.flatMap((row) => placeOf(places, row, session.locale) ?? []),
    words,
  );
  return { places: found.slice(0, SHOWN), total: found.length };
}

function columnsOf({ resource, label, latitude, longitude }: Gazetteer, locale: Locale): string[] {
  const template = inLanguage(label, locale);
  const named = resource.field(template)
    ? [template]
    : [...template.matchAll(/\{([^{}]+)\}/g)].map((one) => one[1]!);
  const wanted = [...resource.key, ...named, latitude, longitude];
  return [...new Set(wanted)].filter((one) => resource.field(one));
}

/** A row as a place; null when it has no position. */
export function placeOf(places: Gazetteer, row: Row, locale: Locale): Place | null {
  const { resource } = places;
  const latitude = resource.field(places.latitude);
  const longitude = resource.field(places.longitude);
  const point = latitude && longitude ? pointOf(latitude, longitude, row) : null;
  if (!point) return null;
  const template = inLanguage(places.label, locale);
  const label = resource.field(template)
    ? (row[template] ?? "")
    : fill(template, (field) => row[field] ?? "");
  return { ...point, key: resource.keyOf(row), label: label || resource.labelOf(row) };
}

/** Other fields may hold the words too (the inter-communal body of Gap): names alone count. */
export function ranked(places: readonly Place[], words: string): Place[] {
  const wanted = plain(words);
  const rank = ({ label }: Place): number => {
    const name = plain(label);
    if (name === wanted || name.startsWith(`${wanted} (`)) return 0;
    if (name.startsWith(wanted)) return 1;
    return wanted.split(" ").every((word) => name.includes(word)) ? 2 : 3;
  };
  return places
    .map((place) => ({ place, rank: rank(place) }))
    .filter((one) => one.rank < 3)
    .sort((one, other) => one.rank - other.rank)
    .map((one) => one.place);
}

const plain = (text: string): string => folded(text).replace(/[-'’\s]+/g, " ").trim();
