// What is under way for a row: corrections that were sent, and those of the draft.

import { html, nothing, type TemplateResult } from "lit";
import { bare, type Resource, type Row } from "../../model/field";
import type { Mark } from "../../previews/changes";
import type { Say } from "../../model/messages";
import { type Locale } from "../../model/texts";
import { formatNumber } from "../../model/values";
import type { PendingChange } from "../../sources/source";
import type { Session } from "../../state/session";
import { icon } from "../../styles/icons";
import type { MessageName } from "./messages";

/** A row as it is with the draft, and which of its fields the draft, or a proposal, changes. */
export function drafted(
  session: Session,
  resource: Resource,
  row: Row,
): { row: Row; changed: ReadonlySet<string>; removed: boolean; mark?: Mark } {
  const key = resource.keyOf(row);
  const mark = session.preview?.mark(resource.name, key);
  if (mark) return { row, changed: new Set(Object.keys(mark.cells)), removed: false, mark };
  const change = session.draft.of(resource.name, key);
  if (change?.op !== "update") return { row, changed: new Set(), removed: change?.op === "delete" };
  const changed = new Set(Object.keys(change.new));
  return { row: bare({ ...row, ...change.new }), changed, removed: false };
}

export interface Marked {
  pending: readonly PendingChange[];
  changed: boolean;
  removed: boolean;
  /** Metres from the place searched around; null without one. */
  distance: number | null;
}

/** The marks of a row, nothing when it has none. */
export function marksTemplate(
  { pending, changed, removed, distance }: Marked,
  say: Say<MessageName>,
  locale: Locale,
): TemplateResult | typeof nothing {
  if (!pending.length && !changed && !removed && distance === null) return nothing;
  return html`<ul class="marks" part="marks">
    ${pending.length
      ? html`<li class="mark pending" title=${say("pending_help")}>
          ${icon("clock")} ${say("pending", { count: pending.length })}
        </li>`
      : nothing}
    ${changed ? html`<li class="mark draft">${icon("edit")} ${say("draft")}</li>` : nothing}
    ${removed ? html`<li class="mark draft">${icon("remove")} ${say("removed")}</li>` : nothing}
    ${distance === null
      ? nothing
      : html`<li class="mark">
          ${icon("locate")} ${say("distance", { distance: lengthWords(distance, locale) })}
        </li>`}
  </ul>`;
}

/** A length in metres as people say it. */
export function lengthWords(metres: number, locale: Locale): string {
  if (metres < 1000) return `${formatNumber(Math.round(metres / 10) * 10, locale)} m`;
  return `${formatNumber(metres / 1000, locale, metres < 10_000 ? 1 : 0)} km`;
}
