// How many rows selections have, as far as it is known.

import type { Query } from "../model/query";

/** Totals by selection: the same rows, whatever their order, have one. */
export class Totals {
  private known = new Map<string, number>();

  /** Null while it is not known. */
  of(resource: string, query: Query): number | null {
    return this.known.get(selection(resource, query)) ?? null;
  }

  /** Take a total in; whether it is news. */
  take(resource: string, query: Query, total: number): boolean {
    const name = selection(resource, query);
    const news = this.known.get(name) !== total;
    this.known.set(name, total);
    return news;
  }

  clear(): void {
    this.known.clear();
  }
}

/** The same text for the same rows, whatever their order. */
export function selection(
  resource: string,
  { filters, words, near, bounds }: Query,
): string {
  const sorted = Object.entries(filters ?? {}).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([resource, sorted, words?.trim() ?? "", near ?? null, bounds ?? null]);
}
