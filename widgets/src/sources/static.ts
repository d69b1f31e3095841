// A dataset as files of a static host (`retouche export`): read whole, answered in memory, never written.

import type { ResolvedDescriptor, ResourceDescriptor } from "../model/descriptor";
import type { Row } from "../model/field";
import { isEverything, type Query } from "../model/query";
import {
  type Accepted,
  type Comparison,
  type Confirmations,
  type DownloadFormat,
  type Facets,
  type Group,
  type Measured,
  type Page,
  type PageOptions,
  type Pending,
  Problem,
  type RowAnswer,
  type Source,
  type Verdict,
} from "./source";
import { facetsOf, groupsOf } from "./static-figures";
import { wordsOf } from "./static-folding";
import { StaticPlaces } from "./static-places";
import { type StaticData, StaticTable } from "./static-table";

/** Answers like a server at one revision, from the files beside its descriptor. */
export class StaticSource implements Source {
  readonly writable = false;
  private resolved: Promise<ResolvedDescriptor> | null;
  private readonly tables = new Map<string, Promise<StaticTable>>();
  private readonly places = new Map<string, StaticPlaces>();

  /** `descriptor` is what stands at the address, where that is known already. */
  constructor(
    private readonly address: string,
    descriptor: ResolvedDescriptor | null = null,
  ) {
    this.resolved = descriptor && Promise.resolve(descriptor);
  }

  descriptor(): Promise<ResolvedDescriptor> {
    return (this.resolved ??= this.once(this.read<ResolvedDescriptor>(this.address), () => {
      this.resolved = null;
    }));
  }

  async page(resource: string, query: Query, options: PageOptions = {}): Promise<Page> {
    const { page = 1, size = 20, columns, signal } = options;
    const table = await this.table(resource);
    signal?.throwIfAborted();
    const found = await this.select(resource, query);
    return {
      rows: await this.rows(resource, found.slice((page - 1) * size, page * size), query, columns),
      page,
      size,
      total: found.length,
      revision: table.revision,
    };
  }

  async all(resource: string, query: Query, columns: readonly string[]): Promise<Row[]> {
    return this.rows(resource, await this.select(resource, query), query, columns);
  }

  async row(resource: string, key: string): Promise<RowAnswer | null> {
    const [table, described] = [await this.table(resource), await this.described(resource)];
    const names = list(described.schema.primaryKey);
    const parts = key.split(",").map((part) => decodeURIComponent(part));
    if (!names.length || names.length !== parts.length || parts.includes("")) return null;
    const columns = names.map((one) => table.column(one).cells);
    const found = range(table.length).filter((at) =>
      columns.every((cells, part) => cells[at] === parts[part]),
    );
    if (found.length > 1) throw new Problem("ambiguous_row", key, 422);
    const [at] = found;
    if (at === undefined) return null;
    const { revision } = table;
    return { row: table.row(at), pending: [], confirmations: null, revision };
  }

  async facets(resource: string, fields: readonly string[], query: Query): Promise<Facets> {
    const found = await this.select(resource, { ...query, order: [] });
    return facetsOf(await this.table(resource), found, fields);
  }

  async aggregate(
    resource: string,
    by: readonly string[],
    measures: readonly Measured[],
    query: Query,
  ): Promise<Group[]> {
    const found = await this.select(resource, { ...query, order: [] });
    return groupsOf(await this.table(resource), found, by, measures);
  }

  async pending(): Promise<Pending> {
    return {};
  }

  validate(): Promise<Verdict> {
    return refused();
  }

  propose(): Promise<Accepted> {
    return refused();
  }

  compare(): Promise<Comparison> {
    return refused();
  }

  confirm(): Promise<Confirmations> {
    return refused();
  }

  remark(): Promise<void> {
    return refused();
  }

  outlines(url: string): Promise<GeoJSON.FeatureCollection> {
    return this.read<GeoJSON.FeatureCollection>(new URL(url, this.address).href);
  }

