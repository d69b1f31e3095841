// Opening hours as a week, with whether it is open now.

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { type Say, speaker } from "../../model/messages";
import type { Locale } from "../../model/texts";
import { icon } from "../../styles/icons";
import { theme } from "../../styles/theme";
import { parseDayHours } from "./daily";
import { type Day, type WallClock, wallClock, weekday } from "./days";
import { isHoliday } from "./holidays";
import { type MessageName, MESSAGES } from "./messages";
import { eachMinute } from "./minutes";
import { hoursOfDays, parseHours } from "./reading";
import { type DayHours, holidaysOf, type Hours, isWeekly, onDay } from "./rules";
import { dayWords, spanWords, statusAt } from "./words";

/** A text with all hours, or the hours of each day from Monday on. */
export type HoursValue = string | readonly (string | null)[];

/**
 * Opening hours that are not understood are shown as they are.
 *
 * @attr locale - `fr` or `en`
 * @attr timezone - of the place, such as `Europe/Paris` (default)
 * @attr compact - today alone
 * @csspart status - whether it is open now
 * @csspart week - the table of the week
 */
export class RetoucheHours extends LitElement {
  static override properties = {
    value: { attribute: false },
    locale: { type: String },
    timezone: { type: String },
    compact: { type: Boolean, reflect: true },
    theme: { type: String, reflect: true },
  };

  declare value: HoursValue;
  declare locale: Locale;
  declare timezone: string | null;
  declare compact: boolean;
  declare theme: string | null;

  static override styles = [
    theme,
    css`
      :host {
        display: block;
      }
      p {
        margin: 0 0 8px;
      }
      .status {
        display: flex;
        gap: 8px;
        align-items: center;
        font-weight: 600;
      }
      .dot {
        flex: none;
        width: 10px;
        height: 10px;
        border: 2px solid var(--_muted);
        border-radius: 50%;
      }
      .open {
        color: var(--_good);
      }
      .open .dot {
        border-color: var(--_good);
        background: var(--_good);
      }
      table {
        width: 100%;
        max-width: 26em;
        border-collapse: collapse;
      }
      caption {
        text-align: start;
        color: var(--_muted);
        font-size: 0.875em;
      }
      th,
      td {
        padding: 4px 8px;
        border-bottom: 1px solid var(--_line);
        font-weight: 400;
        text-align: start;
        vertical-align: top;
      }
      th {
        width: 45%;
      }
      th::first-letter {
        text-transform: uppercase;
      }
      td {
        font-variant-numeric: tabular-nums;
      }
      .closed,
      .note {
        color: var(--_muted);
      }
      .today > * {
        background: var(--_raised);
        font-weight: 600;
      }
      .today th {
        box-shadow: inset 3px 0 var(--_accent);
      }
      .span {
        display: inline-block;
        margin-inline-end: 12px;
        white-space: nowrap;
      }
      .note {
        display: flex;
        gap: 8px;
        margin: 8px 0 0;
        font-size: 0.875em;
      }
      .note .icon {
        flex: none;
        width: 1.2em;
        height: 1.5em;
      }
      @media print {
        .status {
          display: none;
        }
      }
      :host([compact]) p {
        margin: 0;
      }
      .text {
        overflow-wrap: anywhere;
        white-space: pre-line;
      }
    `,
  ];

  private stop: () => void = () => undefined;

