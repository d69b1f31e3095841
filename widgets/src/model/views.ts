// The parts of a widget descriptor by their names here; their shapes come from our JSON Schema.

import type { View } from "../formats/widget";

export type {
  Areas,
  BaseMap,
  Block,
  CardsView,
  Chart,
  ChoroplethLayer,
  ClustersLayer,
  Credit,
  DatavizView,
  Filter,
  HeatLayer,
  Layer,
  MapView,
  Measure,
  Outlines,
  Places,
  PointsLayer,
  Popup,
  Series,
  TableView,
  View,
} from "../formats/widget";

/** Views by what addresses call them: their own name, else their type, numbered from the second on. */
export function namedViews(views: readonly View[]): [string, View][] {
  const seen = new Set<string>();
  return views.map((view) => {
    const plain = (view as { name?: string }).name ?? view.type;
    let name = plain;
    for (let number = 2; seen.has(name); number += 1) name = `${plain}-${number}`;
    seen.add(name);
    return [name, view];
  });
}
