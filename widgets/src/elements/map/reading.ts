// What a map's layers show, read from the session's source: rows a part at a time, areas, outlines.

import type { Row } from "../../model/field";
import type { Query } from "../../model/query";
import type { ChoroplethLayer, Outlines } from "../../model/views";
import type { Session } from "../../state/session";
import { type Area, areaColumns, asked, joined } from "./areas";
import { limited, type Spot, spotColumns, type SpotLayer, spotsOf } from "./spots";

const PART = 1000;
const AT_ONCE = 4;

/** What is known of a layer so far. */
export interface LayerData {
  layer: string;
  spots: Spot[];
  areas: Area[];
  /** Rows in no area. */
  unplaced: number;
  /** Rows that there are, read or not. */
  total: number;
  done: boolean;
}

/**
 * The query of a layer: all that the reader asks for, where the layer shows the same resource.
 *
 * Areas know no place that is searched around: part of their rows by all of their inhabitants
 * would be a wrong figure.
 */
export function queryOf(
  session: Session,
  layer: SpotLayer | ChoroplethLayer,
): { resource: string; query: Query } | null {
  const resource = layer.resource ?? session.resource.name;
  const own = resource === session.resource.name;
  const { filters, words, near } = session.query;
  const kept = limited(own ? (filters ?? {}) : {}, layer.where);
  if (!kept) return null;
  const geo = session.resources.get(resource)?.descriptor.geo;
  const placed = geo && layer.type !== "choropleth" ? (near ?? null) : null;
  return { resource, query: { filters: kept, words: own ? (words ?? "") : "", near: placed } };
}

/**
 * Read a layer. `tell` is called whenever twice as many rows are there as before, and at the end.
 */
export async function readLayer(
  session: Session,
  layer: SpotLayer | ChoroplethLayer,
  names: ReadonlyMap<string, string>,
  tell: (data: LayerData) => void,
  signal: AbortSignal,
): Promise<void> {
  const empty = { layer: layer.name, spots: [], areas: [], unplaced: 0, total: 0, done: true };
  const found = queryOf(session, layer);
  if (!found) return tell(empty);
  if (layer.type === "choropleth") {
    const data = await readAreas(session, layer, found.resource, found.query, names);
    if (!signal.aborted) tell({ ...empty, ...data });
    return;
  }
  const resource = session.resources.get(found.resource)!;
  const columns = spotColumns(layer, resource);
  await readRows(session, found.resource, found.query, columns, signal, (rows, total, done) =>
    tell({ ...empty, spots: spotsOf(layer, resource, rows), total, done }),
  );
}

async function readRows(
  session: Session,
  resource: string,
  query: Query,
  columns: readonly string[],
  signal: AbortSignal,
  tell: (rows: Row[], total: number, done: boolean) => void,
): Promise<void> {
  const first = await session.page(1, PART, { resource, query, columns });
  const rows = [...first.rows];
  const pages = Math.ceil(first.total / PART);
  let told = 0;
  for (let page = 2; page <= pages && !signal.aborted; page += AT_ONCE) {
    if (rows.length >= 2 * told) {
      told = rows.length;
      tell(rows, first.total, false);
    }
    const numbers = Array.from(
      { length: Math.min(AT_ONCE, pages - page + 1) },
      (_, index) => page + index,
    );
    const parts = await Promise.all(
      numbers.map((number) =>
        session.source.page(resource, query, { page: number, size: PART, columns, signal }),
      ),
    );
    for (const part of parts) rows.push(...part.rows);
  }
  if (!signal.aborted) tell(rows, first.total, true);
}

async function readAreas(
  session: Session,
  layer: ChoroplethLayer,
  resource: string,
  query: Query,
  names: ReadonlyMap<string, string>,
): Promise<Pick<LayerData, "areas" | "unplaced" | "total">> {
  const places = session.resources.get(layer.areas.resource)!;
  const [groups, rows] = await Promise.all([
    session.source.aggregate(resource, [layer.areas.field], asked(layer.measure), query),
    kept(session, `places ${JSON.stringify(layer.areas)} ${session.state.side}`, () =>
      session.source.all(places.name, {}, areaColumns(layer.areas, places)),
    ),
  ]);
  const total = groups.reduce((sum, one) => sum + one.count, 0);
  return { ...joined(layer.areas, layer.measure, places, rows, groups, names), total };
}

const memory = new WeakMap<Session, Map<string, Promise<unknown>>>();

/** Read something once for all maps of a session; what failed is read again. */
function kept<T>(session: Session, name: string, read: () => Promise<T>): Promise<T> {
  let known = memory.get(session);
  if (!known) memory.set(session, (known = new Map()));
  let found = known.get(name) as Promise<T> | undefined;
  if (!found) {
    found = read();
    known.set(name, found);
    found.catch(() => known.delete(name));
  }
  return found;
}

/** The outlines that maps of a session are drawn on: those of a view, else of any map view. */
export function outlinesOf(session: Session, own?: Outlines): Outlines | null {
  if (own) return own;
  const widgets = session.descriptor.tabs ?? [session.widget];
  for (const view of [session.widget, ...widgets].flatMap((one) => one.views)) {
    if (view.type === "map" && view.outlines) return view.outlines;
  }
  return null;
}

/** The GeoJSON of outlines; empty where there are none, or none can be read. */
export async function readOutlines(
  session: Session,
  outlines: Outlines | null,
): Promise<GeoJSON.FeatureCollection> {
  const empty: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };
  const { url } = (outlines ?? {}) as { url?: string };
  if (!url) return empty;
  try {
    return await kept(session, `outlines ${url}`, () => session.source.outlines(url));
  } catch {
    return empty; // a map without a ground still shows where things are
  }
}

/** What outlines call their areas, by the code that choropleths join them by. */
export function namesIn(
  collection: GeoJSON.FeatureCollection,
  outlines: Outlines | null,
): ReadonlyMap<string, string> {
  return new Map(
    collection.features.map(({ properties }) => {
      const code = String(properties?.[outlines?.key ?? ""] ?? "");
      return [code, String((outlines?.title && properties?.[outlines.title]) ?? code)];
    }),
  );
}
