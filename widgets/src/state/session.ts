// What the views of one widget share: the source, the descriptor, the state, the draft, the language.

import { type ResolvedDescriptor, tabsOf, type WidgetDescriptor } from "../model/descriptor";
import { bare, type Field, Resource, type Row } from "../model/field";
import { type Filters, narrowed, type Order, type Query } from "../model/query";
import type { Locale } from "../model/texts";
import { namedViews, type View } from "../model/views";
import type { Preview } from "../previews/preview";
import type { Page, Pending, Source } from "../sources/source";
import { NOTHING, readState, type State, writeState } from "./address";
import { allowed } from "./conditions";
import type { Draft } from "./draft";
import { draftOf } from "./drafts";
import { selection, Totals } from "./totals";

/** The row and field that a reader wants to change; a row is added when `key` is null. */
export interface EditRequest {
  resource: string;
  key: string | null;
  field?: string;
  /** First texts of a row to add. */
  cells?: Row;
  /** The identity in the draft of a row to add that was begun before. */
  added?: string;
  /** What is opened beside the fields of a row that exists. */
  panel?: "remark" | "removal";
}

/** What the page that holds the widget asks for. */
export interface Wishes {
  /** Conditions that no reader can take away. */
  fixed?: Filters;
  /** The view that is shown first. */
  view?: string | null;
  /** The key of the row that is open first. */
  row?: string | null;
}

const MOST_PAGES = 60;

/**
 * Dispatches `change` when the state, the data or the language changed, `draft` when the draft,
 * `pending` when marks or labels of foreign keys, `count` when the number of rows did; and `edit`,
 * `review` and `upload` when a reader asks for these.
 */
export class Session extends EventTarget {
  resources: ReadonlyMap<string, Resource>;
  readonly draft: Draft;
  state: State = { ...NOTHING };
  /** Grows when what was read is forgotten. */
  reads = 0;
  private pages = new Map<string, Promise<Page>>();
  private marks = new Map<string, Pending>();
  private totals = new Totals();

  constructor(
    readonly source: Source,
    public descriptor: ResolvedDescriptor,
    public locale: Locale,
    /** Before the dot of our parameters; null when the address is not ours to use. */
    readonly prefix: string | null,
    /** Whether corrections are offered at all. */
    readonly contribute: boolean,
    readonly wishes: Wishes = {},
  ) {
    super();
    this.resources = resourcesOf(descriptor);
    this.draft = draftOf(descriptor);
    this.follow();
    this.read();
    if (wishes.row && !this.state.row) this.state = { ...this.state, row: wishes.row };
  }

  /** What changes, where a proposal is looked at. */
  get preview(): Preview | null {
    return this.source.preview ?? null;
  }

  /** The tab that is shown: the descriptor itself where it has no tabs. */
  get widget(): WidgetDescriptor {
    const tabs = tabsOf(this.descriptor);
    return tabs.find((one) => one.name === this.state.tab) ?? tabs[0]!;
  }

  /** The view that is shown, and what addresses call it. */
  get view(): [string, View] {
    const views = namedViews(this.widget.views);
    const called = (name: string | null | undefined): [string, View] | undefined =>
      views.find((one) => one[0] === name);
    return called(this.state.view) ?? called(this.wishes.view) ?? views[0]!;
  }

  /** The resource that the shown tab is about. */
  get resource(): Resource {
    return this.resources.get(this.widget.resource)!;
  }

  /** Whether corrections of a resource are offered. */
  editable(resource: Resource = this.resource): boolean {
    return (
      this.contribute &&
      this.source.writable &&
      this.widget.contribute !== false &&
      resource.descriptor.editable
    );
  }

  field(name: string, resource = this.resource): Field | undefined {
    return resource.field(name);
  }

  /** The order asked for, else the descriptor's. */
  get order(): Order[] {
    const known = this.state.order.filter(({ field }) => this.field(field));
    if (known.length) return known;
    return (this.widget.sort ?? []).map(({ field, descending = false }) => ({
      field,
      descending,
    }));
  }

  /** The rows that the reader asks for, in order. What the data cannot be asked for is left out. */
  get query(): Query {
    const { words, near } = this.state;
    const filters = this.filtersWith(this.state.filters);
    return near ? { filters, words, near } : { filters, words, order: this.order };
  }

  /** Other filters, inside those that the page fixed. */
  filtersWith(filters: Filters): Filters {
    const fixed = allowed(this.wishes.fixed ?? {}, this.resource);
    return narrowed(allowed(filters, this.resource), fixed);
  }

  /** A page of the rows asked for; asked once, however many views want it. */
  page(
    page: number,
    size: number,
    { resource = this.resource.name, query = this.query, columns = undefined as
      | readonly string[]
      | undefined } = {},
  ): Promise<Page> {
    const name = JSON.stringify([resource, query, page, size, columns ?? null]);
    let found = this.pages.get(name);
    if (!found) {
      found = this.source.page(resource, query, { page, size, ...(columns && { columns }) });
      this.pages.set(name, found);
      found.then(
        ({ total, revision }) => {
          this.draft.shown = revision;
          if (this.totals.take(resource, query, total)) this.dispatchEvent(new Event("count"));
        },
        () => this.pages.delete(name),
      );
      const oldest = this.pages.keys().next();
      if (this.pages.size > MOST_PAGES && !oldest.done) this.pages.delete(oldest.value);
    }
    return found;
  }

  /** How many rows the reader asks for; null while it is not known. */
  get total(): number | null {
    return this.totalOf(this.query);
  }

  /** How many rows there are without the reader's filters; null while it is not known. */
  get whole(): number | null {
    return this.totalOf({ filters: this.filtersWith({}) });
  }

