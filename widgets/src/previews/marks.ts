// What marks a row or a cell that a proposal changes: a sign, and the same in words.

import { html, type TemplateResult } from "lit";
import { cellWords } from "../elements/cell/cell";
import type { Field, Resource } from "../model/field";
import type { Locale } from "../model/texts";
import { labelsOf } from "../state/labels";
import type { Session } from "../state/session";
import { icon } from "../styles/icons";
import type { Mark, Side } from "./changes";
import { distanceWords, previewWords, type Words } from "./messages";

const ICONS = { inserted: "add", updated: "edit", deleted: "remove" } as const;

export function markIcon({ kind }: Mark): TemplateResult {
  return icon(ICONS[kind]);
}

/** What happens to a row: what a proposal did, or will do where a reader looks at the data before. */
export function markWords(mark: Mark, side: Side, locale: Locale): string {
  const say = previewWords(locale);
  const kind = say(side === "after" ? `kind_${mark.kind}` : `will_${mark.kind}`);
  const moved = movedWords(mark, side, locale);
  return moved ? `${kind}. ${moved}` : kind;
}

/** The same, with the fields that change. */
export function rowWords(mark: Mark, resource: Resource, side: Side, locale: Locale): string {
  const words = markWords(mark, side, locale);
  const fields = Object.keys(mark.cells).map((one) => resource.field(one)?.label(locale) ?? one);
  if (!fields.length) return words;
  return previewWords(locale)("fields", { kind: words, fields: fields.join(", ") });
}

/** How far a row moves; the empty text where it does not. */
export function movedWords({ moved }: Mark, side: Side, locale: Locale): string {
  if (!moved) return "";
  const say = previewWords(locale);
  const distance = distanceWords(moved.metres, locale);
  return say(side === "after" ? "moved" : "moves", { distance, wind: windWords(moved.towards, say) });
}

export function windWords(towards: string, say: Words): string {
  return say(towards as "north");
}

/** What a cell says on the other side, to stand beside what it says on this one. */
export function cellNote(
  session: Session,
  field: Field,
  { old, new: next }: { old: string | null; new: string | null },
  side: Side,
): { template: TemplateResult; words: string } {
  const say = previewWords(session.locale);
  const text = wordsOf(session, field, side === "after" ? old : next) || say("empty");
  const prefix = say(side === "after" ? "old" : "new");
  const template =
    side === "after"
      ? html`<span class="visually-hidden">${prefix} </span><del class="was">${text}</del>`
      : html`<span class="visually-hidden">${prefix} </span
          ><ins class="becomes"><span aria-hidden="true">→ </span>${text}</ins>`;
  return { template, words: `${prefix} ${text}` };
}

/** A cell in words; the empty text where it holds nothing. */
export function wordsOf(session: Session, field: Field, text: string | null): string {
  if (text === null || text === "") return "";
  return cellWords(field, text, session.locale, labelsOf(session, field));
}

/** A value on both sides. */
export function changeTemplate(old: string, next: string, locale: Locale): TemplateResult {
  const say = previewWords(locale);
  return html`<span class="visually-hidden">${say("old")} </span
    >${old ? html`<del>${old}</del>` : html`<span class="none">${say("empty")}</span>`}<span
      aria-hidden="true"
      class="arrow"
    >
      →
    </span>
    <span class="visually-hidden">${say("new")} </span
    >${next ? html`<ins>${next}</ins>` : html`<span class="none">${say("empty")}</span>`}`;
}
