// What is said above the map: whether the project is saved, who else wrote it, that it was sent.

import { html, type TemplateResult } from "lit";
import type { Locale } from "../../model/texts";
import { formatDate } from "../../model/values";
import { Problem } from "../../sources/source";
import type { ScenarioWords } from "./messages";
import type { ScenarioStore } from "./store";

/** `proposals` is the address of the pages of proposals. */
export function standing(
  store: ScenarioStore,
  proposals: string,
  say: ScenarioWords,
  locale: Locale,
): TemplateResult {
  if (store.sent) {
    const address = `${proposals}/${store.scenario!.proposal}`;
    return html`<p class="notice">${say("sent")} <a href=${address}>${say("see_proposal")}</a></p>`;
  }
  if (store.saving === "clashed") {
    const when = store.theirs?.updated_at;
    const time = when ? formatDate(when, locale) : "";
    return html`<div class="notice" role="alert">
      <p>${say("clashed", { time })}</p>
      <p class="bar">
        <button @click=${() => store.reload()}>${say("reload")}</button>
        <button @click=${() => store.overwrite()}>${say("overwrite")}</button>
      </p>
    </div>`;
  }
  if (store.saving === "failed") {
    const { problem } = store;
    const offline = problem instanceof Problem && problem.code === "offline";
    const detail = offline ? say("offline") : problem instanceof Problem ? problem.detail : "";
    return html`<div class="notice" role="alert">
      <p>${say("failed", { detail })}</p>
      <button @click=${() => store.save()}>${say("retry")}</button>
    </div>`;
  }
  const name = store.saving === "none" || !store.scenario ? "unsaved" : store.saving;
  return html`<p class="quiet small" role="status" id="saving" data-state=${store.saving}>
    ${say(name)}
  </p>`;
}
