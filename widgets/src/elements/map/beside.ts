// The part beside a map that says the same as the map in words: the results, or figures of areas.

import { html, nothing, type TemplateResult } from "lit";
import type { Session } from "../../state/session";
import { areaEntries, type Listed, spotEntries } from "./entries";
import type { Bounds } from "./geometry";
import type { MapWords } from "./messages";
import type { Drawing } from "./screen";

export interface Beside {
  session: Session;
  /** The layer that the list is about; null while nothing is known of any. */
  main: Drawing | null;
  busy: boolean;
  /** Whether there is a map beside it. */
  mapped: boolean;
  /** What the map shows, where the list is limited to it. */
  bounds: Bounds | null;
  seenOnly: boolean;
  /** How many entries are shown. */
  listed: number;
  /** Id of the entry that is picked. */
  current: string | null;
}

export interface BesideActions {
  limit(seenOnly: boolean): void;
  more(): void;
  pick(id: string): void;
  reset(): void;
}

/** What rows of the layer are called. */
export function rowsWord(session: Session, drawing: Drawing): string {
  const name = drawing.layer.resource ?? session.resource.name;
  return session.resources.get(name)!.title(session.locale);
}

export function besideTemplate(
  beside: Beside,
  say: MapWords,
  actions: BesideActions,
): TemplateResult {
  const { session, main, busy } = beside;
  const areas = main?.layer.type === "choropleth";
  const { entries, total } = main ? listedOf(beside, main, say) : { entries: [], total: 0 };
  const whole = (areas ? main?.data.areas.length : main?.data.spots.length) ?? 0;
  return html`<div class="side">
    <section class="beside" part="list" aria-labelledby="list-title">
      <header>
        <h3 id="list-title">${say(areas ? "list_areas" : "list")}</h3>
        ${counts(beside, total, whole, say)}
        ${beside.mapped
          ? html`<label>
              <input
                type="checkbox"
                .checked=${beside.seenOnly}
                @change=${(event: Event) =>
                  actions.limit((event.target as HTMLInputElement).checked)}
              />
              ${say("in_view")}
            </label>`
          : nothing}
      </header>
      <div class="rows" aria-busy=${busy ? "true" : "false"}>
        ${main && !total && !busy ? empty(whole, say, actions) : nothing}
        <retouche-map-list
          .entries=${entries}
          .total=${total}
          .current=${beside.current}
          .locale=${session.locale}
          @more=${actions.more}
          @pick=${(event: CustomEvent<string>) => actions.pick(event.detail)}
        ></retouche-map-list>
      </div>
    </section>
  </div>`;
}

function counts(
  { main, bounds }: Beside,
  n: number,
  total: number,
  say: MapWords,
): TemplateResult {
  if (!main) return html`<p role="status">${say("loading")}</p>`;
  if (main.layer.type === "choropleth") {
    return html`<p role="status">${say("shown_areas", { n })}</p>`;
  }
  const nowhere = main.data.spots.filter((one) => !one.point).length;
  return html`<p role="status">${bounds ? say("shown_here", { n, total }) : say("shown", { n })}</p>
    ${nowhere ? html`<p>${say("unplaced", { n: nowhere })}</p>` : nothing}`;
}

/** Entries, with a mark where a correction is pending. */
function listedOf(beside: Beside, main: Drawing, say: MapWords): Listed {
  const { session, bounds, current } = beside;
  const { layer, data, shading } = main;
  const wanted = { bounds, count: beside.listed, current };
  if (layer.type === "choropleth") {
    const rows = rowsWord(session, main);
    return areaEntries(data.areas, shading!, wanted, rows, session.locale, say);
  }
  const { entries, total } = spotEntries(session, layer, data.spots, wanted, say);
  const keys = entries.map((one) => one.id);
  const resource = layer.resource ?? session.resource.name;
  const pending = data.done ? session.pendingOn(resource, keys) : {};
  const listed = {
    entries: entries.map((one) => (pending[one.id]?.length ? { ...one, pending: true } : one)),
    total,
  };
  const { preview } = session;
  return preview ? preview.entries(session, session.resources.get(resource)!, listed) : listed;
}

function empty(total: number, say: MapWords, actions: BesideActions): TemplateResult {
  return html`<div class="nothing">
    <p>${say(total ? "empty_here" : "empty")}</p>
    ${total
      ? html`<button @click=${actions.reset}>${say("see_all")}</button>`
      : html`<p>${say("empty_hint")}</p>`}
  </div>`;
}
