// What stands above the map: the title of the project, whether it is saved, its link.

import { html, nothing, type TemplateResult } from "lit";
import type { Locale } from "../../model/texts";
import type { ScenarioWords } from "./messages";
import { comparisonOf, projectAddress, sharing, type SharingActions } from "./sharing";
import { standing } from "./standing";
import type { ScenarioStore } from "./store";

export interface HeadingActions extends SharingActions {
  rename(title: string): void;
}

/** `pages` is the address of the pages of projects, as seen from `base`. */
export function heading(
  store: ScenarioStore,
  { pages, base }: { pages: string; base: string },
  actions: HeadingActions,
  say: ScenarioWords,
  locale: Locale,
): TemplateResult {
  const id = store.scenario?.id;
  return html`<div class="head">
    <label
      >${say("title")}
      <input
        id="title"
        type="text"
        maxlength="200"
        placeholder=${say("title_hint")}
        ?readonly=${store.sent}
        .value=${store.title}
        @input=${(event: Event) => actions.rename((event.target as HTMLInputElement).value)}
    /></label>
    ${standing(store, pages.replace(/\/projects$/, ""), say, locale)}
    ${id === undefined
      ? nothing
      : sharing(
          store,
          { link: projectAddress(pages, id, base), comparison: comparisonOf(pages, id) },
          actions,
          say,
        )}
  </div>`;
}
