// How one cell is shown, by its field: the same in tables, cards, maps, forms and reviews.

import { html, nothing, type TemplateResult } from "lit";
import type { Field } from "../../model/field";
import { speaker } from "../../model/messages";
import { inLanguage, type Locale } from "../../model/texts";
import {
  booleanOf,
  mailLink,
  numberOf,
  phoneLink,
  plainValue,
  readableOn,
  safeColor,
  safeLink,
} from "../../model/values";
import { icon } from "../../styles/icons";
import { momentOf } from "./dates";
import { MESSAGES } from "./messages";
import { COMPACT, cut, listOf, shortAddress, spacedPhone, visible } from "./text";

export { cellStyles } from "./styles";

export interface CellOptions {
  /** One line, as in a table; long texts are cut and may be opened. */
  compact?: boolean;
  /** A checked address (`safeLink`, or one of ours) that the whole cell leads to. */
  href?: string;
  /** What the values of a foreign key are called (`labelsOf` of state/labels). */
  labels?: ReadonlyMap<string, string>;
  /** False where the keyboard reaches what is in the cell by the cell: in a grid. */
  focusable?: boolean;
}

type Shown = TemplateResult | string | typeof nothing;

/**
 * A cell as a reader sees it. `text` is as in the file: what it holds is never taken for markup,
 * and only addresses that were checked can be followed. Needs `cellStyles` around it.
 */
export function cellTemplate(
  field: Field,
  text: string | null,
  locale: Locale,
  options: CellOptions = {},
): Shown {
  if (text == null || text === "") return missing(locale);
  if (options.href) {
    return html`<a class="cell-link" href=${options.href} tabindex=${stop(options)}
      >${words(field, text, locale, options)}</a
    >`;
  }
  const named = options.labels?.get(text);
  if (named !== undefined) return reference(named, text);
  const several = isList(field) ? listOf(field, text) : [text];
  if (several.length > 1 || field.shape === "tag" || safeColor(field.values[text]?.color)) {
    return tags(field, several, locale);
  }
  return SHOWN[field.shape]?.(field, text, locale, options) ?? plain(field, text, locale, options);
}

/** Whether cells of a field stand at the right of their column, so that their digits align. */
export function alignsRight(field: Field): boolean {
  return (
    field.numeric && (field.shape === "number" || field.shape === "percent") && !field.foreignKey
  );
}

/** What a cell says, in one text: for titles, announcements and copies for people. */
export function cellWords(
  field: Field,
  text: string | null,
  locale: Locale,
  labels?: ReadonlyMap<string, string>,
): string {
  if (text == null || text === "") return speaker(MESSAGES, locale)("none");
  const named = labels?.get(text);
  return visible(named ?? words(field, text, locale, { compact: true }), field);
}

function words(field: Field, text: string, locale: Locale, options: CellOptions): string {
  const named = options.labels?.get(text);
  if (named !== undefined) return visible(named);
  const moment = isMoment(field) ? momentOf(field, text, locale, options.compact) : null;
  if (moment) return moment.shown;
  const unit = unitOf(field, locale);
  const value = visible(plainValue(field, text, locale), field);
  const measured = unit && numberOf(field, text) !== null ? `${value}\u00a0${unit}` : value;
  return options.compact ? cut(measured, COMPACT) : measured;
}

type Drawing = (
  field: Field,
  text: string,
  locale: Locale,
  options: CellOptions,
) => Shown | undefined;

const SHOWN: { [shape in Field["shape"]]?: Drawing } = {
  number: measured,
  percent: measured,
  boolean: truth,
  date: moment,
  link: followed,
  image: picture,
  mail: (_, text, __, options) => contact(mailLink(text), text, options),
  phone: (_, text, __, options) => contact(phoneLink(text), spacedPhone(text), options),
  long_text: longText,
  hours: week,
};

function missing(locale: Locale): TemplateResult {
  return html`<span class="cell-none"
    ><span aria-hidden="true">–</span
    ><span class="visually-hidden">${speaker(MESSAGES, locale)("none")}</span></span
  >`;
}

function plain(field: Field, text: string, locale: Locale, options: CellOptions): Shown {
  if (isMoment(field)) return moment(field, text, locale, options) ?? textOf(field, text, options);
  if (options.compact && text.length > COMPACT) return longText(field, text, locale, options);
  const value = words(field, text, locale, options);
  return html`<span class="cell-text">${value}</span>`;
}

function textOf(field: Field, text: string, { compact }: CellOptions): TemplateResult {
  const value = visible(text, field);
  return html`<span class="cell-text">${compact ? cut(value, COMPACT) : value}</span>`;
}

