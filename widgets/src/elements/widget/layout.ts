// The lines above a view: view switch, search, filters and sort; count and contributions.

import { html, nothing, type TemplateResult } from "lit";
import type { Say } from "../../model/messages";
import type { View } from "../../model/views";
import { chipsOf } from "../../state/conditions";
import type { Session } from "../../state/session";
import { icon } from "../../styles/icons";
import type { Name } from "./messages";
import { viewsTemplate } from "./tabs";

export type Panel = "filters" | "sort";

/** What the page leaves in, what is open, and how to open something else. */
export interface Frame {
  session: Session;
  say: Say<Name>;
  shows: (part: string) => boolean;
  panel: Panel | null;
  open: (panel: Panel | null) => void;
}

export function controlsTemplate(frame: Frame): TemplateResult {
  const { session, say, shows } = frame;
  const filters = shows("filters") && session.widget.filters?.length;
  const search = shows("search") && session.widget.search !== false;
  return html`<div class="controls" part="controls">
    ${shows("views") ? viewsTemplate(session) : nothing}
    <div class="finding">
      ${search
        ? html`<retouche-search
            .session=${session}
            .words=${session.state.words}
            .locale=${session.locale}
          ></retouche-search>`
        : nothing}
      ${filters ? toggle(frame, "filters", say("filter"), activeTemplate(frame)) : nothing}
      ${shows("sort") ? toggle(frame, "sort", say("sort")) : nothing}
    </div>
  </div>`;
}

function toggle(
  { panel, open }: Frame,
  name: Panel,
  label: string,
  badge: TemplateResult | typeof nothing = nothing,
): TemplateResult {
  const shown = panel === name;
  return html`<button
    id=${name}
    aria-expanded=${shown ? "true" : "false"}
    @click=${() => open(shown ? null : name)}
  >
    ${icon(name === "filters" ? "filter" : "sort")} ${label} ${badge}
  </button>`;
}

/** How many filters are active. */
function activeTemplate({ session, say }: Frame): TemplateResult | typeof nothing {
  const count = chipsOf(session.state.filters).length;
  if (!count) return nothing;
  return html`<span class="badge" aria-hidden="true">${count}</span
    ><span class="visually-hidden">${say("filters_on", { count })}</span>`;
}

/** How many rows there are, and what can be done about them. */
export function toldTemplate(frame: Frame, count: string): TemplateResult | typeof nothing {
  const { session, say, shows } = frame;
  const editable = session.editable();
  if (!shows("count") && !editable) return nothing;
  return html`<div class="told">
    <p class="count" part="count" role="status">${shows("count") ? count : nothing}</p>
    ${editable
      ? html`<div class="actions">
          <button @click=${() => session.edit({ resource: session.resource.name, key: null })}>
            ${icon("add")} ${say("add")}
          </button>
          <button @click=${() => session.upload()}>${icon("upload")} ${say("upload")}</button>
        </div>`
      : nothing}
  </div>`;
}

/** Whether the reader asks for fewer rows than there are. */
export function isNarrowed({ state }: Session): boolean {
  return !!state.words || !!state.near || chipsOf(state.filters).length > 0;
}

/** The element of a view, whose class must be there. */
export function viewElement(session: Session, view: View): TemplateResult {
  switch (view.type) {
    case "table":
      return html`<retouche-table
        exportparts="bar, table"
        .session=${session}
        .view=${view}
      ></retouche-table>`;
    case "cards":
      return html`<retouche-cards
        exportparts="card, block, marks, edit, pager"
        .session=${session}
        .view=${view}
      ></retouche-cards>`;
    case "map":
      return html`<retouche-map
        exportparts="map, list, legend, popup"
        .session=${session}
        .view=${view}
      ></retouche-map>`;
    case "dataviz":
      return html`<retouche-dataviz
        exportparts="chart"
        .session=${session}
        .view=${view}
      ></retouche-dataviz>`;
  }
}
