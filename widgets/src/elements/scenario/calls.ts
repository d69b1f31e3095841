// The scenarios of a dataset on its server. Whoever has the address of one may read and change it.

import type { Locale } from "../../model/texts";
import type { Pass } from "../editing/entrance";
import { problemOf } from "../../sources/server";
import type { CellError } from "../../formats/problem";
import { type Accepted, type Operation, Problem } from "../../sources/source";

export interface Scenario {
  id: string;
  title: string;
  version: number;
  base_revision: string;
  operations: Operation[];
  updated_at: string;
  /** What it was submitted as. */
  proposal: string | null;
  /** What would be wrong with it as a proposal, by the places of its operations. */
  warnings: CellError[];
  url: string;
}

/** What is written of a scenario. */
export interface Written {
  title: string;
  operations: readonly Operation[];
  base_revision?: string;
  locale: Locale;
}

export interface Changed {
  rows: number;
  people: number | null;
}

export interface ImpactRow {
  key: { [field: string]: string };
  label: string;
  before: number | string | null;
  after: number | string | null;
  people: number | null;
  /** Whether that is better there; null where it is neither, or nobody can say. */
  gains: boolean | null;
  latitude: number | null;
  longitude: number | null;
}

export interface IndicatorImpact {
  name: string;
  title: string;
  unit: string | null;
  digits: number | null;
  better: "more" | "less" | null;
  resource: string;
  before: number | string | null;
  after: number | string | null;
  gained: Changed;
  lost: Changed;
  rows: ImpactRow[];
  total_rows: number;
}

export interface Band {
  kilometres: number;
  before: number;
  after: number;
  gained: number;
  lost: number;
}

export interface Access {
  indicator: string;
  title: string;
  people: number;
  bands: Band[];
  territories: { level: string; code: string; label: string; people: number; bands: Band[] }[];
}

export interface Impact {
  /** Whether anything changes. */
  changes: boolean;
  before: string;
  after: string;
  indicators: IndicatorImpact[];
  access: Access[];
  sentences: string[];
  /** What keeps an indicator from being computed. */
  faults: { name: string; title: string; detail: string }[];
}

/** What is told of a proposal that was sent; only who sent it is given the link to follow it. */
export type Receipt = Pick<Accepted, "id" | "url"> & { follow_up_url?: string };

/** What is sent with a scenario when it becomes a proposal. */
export interface Submission {
  version: number;
  comment?: string;
  source?: string;
  contributor?: { name?: string; email?: string };
  locale: Locale;
  [more: string]: unknown;
}

export class ScenarioCalls {
  constructor(
    /** The collection: `…/datasets/{dataset}/scenarios`. */
    private readonly address: string,
    private readonly locale: () => Locale,
  ) {}

  /** Raises `Problem`, as all of them do. */
  read(id: string): Promise<Scenario> {
    return this.ask("GET", this.own(id));
  }

  create(body: Written & Pass): Promise<Scenario> {
    return this.ask("POST", this.address, body);
  }

  /** Write over the version that was seen; `head_moved` when there is a newer one. */
  write(id: string, version: number, body: Written & Pass): Promise<Scenario> {
    return this.ask("PUT", this.own(id), { ...body, version });
  }

  impact(id: string, signal: AbortSignal): Promise<Impact> {
    return this.ask("GET", `${this.own(id)}/impact`, undefined, signal);
  }

  /** Make a proposal of it, once: sent again, it is the same. */
  submit(id: string, body: Submission): Promise<Receipt> {
    return this.ask("POST", `${this.own(id)}/submit`, body);
  }

  private own(id: string): string {
    return `${this.address}/${encodeURIComponent(id)}`;
  }

  private async ask<T>(
    method: string,
    address: string,
    body?: unknown,
    signal: AbortSignal | null = null,
  ): Promise<T> {
    let answer: Response;
    try {
      answer = await fetch(address, {
        method,
        credentials: "omit",
        cache: "no-store",
        signal,
        headers: {
          "Accept-Language": this.locale(),
          ...(body !== undefined && { "Content-Type": "application/json" }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      if (answer.ok) return (await answer.json()) as T;
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      throw new Problem("offline", "");
    }
    throw await problemOf(answer);
  }
}
