// The columns of a table: which fields, how wide, and which of them are in sight. No DOM here.

import { Field, type Resource } from "../../model/field";
import { inLanguage, type Locale, templateParts } from "../../model/texts";
import type { TableView } from "../../model/views";

export interface Column {
  readonly field: Field;
  readonly label: string;
  /** Pixels. */
  readonly width: number;
  /** Whether the descriptor or a reader said how wide. */
  readonly fixed: boolean;
}

/** A column where it stands: the first ones stay in sight (`frozen`). */
export interface Placed extends Column {
  readonly index: number;
  readonly left: number;
  readonly frozen: boolean;
}

export const NARROWEST = 48;
export const WIDEST = 1000;
/** The column of the buttons that open rows. */
export const GUTTER = 44;
/** The first column mostly says what a row is called. */
const FIRST = 232;
/** Of the width of the table, what columns that stay in sight may take. */
const FROZEN_SHARE = 0.45;

const WIDTHS: { [shape in Field["shape"]]: number } = {
  tag: 168,
  link: 216,
  mail: 216,
  phone: 152,
  number: 112,
  percent: 104,
  date: 136,
  long_text: 296,
  boolean: 104,
  image: 168,
  hours: 232,
  text: 176,
};

/** How far a row is from the place that a reader asked for; the server adds it to the rows. */
export const DISTANCE = new Field({
  name: "_distance",
  type: "integer",
  retouche: { label: { fr: "Distance", en: "Distance" }, display: { unit: "m" }, derived: true },
});

export function distanceIn(locale: Locale): Column {
  return { field: DISTANCE, label: DISTANCE.label(locale), width: 112, fixed: true };
}

/** The columns that a view names, else all; fields that nobody may read are left out. */
export function columnsOf(view: TableView, resource: Resource, locale: Locale): Column[] {
  const named = view.columns ?? [...resource.fields.keys()];
  const found: Column[] = [];
  for (const one of named as (string | { field: string; label?: string; width?: number })[]) {
    const { field: name, label, width } = typeof one === "string" ? { field: one } : { ...one };
    const field = resource.field(name);
    if (!field || field.descriptor.retouche?.personal) continue;
    if (found.some((other) => other.field === field)) continue;
    const words = inLanguage(label, locale) || field.label(locale);
    const usual = Math.max(defaultWidth(field, words), found.length || field.numeric ? 0 : FIRST);
    found.push({
      field,
      label: words,
      width: clamped(width ?? usual),
      fixed: width !== undefined,
    });
  }
  return found;
}

/** Wide enough for what such cells hold and for two lines of the header. */
function defaultWidth(field: Field, label: string): number {
  const longest = Math.max(...label.split(/\s+/).map((word) => word.length));
  const header = Math.max((label.length / 2) * 8.5, longest * 8.5) + 44;
  return Math.round(Math.max(WIDTHS[field.shape], Math.min(header, 240)));
}

export function clamped(width: number): number {
  return Math.min(WIDEST, Math.max(NARROWEST, Math.round(width)));
}

/** Give the room that is left to the columns whose width nobody chose, up to a measure. */
export function stretched(columns: readonly Column[], across: number): Column[] {
  const free = columns.filter((one) => !one.fixed);
  const room = across - GUTTER - columns.reduce((sum, one) => sum + one.width, 0);
  if (room < free.length || !free.length) return [...columns];
  const more = Math.floor(room / free.length);
  return columns.map((one) =>
    one.fixed ? one : { ...one, width: Math.min(one.width + more, one.width * 2.5) },
  );
}

/** Put columns side by side; in a narrow table fewer of them, or narrower ones, stay in sight. */
export function place(columns: readonly Column[], frozen: number, across: number): Placed[] {
  const room = across * FROZEN_SHARE - GUTTER;
  let left = GUTTER;
  let taken = 0;
  return columns.map((column, index) => {
    let { width } = column;
    let stays = index < frozen && across > 0;
    if (stays && index === 0) width = Math.max(NARROWEST, Math.min(width, Math.floor(room)));
    else if (stays && taken + width > room) stays = false;
    if (stays) taken += width;
    else frozen = Math.min(frozen, index);
    const placed = { ...column, width, index, left, frozen: stays };
    left += width;
    return placed;
  });
}

export function widthOf(columns: readonly Placed[]): number {
  const last = columns.at(-1);
  return last ? last.left + last.width : GUTTER;
}

/** Beyond these, only columns in sight are drawn. */
const MANY = 20;

/** The columns to draw at a horizontal position: those that stay, those in sight, and `kept`. */
export function inSight(
  columns: readonly Placed[],
  scrolled: number,
  across: number,
  kept = -1,
): Placed[] {
  if (columns.length <= MANY) return [...columns];
  const beside = across / 3;
  return columns.filter(
    ({ frozen, index, left, width }) =>
      frozen ||
      index === kept ||
      (left + width > scrolled - beside && left < scrolled + across + beside),
  );
}

/** The fields to ask the server for: what is shown, the key, the label, the position. */
export function askedFields(columns: readonly Column[], resource: Resource): string[] {
  const label = templateParts(resource.descriptor.label ?? "").flatMap((part) =>
    "field" in part && resource.field(part.field)?.descriptor.retouche?.personal !== true
      ? [part.field]
      : [],
  );
  const wanted = new Set([
    ...columns.map((one) => one.field.name),
    ...resource.key,
    ...label,
    ...(resource.descriptor.geo ?? []),
  ]);
  return [...resource.fields.keys()].filter((name) => wanted.has(name));
}
