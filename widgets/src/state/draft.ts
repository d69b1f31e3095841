// A contributor's changes before they are sent: one draft per dataset, for all that shows it.

import type { CellError } from "../formats/problem";
import { own, type Resource, type Row } from "../model/field";
import type { Cells, Operation, ProposalBody } from "../sources/source";
import * as changes from "./changes";
import { type Change, identity } from "./changes";
import { keep, kept, onKept } from "./storage";
import { Verdicts } from "./verdicts";

export { type Change, identity } from "./changes";

interface Written {
  revision: string;
  nonce: string;
  comment: string;
  source: string;
  changes: { [id: string]: Change };
}

/** Dispatches `change` when a change was made, told wrong, or taken over from another window. */
export class Draft extends EventTarget {
  private changes = new Map<string, Change>();
  /** Makes the keys of this draft's proposals unlike those of any other. */
  private nonce = newName();
  private last: string | null = null;
  /** What the contributor looked at when the last change was made. */
  revision: string;
  /** What is shown now. */
  shown: string;
  comment = "";
  source = "";
  /** False once the browser has refused to keep the draft: it will not survive a reload. */
  kept = true;
  /** What the server says of the changes. */
  readonly verdicts: Verdicts;
  private readonly name: string;

  constructor(dataset: string, revision: string) {
    super();
    this.revision = revision;
    this.shown = revision;
    this.name = `retouche.draft.${dataset}`;
    this.verdicts = new Verdicts(this, () => this.tell());
    this.reread();
    onKept(this.name, () => {
      if (this.reread()) this.tell();
    });
  }

  get size(): number {
    return this.changes.size;
  }

  /** Identity and change, in the order in which they were begun. */
  entries(): [string, Change][] {
    return [...this.changes];
  }

  /** The change of one row; undefined where there is none. */
  of(resource: string, key: string): Change | undefined {
    return this.changes.get(identity(resource, key));
  }

  get(id: string): Change | undefined {
    return this.changes.get(id);
  }

  /** The rows to add to a resource. */
  added(resource: string): [string, Row][] {
    return this.entries().flatMap(([id, change]) =>
      change.op === "insert" && change.resource === resource ? [[id, change.row]] : [],
    );
  }

  /** The text a cell has with the draft, undefined where the draft leaves it. */
  cell(resource: string, key: string, field: string): string | null | undefined {
    const change = this.of(resource, key);
    return change?.op === "update" ? own(change.new, field) : undefined;
  }

  /** What the server says is wrong with a change, in its words; of one field, or (null) of none. */
  errorsOf(id: string, field?: string | null): readonly CellError[] {
    return this.verdicts.errorsOf(id, field);
  }

  /** What the server warns of. */
  warningsOf(id: string, field?: string | null): readonly CellError[] {
    return this.verdicts.warningsOf(id, field);
  }

  /**
   * Write a cell of a row as it was read. A cell set back to what it was is no change.
   * `patience` is how long to wait before asking the server, in milliseconds.
   */
  set(resource: Resource, row: Row, field: string, text: string | null, patience?: number): void {
    const id = identity(resource.name, resource.keyOf(row));
    this.write(() => {
      const change = changes.withCell(this.changes.get(id), resource, row, field, text);
      if (change) this.changes.set(id, change);
      else this.changes.delete(id);
    }, patience);
  }

  /** Add a row, or change one that is to be added. Gives its identity. */
  add(resource: Resource, row: Cells, id = newId(resource.name), patience?: number): string {
    const label = resource.labelOf(row);
    this.write(
      () => this.changes.set(id, { op: "insert", resource: resource.name, label, row }),
      patience,
    );
    return id;
  }

  remove(resource: Resource, row: Row): void {
    const id = identity(resource.name, resource.keyOf(row));
    this.write(() => this.changes.set(id, changes.removal(resource, row)));
  }

  /**
   * Take operations on a resource in, as a comparison of files gives them. What the draft holds
   * on the same rows is replaced, rows to add with the same key too.
   */
  take(
    { name, key }: Resource,
    operations: readonly Operation[],
    labelOf: (operation: Operation) => string,
  ): void {
    const keyOf = (row: Cells): string => JSON.stringify(key.map((one) => row[one]));
    const added = new Map(this.added(name).map(([id, row]) => [keyOf(row), id]));
    this.write(() => {
      for (const one of operations) {
        const before = one.op === "insert" && added.get(keyOf(one.row));
        const [id, change] = changes.changeOf(one, labelOf(one), () => before || newId(name));
        this.changes.set(id, change);
      }
    });
  }

