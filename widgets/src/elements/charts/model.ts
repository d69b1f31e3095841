// What a chart says, before anything is drawn: series of labelled values, all in the reader's words.

import type { Chart } from "../../model/views";

export type ChartType = Chart["type"];

/** One value: a bar, a slice, a cell, a point of a line, a big value, a step of a timeline. */
export interface Point {
  label: string;
  /** Null where there is none. */
  value: number | null;
  /** The value as displayed, without its unit; the empty text where there is none. */
  text: string;
  /** Its own unit, where the chart has none for all. */
  unit?: string;
  /** The text to filter by, empty for a missing value; undefined where it cannot filter. */
  key?: string;
  /** `#rrggbb` */
  color?: string | null;
  /** Its place on an axis: milliseconds of a date (UTC), or a number. */
  at?: number;
  /** How many groups it stands for, where it gathers the smallest ones. */
  others?: number;
}

export interface ChartSeries {
  name: string;
  color: string | null;
  /** The text to filter by, as for a point. */
  key?: string;
  points: Point[];
}

export interface ReferenceLine {
  value: number;
  label: string;
  /** The value as displayed, with its unit. */
  text: string;
  color: string | null;
}

/** Of bars and lines, every series has a point for every category, in the same order. */
export interface ChartModel {
  type: ChartType;
  title: string;
  note: string;
  /** Of every value; empty where there is none or they differ. */
  unit: string;
  orientation: "horizontal" | "vertical";
  stacked: boolean;
  legend: boolean;
  /** Pixels wished for by the descriptor. */
  height: number | null;
  /** What stands along the axis of the points. */
  axis: "groups" | "dates" | "numbers";
  /** What the points are, such as the label of the field they are grouped by. */
  pointsName: string;
  series: ChartSeries[];
  /** Of `text` charts. */
  sentences: string[];
  /** The sum of all values, where the descriptor asks for it and they can be added. */
  total: { value: number; text: string } | null;
  references: ReferenceLine[];
  /** Whether the values of groups may be added; else the smallest ones cannot be gathered. */
  additive: boolean;
  decimals: number;
  /** The fields that the keys of points and of series filter. */
  field: string | null;
  seriesField: string | null;
  /** What is filtered by now. */
  selected: readonly string[];
  seriesSelected: readonly string[];
}

/** What a click or Enter on a mark asks for. */
export interface Selection {
  field: string;
  /** The empty text stands for a missing value. */
  value: string;
}

export const EMPTY_MODEL: ChartModel = {
  type: "bars",
  title: "",
  note: "",
  unit: "",
  orientation: "horizontal",
  stacked: false,
  legend: true,
  height: null,
  axis: "groups",
  pointsName: "",
  series: [],
  sentences: [],
  total: null,
  references: [],
  additive: true,
  decimals: 0,
  field: null,
  seriesField: null,
  selected: [],
  seriesSelected: [],
};

/** Whether a model is drawn; else it is text already. */
export function isDrawn(model: ChartModel): boolean {
  return ["bars", "lines", "donut", "treemap"].includes(model.type);
}
