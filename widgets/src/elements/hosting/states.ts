// What stands where a view will be, or could not be: the same for the widget and lone views.

import { css, html, type TemplateResult } from "lit";
import { speaker } from "../../model/messages";
import type { Locale } from "../../model/texts";
import { icon } from "../../styles/icons";
import { failureText, MESSAGES, StalePart } from "./messages";

export const stateStyles = css`
  .skeleton {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(260px, 100%), 1fr));
    gap: var(--_gap);
    min-height: 320px;
    padding: var(--_gap) 0;
  }
  .skeleton i {
    display: block;
    height: 140px;
    border-radius: var(--_radius);
    background: var(--_raised);
    animation: breathe 1.4s ease-in-out infinite alternate;
  }
  @keyframes breathe {
    to {
      opacity: 0.45;
    }
  }
  .failure {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 16px;
    padding: 16px;
    border: 1px solid var(--_line);
    border-left: 4px solid var(--_bad);
    border-radius: var(--_radius);
    background: var(--_surface);
  }
  .failure p {
    flex: 1 1 240px;
    margin: 0;
  }
  .offline {
    display: flex;
    gap: 8px;
    align-items: center;
    margin: 0;
    padding: 8px 12px;
    border-radius: var(--_radius);
    background: var(--_warn-surface);
    font-size: calc(0.9375 * var(--_rem));
  }
`;

/** The place of rows that are on their way. */
export function skeleton(locale: Locale): TemplateResult {
  const say = speaker(MESSAGES, locale);
  return html`<div class="skeleton" aria-busy="true" part="loading">
    <span class="visually-hidden" role="status">${say("loading")}</span>
    ${[1, 2, 3, 4, 5, 6].map(() => html`<i></i>`)}
  </div>`;
}

/** What went wrong, and what a reader can do: `again` tries once more. */
export function failureTemplate(
  failure: unknown,
  locale: Locale,
  again: () => void,
): TemplateResult {
  const say = speaker(MESSAGES, locale);
  const stale = failure instanceof StalePart;
  return html`<div class="failure" role="alert" part="error">
    <p>${failureText(failure, locale)}</p>
    <button @click=${stale ? () => location.reload() : again}>
      ${icon("undo")} ${say(stale ? "reload" : "retry")}
    </button>
  </div>`;
}

export function offlineTemplate(locale: Locale): TemplateResult {
  return html`<p class="offline" role="status">
    ${icon("warning")} ${speaker(MESSAGES, locale)("offline")}
  </p>`;
}
