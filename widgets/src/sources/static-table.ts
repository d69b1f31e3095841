// The rows of a static export in memory: conditions, order, words and figures, column by column.

import { bare, type FieldDescriptor } from "../model/field";
import type { Condition, Order } from "../model/query";
import { compareTexts, fold } from "./static-folding";
import { readNumber, type Typing, typingOf } from "./static-typing";
import { Problem } from "./source";

export type Cell = string | null;

/** `data/<resource>.json` of a static export. */
export interface StaticData {
  fields: string[];
  rows: Cell[][];
  revision: string;
}

/** One column: what its distinct texts are worth, and where each stands among them. */
export class StaticColumn {
  readonly typing: Typing;
  private held: Map<string, number> | null = null;
  private foldedTexts: Map<string, string> | null = null;

  constructor(
    readonly descriptor: FieldDescriptor,
    readonly cells: readonly Cell[],
  ) {
    this.typing = typingOf(descriptor);
  }

  /** The distinct texts and their places: those that fit the type first, in its order. */
  get places(): ReadonlyMap<string, number> {
    if (!this.held) {
      const texts = [...new Set(this.cells.filter((one) => one !== null))];
      const keyed = texts.map((text) => ({ text, worth: this.worth(text), folded: fold(text) }));
      keyed.sort((one, other) => {
        if (one.worth !== null && other.worth !== null) {
          return one.worth - other.worth || compareTexts(one.text, other.text);
        }
        if (one.worth !== null || other.worth !== null) return one.worth === null ? 1 : -1;
        return compareTexts(one.folded, other.folded) || compareTexts(one.text, other.text);
      });
      this.held = new Map(keyed.map(({ text }, place) => [text, place]));
    }
    return this.held;
  }

  /** The place of a cell in the order of the column; a missing one is past all others. */
  place(cell: Cell): number {
    return cell === null ? this.places.size : (this.places.get(cell) ?? this.places.size);
  }

  /** The distinct texts that meet a condition, and whether a missing cell does. */
  accepted(condition: Condition): { texts: Set<string>; missing: boolean } {
    const { values = [], from, to } = condition;
    const missing = values.includes("") && !from && !to;
    let texts = [...this.places.keys()];
    if (values.length) texts = this.equalTo(texts, values);
    if (values.length && values.every((one) => one === "")) texts = [];
    if (from) texts = texts.filter(this.beyond(from, 1));
    if (to) texts = texts.filter(this.beyond(to, -1));
    return { texts: new Set(texts), missing };
  }

  /** The distinct texts that hold a folded word. */
  holding(word: string): Set<string> {
    this.foldedTexts ??= new Map([...this.places.keys()].map((text) => [text, fold(text)]));
    const found = new Set<string>();
    for (const [text, folded] of this.foldedTexts) if (folded.includes(word)) found.add(text);
    return found;
  }

  /** A cell as a finite number by the field's own writing, else by the standard one. */
  number(cell: Cell): number | null {
    if (cell === null) return null;
    const read = this.typing.numeric && this.typing.read ? this.typing.read : readNumber;
    const found = read(cell);
    return found !== null && Number.isFinite(found) ? found : null;
  }

  worth(text: string): number | null {
    return this.typing.read ? this.typing.read(text) : null;
  }

  private bound(text: string): number | null {
    return this.worth(text) ?? (this.typing.plain ? this.typing.plain(text) : null);
  }

  private equalTo(texts: readonly string[], values: readonly string[]): string[] {
    const exact = new Set(values);
    const worths = new Set(
      values.map((one) => this.bound(one)).filter((one): one is number => one !== null),
    );
    return texts.filter((text) => {
      if (exact.has(text)) return true;
      const worth = this.worth(text);
      return worth !== null && worths.has(worth);
    });
  }

  /** Whether a text is the bound or lies on the side of a direction. */
  private beyond(limit: string, direction: 1 | -1): (text: string) => boolean {
    if (!this.typing.read) {
      const folded = fold(limit);
      return (text) =>
        (compareTexts(fold(text), folded) || compareTexts(text, limit)) * direction >= 0;
    }
    const bound = this.bound(limit);
    if (bound === null) throw new Problem("malformed", limit, 400);
    return (text) => {
      const worth = this.worth(text);
      return worth !== null && (worth - bound) * direction >= 0;
    };
  }
}

/** A resource of a static export. Columns are derived when they are first asked for. */
export class StaticTable {
  readonly names: readonly string[];
  readonly revision: string;
  readonly length: number;
  private readonly columns = new Map<string, StaticColumn>();

  constructor(
    private readonly data: StaticData,
    private readonly descriptors: ReadonlyMap<string, FieldDescriptor>,
  ) {
    this.names = data.fields;
    this.revision = data.revision;
    this.length = data.rows.length;
  }

  column(name: string): StaticColumn {
    let found = this.columns.get(name);
    if (!found) {
      const at = this.data.fields.indexOf(name);
      if (at < 0) throw new Problem("unknown_field", name, 400);
      const descriptor = this.descriptors.get(name) ?? { name };
      found = new StaticColumn(
        descriptor,
        this.data.rows.map((row) => row[at] ?? null),
      );
      this.columns.set(name, found);
    }
    return found;
  }

  /** The cells of a row by name: of the named columns, or all. */
  row(position: number, names: readonly string[] = this.names): { [name: string]: Cell } {
    const cells = names.map((one) => [one, this.column(one).cells[position] ?? null] as const);
    return bare(Object.fromEntries(cells));
  }

  /** The rows that have each of some folded words in some column. */
  withWords(positions: readonly number[], words: readonly string[]): readonly number[] {
    let found = positions;
    for (const word of words) {
      const held = this.names.map((one) => {
        const column = this.column(one);
        return { cells: column.cells, texts: column.holding(word) };
      });
      const columns = held.filter(({ texts }) => texts.size);
      found = found.filter((at) =>
        columns.some(({ cells, texts }) => {
          const cell = cells[at];
          return cell != null && texts.has(cell);
        }),
      );
    }
    return found;
  }

  /** Rows in an order; equal ones as they stand, rows without a value last in both directions. */
  sorted(positions: readonly number[], order: readonly Order[]): readonly number[] {
    const keys = order.map(({ field, descending }) => {
      const column = this.column(field);
      const size = column.places.size;
      return column.cells.map((cell) => {
        const place = column.place(cell);
        return descending && place < size ? size - 1 - place : place;
      });
    });
    return [...positions].sort((one, other) => {
      for (const places of keys) {
        const before = places[one]! - places[other]!;
        if (before) return before;
      }
      return one - other;
    });
  }
}
