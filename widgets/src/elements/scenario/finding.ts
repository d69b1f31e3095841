// The search of the builder: rows with a position, and places of the dataset.

import { folded } from "../../model/texts";
import type { Session } from "../../state/session";
import { findPlaces } from "../map/places";
import type { Point } from "../map/geometry";
import type { Site } from "./plan";
import { gazetteer } from "./surroundings";

export const MOST = 8;

export interface Found {
  id: string;
  label: string;
  /** The site, or the point of a place. */
  site: Site | null;
  point: Point | null;
}

/** The sites whose name has all the words, those that begin with them first. */
export function sitesWith(sites: readonly Site[], words: string): Site[] {
  const wanted = folded(words).split(/\s+/).filter(Boolean);
  if (!wanted.length) return [];
  const start = wanted.join(" ");
  return sites
    .map((site) => ({ site, name: folded(site.label) }))
    .filter(({ name }) => wanted.every((one) => name.includes(one)))
    .sort((a, b) => Number(b.name.startsWith(start)) - Number(a.name.startsWith(start)))
    .map(({ site }) => site);
}

/** Sites and places, a few of each. Places are left out where none can be read. */
export async function find(
  session: Session,
  sites: readonly Site[],
  words: string,
  signal: AbortSignal,
): Promise<Found[]> {
  const found = sitesWith(sites, words)
    .slice(0, MOST)
    .map((site): Found => ({ id: site.id, label: site.label, site, point: null }));
  const places = gazetteer(session);
  if (!places || words.trim().length < 2) return found;
  const known = await findPlaces(session, places, words, signal).catch(() => null);
  const named = (known?.places ?? []).slice(0, MOST).map(
    (one): Found => ({ id: `place ${one.key}`, label: one.label, site: null, point: one }),
  );
  return [...found, ...named];
}
