// What a contributor may say beside the changes: a comment, a source, who they are.

import { html, nothing, type TemplateResult } from "lit";
import { speaker } from "../../model/messages";
import type { Locale } from "../../model/texts";
import { safeLink } from "../../model/values";
import type { Draft } from "../../state/draft";
import { REVIEW } from "./review-messages";
import { TRAP, type Words } from "./sending";

type Line = "source" | "name" | "email";
export type BadWord = Exclude<Line, "name">;

const KINDS = {
  source: { keyboard: "url", complete: "off", most: 2000 },
  name: { keyboard: "text", complete: "name", most: 200 },
  email: { keyboard: "email", complete: "email", most: 254 },
} as const;

/** What becomes of names and addresses: whether they are written to, and where it is told. */
interface People {
  mails: boolean;
  notice: string | undefined;
}

/** The fields to explain in; `checked` is called when one was left, `bad` are those to correct. */
export function explanation(
  draft: Pick<Draft, "comment" | "source" | "explain">,
  words: Words,
  locale: Locale,
  bad: readonly BadWord[],
  checked: () => void,
  { mails, notice }: People,
): TemplateResult {
  const say = speaker(REVIEW, locale);
  const link = safeLink(notice ?? "");
  const optional = html`<span class="quiet">(${say("optional")})</span>`;
  const input = (name: Line, value: string, typed: (text: string) => void): TemplateResult => {
    const { keyboard, complete, most } = KINDS[name];
    const hints = {
      source: say("source_hint"),
      name: null,
      email: say(mails ? "email_hint_mails" : "email_hint"),
    };
    const hint = hints[name];
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
          @input=${(event: Event) => {
            typed((event.target as HTMLInputElement).value);
            // At once: when it were left, what is told would go as the button is pressed, which
            // would move away under the pointer.
            if (fault) checked();
          }}
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
      <legend>${say(mails ? "who_mails" : "who")} ${optional}</legend>
      <p class="small"
        >${say("who_hint")}
        ${link
          ? html`<a href=${link} target="_blank" rel="noopener">${say("personal_data")}</a>`
          : nothing}</p
      >
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
