// Where the rows of a static export lie: distances on the sphere, boxes, nearest first.

import type { Near } from "../model/query";
import { readNumber } from "./static-typing";
import { Problem } from "./source";
import type { Cell, StaticTable } from "./static-table";

/** Metres; the mean radius of the IUGG. */
const EARTH_RADIUS = 6_371_008.8;

export class StaticPlaces {
  constructor(
    private readonly latitudes: readonly (number | null)[],
    private readonly longitudes: readonly (number | null)[],
  ) {}

  /** By the fields of latitude and longitude, else by the first geopoint. */
  static of(table: StaticTable, geo: readonly [string, string] | null, point?: string): StaticPlaces {
    if (geo && geo.every((one) => table.names.includes(one))) {
      const [latitude, longitude] = geo.map((one) => {
        const column = table.column(one);
        return column.cells.map((cell) => column.number(cell));
      });
      return new StaticPlaces(latitude!, longitude!);
    }
    if (!point) throw new Problem("malformed", "near", 400);
    const form = table.column(point).descriptor.format ?? "default";
    const pairs = table.column(point).cells.map((cell) => pointOf(cell, form));
    return new StaticPlaces(
      pairs.map((one) => one?.[0] ?? null),
      pairs.map((one) => one?.[1] ?? null),
    );
  }

  placed(at: number): boolean {
    const [latitude, longitude] = [this.latitudes[at], this.longitudes[at]];
    return (
      latitude != null && longitude != null && Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180
    );
  }

  /** Metres from a place to a row that has one. */
  distance(at: number, near: Near): number {
    const here = onSphere(near.latitude, near.longitude);
    const there = onSphere(this.latitudes[at]!, this.longitudes[at]!);
    const square = here.reduce((sum, one, axis) => sum + (one - there[axis]!) ** 2, 0);
    return 2 * EARTH_RADIUS * Math.asin(Math.min(Math.sqrt(square) / 2, 1));
  }

  /** Whether a row lies in a box, its edges included; west is above east across the 180th meridian. */
  inside(at: number, [west, south, east, north]: readonly [number, number, number, number]): boolean {
    const [latitude, longitude] = [this.latitudes[at]!, this.longitudes[at]!];
    const [after, before] = [longitude >= west, longitude <= east];
    const wide = west <= east ? after && before : after || before;
    return latitude >= south && latitude <= north && wide;
  }

  /** Nearest first, told apart to the millimetre. */
  nearest(positions: readonly number[], near: Near): readonly number[] {
    const away = new Map(positions.map((at) => [at, Math.round(this.distance(at, near) * 1000)]));
    return [...positions].sort((one, other) => away.get(one)! - away.get(other)! || one - other);
  }
}

function onSphere(latitude: number, longitude: number): [number, number, number] {
  const [lat, lon] = [(latitude * Math.PI) / 180, (longitude * Math.PI) / 180];
  return [Math.cos(lat) * Math.cos(lon), Math.cos(lat) * Math.sin(lon), Math.sin(lat)];
}

/** Latitude and longitude of a geopoint as Table Schema writes it, longitude first. */
function pointOf(cell: Cell, form: string): [number, number] | null {
  if (cell === null) return null;
  try {
    const read: unknown = form === "default" ? cell.split(",") : JSON.parse(cell);
    const pair = Array.isArray(read)
      ? read
      : [(read as { lon: unknown }).lon, (read as { lat: unknown }).lat];
    const [longitude, latitude] = pair.map((one) => readNumber(String(one).trim()));
    return pair.length === 2 && longitude != null && latitude != null ? [latitude, longitude] : null;
  } catch {
    return null;
  }
}
