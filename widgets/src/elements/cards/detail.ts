// The parts of a whole card: its blocks in columns and on a grid, and what is proposed on its row.

import { html, nothing, type TemplateResult } from "lit";
import type { Resource } from "../../model/field";
import type { Say } from "../../model/messages";
import type { Locale } from "../../model/texts";
import { safeLink } from "../../model/values";
import type { Block } from "../../model/views";
import type { PendingChange } from "../../sources/source";
import { icon } from "../../styles/icons";
import { blockTemplate, type CardContext } from "./blocks";
import { hasContent, type Section, sectionsOf } from "./layout";
import type { CardMessageName } from "./card-messages";

/** All blocks that have something to show. */
export function sectionsTemplate(
  blocks: readonly Block[],
  context: CardContext,
): TemplateResult[] {
  const { row, resource, charts } = context;
  const full = blocks.filter((one) => hasContent(one, row, resource, charts));
  return sectionsOf(full).map((one) => sectionTemplate(one, context));
}

function sectionTemplate({ left, right, charts }: Section, context: CardContext): TemplateResult {
  if (charts.length) {
    return html`<div class="charts">
      ${charts.map((one) => {
        const width = context.charts?.[one.chart]?.width ?? 12;
        // Set by the CSSOM, which every content security policy lets pass.
        return html`<div class="framed ${width > 6 ? "wide" : ""}" .style=${`--_width:${width}`}
          >${blockTemplate(one, context)}</div
        >`;
      })}
    </div>`;
  }
  const column = (some: readonly Block[]): TemplateResult | typeof nothing =>
    some.length
      ? html`<div class="column">${some.map((one) => blockTemplate(one, context))}</div>`
      : nothing;
  return html`<div class="columns ${left.length && right.length ? "two" : ""}">
    ${column(left)} ${column(right)}
  </div>`;
}

/** What was sent about the row and is not decided: which fields, and where to follow it. */
export function pendingTemplate(
  pending: readonly PendingChange[],
  resource: Resource,
  locale: Locale,
  say: Say<CardMessageName>,
): TemplateResult | typeof nothing {
  if (!pending.length) return nothing;
  const label = (name: string): string => resource.field(name)?.label(locale) ?? name;
  const text = ({ op, fields }: PendingChange): string => {
    if (op === "insert") return say("pending_insert");
    if (op === "delete") return say("pending_delete");
    return say("pending_one", { fields: fields.map(label).join(", ") });
  };
  return html`<div class="block proposals">
    <ul>
      ${pending.map((one) => {
        const address = safeLink(one.url);
        return html`<li>
          ${icon("clock")} <span>${text(one)}</span>
          ${address ? html`<a href=${address}>${say("see_proposal")}</a>` : nothing}
        </li>`;
      })}
    </ul>
  </div>`;
}