  /** Take one change back. */
  undo(id: string): void {
    this.write(() => this.changes.delete(id));
  }

  /** Take one cell of a change back. */
  undoCell(id: string, field: string): void {
    const change = this.changes.get(id);
    if (change?.op !== "update") return this.undo(id);
    const { [field]: _old, ...old } = change.old;
    const { [field]: _new, ...rest } = change.new;
    this.write(() => {
      if (Object.keys(rest).length) this.changes.set(id, { ...change, old, new: rest });
      else this.changes.delete(id);
    });
  }

  /** Say that another text was seen under a change: it is made on top of that one. */
  rebase(id: string, field: string, seen: string | null): void {
    const change = this.changes.get(id);
    if (!change || change.op === "insert") return;
    if (change.op === "update" && (own(change.new, field) ?? "") === (seen ?? "")) {
      return this.undoCell(id, field);
    }
    this.write(() => this.changes.set(id, { ...change, old: { ...change.old, [field]: seen } }));
  }

  /** Words that go with the changes. */
  explain(words: { comment?: string; source?: string }): void {
    this.update(() => Object.assign(this, words));
  }

  clear(): void {
    this.write(() => this.empty());
  }

  /** Forget what was sent; what was changed meanwhile stays. */
  sent(entries: readonly [string, Change][]): void {
    this.write(() => {
      for (const [id, change] of entries) {
        if (JSON.stringify(this.changes.get(id)) === JSON.stringify(change)) {
          this.changes.delete(id);
        }
      }
      this.nonce = newName();
      this.comment = "";
      this.source = "";
    });
  }

  /** The draft as the operations of a proposal. */
  operations(): Operation[] {
    return [...this.changes.values()].map(changes.operationOf);
  }

  /** The proposal of some changes, without the words that go with it. */
  body(ids: readonly string[]): ProposalBody {
    const wanted = ids.flatMap((id) => this.changes.get(id) ?? []);
    return { base_revision: this.revision, operations: wanted.map(changes.operationOf) };
  }

  /** The key under which something is sent: the same for each attempt, another for other words. */
  tokenFor(body: unknown): string {
    return `${this.nonce}-${digest(JSON.stringify(body))}`;
  }

  private write(change: () => unknown, patience?: number): void {
    this.update(() => {
      change();
      this.revision = this.shown;
      if (!this.changes.size) this.empty();
    });
    this.verdicts.soon(patience);
    this.tell();
  }

  /** Change what is kept now, not what was kept when it was read last: others may write too. */
  private update(change: () => unknown): void {
    this.reread();
    change();
    const { revision, nonce, comment, source } = this;
    const written: Written = {
      ...{ revision, nonce, comment, source },
      changes: Object.fromEntries(this.changes),
    };
    this.last = this.changes.size ? JSON.stringify(written) : null;
    this.kept = keep(this.name, this.last);
  }

  private empty(): void {
    this.changes.clear();
    this.nonce = newName();
    this.comment = "";
    this.source = "";
  }

  /** Take in what another window has kept. Gives whether it was anything new. */
  private reread(): boolean {
    const text = this.kept ? kept(this.name) : this.last;
    if (text === this.last) return false;
    this.last = text;
    const written = text === null ? null : read(text);
    if (!written) {
      this.empty();
      return true;
    }
    this.changes = new Map(Object.entries(written.changes));
    const { revision, nonce, comment, source } = written;
    Object.assign(this, { revision, nonce, comment, source });
    return true;
  }

  private tell(): void {
    this.dispatchEvent(new Event("change"));
  }
}

function read(text: string): Written | null {
  try {
    const { revision, nonce, comment, source, changes: found } = JSON.parse(text) as Written;
    if (![revision, nonce, comment, source].every((one) => typeof one === "string")) return null;
    return Object.values(found).every(changes.isChange)
      ? { revision, nonce, comment, source, changes: found }
      : null;
  } catch {
    return null;
  }
}

function newId(resource: string): string {
  return `${resource}+${newName()}`;
}

function newName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
}

/** 53 bits of a text: enough to tell the few bodies of one draft from each other. */
function digest(text: string): string {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (4294967296 * (2097151 & low) + (high >>> 0)).toString(36);
}
