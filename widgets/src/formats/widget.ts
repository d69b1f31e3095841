// Made by `npm run types` from server/retouche/formats/widget.schema.json: change that file.

/**
 * A file of the folder `widgets`: how a dataset is shown and corrected in a page.
 */
export type Widget = SingleWidget | TabbedWidget;
/**
 * Small letters, digits, - _ and .
 */
export type Name = string;
/**
 * A text per language, or one text for all.
 */
export type Texts =
  | string
  | {
      [k: string]: string;
    };
export type View = TableView | CardsView | MapView | DatavizView;
/**
 * The name of a field of the resource.
 */
export type FieldName = string;
/**
 * Rows asked for at a time.
 */
export type PageSize = number;
/**
 * A text in which `{field}` stands for the value of the row, as displayed, without its unit.
 */
export type Template = Texts;
export type Block = FieldsBlock | TextBlock | MapBlock | RelatedBlock | ChartBlock | ImageBlock;
/**
 * In a wide card; `left` if left out.
 */
export type Side = "left" | "right";
/**
 * The name of a small picture: phone, mail, link, clock, place … Unknown ones are not drawn.
 */
export type Icon = string;
/**
 * @minItems 1
 * @maxItems 200
 */
export type ShownFields = (FieldName | ShownField)[];
/**
 * Of the place where the hours count, as the IANA names it; `Europe/Paris` if left out.
 */
export type TimeZone = string;
/**
 * 0 shows the world, 13 a town, 18 a street.
 */
export type Zoom = number;
/**
 * Pixels.
 */
export type Height = number;
/**
 * # and six hexadecimal digits.
 */
export type Color = string;
/**
 * In a card, of the cells of its row: `series` with fields. In a dataviz view, of rows: groups (`by`, `measure`), measured `series`, or the rows as they are (`x`, `y`).
 */
export type Chart =
  BigValuesChart | TextChart | DonutChart | BarsChart | LinesChart | TreemapChart | TimelineChart;
/**
 * Columns of twelve.
 */
export type Width = number;
/**
 * @minItems 1
 * @maxItems 100
 */
export type SeriesList = Series[];
/**
 * One field to group rows by, or two: the second one tells the parts of each group apart.
 */
export type Groups = FieldName | FieldName[];
/**
 * Longitude and latitude, in degrees.
 *
 * @minItems 2
 * @maxItems 2
 */
export type Position = number[];
export type Layer = PointsLayer | ClustersLayer | HeatLayer | ChoroplethLayer;
/**
 * An address that a page loads something from.
 */
export type SecureAddress = string;
/**
 * An address that a reader may follow.
 */
export type Address = string;
export type Locale = "fr" | "en";

/**
 * One resource in one or more views that share filters, search and selection.
 */
export interface SingleWidget {
  name?: Name;
  title?: Texts;
  resource: Name;
  /**
   * The first one is shown first.
   *
   * @minItems 1
   * @maxItems 20
   */
  views: View[];
  /**
   * @maxItems 50
   */
  filters?: Filter[];
  /**
   * Whether rows can be searched.
   */
  search?: boolean;
  /**
   * @maxItems 10
   */
  sort?: Sort[];
  /**
   * Whether rows can be corrected.
   */
  contribute?: boolean;
  /**
   * @maxItems 30
   */
  credits?: Credit[];
  /**
   * The languages to choose from; the first one is the default.
   *
   * @minItems 1
   */
  locales?: Locale[];
}
export interface TableView {
  type: "table";
  name?: Name;
  title?: Texts;
  /**
   * In this order; all fields if left out.
   *
   * @minItems 1
   * @maxItems 1000
   */
  columns?: (FieldName | Column)[];
  /**
   * First columns that stay in sight.
   */
  frozen?: number;
  page_size?: PageSize;
}
export interface Column {
  field: FieldName;
  label?: Texts;
  /**
   * Pixels.
   */
  width?: number;
}
export interface CardsView {
  type: "cards";
  name?: Name;
  title?: Texts;
  /**
   * Cards beside each other where there is room.
   */
  per_row?: number;
  page_size?: PageSize;
  mini: Card;
  detail: Card;
  /**
   * Charts inside the card, by the name that its blocks use. They read the cells of the row.
   */
  charts?: {
    [k: string]: Chart;
  };
}
export interface Card {
  title: Template;
  /**
   * @maxItems 100
   */
  blocks?: Block[];
}
/**
 * Fields of the row: as an address, as a list, as tags, as the hours of a week, as links.
 */
export interface FieldsBlock {
  type: "address" | "fields" | "tags" | "hours" | "links";
  title?: Texts;
  side?: Side;
  hide_when_empty?: boolean;
  fields: ShownFields;
  timezone?: TimeZone;
}
export interface ShownField {
  field: FieldName;
  label?: Texts;
  icon?: Icon;
}
/**
 * Sentences; one whose fields are all missing is left out.
 */
