// Opening hours typed as times: two spans a day, closed or not, copied to the other days.

import { html, nothing, type ReactiveController, type ReactiveControllerHost } from "lit";
import type { TemplateResult } from "lit";
import type { Field, Resource } from "../../model/field";
import { speaker } from "../../model/messages";
import type { Locale } from "../../model/texts";
import { HOURS } from "./hours-messages";
import {
  spansToType,
  textOfTyped,
  textOfWeek,
  timeTyped,
  type TypedSpan,
  typedSpans,
  type Week,
  weekOf,
} from "./week";

interface Host extends ReactiveControllerHost, HTMLElement {
  resource: Resource | null;
}

interface Around {
  locale: Locale;
  describedBy: string;
}

/** The times that are typed into a host, also those that are not whole yet. */
export class HoursControl implements ReactiveController {
  private text: string | null = null;
  /** What the cell said before the draft. */
  private before: string | null = null;
  private week: Week | null = null;
  private typed: TypedSpan[][] = [];
  /** Days that were said to be open, and have no times yet. */
  private opened = new Set<number>();

  constructor(
    private readonly host: Host,
    private readonly change: (text: string | null) => void,
  ) {
    host.addController(this);
  }

  hostUpdate(): void {}

  /** Whether all that a text says can be shown as times, or was typed as such. */
  reads(text: string | null): boolean {
    if (this.week && (text ?? "") === (this.text ?? "")) return true;
    return weekOf(text, this.emptyAs) !== null;
  }

  template(
    field: Field,
    text: string | null,
    before: string | null,
    { locale, describedBy }: Around,
  ): TemplateResult {
    this.before = before;
    this.read(text);
    const week = this.week!;
    const say = speaker(HOURS, locale);
    const names = [...Array(7).keys()].map((day) => dayName(day, locale));
    return html`<div
      role="group"
      aria-labelledby="c-label"
      aria-describedby=${describedBy}
      class="days"
    >
      ${week.days.map((_, day) => this.day(day, week.kind === "week" ? names[day]! : "", locale))}
      ${week.kind === "day" && text && this.single
        ? html`<button class="small" @click=${() => this.copyToFields(field, text)}>
            ${say("copy_to_days")}
          </button>`
        : nothing}
    </div>`;
  }

  private day(day: number, name: string, locale: Locale): TemplateResult {
    const say = speaker(HOURS, locale);
    const spans = this.typed[day]!;
    const closed = !this.opened.has(day) && !this.week!.days[day]!.length;
    const about = name ? ` (${name})` : "";
    const input = (index: number, end: "from" | "to"): TemplateResult =>
      html`<input
        class="time"
        type="text"
        inputmode="numeric"
        autocomplete="off"
        maxlength="5"
        aria-label="${say(end, { number: index + 1 })}${about}"
        .value=${spans[index]![end]}
        @input=${(event: Event) =>
          this.type(day, index, end, (event.target as HTMLInputElement).value)}
        @change=${(event: Event) => {
          const { value } = event.target as HTMLInputElement;
          this.type(day, index, end, timeTyped(value) ?? value);
        }}
      />`;
    return html`<div class="day">
      ${name ? html`<span class="name">${name}</span>` : nothing}
      <label class="choice">
        <input
          type="checkbox"
          .checked=${closed}
          @change=${(event: Event) => this.shut(day, (event.target as HTMLInputElement).checked)}
        />${say("closed")}${about ? html`<span class="visually-hidden">${about}</span>` : nothing}
      </label>
      ${closed
        ? nothing
        : html`<span class="spans">
            ${spans.map(
              (_, index) =>
                html`<span class="span"
                  >${input(index, "from")}<span aria-hidden="true">–</span>${input(
                    index,
                    "to",
                  )}</span
                >`,
            )}
          </span>`}
      ${name && !closed && this.week!.days[day]!.length
        ? html`<button
            class="plain small"
            aria-label="${say("copy_to_open")}${about}"
            @click=${() => this.copyDay(day)}
          >
            ${say("copy_to_open")}
          </button>`
        : nothing}
    </div>`;
  }

  /** Take a text in, unless it is the one that was typed here. */
  private read(text: string | null): void {
    if (this.week && (text ?? "") === (this.text ?? "")) return;
    this.text = text;
    this.week = weekOf(text, this.emptyAs) ?? weekOf(null, this.emptyAs)!;
    this.typed = this.week.days.map(spansToType);
    this.opened.clear();
  }

  private type(day: number, index: number, end: "from" | "to", time: string): void {
    this.typed[day]![index]![end] = time;
    this.opened.add(day);
    this.week!.days[day] = typedSpans(this.typed[day]!);
    this.write();
  }

  private shut(day: number, closed: boolean): void {
    if (closed) {
      this.opened.delete(day);
      this.week!.days[day] = [];
      this.typed[day] = spansToType([]);
      this.write();
    } else {
      this.opened.add(day);
      this.host.requestUpdate();
    }
  }

  /** The hours of one day for the other days, Saturday and Sunday only where they are open. */
  private copyDay(day: number): void {
    const { days } = this.week!;
    days.forEach((spans, other) => {
      if (other === day || (other > 4 && !spans.length)) return;
      days[other] = [...days[day]!];
      this.typed[other] = spansToType(days[day]!);
    });
    this.write();
  }

  private copyToFields(field: Field, text: string): void {
    const detail = { field: field.name, text };
    this.host.dispatchEvent(new CustomEvent("hours-copy", { detail, bubbles: true }));
  }

  private write(): void {
    const typed = textOfTyped(this.week!, this.typed);
    const before = weekOf(this.before, this.emptyAs);
    // Hours set back are written as they were, in whatever words.
    const text = before && textOfWeek(before) === typed ? this.before : typed || null;
    this.text = text;
    this.change(text);
    this.host.requestUpdate();
  }

  /** Whether each day has a field of its own. */
  private get single(): boolean {
    const fields = [...(this.host.resource?.fields.values() ?? [])];
    return fields.filter((one) => one.shape === "hours").length > 1;
  }

  private get emptyAs(): Week["kind"] {
    return this.single ? "day" : "week";
  }
}

/** Monday is 0. */
function dayName(day: number, locale: Locale): string {
  const format = new Intl.DateTimeFormat(locale, { weekday: "long", timeZone: "UTC" });
  return format.format(new Date(Date.UTC(2024, 0, 1 + day)));
}
