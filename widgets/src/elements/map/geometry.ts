// Distances, circles and rectangles on the earth. Degrees in, metres or degrees out; no map here.

export interface Point {
  longitude: number;
  latitude: number;
}

/** West, south, east, north, in degrees. */
export type Bounds = [number, number, number, number];

/** Metres; the mean radius of the IUGG. */
const RADIUS = 6_371_008.8;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;
const degrees = (angle: number): number => (angle * 180) / Math.PI;

/** Metres along a great circle (haversine), as the server counts them. */
export function distanceBetween(one: Point, other: Point): number {
  const from = radians(one.latitude);
  const to = radians(other.latitude);
  const turn = radians(other.longitude - one.longitude);
  const half =
    Math.sin((to - from) / 2) ** 2 + Math.cos(from) * Math.cos(to) * Math.sin(turn / 2) ** 2;
  return 2 * RADIUS * Math.asin(Math.min(1, Math.sqrt(half)));
}

/** A closed ring of points at a distance (metres) from a place. */
export function circleAround(place: Point, metres: number, corners = 96): [number, number][] {
  const angle = metres / RADIUS;
  const latitude = radians(place.latitude);
  return Array.from({ length: corners + 1 }, (_, index) => {
    const bearing = (2 * Math.PI * (index % corners)) / corners;
    const to = Math.asin(
      Math.sin(latitude) * Math.cos(angle) +
        Math.cos(latitude) * Math.sin(angle) * Math.cos(bearing),
    );
    const turn = Math.atan2(
      Math.sin(bearing) * Math.sin(angle) * Math.cos(latitude),
      Math.cos(angle) - Math.sin(latitude) * Math.sin(to),
    );
    return [place.longitude + degrees(turn), degrees(to)];
  });
}

/** A place to about 100 m: as much of where somebody is as a search needs. */
export function roughly({ longitude, latitude }: Point): Point {
  const rounded = (value: number): number => Math.round(value * 1000) / 1000;
  return { longitude: rounded(longitude), latitude: rounded(latitude) };
}

/** The smallest rectangle around some points; null around none. */
export function boundsOf(points: Iterable<Point>): Bounds | null {
  let found: Bounds | null = null;
  for (const { longitude, latitude } of points) {
    if (!found) found = [longitude, latitude, longitude, latitude];
    else {
      if (longitude < found[0]) found[0] = longitude;
      if (latitude < found[1]) found[1] = latitude;
      if (longitude > found[2]) found[2] = longitude;
      if (latitude > found[3]) found[3] = latitude;
    }
  }
  return found;
}

/**
 * The rectangle that a map opens on: around all points, or around nearly all of them where a few
 * far ones (overseas) would make the others too small to see.
 */
export function bulkOf(points: readonly Point[]): Bounds | null {
  const all = boundsOf(points);
  if (!all || points.length < 20) return all;
  const between = (values: number[]): [number, number] => {
    values.sort((one, other) => one - other);
    const at = (share: number): number => values[Math.round(share * (values.length - 1))]!;
    return [at(0.04), at(0.96)];
  };
  const [west, east] = between(points.map((one) => one.longitude));
  const [south, north] = between(points.map((one) => one.latitude));
  const wide = Math.max(east - west, 0.5);
  const tall = Math.max(north - south, 0.5);
  if (all[2] - all[0] <= 4 * wide && all[3] - all[1] <= 4 * tall) return all;
  return boundsOf(
    points.filter(
      ({ longitude, latitude }) =>
        longitude >= west - wide &&
        longitude <= east + wide &&
        latitude >= south - tall &&
        latitude <= north + tall,
    ),
  );
}

export function isInside({ longitude, latitude }: Point, bounds: Bounds): boolean {
  return (
    longitude >= bounds[0] &&
    longitude <= bounds[2] &&
    latitude >= bounds[1] &&
    latitude <= bounds[3]
  );
}

/** Where to write the name of an area: the middle of its largest part. */
export function middleOf(geometry: GeoJSON.Geometry): Point | null {
  const polygons =
    geometry.type === "MultiPolygon"
      ? geometry.coordinates
      : geometry.type === "Polygon"
        ? [geometry.coordinates]
        : [];
  let best: { size: number; point: Point } | null = null;
  for (const [ring] of polygons) {
    if (!ring?.length) continue;
    let size = 0;
    let x = 0;
    let y = 0;
    for (let index = 1; index < ring.length; index += 1) {
      const [ax, ay] = ring[index - 1] as [number, number];
      const [bx, by] = ring[index] as [number, number];
      const cross = ax * by - bx * ay;
      size += cross / 2;
      x += ((ax + bx) * cross) / 6;
      y += ((ay + by) * cross) / 6;
    }
    if (!size || (best && Math.abs(size) <= best.size)) continue;
    best = { size: Math.abs(size), point: { longitude: x / size, latitude: y / size } };
  }
  return best?.point ?? null;
}
