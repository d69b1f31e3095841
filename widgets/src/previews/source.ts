// The rows of a dataset with a proposal and without it, whichever side a reader looks at.

import type { ResolvedDescriptor, ResourceDescriptor } from "../model/descriptor";
import { Resource, type Row } from "../model/field";
import type { Query } from "../model/query";
import type { Locale } from "../model/texts";
import { ServerSource } from "../sources/server";
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
} from "../sources/source";
import { StaticSource } from "../sources/static";
import type { StaticData } from "../sources/static-table";
import type { Changes, Side } from "./changes";
import type { Preview } from "./preview";

/** Keys in one address: longer addresses do not survive everywhere. */
const AT_ONCE = 100;

/** What charts ask. */
export type Figured = Pick<Source, "page" | "aggregate">;

/** Answers for the side that is looked at. Nothing is proposed on top of a proposal. */
export class PreviewSource implements Source {
  readonly writable = false;
  private earlier: Promise<ServerSource> | null = null;
  private subsets = new Map<string, ChangedRows>();

  constructor(
    readonly preview: Preview,
    private readonly after: ServerSource,
    public resolved: ResolvedDescriptor,
    private readonly locale: () => Locale,
  ) {}

  async descriptor(): Promise<ResolvedDescriptor> {
    const found = await this.after.descriptor();
    this.resolved = found;
    if (found.preview) this.preview.take(found.preview);
    this.earlier = null;
    this.subsets.clear();
    return found;
  }

  async page(resource: string, query: Query, options?: PageOptions): Promise<Page> {
    return (await this.listing()).page(resource, query, options);
  }

  async all(resource: string, query: Query, columns: readonly string[]): Promise<Row[]> {
    return (await this.listing()).all(resource, query, columns);
  }

  /** A row that the proposal removes is told as it was. */
  async row(resource: string, key: string): Promise<RowAnswer | null> {
    const { preview } = this;
    if (preview.isGone(preview.mark(resource, key))) return this.removed.row(resource, key);
    const found = await (await this.on(preview.side)).row(resource, key);
    return found && { ...found, pending: this.others(found.pending) };
  }

  async facets(resource: string, fields: readonly string[], query: Query): Promise<Facets> {
    return (await this.listing()).facets(resource, fields, query);
  }

  /** Figures are always of all rows: those of a few would be taken for the whole. */
  async aggregate(
    resource: string,
    by: readonly string[],
    measures: readonly Measured[],
    query: Query,
  ): Promise<Group[]> {
    return (await this.on(this.preview.side)).aggregate(resource, by, measures, query);
  }

  async pending(resource: string, keys: readonly string[]): Promise<Pending> {
    const found = await this.after.pending(resource, keys);
    for (const key of Object.keys(found)) found[key] = this.others(found[key]!);
    return found;
  }

  outlines(url: string): Promise<GeoJSON.FeatureCollection> {
    return this.after.outlines(url);
  }

  /** The files are those of the proposal. */
  download(resource: string, format: DownloadFormat, query: Query): string | null {
    return this.after.download(resource, format, query);
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

  /** The rows that the proposal removes. */
  get removed(): ChangedRows {
    return this.subset("removed", ({ changes }, name) => Promise.resolve(changes.removed(name)));
  }

  /** All rows of the side that is not looked at. */
  get opposite(): Figured {
    const side = this.preview.side === "after" ? "before" : "after";
    return {
      page: async (...asked) => (await this.on(side)).page(...asked),
      aggregate: async (...asked) => (await this.on(side)).aggregate(...asked),
    };
  }

  private async listing(): Promise<Source> {
    const { side, only } = this.preview;
    if (!only) return this.on(side);
    return this.subset(side, async ({ changes }, name) =>
      rowsUnder(await this.on(side), this.resolved, name, changes.keys(name, side)),
    );
  }

  private on(side: Side): Promise<ServerSource> {
    if (side === "after") return Promise.resolve(this.after);
    if (!this.earlier) {
      const source = new ServerSource(this.preview.changes.part.before.widget, this.locale);
      this.earlier = source.descriptor().then(() => source);
      this.earlier.catch(() => (this.earlier = null)); // it is tried again
    }
    return this.earlier;
  }

  private subset(
    name: string,
    read: (preview: { changes: Changes }, resource: string) => Promise<Row[]>,
  ): ChangedRows {
    let found = this.subsets.get(name);
    if (!found) {
      found = new ChangedRows(this.resolved, (resource) => read(this.preview, resource));
      this.subsets.set(name, found);
    }
    return found;
  }

  /** What is proposed on a row beside what is looked at. */
  private others<One extends { proposal: string }>(pending: readonly One[]): One[] {
    const { id } = this.preview.changes.part.of;
    return pending.filter((one) => one.proposal !== id);
  }
}

/** Some rows of each resource, asked like all of them. */
export class ChangedRows extends StaticSource {
  constructor(
    private readonly known: ResolvedDescriptor,
    private readonly rowsOf: (resource: string) => Promise<Row[]>,
  ) {
    super(known.links.self, known);
  }

  protected override async data(
    resource: string,
    { schema }: ResourceDescriptor,
  ): Promise<StaticData> {
    const fields = schema.fields.map((one) => one.name);
    const rows = await this.rowsOf(resource);
    return {
      fields,
      rows: rows.map((row) => fields.map((name) => row[name] ?? null)),
      revision: this.known.revision,
    };
  }
}

/** The rows that have some keys, in the order of the file as far as one question goes. */
async function rowsUnder(
  source: Source,
  descriptor: ResolvedDescriptor,
  name: string,
  keys: readonly string[],
): Promise<Row[]> {
  const resource = new Resource(name, descriptor.resources[name]!);
  const wanted = new Set(keys);
  const found: Row[] = [];
  for (let at = 0; at < keys.length; at += AT_ONCE) {
    const cells = keys.slice(at, at + AT_ONCE).map((key) => resource.cellsOfKey(key));
    const filters = Object.fromEntries(
      resource.key.map((field) => [
        field,
        { values: [...new Set(cells.map((one) => one[field] ?? ""))] },
      ]),
    );
    const columns = [...resource.fields.keys()];
    found.push(...(await source.all(name, { filters }, columns)));
  }
  return found.filter((row) => wanted.has(resource.keyOf(row)));
}

function refused(): Promise<never> {
  return Promise.reject(new Problem("not_allowed", "", 403));
}