export interface TextBlock {
  type: "text";
  title?: Texts;
  side?: Side;
  hide_when_empty?: boolean;
  /**
   * @minItems 1
   * @maxItems 100
   */
  paragraphs: Template[];
}
/**
 * A small map of where the row is.
 */
export interface MapBlock {
  type: "map";
  title?: Texts;
  side?: Side;
  hide_when_empty?: boolean;
  zoom?: Zoom;
  height?: Height;
  marker?: Marker;
}
export interface Marker {
  color?: Color;
  /**
   * Pixels.
   */
  size?: number;
}
/**
 * Rows of another resource that belong to the row.
 */
export interface RelatedBlock {
  type: "related";
  title?: Texts;
  side?: Side;
  hide_when_empty?: boolean;
  resource: Name;
  /**
   * Fields of the other resource, each with the field of the row that it equals.
   */
  on: {
    [k: string]: FieldName;
  };
  label?: Template;
  /**
   * Rows, or next days of a calendar, that are shown.
   */
  limit?: number;
  calendar?: Calendar;
}
/**
 * The fields that say when something takes place; the next days from today on are shown.
 */
export interface Calendar {
  day?: FieldName;
  weeks?: FieldName;
  dates?: FieldName;
  hours?: FieldName;
  from?: FieldName;
  to?: FieldName;
  timezone?: TimeZone;
}
export interface ChartBlock {
  type: "chart";
  title?: Texts;
  side?: Side;
  hide_when_empty?: boolean;
  chart: Name;
}
export interface ImageBlock {
  type: "image";
  title?: Texts;
  side?: Side;
  hide_when_empty?: boolean;
  field: FieldName;
  alt?: Template;
  height?: Height;
}
export interface BigValuesChart {
  type: "big_values";
  title?: Texts;
  note?: Texts;
  width?: Width;
  where?: Where;
  series: SeriesList;
}
/**
 * Only rows whose fields have one of these values.
 */
export interface Where {
  /**
   * @minItems 1
   */
  [k: string]: string[];
}
export interface Series {
  field?: FieldName;
  label?: Texts;
  unit?: Texts;
  color?: Color;
  measure?: Measure;
}
/**
 * A figure of a group of rows.
 */
export interface Measure {
  operation: "count" | "sum" | "mean" | "min" | "max";
  field?: FieldName;
  /**
   * The figure for so many inhabitants, on a map of areas.
   */
  per_inhabitants?: number;
}
/**
 * Sentences of a row; one with a missing field is left out.
 */
export interface TextChart {
  type: "text";
  title?: Texts;
  note?: Texts;
  width?: Width;
  /**
   * @minItems 1
   * @maxItems 100
   */
  sentences: Template[];
}
export interface DonutChart {
  type: "donut";
  title?: Texts;
  note?: Texts;
  width?: Width;
  height?: Height;
  unit?: Texts;
  legend?: boolean;
  /**
   * Whether the sum is written inside.
   */
  total?: boolean;
  where?: Where;
  by?: FieldName;
  measure?: Measure;
  series?: SeriesList;
}
export interface BarsChart {
  type: "bars";
  title?: Texts;
  note?: Texts;
  width?: Width;
  height?: Height;
  orientation?: "horizontal" | "vertical";
  /**
   * Whether the parts of a group stand on each other.
   */
  stacked?: boolean;
  name?: Texts;
  unit?: Texts;
  color?: Color;
  legend?: boolean;
  where?: Where;
  by?: Groups;
  measure?: Measure;
  x?: FieldName;
  y?: FieldName;
  reference_lines?: ReferenceLines;
  series?: SeriesList;
}
/**
 * Lines drawn across a chart, such as aims: one for each of some rows.
 */
export interface ReferenceLines {
  where?: Where;
  value: FieldName;
  label?: Template;
  color?: Color;
}
export interface LinesChart {
  type: "lines";
  title?: Texts;
  note?: Texts;
  width?: Width;
  height?: Height;
  name?: Texts;
  unit?: Texts;
  color?: Color;
  legend?: boolean;
  where?: Where;
  by?: Groups;
  measure?: Measure;
  x?: FieldName;
  y?: FieldName;
  reference_lines?: ReferenceLines;
  series?: SeriesList;
}
export interface TreemapChart {
  type: "treemap";
  title?: Texts;
  note?: Texts;
  width?: Width;
  height?: Height;
  unit?: Texts;
  legend?: boolean;
  where?: Where;
  by?: Groups;
  measure?: Measure;
  series?: SeriesList;
}
/**
 * Steps in the order of their dates: fields of a row (`series`), or rows (`x`, `label`).
 */