  constructor() {
    super();
    this.value = "";
    this.locale = "fr";
    this.timezone = null;
    this.compact = false;
    this.theme = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.stop = eachMinute(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stop();
  }

  protected override render(): TemplateResult | typeof nothing {
    const say = speaker(MESSAGES, this.locale);
    const now = wallClock(new Date(), this.timezone ?? undefined);
    const { value } = this;
    if (typeof value !== "string") {
      const hours = hoursOfDays(value);
      if (this.compact) {
        return hours ? this.today(hours, now, say) : this.raw(value[weekday(now.day)]);
      }
      return html`${hours ? this.status(hours, now, say) : nothing}
      ${this.table(now.day, say, value.length, (index) => this.cell(value[index], say))}
      ${hours && isHoliday(now.day) ? this.note(say("holiday")) : nothing}`;
    }
    const hours = parseHours(value);
    if (!hours) return this.raw(value);
    if (hours.kind === "day") return html`<p>${this.spans(onDay(hours, now.day), say)}</p>`;
    return this.compact ? this.today(hours, now, say) : this.week(hours, now, say);
  }

  private raw(text: string | null | undefined): TemplateResult | typeof nothing {
    return text ? html`<p class="text">${text}</p>` : nothing;
  }

  private status(hours: Hours, now: WallClock, say: Say<MessageName>): TemplateResult {
    const { state, text } = statusAt(hours, now, this.locale, say);
    return html`<p class="status ${state}" part="status">
      <span class="dot" aria-hidden="true"></span>${text}
    </p>`;
  }

  private today(hours: Hours, now: WallClock, say: Say<MessageName>): TemplateResult {
    const told = spanWords(onDay(hours, now.day).spans, say).join(say("and"));
    return html`${this.status(hours, now, say)}
    ${told ? html`<p>${say("today_hours", { hours: told })}</p>` : nothing}`;
  }

  private week(hours: Hours, now: WallClock, say: Say<MessageName>): TemplateResult {
    const weekly = isWeekly(hours);
    const monday = now.day - weekday(now.day);
    const cell = (index: number): TemplateResult =>
      this.spans(onDay(hours, monday + index, { holidays: !weekly }), say);
    const told = holidaysOf(hours);
    const silent = weekly && !told && isHoliday(now.day);
    return html`${this.status(hours, now, say)} ${this.table(now.day, say, 7, cell, !weekly)}
    ${told && weekly
      ? this.note(say(told === "closed" ? "closed_holidays" : "other_holidays"))
      : nothing}
    ${silent ? this.note(say("holiday")) : nothing}
    ${hours.kind === "rules" && hours.otherwise ? this.note(hours.otherwise) : nothing}`;
  }

  private table(
    today: Day,
    say: Say<MessageName>,
    days: number,
    cell: (index: number) => TemplateResult,
    dated = false,
  ): TemplateResult {
    const monday = today - weekday(today);
    const parts: Intl.DateTimeFormatOptions = dated
      ? { weekday: "long", day: "numeric", month: "short" }
      : { weekday: "long" };
    const rows = Array.from({ length: Math.min(days, 7) }, (_, index) => {
      const current = monday + index === today;
      return html`<tr
        class=${current ? "today" : ""}
        aria-current=${current ? "date" : nothing}
      >
        <th scope="row">
          ${dayWords(monday + index, this.locale, parts)}${current
            ? html`<span class="visually-hidden"> (${say("today")})</span>`
            : nothing}
        </th>
        <td>${cell(index)}</td>
      </tr>`;
    });
    return html`<table part="week">
      <caption class=${dated ? "" : "visually-hidden"}>
        ${say(dated ? "this_week" : "caption")}
      </caption>
      <tbody>${rows}</tbody>
    </table>`;
  }

  private cell(text: string | null | undefined, say: Say<MessageName>): TemplateResult {
    if (!text) return html`<span class="closed">${say("closed")}</span>`;
    const spans = parseDayHours(text);
    return spans
      ? this.spans({ spans, comments: [], told: true, unknown: false }, say)
      : html`<span class="text">${text}</span>`;
  }

  private spans({ spans, comments, unknown }: DayHours, say: Say<MessageName>): TemplateResult {
    const told = comments.join(", ");
    const empty = told || say(unknown ? "unknown" : "closed");
    if (!spans.length) return html`<span class="closed">${empty}</span>`;
    return html`${spanWords(spans, say).map((one) => html`<span class="span">${one}</span>`)}${told
      ? html` <span class="closed">${told}</span>`
      : nothing}`;
  }

  private note(text: string): TemplateResult {
    return html`<p class="note">${icon("clock")}<span>${text}</span></p>`;
  }
}

customElements.get("retouche-hours") ?? customElements.define("retouche-hours", RetoucheHours);
