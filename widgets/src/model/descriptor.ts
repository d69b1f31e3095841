// The resolved widget descriptor, as the server or a static export gives it.

import type { FieldDescriptor, Row } from "./field";
import type { Texts } from "./texts";
import type { Credit, Filter, View } from "./views";

export interface ResourceLinks {
  rows?: string;
  facets?: string;
  aggregate?: string;
  csv: string;
  json: string;
  geojson?: string;
  xlsx?: string;
  parquet?: string;
  permanent_csv?: string;
  pending?: string;
  comparison?: string;
  /** The page of a row is this, `/` and its key. */
  page?: string;
}

export interface ForeignKey {
  fields: string | string[];
  reference: { resource?: string; fields: string | string[] };
}

export interface SchemaDescriptor {
  fields: FieldDescriptor[];
  primaryKey?: string | string[];
  missingValues?: string[];
  foreignKeys?: ForeignKey[];
}

export interface ResourceDescriptor {
  title: Texts;
  schema: SchemaDescriptor;
  editable: boolean;
  /** Template of what a reader calls a row. */
  label: string | null;
  /** The fields of latitude and longitude. */
  geo: [string, string] | null;
  row_count: number;
  /** All rows as other standards have them. */
  exports?: { title: Texts; url: string }[];
  links: ResourceLinks;
}

export interface WidgetLinks {
  self: string;
  dataset?: string;
  proposals?: string;
  validate?: string;
  challenge?: string;
  embed?: string;
  page?: string;
  /** What is kept of those who contribute, in words. */
  personal_data?: string;
  script?: string;
}

/** Latitude and longitude. */
export type Coordinates = [number, number];

/** How far a row moves, along a great circle, and towards which of eight winds. */
export interface Moved {
  from: Coordinates;
  to: Coordinates;
  metres: number;
  towards: string;
}

interface PreviewedRow {
  /** As in URLs. */
  key: string;
  label: string;
  /** Where it is, else where it was. */
  position: Coordinates | null;
}

export interface UpdatedRow extends PreviewedRow {
  old_key: string;
  moved: Moved | null;
  cells: { [field: string]: { old: string | null; new: string | null } };
}

/** The rows of a resource that a proposal changes. */
export interface PreviewedRows {
  inserted: PreviewedRow[];
  updated: UpdatedRow[];
  deleted: (PreviewedRow & { row: Row })[];
}

/** Of a widget at a proposal: what changes, and where the same widget is found before it. */
export interface PreviewPart {
  of: {
    kind: string;
    id: string;
    state: string;
    title: string | null;
    number: number | null;
    url: string;
  };
  before: { revision: string; widget: string };
  /** The page of the widget as published. */
  published: string;
  rows: number;
  /** Whether all rows that change are told of. */
  complete: boolean;
  resources: { [name: string]: PreviewedRows };
}

/** One widget: views of one resource that share filters, search and selection. */
export interface WidgetDescriptor {
  name: string;
  title: Texts;
  resource: string;
  views: View[];
  filters?: Filter[];
  search?: boolean;
  sort?: { field: string; descending?: boolean }[];
  contribute?: boolean;
  credits?: Credit[];
  locales?: string[];
}

export interface ResolvedDescriptor extends Partial<WidgetDescriptor> {
  name: string;
  title: Texts;
  tabs?: WidgetDescriptor[];
  dataset: string;
  revision: string;
  static?: boolean;
  resources: { [name: string]: ResourceDescriptor };
  /** What readers call the groups of fields. */
  groups?: { [name: string]: Texts };
  links: WidgetLinks;
  limits?: { operations: number; body: number };
  preview?: PreviewPart;
}

/** The widgets a descriptor holds: its tabs, or itself. */
export function tabsOf(descriptor: ResolvedDescriptor): WidgetDescriptor[] {
  return descriptor.tabs ?? [descriptor as WidgetDescriptor];
}