export interface TimelineChart {
  type: "timeline";
  title?: Texts;
  note?: Texts;
  width?: Width;
  color?: Color;
  where?: Where;
  x?: FieldName;
  label?: Template;
  /**
   * Steps that are shown.
   */
  limit?: number;
  series?: SeriesList;
}
export interface MapView {
  type: "map";
  name?: Name;
  title?: Texts;
  height?: Height;
  center?: Position;
  zoom?: Zoom;
  /**
   * @minItems 1
   * @maxItems 30
   */
  layers: Layer[];
  /**
   * Whether one layer or any of them may be shown at a time.
   */
  switch?: "one" | "any";
  legend?: boolean;
  basemap?: BaseMap;
  outlines?: Outlines;
  places?: Places;
  /**
   * Distances to choose from in a search around a place, in kilometres.
   *
   * @minItems 1
   * @maxItems 20
   */
  radius?: number[];
}
/**
 * A point for each row.
 */
export interface PointsLayer {
  name: Name;
  type: "points";
  title?: Texts;
  /**
   * Whether it is shown first.
   */
  visible?: boolean;
  resource?: Name;
  where?: Where;
  color?: Color;
  color_by?: FieldName;
  popup?: Popup;
  /**
   * What a click opens: the popup alone, or the whole card too.
   */
  open?: "popup" | "detail";
}
export interface Popup {
  title?: Template;
  fields?: ShownFields;
  hint?: Texts;
}
/**
 * Points that are close to each other drawn as one, with their number.
 */
export interface ClustersLayer {
  name: Name;
  type: "clusters";
  title?: Texts;
  /**
   * Whether it is shown first.
   */
  visible?: boolean;
  resource?: Name;
  where?: Where;
  color?: Color;
  popup?: Popup;
  /**
   * What a click on a single point opens.
   */
  open?: "popup" | "detail";
}
/**
 * Where there are many rows, or much of something.
 */
export interface HeatLayer {
  name: Name;
  type: "heat";
  title?: Texts;
  /**
   * Whether it is shown first.
   */
  visible?: boolean;
  resource?: Name;
  where?: Where;
  weight?: FieldName;
}
/**
 * Areas coloured by a figure of their rows.
 */
export interface ChoroplethLayer {
  name: Name;
  type: "choropleth";
  title?: Texts;
  /**
   * Whether it is shown first.
   */
  visible?: boolean;
  resource?: Name;
  where?: Where;
  areas: Areas;
  measure: Measure;
  unit?: Texts;
  /**
   * Colours from the least to the most.
   *
   * @minItems 1
   * @maxItems 12
   */
  scale?: Color[];
  /**
   * Where one colour ends and the next begins, upwards; even shares if left out.
   *
   * @minItems 1
   * @maxItems 11
   */
  steps?: number[];
  popup?: Popup;
}
/**
 * A resource of places, joined to the rows and put together into areas.
 */
export interface Areas {
  resource: Name;
  key: FieldName;
  field: FieldName;
  group?: FieldName;
  title?: FieldName;
  population?: FieldName;
}
/**
 * A map of another server to draw on. Without one, no other server is asked for anything.
 */
export interface BaseMap {
  style: SecureAddress;
  title?: Texts;
  attribution?: Texts;
  /**
   * Whether it is loaded when the reader asks for it, as if left out, or at once.
   */
  load?: "on_request" | "at_once";
}
/**
 * Areas to draw the map on, from a file of the dataset.
 */
export interface Outlines {
  /**
   * A GeoJSON FeatureCollection in the folder `outlines`.
   */
  path: string;
  key: FieldName;
  title?: FieldName;
}
/**
 * Rows of a resource that a reader can search around.
 */
export interface Places {
  resource: Name;
  label: Template;
  latitude: FieldName;
  longitude: FieldName;
}
export interface DatavizView {
  type: "dataviz";
  name?: Name;
  title?: Texts;
  /**
   * Charts of all rows that the filters leave.
   *
   * @minItems 1
   * @maxItems 50
   */
  charts: Chart[];
}
export interface Filter {
  field: FieldName;
  /**
   * Several values, one value, a range of numbers, or a range of dates; `any` if left out.
   */
  mode?: "any" | "one" | "range" | "dates";
  label?: Texts;
}
export interface Sort {
  field: FieldName;
  descending?: boolean;
}
/**
 * Whom the data or the widget is owed to.
 */
export interface Credit {
  text: Texts;
  url?: Address;
  image?: SecureAddress;
  /**
   * Of the image, in pixels.
   */
  height?: number;
}
/**
 * Several widgets, one at a time.
 */
export interface TabbedWidget {
  name?: Name;
  title?: Texts;
  /**
   * @minItems 1
   * @maxItems 20
   */
  tabs: SingleWidget[];
  /**
   * @maxItems 30
   */
  credits?: Credit[];
  /**
   * @minItems 1
   */
  locales?: Locale[];
}
