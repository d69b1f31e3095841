// A card in a list of cards.

import { html, type LitElement, nothing, type TemplateResult } from "lit";
import type { Resource, Row } from "../../model/field";
import type { Say } from "../../model/messages";
import type { CardsView } from "../../model/views";
import type { PendingChange } from "../../sources/source";
import type { Session } from "../../state/session";
import { icon } from "../../styles/icons";
import { addressOf, isPlainClick } from "./addresses";
import { blockTemplate, type CardContext } from "./blocks";
import { titleOf } from "./layout";
import { drafted, marksTemplate } from "./marks";
import type { MessageName } from "./messages";

export interface MiniCard {
  session: Session;
  resource: Resource;
  view: CardsView;
  row: Row;
  pending: readonly PendingChange[];
  say: Say<MessageName>;
  host: LitElement;
}

/** Changed fields that a card in a list tells of. */
const MOST_CHANGES = 3;

/** A card: its title leads to the row's page, and opens the card in place on a plain click. */
export function miniCard(card: MiniCard): TemplateResult {
  const { session, resource, view, say, pending } = card;
  const { locale } = session;
  const key = resource.keyOf(card.row);
  const { row, changed, removed, mark } = drafted(session, resource, card.row);
  const title = titleOf(view.mini.title, row, resource, locale);
  const context: CardContext = {
    ...{ session, resource, row, changed, locale, say, host: card.host },
    ...{ charts: view.charts, mini: true, level: 0 },
  };
  const metres = Number(card.row["_distance"] ?? NaN);
  const distance = Number.isFinite(metres) && session.state.near ? metres : null;
  const open = (event: MouseEvent): void => {
    if (!isPlainClick(event)) return;
    event.preventDefault();
    session.open(key);
  };
  const blocks = view.mini.blocks ?? [];
  const charts = blocks
    .filter(({ type }) => type === "chart")
    .map((one) => blockTemplate(one, context))
    .filter((one) => one !== nothing);
  return html`<article
    class="mini ${changed.size || removed || mark ? "drafted" : ""} ${
      session.preview?.isGone(mark) ? "gone" : ""
    }"
    part="card"
    data-key=${key}
  >
    <h3>${resource.keyed ? titleLink(title, addressOf(session, resource, key), open) : title}</h3>
    ${marksTemplate({ pending, changed: !mark && changed.size > 0, removed, distance }, say, locale)}
    ${mark ? session.preview!.cardNote(session, resource, mark, MOST_CHANGES) : nothing}
    ${blocks.filter(({ type }) => type !== "chart").map((one) => blockTemplate(one, context))}
    ${charts.length ? html`<div class="mini-charts">${charts}</div>` : nothing}
    ${session.editable(resource)
      ? html`<div class="actions">
          <button
            class="plain"
            part="edit"
            aria-label=${say("edit_row", { label: title })}
            @click=${() => session.edit({ resource: resource.name, key })}
          >
            ${icon("edit")} ${say("edit")}
          </button>
        </div>`
      : nothing}
  </article>`;
}

function titleLink(
  title: string,
  address: string | null,
  open: (event: MouseEvent) => void,
): TemplateResult {
  return address === null
    ? html`<button class="title" @click=${open}>${title}</button>`
    : html`<a class="title" href=${address} @click=${open}>${title}</a>`;
}
