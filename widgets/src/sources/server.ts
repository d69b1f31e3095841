// A dataset on a Retouche server, over its HTTP API.

import type { ResolvedDescriptor, ResourceLinks } from "../model/descriptor";
import { bare, type Row } from "../model/field";
import { parameters, type Query, quoted } from "../model/query";
import type { Locale } from "../model/texts";
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
  type ProposalBody,
  type RowAnswer,
  type Source,
  type Verdict,
} from "./source";

const LARGEST_PAGE = 1000;

interface RowsAnswer {
  data: Row[];
  meta: { page: number; page_size: number; total: number; revision: string };
}

/** Reads and proposes over HTTP. No cookie is ever sent. */
export class ServerSource implements Source {
  readonly writable = true;
  private resolved: ResolvedDescriptor | null = null;

  constructor(
    private readonly address: string,
    private readonly locale: () => Locale,
  ) {}

  async descriptor(): Promise<ResolvedDescriptor> {
    this.resolved = await this.get<ResolvedDescriptor>(this.address);
    return this.resolved;
  }

  async page(resource: string, query: Query, options: PageOptions = {}): Promise<Page> {
    const { page = 1, size = 20, columns, signal } = options;
    const asked = parameters(query);
    if (page > 1) asked.set("page", String(page));
    asked.set("page_size", String(size));
    if (columns) asked.set("columns", columns.map(quoted).join(","));
    const answer = await this.get<RowsAnswer>(this.link(resource, "rows", asked), signal);
    const { meta } = answer;
    return {
      rows: this.alone(resource, answer.data),
      page: meta.page,
      size: meta.page_size,
      total: meta.total,
      revision: meta.revision,
    };
  }

  async all(resource: string, query: Query, columns: readonly string[]): Promise<Row[]> {
    const ask = (page: number): Promise<Page> =>
      this.page(resource, query, { page, size: LARGEST_PAGE, columns });
    const first = await ask(1);
    const pages = Math.ceil(first.total / LARGEST_PAGE);
    const rest = Array.from({ length: Math.max(0, pages - 1) }, (_, index) => ask(index + 2));
    return [first, ...(await Promise.all(rest))].flatMap((one) => one.rows);
  }

  async row(resource: string, key: string): Promise<RowAnswer | null> {
    try {
      const answer = await this.get<{
        data: Row;
        revision: string;
        proposals?: { id: string; state: string; url?: string }[];
        confirmations?: Confirmations;
      }>(this.link(resource, "rows", new URLSearchParams(), `/${key}`));
      return {
        row: this.alone(resource, [answer.data])[0]!,
        revision: answer.revision,
        pending: (await this.pending(resource, [key]))[key] ?? [],
        confirmations: answer.confirmations ?? null,
      };
    } catch (error) {
      if (error instanceof Problem && error.status === 404) return null;
      throw error;
    }
  }

  async facets(resource: string, fields: readonly string[], query: Query): Promise<Facets> {
    const asked = parameters({ ...query, order: [] });
    for (const field of fields) asked.append("field", field);
    const answer = await this.get<{
      data: { [field: string]: { value: string | null; count: number }[] };
    }>(this.link(resource, "facets", asked));
    return Object.fromEntries(
      Object.entries(answer.data).map(([field, values]) => [
        field,
        values.map(({ value, count }) => ({ value: value ?? "", count })),
      ]),
    );
  }

  async aggregate(
    resource: string,
    by: readonly string[],
    measures: readonly Measured[],
    query: Query,
  ): Promise<Group[]> {
    const asked = parameters({ ...query, order: [] });
    for (const field of by) asked.append("by", field);
    for (const { operation, field } of measures) {
      if (operation !== "count" && field) asked.append(operation, field);
    }
    const answer = await this.get<{ data: { [name: string]: string | number | null }[] }>(
      this.link(resource, "aggregate", asked),
    );
    return answer.data.map((group) => ({
      by: by.map((field) => (group[field] as string | null | undefined) ?? null),
      count: Number(group["count"] ?? 0),
      numbers: Object.fromEntries(
        Object.entries(group)
          .filter(([name]) => !by.includes(name) && name !== "count")
          .map(([name, value]) => [name, value === null ? null : Number(value)]),
      ),
    }));
  }