  private totalOf(query: Query): number | null {
    const { name, descriptor } = this.resource;
    const known = this.totals.of(name, query);
    if (known === null && selection(name, query) === selection(name, {})) {
      return this.preview?.rowCount(name) ?? descriptor.row_count;
    }
    return known;
  }

  /** Find out both numbers, unless they are known or come with a page that was asked for. */
  async count(): Promise<void> {
    const resource = this.resource.name;
    const columns = this.resource.key.slice(0, 1);
    for (const query of [{ ...this.query, order: [] }, { filters: this.filtersWith({}) }]) {
      const wanted = selection(resource, query);
      if (this.totalOf(query) !== null) continue;
      const asked = [...this.pages].find(([name]) => sameSelection(name, wanted));
      await (asked?.[1] ?? this.page(1, 1, { query, ...(columns.length && { columns }) }));
    }
  }

  /** Forget what was read: the data may have changed. */
  refresh(): void {
    this.marks.clear();
    this.forget();
    this.dispatchEvent(new Event("change"));
  }

  private forget(): void {
    this.reads += 1;
    this.pages.clear();
    this.totals.clear();
  }

  private take(state: State): void {
    this.state = state;
    if (this.preview?.turn(state)) this.forget();
  }

  /** Take in the descriptor as it is now: of other data, perhaps. */
  renew(descriptor: ResolvedDescriptor): void {
    this.descriptor = descriptor;
    this.resources = resourcesOf(descriptor);
    this.draft.shown = descriptor.revision;
    this.refresh();
  }

  /** Speak another language. */
  speak(locale: Locale): void {
    this.locale = locale;
    if (this.draft.size) void this.draft.verdicts.now();
    this.dispatchEvent(new Event("change"));
  }

  /** Tell of the draft, which other widgets of the page may share and which outlives this one. */
  private follow(): void {
    const { draft } = this;
    const one = new WeakRef<Session>(this);
    const tell = (): void => {
      const session = one.deref();
      if (session) session.dispatchEvent(new Event("draft"));
      else draft.removeEventListener("change", tell);
    };
    draft.addEventListener("change", tell);
    if (this.contribute && this.source.writable) {
      const { source } = this;
      draft.verdicts.use((body) => source.validate(body));
    }
  }

  /** What is proposed on these rows, known so far; asks for the rest and tells by `pending`. */
  pendingOn(resource: string, keys: readonly string[]): Pending {
    if (!this.resources.get(resource)?.keyed) return {};
    const known = this.marks.get(resource) ?? bare({});
    const unknown = keys.filter((key) => !(key in known));
    if (unknown.length) {
      const asked = Object.fromEntries(unknown.map((key) => [key, []]));
      this.marks.set(resource, bare({ ...known, ...asked }));
      this.source.pending(resource, unknown).then(
        (found) => {
          this.marks.set(resource, bare({ ...this.marks.get(resource), ...found }));
          if (Object.keys(found).length) this.dispatchEvent(new Event("pending"));
        },
        () => undefined, // a mark that cannot be read is no reason to trouble a reader
      );
    }
    return known;
  }

  /** Change what the reader looks at. `push` makes a step that the back button undoes. */
  update(change: Partial<State>, how: "push" | "replace" = "replace"): void {
    this.take({ ...this.state, ...change });
    if (this.prefix !== null) this.write(this.prefix, how);
    this.dispatchEvent(new Event("change"));
  }

  private write(prefix: string, how: "push" | "replace"): void {
    const search = writeState(location.search, prefix, this.state);
    if (search === location.search) return;
    const address = `${location.pathname}${search}${location.hash}`;
    try {
      if (how === "push") history.pushState(history.state, "", address);
      else history.replaceState(history.state, "", address);
    } catch {
      // Some frames may not change their address; the widget works all the same.
    }
  }

  /** Other rows are asked for: from their first page, in one step of the history. */
  ask(change: Partial<Pick<State, "words" | "filters" | "order" | "near">>): void {
    this.update({ ...change, page: 1 });
  }

  /** Show another tab, from its beginning. */
  turnTo(tab: string): void {
    const first = tabsOf(this.descriptor)[0]!.name;
    const { side, changes } = this.state;
    this.update({ ...NOTHING, side, changes, tab: tab === first ? null : tab }, "push");
  }

  /** Take the state from the address (at first, and after the back button). */
  read(): void {
    if (this.prefix === null) return;
    const state = readState(location.search, this.prefix);
    if (JSON.stringify(state) === JSON.stringify(this.state)) return;
    this.take(state);
    this.dispatchEvent(new Event("change"));
  }

  /** Open a row's card. */
  open(key: string | null): void {
    if (key !== null && !this.resource.keyed) return;
    this.update({ row: key }, "push");
  }

  /** Open the form for a row; the widget that holds the view shows it. */
  edit(request: EditRequest): void {
    this.dispatchEvent(new CustomEvent<EditRequest>("edit", { detail: request }));
  }

  /** Open the review of the draft. */
  review(): void {
    this.dispatchEvent(new Event("review"));
  }

  /** Open the comparison with a corrected file. */
  upload(): void {
    this.dispatchEvent(new Event("upload"));
  }
}

function resourcesOf(descriptor: ResolvedDescriptor): ReadonlyMap<string, Resource> {
  return new Map(
    Object.entries(descriptor.resources).map(([name, one]) => [name, new Resource(name, one)]),
  );
}

/** Whether a page, by its name among those asked for, is of a selection. */
function sameSelection(page: string, wanted: string): boolean {
  const [resource, query] = JSON.parse(page) as [string, Query];
  return selection(resource, query) === wanted;
}