function reference(label: string, text: string): TemplateResult {
  const told = label.split(/[^\p{L}\p{N}_-]+/u).includes(text) || label === text;
  const code = told ? nothing : html` <span class="cell-code">${visible(text)}</span>`;
  return html`<span class="cell-text">${visible(label)}${code}</span>`;
}

function isList(field: Field): boolean {
  return field.type === "array" || field.type === "list" || field.shape === "tag";
}

function tags(field: Field, values: readonly string[], locale: Locale): TemplateResult {
  if (values.length === 1) return tag(field, values[0]!, locale);
  return html`<ul class="cell-tags">
    ${values.map((one) => html`<li>${tag(field, one, locale)}</li>`)}
  </ul>`;
}

function tag(field: Field, value: string, locale: Locale): TemplateResult {
  const told = Object.hasOwn(field.values, value) ? field.values[value] : undefined;
  const color = safeColor(told?.color);
  const label = told?.label === undefined ? value : inLanguage(told.label, locale);
  const shown = cut(visible(label || value, field), COMPACT);
  // `.style` is set by the CSSOM, which every content security policy lets pass.
  return html`<span class="cell-tag" .style=${color ? painted(color) : ""}>${shown}</span>`;
}

function painted(color: string): string {
  return `background:${color};border-color:${color};color:${readableOn(color)}`;
}

function unitOf(field: Field, locale: Locale): string {
  return field.unit(locale) || (field.shape === "percent" ? "%" : "");
}

function measured(field: Field, text: string, locale: Locale): Shown | undefined {
  if (numberOf(field, text) === null) return undefined;
  const unit = unitOf(field, locale);
  return html`<span class="cell-number"
    >${visible(plainValue(field, text, locale))}${
      unit ? html`<span class="cell-unit">${"\u00a0"}${unit}</span>` : nothing
    }</span
  >`;
}

function truth(field: Field, text: string, locale: Locale): Shown | undefined {
  const value = booleanOf(field, text);
  if (value === null) return undefined;
  return html`<span class="cell-boolean ${value ? "cell-yes" : "cell-no"}"
    >${icon(value ? "check" : "close")}${visible(plainValue(field, text, locale))}</span
  >`;
}

function isMoment(field: Field): boolean {
  return field.shape === "date" || ["date", "datetime", "time", "yearmonth"].includes(field.type);
}

function moment(
  field: Field,
  text: string,
  locale: Locale,
  { compact }: CellOptions,
): Shown | undefined {
  const found = momentOf(field, text, locale, compact);
  return found
    ? html`<time class="cell-number" datetime=${found.machine}>${found.shown}</time>`
    : undefined;
}

function followed(_: Field, text: string, locale: Locale, options: CellOptions): Shown | undefined {
  const address = safeLink(text);
  if (!address) return undefined;
  return html`<a
    class="cell-link"
    href=${address}
    target="_blank"
    rel="noopener noreferrer external nofollow"
    tabindex=${stop(options)}
    >${shortAddress(address)}
    <span class="visually-hidden">${speaker(MESSAGES, locale)("external")}</span></a
  >`;
}

function contact(address: string | null, text: string, options: CellOptions): Shown | undefined {
  if (!address) return undefined;
  return html`<a class="cell-link" href=${address} tabindex=${stop(options)}
    >${visible(text)}</a
  >`;
}

/** The hours of a whole week; those of one day are a text like another. */
function week(_: Field, text: string, locale: Locale, { compact }: CellOptions): Shown | undefined {
  if (compact || !WEEK.test(text)) return undefined;
  void import("../hours/hours");
  return html`<retouche-hours .value=${text} .locale=${locale}>${visible(text)}</retouche-hours>`;
}

const WEEK = /\b(Mo|Tu|We|Th|Fr|Sa|Su|24\/7)\b/;

/** A picture is of a third party, chosen by the data: it is fetched when a reader asks for it. */
function picture(
  field: Field,
  text: string,
  locale: Locale,
  options: CellOptions,
): Shown | undefined {
  const address = safeLink(text);
  if (!address) return undefined;
  void import("./opened");
  return html`<retouche-picture
    .address=${address}
    .label=${field.label(locale)}
    .locale=${locale}
    .compact=${options.compact === true}
    .stop=${stop(options)}
  ></retouche-picture>`;
}

function longText(field: Field, text: string, locale: Locale, options: CellOptions): Shown {
  const value = visible(plainValue(field, text, locale), field);
  if (!options.compact || value.length <= SHORT)
    return html`<span class="cell-text">${value}</span>`;
  void import("./opened");
  return html`<retouche-long-text
    .text=${value}
    .label=${field.label(locale)}
    .locale=${locale}
    .stop=${stop(options)}
  ></retouche-long-text>`;
}

/** A text that needs no way to open it. */
const SHORT = 60;

const stop = (options: CellOptions): string => (options.focusable === false ? "-1" : "0");
