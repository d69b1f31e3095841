// What a contributor may say beside the changes: a comment, a source, who they are.

import { html, nothing, type TemplateResult } from "lit";
import { speaker } from "../../model/messages";
import type { Locale } from "../../model/texts";
import type { Draft } from "../../state/draft";
import { REVIEW } from "./review-messages";
import { TRAP, type Words } from "./sending";

type Line = "source" | "name" | "email";
export type BadWord = Exclude<Line, "name">;

const KINDS = {
  source: { keyboard: "url", complete: "off", most: 2000 },
  name: { keyboard: "text", complete: "name", most: 200 },
  email: { keyboard: "email", complete: "email", most: 320 },
} as const;

/** The fields to explain in; `checked` is called when one was left, `bad` are those to correct. */
export function explanation(
  draft: Draft,
  words: Words,
  locale: Locale,
  bad: readonly BadWord[],
  checked: () => void,
): TemplateResult {
  const say = speaker(REVIEW, locale);
  const optional = html`<span class="quiet">(${say("optional")})</span>`;
  const input = (name: Line, value: string, typed: (text: string) => void): TemplateResult => {
    const { keyboard, complete, most } = KINDS[name];
    const hint = name === "name" ? null : say(`${name}_hint`);
    const fault = name !== "name" && bad.includes(name) ? say(`${name}_bad`) : null;
    return html`<div class="stack line">
      <label
        ><span>${say(name)} ${name === "source" ? optional : nothing}</span>
        <input
          id=${name}
          class="wide"
          type="text"
          inputmode=${keyboard}
          autocomplete=${complete}
          maxlength=${most}
          aria-describedby=${hint ? `${name}-hint${fault ? ` ${name}-bad` : ""}` : nothing}
          aria-invalid=${fault ? "true" : nothing}
          .value=${value}
          @input=${(event: Event) => typed((event.target as HTMLInputElement).value)}
          @change=${checked}
        />
      </label>
      ${hint ? html`<p id="${name}-hint" class="quiet small">${hint}</p>` : nothing}
      ${fault ? html`<p id="${name}-bad" class="error small">${fault}</p>` : nothing}
    </div>`;
  };
  return html`<fieldset>
      <legend>${say("more")}</legend>
      <div class="stack line">
        <label
          ><span>${say("comment")} ${optional}</span>
          <textarea
            aria-describedby="comment-hint"
            maxlength="5000"
            .value=${draft.comment}
            @input=${(event: Event) =>
              draft.explain({ comment: (event.target as HTMLTextAreaElement).value })}
          ></textarea>
        </label>
        <p id="comment-hint" class="quiet small">${say("comment_hint")}</p>
      </div>
      ${input("source", draft.source, (source) => draft.explain({ source }))}
    </fieldset>
    <fieldset>
      <legend>${say("who")} ${optional}</legend>
      <p class="small">${say("who_hint")}</p>
      <div class="pair">
        ${input("name", words.name, (name) => (words.name = name))}
        ${input("email", words.email, (email) => (words.email = email))}
      </div>
    </fieldset>
    <div class="trap" aria-hidden="true">
      <label
        >${say("trap")}
        <input
          name=${TRAP}
          tabindex="-1"
          autocomplete="off"
          @input=${(event: Event) => (words.trap = (event.target as HTMLInputElement).value)}
      /></label>
    </div>`;
}
