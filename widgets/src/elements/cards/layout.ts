// What a card shows of a row: which blocks have something to say, in which order and columns.

import type { Resource, Row } from "../../model/field";
import { inLanguage, type Locale, type Part, templateParts, type Texts } from "../../model/texts";
import { plainValue } from "../../model/values";
import type { Block, CardsView, Chart } from "../../model/views";
import type { Page } from "../../sources/source";
import type { Session } from "../../state/session";
import { visible } from "../cell/text";

export interface ShownField {
  field: string;
  label?: Texts;
  icon?: string;
}

type FieldsBlock = Extract<Block, { fields: unknown }>;

/** The fields of a block, whether they are given by name alone or not. */
export function shownFields(block: FieldsBlock): ShownField[] {
  return block.fields.map((one) => (typeof one === "string" ? { field: one } : one));
}

/** A template with its fields as displayed, a dash for the missing ones; empty when all are. */
export function filled(template: Texts, row: Row, resource: Resource, locale: Locale): string {
  const parts = templateParts(inLanguage(template, locale));
  const values = parts.map((part) => ("field" in part ? shown(part, row, resource, locale) : ""));
  if (parts.some((part) => "field" in part) && values.every((one) => one === "")) return "";
  return parts
    .map((part, index) => ("field" in part ? values[index] || "–" : part.text))
    .join("")
    .trim();
}

function shown(part: { field: string }, row: Row, resource: Resource, locale: Locale): string {
  const field = resource.field(part.field);
  return field ? visible(plainValue(field, row[part.field] ?? null, locale), field) : "";
}

/** What a card is called: its title, else what the resource calls the row. */
export function titleOf(title: Texts, row: Row, resource: Resource, locale: Locale): string {
  return filled(title, row, resource, locale) || resource.labelOf(row);
}

/** Whether a block has anything to show of a row. A list of other rows is not known before. */
export function hasContent(
  block: Block,
  row: Row,
  resource: Resource,
  charts: CardsView["charts"],
): boolean {
  const present = (name: string | undefined): boolean => !!name && !!row[name];
  switch (block.type) {
    case "text":
      return block.paragraphs.some((one) => {
        const names = fieldsOf(one);
        return !names.length || names.some(present);
      });
    case "image":
      return present(block.field);
    case "map":
      return resource.descriptor.geo?.every(present) ?? false;
    case "chart":
      return chartFields(charts?.[block.chart]).some(present);
    case "related":
      return Object.values(block.on).every(present);
    default:
      return shownFields(block).some(({ field }) => present(field));
  }
}

export interface Section {
  /** Beside each other in a wide card. */
  left: Block[];
  right: Block[];
  /** Or on a grid of twelve columns. */
  charts: Extract<Block, { type: "chart" }>[];
}

/** Blocks in their order: charts that follow each other in a grid, the others in two columns. */
export function sectionsOf(blocks: readonly Block[]): Section[] {
  const found: Section[] = [];
  for (const block of blocks) {
    const chart = block.type === "chart" && block.side === undefined;
    let last = found.at(-1);
    if (!last || chart !== last.charts.length > 0) {
      last = { left: [], right: [], charts: [] };
      found.push(last);
    }
    if (block.type === "chart" && chart) last.charts.push(block);
    else last[block.side ?? "left"].push(block);
  }
  return found;
}

/** Cards of a page, where the view does not say. */
export const PAGE_SIZE = 12;

/** The rows that a view of cards shows: asked for once, also before the view is there. */
export function pageOfCards(session: Session, view: CardsView): Promise<Page> {
  const columns = columnsOf(view.mini, view.charts, session.resource);
  return session.page(session.state.page, view.page_size ?? PAGE_SIZE, { columns });
}

/** The fields that cards of a view need of each row: those shown, the key, the label. */
export function columnsOf(
  card: CardsView["mini"],
  charts: CardsView["charts"],
  resource: Resource,
): string[] {
  const names = [
    ...resource.key,
    ...fieldsOf(resource.descriptor.label ?? ""),
    ...fieldsOf(card.title),
    ...(card.blocks ?? []).flatMap((block) => fieldsOfBlock(block, charts, resource)),
  ];
  return [...new Set(names)].filter((name) => resource.field(name));
}

function fieldsOfBlock(block: Block, charts: CardsView["charts"], resource: Resource): string[] {
  switch (block.type) {
    case "text":
      return block.paragraphs.flatMap(fieldsOf);
    case "image":
      return [block.field, ...(block.alt ? fieldsOf(block.alt) : [])];
    case "map":
      return resource.descriptor.geo ?? [];
    case "chart":
      return chartFields(charts?.[block.chart]);
    case "related":
      return Object.values(block.on);
    default:
      return shownFields(block).map(({ field }) => field);
  }
}

function chartFields(chart: Chart | undefined): string[] {
  if (!chart) return [];
  if (chart.type === "text") return chart.sentences.flatMap(fieldsOf);
  return (chart.series ?? []).flatMap(({ field }) => (field ? [field] : []));
}

/** The fields that a template names, in any language. */
function fieldsOf(template: Texts): string[] {
  const texts = typeof template === "string" ? [template] : Object.values(template);
  const isField = (part: Part): part is { field: string } => "field" in part;
  return texts.flatMap((text) => templateParts(text).filter(isField).map(({ field }) => field));
}

/** A view of cards for a resource that has none: all fields, and where the row is. */
export function plainView(resource: Resource): CardsView {
  const title = resource.descriptor.label ?? resource.key.map((name) => `{${name}}`).join(", ");
  const geo: readonly string[] = resource.descriptor.geo ?? [];
  const fields = [...resource.fields.values()].map(({ name, descriptor }) => ({
    field: name,
    label: descriptor.retouche?.label ?? descriptor.title ?? name,
  }));
  const all: Block = { type: "fields", fields };
  const map: Block = { type: "map", side: "right" };
  const first = fields.filter(({ field }) => !geo.includes(field)).slice(0, 5);
  return {
    type: "cards",
    mini: { title, blocks: [{ type: "fields", fields: first }] },
    detail: { title, blocks: geo.length ? [all, map] : [all] },
  };
}
