// What is done with a project as a whole: its link, a variant of it, others beside it, sending it.

import { html, nothing, type TemplateResult } from "lit";
import { icon } from "../../styles/icons";
import type { ScenarioWords } from "./messages";
import type { ScenarioStore } from "./store";

/** Others that are remembered in an address, to be compared with. */
const MOST_OTHERS = 3;

export interface Addresses {
  link: string;
  comparison: string;
}

export interface SharingActions {
  told(text: string): void;
  duplicate(): void;
  send(): void;
}

export function sharing(
  store: ScenarioStore,
  { link, comparison }: Addresses,
  actions: SharingActions,
  say: ScenarioWords,
): TemplateResult {
  const copy = async (event: Event): Promise<void> => {
    const field = (event.currentTarget as HTMLElement).parentElement!.querySelector("input")!;
    try {
      await navigator.clipboard.writeText(link);
      actions.told(say("copied"));
    } catch {
      field.select(); // to be copied by hand
    }
  };
  return html`<div class="bar sharing">
    <input
      id="link"
      type="text"
      readonly
      aria-label=${say("link")}
      .value=${link}
      @focus=${(event: Event) => (event.target as HTMLInputElement).select()}
    />
    <button @click=${copy}>${icon("link")} ${say("copy_link")}</button>
    <button @click=${actions.duplicate}>${say("duplicate")}</button>
    <a class="button" href=${comparison}>${say("compare")}</a>
    ${store.sent
      ? nothing
      : html`<button
          class="primary"
          ?disabled=${!store.operations.length || store.saving === "clashed"}
          @click=${actions.send}
        >
          ${icon("check")} ${say("submit")}
        </button>`}
  </div>`;
}

/** The page of a project, `pages` being the address of all of them. */
export const projectAddress = (pages: string, id: string, base: string): string =>
  new URL(`${pages}/${id}`, base).href;

/** The projects that this page's is a variant of, and the language it is shown in. */
function here(): { others: string[]; lang: string | null } {
  const present = new URL(location.href).searchParams;
  return { others: present.getAll("of"), lang: present.get("lang") };
}

/** The page that shows a project beside those that it is a variant of. */
export function comparisonOf(pages: string, id: string): string {
  const { others, lang } = here();
  const asked = new URLSearchParams(
    [...others.slice(0, MOST_OTHERS), id].map((one) => ["scenario", one]),
  );
  if (lang) asked.set("lang", lang);
  return `${pages}/compare?${asked}`;
}

/** The page of a variant of a project, which knows what it is one of. */
export function variantAddress(pages: string, made: string, of: string, base: string): URL {
  const { others, lang } = here();
  const address = new URL(projectAddress(pages, made, base));
  for (const one of [...others.slice(1 - MOST_OTHERS), of]) {
    address.searchParams.append("of", one);
  }
  if (lang) address.searchParams.set("lang", lang);
  return address;
}
