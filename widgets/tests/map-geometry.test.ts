// Distances, circles and rectangles of the map.

import { expect, test } from "vitest";
import {
  boundsOf,
  bulkOf,
  circleAround,
  distanceBetween,
  isInside,
  middleOf,
  roughly,
} from "../src/elements/map/geometry";

const GAP = { latitude: 44.5594, longitude: 6.0786 };
const LILLE = { latitude: 50.6292, longitude: 3.0573 };

test("the distance of two towns is that of a great circle", () => {
  expect(distanceBetween(GAP, LILLE) / 1000).toBeCloseTo(711.5, 0);
  expect(distanceBetween(GAP, GAP)).toBe(0);
});

test("every point of a circle is as far from its middle as asked, and it is closed", () => {
  const ring = circleAround(GAP, 20_000);
  expect(ring[0]).toEqual(ring[ring.length - 1]);
  for (const [longitude, latitude] of ring) {
    expect(distanceBetween(GAP, { longitude, latitude })).toBeCloseTo(20_000, 0);
  }
});

test("a position is sent to about a hundred metres", () => {
  const sent = roughly({ latitude: 44.559412, longitude: 6.078649 });
  expect(sent).toEqual({ latitude: 44.559, longitude: 6.079 });
  expect(distanceBetween(sent, { latitude: 44.559412, longitude: 6.078649 })).toBeLessThan(100);
});

test("a map opens on all points, or on nearly all when a few lie overseas", () => {
  const mainland = Array.from({ length: 200 }, (_, index) => ({
    longitude: -4 + (index % 20) * 0.6,
    latitude: 43 + Math.floor(index / 20) * 0.8,
  }));
  expect(bulkOf(mainland)).toEqual(boundsOf(mainland));
  const reunion = { longitude: 55.45, latitude: -20.88 };
  const guadeloupe = { longitude: -61.5, latitude: 16.2 };
  const [west, south, east, north] = bulkOf([...mainland, reunion, guadeloupe])!;
  expect([west, south, east, north]).toEqual(boundsOf(mainland));
});

test("there are no bounds around nothing, and few points are all shown", () => {
  expect(bulkOf([])).toBeNull();
  const two = [GAP, { longitude: 55, latitude: -20 }];
  expect(bulkOf(two)).toEqual([6.0786, -20, 55, 44.5594]);
  expect(isInside(GAP, [6, 44, 7, 45])).toBe(true);
  expect(isInside(LILLE, [6, 44, 7, 45])).toBe(false);
});

test("the name of an area stands in the middle of its largest part", () => {
  const square = (x: number, y: number, side: number): number[][] => [
    [x, y],
    [x + side, y],
    [x + side, y + side],
    [x, y + side],
    [x, y],
  ];
  const middle = middleOf({
    type: "MultiPolygon",
    coordinates: [[square(10, 10, 1)], [square(0, 0, 4)]],
  });
  expect(middle!.longitude).toBeCloseTo(2);
  expect(middle!.latitude).toBeCloseTo(2);
});
