// The way from one page of rows to another.

import { html, type TemplateResult } from "lit";
import type { Say } from "../../model/messages";
import { icon } from "../../styles/icons";
import type { MessageName } from "./messages";

export interface Pages {
  page: number;
  pages: number;
  /** Called with the number of the page that is asked for. */
  turn: (page: number) => void;
}

/** Two buttons and where one is. At an end a button stays, so that focus is not lost. */
export function pagerTemplate(
  { page, pages, turn }: Pages,
  say: Say<MessageName>,
): TemplateResult {
  const step = (to: number): void => {
    if (to >= 1 && to <= pages) turn(to);
  };
  return html`<nav aria-label=${say("pager")} part="pager">
    <button
      aria-label=${say("previous_page")}
      aria-disabled=${page <= 1}
      @click=${() => step(page - 1)}
    >
      ${icon("previous")} <span aria-hidden="true">${say("previous_page")}</span>
    </button>
    <p>${say("page_of", { page, pages })}</p>
    <button
      aria-label=${say("next_page")}
      aria-disabled=${page >= pages}
      @click=${() => step(page + 1)}
    >
      <span aria-hidden="true">${say("next_page")}</span> ${icon("next")}
    </button>
  </nav>`;
}