  /** A file holds all rows; of some of them there is none. */
  download(resource: string, format: DownloadFormat, query: Query): string | null {
    if ((format !== "csv" && format !== "json") || !isEverything(query)) return null;
    return new URL(`../data/${resource}.${format}`, this.address).href;
  }

  /** The rows that match, in order. */
  private async select(resource: string, query: Query): Promise<readonly number[]> {
    const table = await this.table(resource);
    let found: readonly number[] = range(table.length);
    for (const [field, condition] of Object.entries(query.filters ?? {})) {
      const { values, from, to } = condition;
      if (!values?.length && !from && !to) continue;
      const { cells } = table.column(field);
      const { texts, missing } = table.column(field).accepted(condition);
      found = found.filter((at) => {
        const cell = cells[at] ?? null;
        return cell === null ? missing : texts.has(cell);
      });
    }
    if (query.near || query.bounds) found = await this.around(resource, found, query);
    found = table.withWords(found, wordsOf(query.words ?? ""));
    if (query.order?.length) return table.sorted(found, query.order);
    return query.near ? (await this.placesOf(resource)).nearest(found, query.near) : found;
  }

  private async around(
    resource: string,
    positions: readonly number[],
    { near, bounds }: Query,
  ): Promise<readonly number[]> {
    const places = await this.placesOf(resource);
    return positions.filter(
      (at) =>
        places.placed(at) &&
        (!bounds || places.inside(at, bounds)) &&
        (!near?.radius || places.distance(at, near) <= near.radius),
    );
  }

  private async rows(
    resource: string,
    positions: readonly number[],
    { near }: Query,
    columns?: readonly string[],
  ): Promise<Row[]> {
    const table = await this.table(resource);
    const rows = positions.map((at) => table.row(at, columns));
    if (!near) return rows;
    const places = await this.placesOf(resource);
    const away = positions.map((at) => Math.round(places.distance(at, near)));
    // The server gives a number here too, beside the texts of the cells.
    return rows.map((row, at) => Object.assign(row, { _distance: away[at] })) as unknown as Row[];
  }

  private async placesOf(resource: string): Promise<StaticPlaces> {
    let places = this.places.get(resource);
    if (!places) {
      const [table, described] = [await this.table(resource), await this.described(resource)];
      const point = described.schema.fields.find((one) => one.type === "geopoint")?.name;
      places = StaticPlaces.of(table, described.geo, point);
      this.places.set(resource, places);
    }
    return places;
  }

  private async described(resource: string): Promise<ResourceDescriptor> {
    const found = (await this.descriptor()).resources[resource];
    if (!found) throw new Problem("not_found", resource, 404);
    return found;
  }

  private table(resource: string): Promise<StaticTable> {
    let table = this.tables.get(resource);
    if (!table) {
      table = this.once(this.load(resource), () => this.tables.delete(resource));
      this.tables.set(resource, table);
    }
    return table;
  }

  private async load(resource: string): Promise<StaticTable> {
    const described = await this.described(resource);
    const data = await this.data(resource, described);
    return new StaticTable(data, new Map(described.schema.fields.map((one) => [one.name, one])));
  }

  /** The rows of a resource. */
  protected data(_resource: string, { links }: ResourceDescriptor): Promise<StaticData> {
    return this.read<StaticData>(new URL(links.json, this.address).href);
  }

  /** What failed is asked for again the next time. */
  private once<T>(answer: Promise<T>, forget: () => void): Promise<T> {
    answer.catch(forget);
    return answer;
  }

  private async read<T>(address: string): Promise<T> {
    let answer: Response;
    try {
      answer = await fetch(address, { credentials: "omit" });
    } catch {
      throw new Problem("offline", "");
    }
    if (!answer.ok) throw new Problem("not_found", address, answer.status);
    return (await answer.json()) as T;
  }
}

function refused(): Promise<never> {
  return Promise.reject(new Problem("not_allowed", "", 403));
}

const range = (length: number): number[] => Array.from({ length }, (_, at) => at);

const list = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : value;