  async pending(resource: string, keys: readonly string[]): Promise<Pending> {
    if (!keys.length || !this.links(resource).pending) return {};
    const asked = new URLSearchParams();
    for (const key of keys) asked.append("key", key);
    return bare((await this.get<{ data: Pending }>(this.link(resource, "pending", asked))).data);
  }

  validate(body: ProposalBody): Promise<Verdict> {
    return this.post<Verdict>(this.own("validate"), body);
  }

  propose(body: ProposalBody, token: string): Promise<Accepted> {
    return this.post<Accepted>(this.own("proposals"), body, token);
  }

  compare(resource: string, file: Blob, absent: "keep" | "delete"): Promise<Comparison> {
    const asked = new URLSearchParams({ absent });
    return this.ask<Comparison>(this.link(resource, "comparison", asked), {
      method: "POST",
      body: file,
      headers: { "Content-Type": file.type || "text/csv" },
    });
  }

  confirm(
    resource: string,
    key: string,
    revision: string,
    token: string,
    more?: object,
  ): Promise<Confirmations> {
    return this.post<Confirmations>(
      this.link(resource, "rows", new URLSearchParams(), `/${key}/confirmations`),
      { revision, ...more },
      token,
    );
  }

  async remark(
    resource: string,
    key: string,
    body: { comment: string; contributor?: { name?: string; email?: string }; proof?: string },
    token: string,
  ): Promise<void> {
    const address = this.link(resource, "rows", new URLSearchParams(), `/${key}/remarks`);
    await this.post<unknown>(address, body, token);
  }

  outlines(url: string): Promise<GeoJSON.FeatureCollection> {
    return this.get<GeoJSON.FeatureCollection>(new URL(url, this.address).href);
  }

  download(resource: string, format: DownloadFormat, query: Query): string | null {
    if (!this.links(resource)[format]) return null;
    return this.link(resource, format, parameters(query));
  }

  /** Rows with nothing but their cells, where a field is called like what all objects have. */
  private alone(resource: string, rows: Row[]): Row[] {
    const fields = this.resolved?.resources[resource]?.schema.fields ?? [];
    return fields.some(({ name }) => name in {}) ? rows.map(bare) : rows;
  }

  private links(resource: string): ResourceLinks {
    const found = this.resolved?.resources[resource];
    if (!found) throw new Problem("not_found", resource, 404);
    return found.links;
  }

  private own(name: "validate" | "proposals"): string {
    const address = this.resolved?.links[name];
    if (!address) throw new Problem("not_found", name, 404);
    return address;
  }

  /** The address of a call: a link of the descriptor, a path under it, more parameters. */
  private link(
    resource: string,
    name: keyof ResourceLinks,
    asked: URLSearchParams,
    path = "",
  ): string {
    const address = new URL(this.links(resource)[name] ?? "", this.address);
    address.pathname += path;
    for (const [one, value] of asked) address.searchParams.append(one, value);
    return address.href;
  }

  private get<T>(address: string, signal?: AbortSignal): Promise<T> {
    return this.ask<T>(address, signal ? { signal } : {});
  }

  private post<T>(address: string, body: unknown, token?: string): Promise<T> {
    return this.ask<T>(address, {
      method: "POST",
      body: JSON.stringify(body),
      headers: {
        "Content-Type": "application/json",
        ...(token ? { "Idempotency-Key": token } : {}),
      },
    });
  }

  private async ask<T>(address: string, init: RequestInit): Promise<T> {
    let answer: Response;
    const headers = { ...init.headers, "Accept-Language": this.locale() };
    try {
      answer = await fetch(address, { ...init, credentials: "omit", headers });
      if (answer.ok) return (await answer.json()) as T;
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      // The answer did not come, or not whole: nobody here knows what became of the call.
      throw new Problem("offline", "");
    }
    throw await problemOf(answer);
  }
}

/** What a refusal says, whatever stands between us and the server. */
export async function problemOf(answer: Response): Promise<Problem> {
  const retry = Number(answer.headers.get("Retry-After")) || 0;
  try {
    const { code, detail, errors, conflicts, pointer } = await answer.json();
    return new Problem(
      String(code ?? "unexpected"),
      String(detail ?? ""),
      answer.status,
      errors ?? [],
      conflicts ?? [],
      retry,
      String(pointer ?? ""),
    );
  } catch {
    return new Problem("unexpected", "", answer.status, [], [], retry);
  }
}
