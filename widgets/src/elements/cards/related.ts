// Rows of another resource that belong to a row; with a calendar, when they take place next.

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Resource, Row } from "../../model/field";
import { speaker } from "../../model/messages";
import { inLanguage, type Locale } from "../../model/texts";
import type { Block } from "../../model/views";
import type { Session } from "../../state/session";
import { controls, theme } from "../../styles/theme";
import { writeDay, wallClock } from "../hours/days";
import { MESSAGES as HOURS } from "../hours/messages";
import { eachMinute } from "../hours/minutes";
import { dayWords, spanWords } from "../hours/words";
import { addressOf } from "./addresses";
import { type Passage, passages } from "./calendar";
import { headingTemplate, type Level } from "./headings";
import { titleOf } from "./layout";
import { CARD_MESSAGES, type CardMessageName } from "./card-messages";

type RelatedBlock = Extract<Block, { type: "related" }>;

const LIMIT = 10;
/** Rows of a calendar that are asked for; one page of the API. */
const MOST = 1000;

/**
 * @csspart list - the rows, or the days on which something takes place
 */
export class RetoucheRelated extends LitElement {
  static override properties = {
    block: { attribute: false },
    row: { attribute: false },
    session: { attribute: false },
    locale: { type: String },
    level: { attribute: false },
    rows: { state: true },
    total: { state: true },
    failed: { state: true },
  };

  declare block: RelatedBlock;
  /** The row that the others belong to. */
  declare row: Row;
  declare session: Session;
  declare locale: Locale;
  /** Of its heading. */
  declare level: Level;
  declare private rows: Row[] | null;
  declare private total: number;
  declare private failed: boolean;

  static override styles = [
    theme,
    controls,
    css`
      :host {
        display: block;
        container-type: inline-size;
      }
      .heading {
        margin: 0 0 4px;
        font-size: calc(0.9375 * var(--_rem));
        font-weight: 600;
        line-height: 1.35;
      }
      .heading.whole {
        margin-bottom: 8px;
        font-size: calc(1.0625 * var(--_rem));
      }
      p {
        margin: 0;
      }
      ol,
      ul {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        padding: 6px 0;
        border-bottom: 1px solid var(--_line);
        overflow-wrap: anywhere;
      }
      li:last-child {
        border-bottom: 0;
      }
      .passage {
        display: grid;
        grid-template-columns: 13.5em minmax(0, 1fr);
        gap: 0 12px;
      }
      .day::first-letter {
        text-transform: uppercase;
      }
      .day time {
        font-weight: 600;
      }
      .soon,
      .hours,
      .muted {
        color: var(--_muted);
        font-size: 0.875em;
      }
      .soon {
        display: block;
      }
      .now .soon {
        color: var(--_good);
        font-weight: 600;
      }
      .hours {
        display: block;
        font-variant-numeric: tabular-nums;
      }
      @container (max-width: 25em) {
        .passage {
          grid-template-columns: minmax(0, 1fr);
        }
      }
      .waiting {
        height: 96px;
        border-radius: var(--_radius);
        background: var(--_raised);
      }
    `,
  ];

  private stop: () => void = () => undefined;
  private asked = "";

  constructor() {
    super();
    this.locale = "fr";
    this.level = 4;
    this.rows = null;
    this.total = 0;
    this.failed = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.stop = eachMinute(() => this.block?.calendar && this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stop();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("block") || changed.has("row") || changed.has("session")) void this.load();
  }

  private get resource(): Resource | undefined {
    return this.session.resources.get(this.block.resource);
  }

  private async load(again = false): Promise<void> {
    const { block, row, session } = this;
    const filters = Object.fromEntries(
      Object.entries(block.on).map(([theirs, ours]) => [theirs, { values: [row[ours] ?? ""] }]),
    );
    const asked = JSON.stringify([block.resource, filters]);
    if (asked === this.asked && !again) return;
    if (asked !== this.asked) this.rows = null;
    this.asked = asked;
    this.failed = false;
    try {
      const size = block.calendar ? MOST : (block.limit ?? LIMIT);
      const query = { filters };
      const page = await session.page(1, size, { resource: block.resource, query });
      if (asked !== this.asked) return;
      this.rows = page.rows;
      this.total = page.total;
    } catch {
      if (asked === this.asked) this.failed = true;
    }
  }

  protected override render(): TemplateResult | typeof nothing {
    const say = speaker(CARD_MESSAGES, this.locale);
    const title = inLanguage(this.block.title, this.locale);
    const { resource } = this;
    if (!resource) return nothing;
    const content = this.content(resource, say);
    this.toggleAttribute("hidden", content === nothing);
    if (content === nothing) return nothing;
    return html`${headingTemplate(title, this.level)} ${content}`;
  }

  private content(
    resource: Resource,
    say: ReturnType<typeof speaker<CardMessageName>>,
  ): TemplateResult | typeof nothing {
    if (this.failed) {
      return html`<p>
        ${say("related_failed")}
        <button @click=${() => void this.load(true)}>${say("retry")}</button>
      </p>`;
    }
    if (!this.rows) return html`<div class="waiting" aria-busy="true"></div>`;
    return this.block.calendar
      ? this.calendar(this.rows, resource, say)
      : this.list(this.rows, resource, say);
  }

  private list(
    rows: readonly Row[],
    resource: Resource,
    say: ReturnType<typeof speaker<CardMessageName>>,
  ): TemplateResult | typeof nothing {
    if (!rows.length) {
      if (this.block.hide_when_empty) return nothing;
      return html`<p class="muted">${say("none_related")}</p>`;
    }
    const more = this.total - rows.length;
    return html`<ul part="list">
      ${rows.map((row) => html`<li>${this.named(row, resource)}</li>`)}
      ${more > 0 ? html`<li class="muted">${say("more", { count: more })}</li>` : nothing}
    </ul>`;
  }

  private named(row: Row, resource: Resource): TemplateResult {
    const label = titleOf(this.block.label ?? "", row, resource, this.locale);
    const page = resource.descriptor.links.page;
    if (!page || !resource.keyed) return html`${label}`;
    return html`<a href=${addressOf(this.session, resource, resource.keyOf(row))!}>${label}</a>`;
  }

  private calendar(
    rows: readonly Row[],
    resource: Resource,
    say: ReturnType<typeof speaker<CardMessageName>>,
  ): TemplateResult | typeof nothing {
    const fields = this.block.calendar!;
    const now = wallClock(new Date(), fields.timezone);
    const found = passages(rows, fields, now, this.block.limit ?? LIMIT);
    // A bus that comes no more is told; one that never did is left out.
    if (!rows.length && this.block.hide_when_empty) return nothing;
    if (!found.length) return html`<p class="muted">${say("none")}</p>`;
    const soon = (days: number): string =>
      days < 2 ? say(days ? "tomorrow" : "today") : say("in_days", { count: days });
    const hours = speaker(HOURS, this.locale);
    const item = ({ day, spans, text, row }: Passage): TemplateResult => html`<li
      class="passage ${day === now.day ? "now" : ""}"
    >
      <div class="day">
        <time datetime=${writeDay(day)}>${dayWords(day, this.locale)}</time>
        <span class="soon">${soon(day - now.day)}</span>
      </div>
      <div>
        ${this.named(row, resource)}
        <span class="hours">${text || spanWords(spans, hours).join(", ")}</span>
      </div>
    </li>`;
    return html`<ol part="list">
      ${found.map(item)}
    </ol>`;
  }
}

customElements.get("retouche-related") ??
  customElements.define("retouche-related", RetoucheRelated);
