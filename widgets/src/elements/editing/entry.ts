// A row that is being corrected or added: what was read, what the draft makes of it.

import { type Field, own, type Resource, type Row } from "../../model/field";
import type { Confirmations, PendingChange } from "../../sources/source";
import { type Change, identity } from "../../state/draft";
import type { EditRequest, Session } from "../../state/session";
import { patience } from "./checks";
import { suggestedKey } from "./form";

/** Reads a row, and writes what is typed into the draft at once: nothing typed is ever lost. */
export class Entry {
  /** The row as it was read; null for a row to add, and until it was read. */
  row: Row | null = null;
  pending: PendingChange[] = [];
  confirmations: Confirmations | null = null;
  /** The key that was suggested for a row to add. */
  suggestion: string | null = null;
  readonly resource: Resource;
  /** The identity of a row to add; made when the first cell is written. */
  private added: string | null;
  private first: Row;

  constructor(
    private readonly session: Session,
    readonly request: EditRequest,
  ) {
    this.resource = session.resources.get(request.resource)!;
    this.added = request.added ?? null;
    const begun = this.added ? session.draft.get(this.added) : undefined;
    this.first = begun?.op === "insert" ? { ...begun.row } : { ...request.cells };
  }

  get adding(): boolean {
    return this.request.key === null;
  }

  /** Read the row. Gives false when there is none. Raises `Problem`. */
  async read(): Promise<boolean> {
    const { key, resource } = this.request;
    if (key === null) {
      await this.suggest();
      return true;
    }
    const answer = await this.session.source.row(resource, key);
    if (!answer) return false;
    this.row = answer.row;
    this.pending = answer.pending;
    this.confirmations = answer.confirmations;
    this.session.draft.shown = answer.revision;
    return true;
  }

  private async suggest(): Promise<void> {
    const [name] = this.resource.key;
    if (name === undefined || this.first[name]) return;
    const key = await suggestedKey(this.session, this.resource).catch(() => null);
    if (key === null || this.text(name)) return;
    this.suggestion = key;
    this.first[name] = key;
  }

  /** The identity of this row's change, in the draft or not. */
  get id(): string | null {
    return this.adding ? this.added : identity(this.resource.name, this.request.key!);
  }

  get change(): Change | undefined {
    return this.id === null ? undefined : this.session.draft.get(this.id);
  }

  /** The row as the contributor saw it: what the draft holds as old is what was changed. */
  get before(): Row | null {
    const { change, row } = this;
    return row && change?.op === "update" ? { ...row, ...change.old } : row;
  }

  /** The text of a cell with the draft. */
  text(field: string): string | null {
    const { change } = this;
    if (change?.op === "insert") return own(change.row, field) ?? null;
    if (this.adding) return own(this.first, field) ?? null;
    const written = change?.op === "update" ? own(change.new, field) : undefined;
    return written === undefined ? (this.row?.[field] ?? null) : written;
  }

  changed(field: string): boolean {
    const { change } = this;
    return change?.op === "update" && Object.hasOwn(change.new, field);
  }

  /** How many cells the draft changes or fills. */
  get size(): number {
    const { change } = this;
    if (change?.op === "update") return Object.keys(change.new).length;
    return change?.op === "insert" ? Object.keys(change.row).length : 0;
  }

  write(field: Field, text: string | null): void {
    const { draft } = this.session;
    const faulty = this.id !== null && draft.errorsOf(this.id, field.name).length > 0;
    const wait = patience(field, text, faulty);
    if (!this.adding) {
      draft.set(this.resource, this.before!, field.name, text, wait);
      return;
    }
    const present = this.change?.op === "insert" ? this.change.row : this.first;
    const row = { ...present, [field.name]: text };
    for (const [name, cell] of Object.entries(row)) if (cell === null || cell === "") delete row[name];
    this.first = row;
    const typed = Object.entries(row).some(
      ([name, cell]) => !(name === this.resource.key[0] && cell === this.suggestion),
    );
    if (typed) this.added = draft.add(this.resource, row, this.added ?? undefined, wait);
    else if (this.added !== null) this.discard();
  }

  /** Take back all that was changed in this row. */
  discard(): void {
    if (this.id !== null) this.session.draft.undo(this.id);
    this.added = null;
    if (this.adding) this.first = {};
  }
}
