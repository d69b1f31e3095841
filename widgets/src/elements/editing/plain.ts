// The controls that browsers bring along: a line, several lines, a list, yes or no.

import { html, nothing, type TemplateResult } from "lit";
import type { Field } from "../../model/field";
import { speaker } from "../../model/messages";
import type { Locale } from "../../model/texts";
import { calendarDay, type Control, keyboardOf, type Option } from "./control";
import { INPUT } from "./messages";

/** The cell that a control edits, and what is done with what is typed. */
export interface Edited {
  field: Field;
  kind: Control;
  text: string;
  locale: Locale;
  /** In a cell of a table: the control has no label beside it. */
  inline: boolean;
  describedBy: string;
  invalid: boolean;
  typed: (text: string) => void;
  chosen: (value: string) => void;
  pressed: (event: KeyboardEvent) => void;
}

const nameOf = ({ field, inline, locale }: Edited): string | typeof nothing =>
  inline ? field.label(locale) : nothing;

const valueOf = (event: Event): string => (event.target as HTMLInputElement).value;

export function lines(cell: Edited): TemplateResult {
  return html`<textarea
    id="c"
    class="wide"
    rows="3"
    aria-label=${nameOf(cell)}
    aria-describedby=${cell.describedBy}
    aria-invalid=${cell.invalid ? "true" : nothing}
    ?required=${cell.field.required}
    .value=${cell.text}
    @input=${(event: Event) => cell.typed(valueOf(event))}
    @keydown=${cell.pressed}
  ></textarea>`;
}

/** A line of text; a date with a calendar beside it, a number with its unit. */
export function line(cell: Edited): TemplateResult {
  const { field, kind, locale, inline } = cell;
  const words = field.shape === "text";
  const input = html`<input
    id="c"
    class=${kind === "number" ? "figure" : kind === "date" ? "day" : "wide"}
    type="text"
    inputmode=${keyboardOf(field)}
    autocomplete="off"
    autocapitalize=${words ? nothing : "off"}
    spellcheck=${words ? nothing : "false"}
    aria-label=${nameOf(cell)}
    aria-describedby=${cell.describedBy}
    aria-invalid=${cell.invalid ? "true" : nothing}
    ?required=${field.required}
    .value=${cell.text}
    @input=${(event: Event) => cell.typed(valueOf(event))}
    @keydown=${cell.pressed}
  />`;
  if (kind === "date" && !inline) {
    const say = speaker(INPUT, locale);
    return html`<div class="row">
      ${input}
      <input
        type="date"
        class="calendar"
        aria-label="${say("calendar")} (${field.label(locale)})"
        .value=${calendarDay(cell.text)}
        @change=${(event: Event) => cell.typed(valueOf(event))}
      />
    </div>`;
  }
  const unit = field.shape === "percent" ? "%" : inline ? "" : field.unit(locale);
  return kind === "number" && unit
    ? html`<div class="row">${input}<span aria-hidden="true">${unit}</span></div>`
    : input;
}

export function list(cell: Edited, options: readonly Option[]): TemplateResult {
  const empty = `(${speaker(INPUT, cell.locale)("empty")})`;
  return html`<select
    id="c"
    class="wide"
    aria-label=${nameOf(cell)}
    aria-describedby=${cell.describedBy}
    aria-invalid=${cell.invalid ? "true" : nothing}
    ?required=${cell.field.required}
    @change=${(event: Event) => cell.chosen(valueOf(event))}
    @keydown=${cell.pressed}
  >
    ${[{ value: "", label: empty }, ...options].map(
      (one) =>
        html`<option value=${one.value} .selected=${one.value === cell.text}>
          ${one.label}
        </option>`,
    )}
  </select>`;
}

/** One of a few values, or none, all in sight. */
export function radios(cell: Edited, options: readonly Option[]): TemplateResult {
  const empty = speaker(INPUT, cell.locale)("empty");
  return html`<div
    class="row"
    role="radiogroup"
    aria-labelledby="c-label"
    aria-describedby=${cell.describedBy}
    aria-invalid=${cell.invalid ? "true" : nothing}
  >
    ${[...options, { value: "", label: empty }].map(
      (one) =>
        html`<label class="choice">
          <input
            type="radio"
            name="c"
            .value=${one.value}
            .checked=${one.value === cell.text}
            @change=${() => cell.typed(one.value)}
          />
          ${one.label}
        </label>`,
    )}
  </div>`;
}
