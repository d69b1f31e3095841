// The part below the map: what the project changes, as the server last computed it.

import { html, nothing, type TemplateResult } from "lit";
import type { Locale } from "../../model/texts";
import { Problem } from "../../sources/source";
import type { Impact, IndicatorImpact } from "./calls";
import { accessTable, indicatorsTable, mappable, touchedTable } from "./effects";
import type { ScenarioWords } from "./messages";
import type { ScenarioStore } from "./store";

/** The indicator whose places are on the map: the one asked for, else one that people feel. */
export function shownOf(impact: Impact | null, asked: string | null): IndicatorImpact | null {
  if (!impact) return null;
  const found = mappable(impact);
  const access = impact.access[0]?.indicator;
  return (
    found.find(({ name }) => name === asked) ??
    found.find(({ name }) => name === access) ??
    found.find(({ rows }) => rows.some(({ people }) => people !== null)) ??
    found[0] ??
    null
  );
}

/** `asked` is the name of the indicator to show; `choose` is called with another one. */
export function results(
  store: ScenarioStore,
  asked: string | null,
  choose: (name: string) => void,
  say: ScenarioWords,
  locale: Locale,
): TemplateResult {
  const { impact, computing } = store;
  const problem = store.impactProblem;
  const detail = problem instanceof Problem ? problem.detail : "";
  const status =
    computing === "long"
      ? say("computing")
      : impact && !computing
        ? `${say("computed")} ${impact.sentences[0] ?? say("impact_same")}`
        : "";
  return html`<section class="effects" aria-labelledby="effects">
    <h2 id="effects">${say("impact")}</h2>
    <p class="visually-hidden" role="status">${status}</p>
    ${computing === "long"
      ? html`<p>${say("computing")} <progress aria-label=${say("computing")}></progress></p>`
      : nothing}
    ${problem ? html`<p role="alert">${say("impact_failed", { detail })}</p>` : nothing}
    ${impact
      ? html`<div
          class="stack ${computing ? "busy" : ""}"
          aria-busy=${computing ? "true" : "false"}
          data-after=${impact.after}
        >
          ${impact.sentences.length
            ? html`<ul class="told">${impact.sentences.map((one) => html`<li>${one}</li>`)}</ul>`
            : html`<p>${say("impact_same")}</p>`}
          ${impact.access.map((one) => accessTable(one, say, locale))}
          ${impact.indicators.length ? indicatorsTable(impact, say, locale) : nothing}
          ${touched(impact, asked, choose, say, locale)}
        </div>`
      : html`<p class="quiet">
          ${say(store.operations.length ? "impact_soon" : "impact_none")}
        </p>`}
  </section>`;
}

function touched(
  impact: Impact,
  asked: string | null,
  choose: (name: string) => void,
  say: ScenarioWords,
  locale: Locale,
): TemplateResult | typeof nothing {
  const indicator = shownOf(impact, asked);
  if (!indicator) return nothing;
  const offered = mappable(impact);
  return html`<h3>${say("touched")}</h3>
    ${offered.length > 1
      ? html`<label
          >${say("touched_by")}
          <select
            @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}
          >
            ${offered.map(
              (one) =>
                html`<option value=${one.name} ?selected=${one.name === indicator.name}>
                  ${one.title}
                </option>`,
            )}
          </select></label
        >`
      : nothing}
    ${touchedTable(indicator, say, locale)}`;
}
