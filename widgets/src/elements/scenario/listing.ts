// The steps of a project, what each still lacks, and the buttons to complete and undo it.

import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { CellError } from "../../formats/problem";
import { icon } from "../../styles/icons";
import type { ScenarioWords } from "./messages";
import type { Step } from "./plan";
import type { ScenarioStore } from "./store";

export interface StepActions {
  complete(step: Step, index: number): void;
  undo(index: number): void;
}

export function listing(
  steps: readonly Step[],
  store: ScenarioStore,
  actions: StepActions,
  say: ScenarioWords,
): TemplateResult {
  const named = (step: Step): string =>
    say(`step_${step.kind}`, { label: step.label, other: step.other ?? "" });
  return html`<section aria-labelledby="steps">
    <h2 id="steps" tabindex="-1">${say("steps")}</h2>
    ${steps.length
      ? html`<ol class="steps">
          ${repeat(
            steps,
            ({ site }) => site,
            (step, index) => html`<li>
              <span>${named(step)}</span>
              ${lacking(store.errorsOf(index), say)}
              ${store.sent
                ? nothing
                : html`<span class="bar">
                    ${step.kind === "close"
                      ? nothing
                      : html`<button
                          class="plain small"
                          aria-label=${say("complete_step", { step: named(step) })}
                          @click=${() => actions.complete(step, index)}
                        >
                          ${icon("edit")} ${say("complete_short")}
                        </button>`}
                    <button
                      class="plain small"
                      aria-label=${say("undo_step", { step: named(step) })}
                      @click=${() => actions.undo(index)}
                    >
                      ${icon("undo")} ${say("undo_short")}
                    </button>
                  </span>`}
            </li>`,
          )}
        </ol>`
      : html`<p class="quiet">${say("steps_none")}</p>`}
  </section>`;
}

function lacking(
  errors: readonly CellError[],
  say: ScenarioWords,
): TemplateResult | typeof nothing {
  if (!errors.length) return nothing;
  return html`<div class="notice small">
    ${say("to_complete")}
    <ul>
      ${errors.map((one) => html`<li>${one.message}</li>`)}
    </ul>
  </div>`;
}
