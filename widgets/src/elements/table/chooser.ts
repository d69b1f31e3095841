// The panel in which a reader chooses the columns of a table and their widths.

import { html, type TemplateResult } from "lit";
import type { Say } from "../../model/messages";
import { icon } from "../../styles/icons";
import type { Column } from "./columns";
import type { MESSAGES } from "./messages";

export interface Choosing {
  readonly say: Say<keyof (typeof MESSAGES)["fr"]>;
  /** All columns, also those that are hidden. */
  readonly columns: readonly Column[];
  readonly hidden: ReadonlySet<string>;
  readonly open: boolean;
  readonly toggle: (open: boolean) => void;
  readonly hide: (field: string, hidden: boolean) => void;
  readonly widen: (column: Column, by: number) => void;
  readonly showAll: () => void;
}

const STEP = 40;

export function chooser(model: Choosing): TemplateResult {
  const { say, columns, hidden, open } = model;
  const shown = columns.length - hidden.size;
  return html`<div
    @keydown=${(event: KeyboardEvent) => {
      if (event.key !== "Escape" || !open) return;
      event.stopPropagation();
      model.toggle(false);
      (event.currentTarget as HTMLElement).querySelector("button")!.focus();
    }}
    @focusout=${(event: FocusEvent) => {
      const to = event.relatedTarget;
      if (to && !(event.currentTarget as HTMLElement).contains(to as Node)) model.toggle(false);
    }}
  >
    <button
      class="plain"
      aria-expanded=${open ? "true" : "false"}
      aria-controls="chooser"
      @click=${() => model.toggle(!open)}
    >
      ${icon("table")} ${say("columns")}${hidden.size ? ` (${shown}/${columns.length})` : ""}
    </button>
    <div
      id="chooser"
      class="chooser"
      role="group"
      aria-label=${say("columns_shown")}
      ?hidden=${!open}
    >
      ${open ? list(model, shown) : ""}
    </div>
  </div>`;
}

function list(
  { say, columns, hidden, hide, widen, showAll }: Choosing,
  shown: number,
): TemplateResult {
  return html`<ul>
      ${columns.map((column) => {
        const { name } = column.field;
        const there = !hidden.has(name);
        return html`<li>
          <label
            ><input
              type="checkbox"
              .checked=${there}
              ?disabled=${there && shown === 1}
              @change=${() => hide(name, there)}
            />
            ${column.label}</label
          >
          <button
            class="plain"
            ?disabled=${!there}
            aria-label=${say("narrower", { column: column.label })}
            @click=${() => widen(column, -STEP)}
          >
            −
          </button>
          <button
            class="plain"
            ?disabled=${!there}
            aria-label=${say("wider", { column: column.label })}
            @click=${() => widen(column, STEP)}
          >
            +
          </button>
        </li>`;
      })}
    </ul>
    ${hidden.size ? html`<button class="all" @click=${showAll}>${say("show_all")}</button>` : ""}`;
}
