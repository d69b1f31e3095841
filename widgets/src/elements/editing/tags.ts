// A cell that holds several values: one chip for each, a way to remove it, a way to add another.

import { html, nothing, type ReactiveController, type ReactiveControllerHost } from "lit";
import type { TemplateResult } from "lit";
import type { Field } from "../../model/field";
import { speaker } from "../../model/messages";
import type { Locale } from "../../model/texts";
import { icon } from "../../styles/icons";
import { allowed, joined, labelOfValue, partsOf, separatorOf } from "./control";
import { INPUT } from "./messages";

type Host = ReactiveControllerHost & HTMLElement;

interface Around {
  locale: Locale;
  describedBy: string;
  invalid: boolean;
}

/** The chips of a host; what was typed and not added yet is added when the control is left. */
export class TagsControl implements ReactiveController {
  constructor(
    private readonly host: Host,
    private readonly change: (text: string | null) => void,
  ) {
    host.addController(this);
  }

  hostUpdate(): void {}

  template(
    field: Field,
    text: string | null,
    before: string | null,
    { locale, describedBy, invalid }: Around,
  ): TemplateResult {
    const say = speaker(INPUT, locale);
    const parts = partsOf(field, text);
    // A cell whose last mark is gone keeps the one that it had.
    const mark = separatorOf(field, text) ?? separatorOf(field, before) ?? ";";
    const had = JSON.stringify(partsOf(field, before));
    // Values set back are written as they were, whatever stood between them.
    const write = (next: readonly string[]): void =>
      this.change(JSON.stringify(next) === had ? before : joined(next, mark, before ?? text) || null);
    const values = allowed(field)?.filter((one) => !parts.includes(one)) ?? null;
    const name = field.label(locale);
    const add = (control: HTMLInputElement | HTMLSelectElement): void => {
      const typed = control.value.trim();
      control.value = "";
      if (typed && !parts.includes(typed)) write([...parts, typed]);
    };
    return html`<div
      role="group"
      aria-label=${say("values", { field: name })}
      aria-describedby=${describedBy}
    >
      ${parts.length
        ? html`<ul class="chips">
            ${parts.map(
              (one, index) =>
                html`<li class="tag">
                  ${labelOfValue(field, one, locale)}
                  <button
                    class="plain icon small"
                    aria-label=${say("remove_value", { value: labelOfValue(field, one, locale) })}
                    @click=${() => {
                      write(parts.filter((_, other) => other !== index));
                      this.host.focus();
                    }}
                  >
                    ${icon("close")}
                  </button>
                </li>`,
            )}
          </ul>`
        : nothing}
      ${values
        ? html`<select
            id="c"
            aria-label=${say("new_value", { field: name })}
            aria-invalid=${invalid ? "true" : nothing}
            @change=${(event: Event) => add(event.target as HTMLSelectElement)}
          >
            <option value="">${say("add_value")}…</option>
            ${values.map(
              (one) => html`<option value=${one}>${labelOfValue(field, one, locale)}</option>`,
            )}
          </select>`
        : html`<input
            id="c"
            type="text"
            aria-label=${say("new_value", { field: name })}
            aria-invalid=${invalid ? "true" : nothing}
            @change=${(event: Event) => add(event.target as HTMLInputElement)}
          />`}
    </div>`;
  }
}
