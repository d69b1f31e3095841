// The headings of a table's columns: their names, in which order they put the rows, their width.

import { html, nothing, type TemplateResult } from "lit";
import type { Say } from "../../model/messages";
import type { Order } from "../../model/query";
import type { Locale } from "../../model/texts";
import { icon } from "../../styles/icons";
import { alignsRight } from "../cell/cell";
import { DISTANCE, type Placed } from "./columns";
import type { MESSAGES } from "./messages";
import type { Spot } from "./moves";

export interface Headings {
  readonly say: Say<keyof (typeof MESSAGES)["fr"]>;
  readonly locale: Locale;
  readonly columns: readonly Placed[];
  readonly order: readonly Order[];
  /** Whether a reader may choose the order now. */
  readonly sortable: boolean;
  readonly spot: Spot;
  readonly edge: number;
  readonly held: string | null;
  readonly sort: (column: Placed, more: boolean) => void;
  readonly grab: (event: PointerEvent, column: Placed) => void;
  readonly fit: (column: Placed) => void;
}

export function headings(model: Headings): TemplateResult {
  const { say, spot } = model;
  return html`<div role="rowgroup" class="head">
    <div role="row" class="head-row" aria-rowindex="1">
      <div
        role="columnheader"
        class="cell heading gutter ${model.edge < 0 ? "edge" : ""}"
        aria-colindex="1"
        data-row="-1"
        data-column="-1"
        tabindex=${spot.row === -1 && spot.column === -1 ? 0 : -1}
      >
        <span class="visually-hidden">${say("rows_to_open")}</span>
      </div>
      ${model.columns.map((column) => heading(model, column))}
    </div>
  </div>`;
}

function heading(model: Headings, column: Placed): TemplateResult {
  const { field, index, label } = column;
  const sortable = model.sortable && field !== DISTANCE;
  const place = model.order.findIndex((one) => one.field === field.name);
  const order = model.order[place];
  const direction = order ? (order.descending ? "descending" : "ascending") : "none";
  const classes = [
    `cell heading c${index}`,
    sortable ? "sortable" : "",
    alignsRight(field) ? "right" : "",
    index === model.edge ? "edge" : "",
  ];
  return html`<div
    role="columnheader"
    class=${classes.join(" ")}
    aria-colindex=${index + 2}
    aria-sort=${sortable ? direction : nothing}
    data-row="-1"
    data-column=${index}
    tabindex=${model.spot.row === -1 && model.spot.column === index ? 0 : -1}
    title=${field.help(model.locale) || nothing}
    @click=${(event: MouseEvent) => sortable && model.sort(column, event.shiftKey)}
  >
    <span class="label">${label}</span>
    ${
      order && model.sortable
        ? html`${icon(order.descending ? "down" : "up")}${
            model.order.length > 1
              ? html`<sup aria-hidden="true">${place + 1}</sup>
                  <span class="visually-hidden"
                    >, ${model.say("sort_place", { place: place + 1 })}</span
                  >`
              : nothing
          }`
        : nothing
    }
    <span
      class="grip ${model.held === field.name ? "held" : ""}"
      @pointerdown=${(event: PointerEvent) => model.grab(event, column)}
      @click=${(event: Event) => event.stopPropagation()}
      @dblclick=${(event: Event) => {
        event.stopPropagation();
        model.fit(column);
      }}
    ></span>
  </div>`;
}
