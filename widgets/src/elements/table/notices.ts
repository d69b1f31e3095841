// What a table says instead of rows, or about one cell: a failure, nothing found, a fault.

import { html, nothing, type TemplateResult } from "lit";
import type { Say } from "../../model/messages";
import { Problem } from "../../sources/source";
import type { Session } from "../../state/session";
import type { MESSAGES } from "./messages";
import type { Scrolling } from "./scrolling";

type Saying = Say<keyof (typeof MESSAGES)["fr"]>;

/** Why rows are not there, and a way to ask for them once more. */
export function failure(
  problem: unknown,
  say: Saying,
  retry: () => void,
): TemplateResult | typeof nothing {
  if (!problem) return nothing;
  const offline = problem instanceof Problem && problem.code === "offline";
  const detail = problem instanceof Problem && !offline ? problem.detail : "";
  return html`<div class="failure" role="alert">
    <span>${say(offline ? "offline" : "failed")} ${detail}</span>
    <button @click=${retry}>${say("retry")}</button>
  </div>`;
}

/** There is no row to show; where that is for the filters, a way to be rid of them. */
export function nothingThere(session: Session, say: Saying): TemplateResult {
  const { words, filters, near } = session.state;
  const narrowed = words.trim() !== "" || Object.keys(filters).length > 0 || near !== null;
  if (!narrowed) return html`<div class="message"><p>${say("empty")}</p></div>`;
  return html`<div class="message">
    <p>${say("empty_filtered")}</p>
    <p class="muted">${say("empty_hint")}</p>
    <button @click=${() => session.ask({ words: "", filters: {}, near: null })}>
      ${say("clear_filters")}
    </button>
  </div>`;
}

/** A note on the cell in focus: what is wrong with it, or why it cannot be written. */
export interface Note {
  readonly text: string;
  readonly bad: boolean;
}

export function noteBeside(
  scrolling: Scrolling,
  note: Note | null,
): TemplateResult | typeof nothing {
  if (!note) return nothing;
  const { top, left, above } = scrolling.beside;
  return html`<div
    id="hint"
    class="hint ${note.bad ? "bad" : ""} ${above ? "above" : ""}"
    .style=${`top:${top}px;left:${left}px`}
  >
    ${note.text}
  </div>`;
}
