// Parts of the form of a row around its fields.

import { html, nothing, type TemplateResult } from "lit";
import type { CellError } from "../../formats/problem";
import type { Resource } from "../../model/field";
import type { Say } from "../../model/messages";
import { safeLink } from "../../model/values";
import type { PendingChange } from "../../sources/source";
import { icon } from "../../styles/icons";
import type { EDITOR } from "./editor-messages";

type SayEditor = Say<keyof (typeof EDITOR)["fr"]>;

/** A search among many fields, and how many it leaves. */
export function search(
  say: SayEditor,
  words: string,
  count: number,
  typed: (words: string) => void,
): TemplateResult {
  return html`<div>
    <label
      >${say("search")}
      <input
        class="wide"
        type="search"
        .value=${words}
        @input=${(event: Event) => typed((event.target as HTMLInputElement).value)}
      />
    </label>
    <p class="quiet small" role="status"
      >${words.trim() ? say(count ? "shown" : "none_shown", { count }) : nothing}</p
    >
  </div>`;
}

/** What others have proposed on the row, and nobody has decided on yet. */
export function pendingNotice(
  say: SayEditor,
  pending: readonly PendingChange[],
): TemplateResult | typeof nothing {
  if (!pending.length) return nothing;
  return html`<p class="notice">
    ${say("pending", { count: pending.length })}
    ${pending.map((one, index) => {
      const link = safeLink(one.url);
      const text = say("see_proposal", { number: index + 1 });
      return html`${index ? ", " : " "}${link
        ? html`<a href=${link} target="_blank" rel="noopener">${text}</a>`
        : text}`;
    })}
  </p>`;
}

/** What stands in the way of sending; `goTo` brings the field of an error into focus. */
export function summary(
  say: SayEditor,
  errors: readonly CellError[],
  resource: Resource,
  goTo: (field: string) => void,
): TemplateResult {
  const told = (one: CellError): TemplateResult =>
    one.field && resource.field(one.field)
      ? html`<button class="link" @click=${() => goTo(one.field!)}>${one.message}</button>`
      : html`${one.message}`;
  return html`<div aria-live="polite"
    >${errors.length
      ? html`<div class="panel bad">
          <p id="summary" tabindex="-1">${say("to_correct", { count: errors.length })}</p>
          <ul>
            ${errors.map((one) => html`<li>${told(one)}</li>`)}
          </ul>
        </div>`
      : nothing}</div
  >`;
}

/** The row is to be removed: there is nothing to correct until that is taken back. */
export function removalNotice(say: SayEditor, undo: () => void): TemplateResult {
  return html`<div class="panel">
    <p>${say("removal_drafted")}</p>
    <div class="bar">
      <button @click=${undo}>${icon("undo")} ${say("undo_removal")}</button>
    </div>
  </div>`;
}
