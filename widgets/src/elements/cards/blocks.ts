// The blocks of a card as templates: one function per kind of block. What is empty is left out.

import { html, type LitElement, nothing, type TemplateResult } from "lit";
import type { Field, Resource, Row } from "../../model/field";
import type { Say } from "../../model/messages";
import { inLanguage, type Locale } from "../../model/texts";
import { numberOf, safeColor, safeLink } from "../../model/values";
import type { Block, CardsView } from "../../model/views";
import { labelsOf, requestLabels } from "../../state/labels";
import type { Session } from "../../state/session";
import { icon, type IconName } from "../../styles/icons";
import { cellTemplate, cellWords } from "../cell/cell";
import { chartOfRow } from "../charts/row";
import { figure, isPlain } from "./figures";
import { headingTemplate, type Level } from "./headings";
import { Lazy } from "./lazy";
import { filled, hasContent, shownFields, type ShownField } from "./layout";
import type { MessageName } from "./messages";

/** What the blocks of one card are drawn from. */
export interface CardContext {
  session: Session;
  resource: Resource;
  /** The row with the draft's cells. */
  row: Row;
  charts: CardsView["charts"];
  locale: Locale;
  say: Say<MessageName>;
  /** A card in a list: shorter, without headings. */
  mini: boolean;
  /** Of the blocks' headings. */
  level: Level;
  /** The fields that the draft changes. */
  changed: ReadonlySet<string>;
  /** Redrawn when a part that was loaded comes. */
  host: LitElement;
}

type Shown = TemplateResult | typeof nothing;
type Of<Type extends Block["type"]> = Extract<Block, { type: Type }>;
type FieldsBlock = Extract<Block, { fields: unknown }>;

const hours = new Lazy(() => import("../hours/hours"));
const chart = new Lazy(() => import("../charts/chart"));
const minimap = new Lazy(() => import("../map/minimap"));
const related = new Lazy(() => import("./related"));
const picture = new Lazy(() => import("../cell/opened"));

/** A block with its title; nothing when it has nothing to show. */
export function blockTemplate(block: Block, context: CardContext): Shown {
  const { row, resource, charts, locale, level } = context;
  if (!hasContent(block, row, resource, charts)) return nothing;
  if (block.type === "related") return relatedBlock(block, context);
  const title = inLanguage(block.title, locale);
  const content = contentOf(block, context);
  if (content === nothing) return nothing;
  return html`<div class="block ${block.type}" part="block">
    ${headingTemplate(title, level)}
    ${content}
  </div>`;
}

function contentOf(block: Exclude<Block, Of<"related">>, context: CardContext): Shown {
  switch (block.type) {
    case "text":
      return textBlock(block, context);
    case "image":
      return imageBlock(block, context);
    case "map":
      return mapBlock(block, context);
    case "chart":
      return chartBlock(block, context);
    default:
      return FIELDS[block.type](shownFields(block), context, block);
  }
}

const FIELDS: {
  [type in FieldsBlock["type"]]: (
    fields: readonly ShownField[],
    context: CardContext,
    block: FieldsBlock,
  ) => Shown;
} = {
  address: addressBlock,
  fields: fieldsBlock,
  tags: tagsBlock,
  links: linksBlock,
  hours: hoursBlock,
};

interface Cell {
  field: Field;
  text: string | null;
  /** What the descriptor wants before the value; empty when it wants nothing. */
  label: string;
  icon: TemplateResult | typeof nothing;
}

/** The cells to show: those with a value, and the missing ones that the descriptor labels. */
function cellsOf(fields: readonly ShownField[], { resource, row, locale }: CardContext): Cell[] {
  return fields.flatMap((one) => {
    const field = resource.field(one.field);
    const text = row[one.field];
    if (text === undefined) return []; // not read yet
    // In French a colon never begins a line.
    const label = inLanguage(one.label, locale).replace(/ (?=[:?!]$)/, "\u00a0");
    return field && (text || label) ? [{ field, text, label, icon: iconOf(one.icon) }] : [];
  });
}

const ICONS: { [name: string]: IconName } = {
  place: "pin",
  pin: "pin",
  phone: "phone",
  mail: "mail",
  link: "link",
  clock: "clock",
  map: "map",
  check: "check",
  warning: "warning",
};

function iconOf(name: string | undefined): TemplateResult | typeof nothing {
  const known = name && Object.hasOwn(ICONS, name) ? ICONS[name] : undefined;
  return known ? icon(known) : nothing;
}

function valueOf({ field, text }: Cell, { session, locale, changed }: CardContext): TemplateResult {
  if (field.foreignKey) requestLabels(session, field, [text]);
  const shown = cellTemplate(field, text, locale, { labels: labelsOf(session, field) });
  return changed.has(field.name)
    ? html`<span class="changed">${shown}</span>`
    : html`${shown}`;
}

function addressBlock(fields: readonly ShownField[], context: CardContext): Shown {
  if (fields.some(({ label }) => label)) return fieldsBlock(fields, context);
  const words = cellsOf(fields, context).map(({ field, text }) => {
    if (field.foreignKey) requestLabels(context.session, field, [text]);
    return cellWords(field, text, context.locale, labelsOf(context.session, field));
  });
  const changed = fields.some(({ field }) => context.changed.has(field));
  return html`<address>
    ${icon("pin")}<span class=${changed ? "changed" : ""}>${words.join(", ")}</span>
  </address>`;
}

