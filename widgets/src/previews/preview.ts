// A proposal that is looked at: its changes, the side that is shown, and how views mark it. Views
// of published data never load this.

import { html, type TemplateResult } from "lit";
import type { PreviewPart, ResolvedDescriptor } from "../model/descriptor";
import type { Field, Resource, Row } from "../model/field";
import type { Locale } from "../model/texts";
import type { ServerSource } from "../sources/server";
import type { Source } from "../sources/source";
import type { State } from "../state/address";
import type { Session } from "../state/session";
import "./banner";
import { Changes, type Mark, type Side } from "./changes";
import { figureNote } from "./figures";
import "./list";
import { cellNote, markIcon, rowWords } from "./marks";
import {
  around,
  drawMarks,
  type Drawn,
  entriesWith,
  type Listed,
  type Place,
  pointOf,
} from "./places";
import { type Figured, PreviewSource } from "./source";

/** What views of a widget at a proposal ask; `session.preview` is null for all others. */
export class Preview {
  changes: Changes;
  side: Side = "after";
  /** Whether only the rows that change are listed. */
  only = false;
  private source: PreviewSource | null = null;
  private gone = new Map<string, Row[]>();

  constructor(part: PreviewPart) {
    this.changes = new Changes(part);
  }

  use(source: PreviewSource): void {
    this.source = source;
  }

  /** The proposal was made anew. */
  take(part: PreviewPart): void {
    this.changes = new Changes(part);
    this.gone.clear();
  }

  /** Look at what a state says; whether rows are others than before. */
  turn({ side: asked, changes }: State): boolean {
    const side = asked ?? "after";
    const only = changes === "only";
    const turned = side !== this.side || only !== this.only;
    Object.assign(this, { side, only });
    return turned;
  }

  /** How many rows a reader can look at; undefined where the descriptor says it. */
  rowCount(resource: string): number | undefined {
    const { changes, side } = this;
    if (this.only) return changes.keys(resource, side).length;
    const after = this.source!.resolved.resources[resource]?.row_count;
    return after === undefined ? undefined : changes.rowCount(resource, after, side);
  }

  /** How a row that is shown changes; null where it stays. */
  mark(resource: string, key: string): Mark | null {
    const { changes, side } = this;
    const found = changes.of(resource, key, side);
    if (found || side === "before") return found;
    const before = changes.of(resource, key, "before"); // removed, and shown all the same
    return before?.kind === "deleted" ? before : null;
  }

  /**
   * The removed rows that a reader's query would find, as far as they are known; the session tells
   * by `pending` when they are. On the side before they are among all others.
   */
  removed(session: Session, resource: Resource): Row[] {
    if (this.side === "before" || !this.changes.removed(resource.name).length) return [];
    const { query } = session;
    const name = JSON.stringify([resource.name, query]);
    const known = this.gone.get(name);
    if (known) return known;
    this.gone.set(name, []);
    this.source!.removed.all(resource.name, query, [...resource.fields.keys()]).then(
      (rows) => {
        this.gone.set(name, rows);
        if (rows.length) session.dispatchEvent(new Event("pending"));
      },
      () => undefined, // they are in the list of the proposal's page
    );
    return [];
  }

  /** All rows of the side that is not looked at, for charts. */
  get opposite(): Figured {
    return this.source!.opposite;
  }

  /** Whether charts of a resource may differ. */
  touches(resource: string): boolean {
    return this.changes.in(resource).length > 0;
  }

  /** What stands above the views. */
  banner(session: Session): TemplateResult {
    return html`<retouche-preview
      part="preview"
      .session=${session}
      .state=${session.state}
      .locale=${session.locale}
    ></retouche-preview>`;
  }

  /** Whether a row is shown although it is removed. */
  isGone(mark: Mark | null | undefined): boolean {
    return mark?.kind === "deleted" && this.side === "after";
  }

  /** Beside a row: a sign, and the same in words. */
  rowNote(session: Session, mark: Mark): TemplateResult {
    const resource = session.resources.get(mark.resource)!;
    const words = rowWords(mark, resource, this.side, session.locale);
    return html`<span class="mark" title=${words}
      >${markIcon(mark)}<span class="visually-hidden">${words}</span></span
    >`;
  }

  /** Beside a value: what it was, or will be. */
  cellNote(
    session: Session,
    field: Field,
    mark: Mark,
  ): { template: TemplateResult; words: string } | null {
    const cell = mark.cells[field.name];
    return cell ? cellNote(session, field, cell, this.side) : null;
  }

  /** In a card: what happens to its row, field by field; the first so many. */
  cardNote(session: Session, resource: Resource, mark: Mark, most: number): TemplateResult {
    return html`<retouche-preview-changes
      .session=${session}
      .resource=${resource}
      .mark=${mark}
      .side=${this.side}
      .most=${most}
      .locale=${session.locale}
    ></retouche-preview-changes>`;
  }

  /** Under a chart: its values on both sides, where they differ. */
  readonly figureNote = figureNote;

  /** What changes first, then the others; each in the order given. */
  first<One extends { spot: { key: string } }>(resource: string, all: readonly One[]): One[] {
    const changes = ({ spot }: One): boolean => this.mark(resource, spot.key) !== null;
    return [...all.filter(changes), ...all.filter((one) => !changes(one))];
  }

  /** The entries of the list beside a map, with those that are removed. */
  entries(session: Session, resource: Resource, listed: Listed): Listed {
    return entriesWith(this, session, resource, listed);
  }

  /** Where a row that a map does not show was. */
  placeOf(resource: string, key: string): { label: string; point: Place | null } | null {
    return pointOf(this, resource, key);
  }

  /** Where a map looks first: at what changes; null where nothing of these resources does. */
  places(resources: readonly string[]): Place[] | null {
    return around(resources.flatMap((one) => this.changes.in(one)));
  }

  /** Marks on a map. */
  draw(drawn: Drawn): void {
    drawMarks(this, drawn);
  }
}

/** The source of a widget at a proposal. */
export function previewed(
  server: ServerSource,
  descriptor: ResolvedDescriptor,
  locale: () => Locale,
): Source {
  const preview = new Preview(descriptor.preview!);
  const source = new PreviewSource(preview, server, descriptor, locale);
  preview.use(source);
  return source;
}
