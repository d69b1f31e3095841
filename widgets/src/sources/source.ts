// Where a widget gets its rows and sends its proposals. Elements never call `fetch`: a source does.

import type { ResolvedDescriptor } from "../model/descriptor";
import type { Row } from "../model/field";
import type { Query } from "../model/query";
import type { Locale } from "../model/texts";
import type { CellError, Conflict } from "../formats/problem";
import type { Preview } from "../previews/preview";

export interface Page {
  /** The rows; with a place asked for, each has `_distance`, in metres. */
  rows: Row[];
  page: number;
  size: number;
  total: number;
  revision: string;
}

export interface PageOptions {
  page?: number;
  size?: number;
  columns?: readonly string[];
  signal?: AbortSignal;
}

export interface PendingChange {
  proposal: string;
  state: string;
  op: string;
  fields: string[];
  url: string;
}

/** Row keys as in URLs → what is proposed on these rows. */
export type Pending = { [key: string]: PendingChange[] };

export interface Confirmations {
  count: number;
  last: string | null;
}

export interface RowAnswer {
  row: Row;
  pending: PendingChange[];
  confirmations: Confirmations | null;
  revision: string;
}

export interface FacetValue {
  /** The empty text stands for a missing value. */
  value: string;
  count: number;
}
export type Facets = { [field: string]: FacetValue[] };

export type Statistic = "sum" | "mean" | "min" | "max";
export interface Measured {
  operation: "count" | Statistic;
  field?: string;
}
/** One group: the texts of the fields it is by, and its numbers by name (`count`, `sum_x`, …). */
export interface Group {
  by: (string | null)[];
  count: number;
  numbers: { [name: string]: number | null };
}

export type Cells = { [field: string]: string | null };
export type Operation =
  | { op: "update"; resource: string; key: { [field: string]: string }; old?: Cells; new: Cells }
  | { op: "insert"; resource: string; row: Cells }
  | { op: "delete"; resource: string; key: { [field: string]: string }; old?: Cells };

export interface ProposalBody {
  base_revision?: string;
  operations: Operation[];
  comment?: string;
  source?: string;
  contributor?: { name?: string; email?: string };
  locale?: Locale;
  [honeypot: string]: unknown;
}

export interface Verdict {
  valid: boolean;
  errors: CellError[];
  warnings: CellError[];
}

export interface Accepted {
  id: string;
  state: string;
  url: string;
  follow_up_url: string;
  merge_request: { number: number; url: string } | null;
  preview_url: string | null;
  head: string | null;
  warnings: CellError[];
}

export interface Comparison {
  operations: Operation[];
  meta: {
    revision: string;
    rows: number;
    unchanged: number;
    updated: number;
    inserted: number;
    deleted: number;
    absent: number;
  };
  notes: { code: string; message: string }[];
}

export type DownloadFormat = "csv" | "json" | "geojson" | "xlsx" | "parquet";

export interface Source {
  /** Whether proposals can be sent. */
  readonly writable: boolean;
  /** What changes, where a proposal is looked at. */
  readonly preview?: Preview;
  descriptor(): Promise<ResolvedDescriptor>;
  /** A page of rows, the first being page 1. */
  page(resource: string, query: Query, options?: PageOptions): Promise<Page>;
  /** All rows that match, only the named columns: for maps. */
  all(resource: string, query: Query, columns: readonly string[]): Promise<Row[]>;
  /** One row by its key as in URLs; null when there is none. */
  row(resource: string, key: string): Promise<RowAnswer | null>;
  facets(resource: string, fields: readonly string[], query: Query): Promise<Facets>;
  aggregate(
    resource: string,
    by: readonly string[],
    measures: readonly Measured[],
    query: Query,
  ): Promise<Group[]>;
  pending(resource: string, keys: readonly string[]): Promise<Pending>;
  validate(body: ProposalBody): Promise<Verdict>;
  /** Send a proposal. `token` is the same when the same proposal is sent again. */
  propose(body: ProposalBody, token: string): Promise<Accepted>;
  compare(resource: string, file: Blob, absent: "keep" | "delete"): Promise<Comparison>;
  /** `more` is what the server asks for beside it. */
  confirm(
    resource: string,
    key: string,
    revision: string,
    token: string,
    more?: object,
  ): Promise<Confirmations>;
  remark(
    resource: string,
    key: string,
    body: { comment: string; contributor?: { name?: string; email?: string }; proof?: string },
    token: string,
  ): Promise<void>;
  /** The GeoJSON of a layer's or view's outlines. */
  outlines(url: string): Promise<GeoJSON.FeatureCollection>;
  /** The address of a download, null where there is none. */
  download(resource: string, format: DownloadFormat, query: Query): string | null;
}

/** A refusal or a failure, with the stable `code` of docs/errors.md; `offline` when nothing answered. */
export class Problem extends Error {
  constructor(
    readonly code: string,
    readonly detail: string,
    readonly status = 0,
    readonly errors: CellError[] = [],
    readonly conflicts: Conflict[] = [],
    /** Seconds after which to try again, 0 when unknown. */
    readonly retryAfter = 0,
    /** JSON pointer to the part of the request that was refused. */
    readonly pointer = "",
  ) {
    super(detail || code);
    this.name = "Problem";
  }
}