function fieldsBlock(fields: readonly ShownField[], context: CardContext): Shown {
  const row = (cell: Cell): TemplateResult => {
    const { label, field } = cell;
    const name = label || field.label(context.locale);
    return html`<div class=${label ? "labelled" : ""}>
      <dt class=${label || cell.icon !== nothing ? "" : "visually-hidden"}>
        ${cell.icon}<span class=${label ? "" : "visually-hidden"}>${name}</span>
      </dt>
      <dd>${valueOf(cell, context)}</dd>
    </div>`;
  };
  return html`<dl class="fields">${cellsOf(fields, context).map(row)}</dl>`;
}

function tagsBlock(fields: readonly ShownField[], context: CardContext): Shown {
  const tag = (cell: Cell): TemplateResult => {
    const { field, text } = cell;
    const drawn = !text || field.shape === "tag" || safeColor(field.values[text]?.color);
    const labels = labelsOf(context.session, field);
    return drawn
      ? valueOf(cell, context)
      : html`<span class="cell-tag ${context.changed.has(field.name) ? "changed" : ""}"
          >${cellWords(field, text, context.locale, labels)}</span
        >`;
  };
  return html`<dl class="tag-list">
    ${cellsOf(fields, context).map(
      (cell) =>
        html`<div>
          <dt class=${cell.label ? "" : "visually-hidden"}>
            ${cell.label || cell.field.label(context.locale)}
          </dt>
          <dd>${tag(cell)}</dd>
        </div>`,
    )}
  </dl>`;
}

function linksBlock(fields: readonly ShownField[], context: CardContext): Shown {
  const link = (cell: Cell): TemplateResult => {
    const address = safeLink(cell.text ?? "");
    if (!address) return html`${cell.label} ${valueOf(cell, context)}`;
    return html`<a
      href=${address}
      target="_blank"
      rel="noopener noreferrer external nofollow"
      >${cell.icon === nothing ? icon("link") : cell.icon}
      ${cell.label || cell.field.label(context.locale)}</a
    >`;
  };
  const cells = cellsOf(fields, context).filter(({ text }) => text);
  return html`<ul class="links">
    ${cells.map((one) => html`<li>${link(one)}</li>`)}
  </ul>`;
}

function hoursBlock(
  fields: readonly ShownField[],
  { row, locale, mini, host }: CardContext,
  { timezone }: FieldsBlock,
): Shown {
  const [first] = fields;
  const value =
    fields.length === 1 && first
      ? (row[first.field] ?? "")
      : fields.map(({ field }) => row[field] ?? null);
  if (!hours.get(host)) return html`<div class="waiting" aria-busy="true"></div>`;
  return html`<retouche-hours
    .value=${value}
    .locale=${locale}
    .timezone=${timezone ?? null}
    .compact=${mini}
  ></retouche-hours>`;
}

function textBlock({ paragraphs }: Of<"text">, { row, resource, locale }: CardContext): Shown {
  const texts = paragraphs.map((one) => filled(one, row, resource, locale)).filter(Boolean);
  return texts.length ? html`${texts.map((one) => html`<p>${one}</p>`)}` : nothing;
}

function imageBlock(block: Of<"image">, { row, resource, locale, host }: CardContext): Shown {
  const text = row[block.field] ?? "";
  const address = safeLink(text);
  if (!address || !picture.get(host)) return html`<p>${address ? "" : text}</p>`;
  const alt = block.alt ? filled(block.alt, row, resource, locale) : "";
  return html`<retouche-picture
    .address=${address}
    .label=${alt || (resource.field(block.field)?.label(locale) ?? "")}
    .locale=${locale}
  ></retouche-picture>`;
}

function mapBlock(block: Of<"map">, { session, resource, row, locale, host }: CardContext): Shown {
  const [latitude, longitude] = resource.descriptor.geo!.map((name) =>
    numberOf(resource.field(name)!, row[name] ?? null),
  );
  if (latitude == null || longitude == null) return nothing;
  const size = { height: `${block.height ?? 260}px` };
  if (!minimap.get(host)) return html`<div class="waiting map" aria-busy="true"></div>`;
  return html`<retouche-minimap
    .latitude=${latitude}
    .longitude=${longitude}
    .zoom=${block.zoom ?? 13}
    .marker=${block.marker ?? null}
    .locale=${locale}
    .session=${session}
    .style=${`height:${size.height}`}
  ></retouche-minimap>`;
}

function chartBlock(block: Of<"chart">, context: CardContext): Shown {
  const { charts, row, resource, locale, host, say } = context;
  const described = charts?.[block.chart];
  const model = described ? chartOfRow(described, row, resource, locale) : null;
  if (!model) return nothing;
  if (isPlain(model)) return figure(model);
  if (chart.get(host)) {
    return html`<retouche-chart .model=${model} .locale=${locale} compact></retouche-chart>`;
  }
  return chart.failed
    ? html`<p class="note">${say("chart_failed")}</p>`
    : html`<div class="waiting chart" aria-busy="true"></div>`;
}

function relatedBlock(block: Of<"related">, context: CardContext): Shown {
  if (!related.get(context.host)) return html`<div class="waiting" aria-busy="true"></div>`;
  return html`<retouche-related
    class="block"
    part="block"
    .block=${block}
    .row=${context.row}
    .session=${context.session}
    .locale=${context.locale}
    .level=${context.level}
  ></retouche-related>`;
}
