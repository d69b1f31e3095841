// The element that a site embeds: a widget descriptor's views, with all around them.

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { type Say, speaker } from "../../model/messages";
import { inLanguage, type Locale } from "../../model/texts";
import { localeOf, openSession, prefixOf } from "../../state/opening";
import { release } from "../../state/prefixes";
import type { Session } from "../../state/session";
import { controls, theme } from "../../styles/theme";
import { pageOfCards } from "../cards/layout";
import { Hosting } from "../hosting/hosting";
import { Wanted } from "../hosting/parts";
import { failureTemplate, offlineTemplate, skeleton, stateStyles } from "../hosting/states";
import { countText } from "./count";
import { creditsTemplate } from "./credits";
import { Extent } from "./extent";
import {
  controlsTemplate,
  type Frame,
  isNarrowed,
  type Panel,
  toldTemplate,
  viewElement,
} from "./layout";
import { MESSAGES, type Name } from "./messages";
import "./search";
import { widgetStyles } from "./styles";
import { tabsTemplate } from "./tabs";
import "./toolbar";

const SHARED = ["share", "download", "embed"] as const;
/** A table or cards ask for rows themselves, and their answer tells the count. */
const COUNT_PAUSE_MS = 600;

/**
 * A widget descriptor's views, with tabs, view switch, search, filters, sort, count, credits,
 * sharing, download, embed code, languages and full screen; and the dialogs that correct rows.
 *
 * @attr src - address of a widget descriptor; a relative one counts from the page
 * @attr locale - `fr` or `en`; by default that of the page, else of the browser
 * @attr theme - `light` (default), `dark` or `auto`, which follows the system
 * @attr view - the view shown first, by its name, or by its type where it has none
 * @attr accent - `#rrggbb`, the colour of buttons and links; made lighter or darker to be readable
 * @attr height - pixels, or `auto` (default): as high as its content
 * @attr prefix - what stands before the dot of the parameters in the page's address; by default the
 *   widget's name, with a number where two would be the same; `none` leaves the address alone
 * @attr readonly - no corrections are offered; has no value
 * @attr hide - what is left out: `title search filters sort views tabs toolbar credits count
 *   download share`, separated by spaces
 * @attr row - key of the row that is open first: as in the address of its page
 * @attr filters - filters that readers cannot take away, as `field=value` joined by `&`; bounds are
 *   `from.field` and `to.field`: `dep_lib=Nord&from.com_population=1000`
 * @attr basemap - `none`, `on_request` or `at_once`: instead of the descriptor's word on its base map
 * @prop {Session | null} session - what the views share; null until the descriptor was read
 * @fires retouche-ready - the descriptor was read; rows may still be on their way
 * @fires retouche-change - the reader looks at something else; its detail is the state: `tab`,
 *   `view`, `words`, `filters`, `order`, `page`, `row`, `map`, `near`, `side`, `changes`
 * @fires retouche-open - a row was opened; its detail is the row key
 * @fires retouche-proposed - a proposal was sent; its detail is its `id` and `url`
 * @slot - shown where the elements are not known, or the data cannot be read
 * @cssprop --retouche-padding - around all of it; `0`, and `12px` in full screen, if left out
 * @csspart widget - all of it
 * @csspart header - title and toolbar
 * @csspart title - the title
 * @csspart toolbar - share, download, embed, languages, full screen
 * @csspart tabs - the tabs
 * @csspart controls - view switch, search, filters and sort
 * @csspart views - the view switch
 * @csspart chips - the active filters
 * @csspart count - the number of rows
 * @csspart filters - the filters
 * @csspart preview - with a proposal, what it changes and the switch between before and after
 * @csspart view - the view
 * @csspart credits - the credits
 * @csspart loading - grey shapes where rows are on their way
 * @csspart error - what is told when something could not be read
 * @csspart draft - the bar that tells of corrections not sent yet
 * @csspart bar - of a table, the buttons above the rows
 * @csspart table - of a table, the box that scrolls
 * @csspart card - one card
 * @csspart block - one block of a card
 * @csspart marks - what is under way for the row of a card
 * @csspart edit - the button of a card that opens the form
 * @csspart pager - the way to other pages of cards
 * @csspart map - the map
 * @csspart list - the list beside the map
 * @csspart legend - the legend of the map
 * @csspart popup - the mini card of what was picked on the map
 * @csspart chart - the box of one chart
 */
export class RetoucheWidget extends LitElement {
  static override properties = {
    src: { type: String },
    locale: { type: String },
    prefix: { type: String },
    theme: { type: String, reflect: true },
    accent: { type: String },
    height: { type: String, reflect: true },
    hide: { type: String },
    session: { attribute: false },
    problem: { state: true },
    offline: { state: true },
    panel: { state: true },
    sharing: { state: true },
  };
  static override styles = [theme, controls, stateStyles, widgetStyles];

  declare src: string | null;
  declare locale: Locale | null;
  declare prefix: string | null;
  declare theme: string | null;
  declare accent: string | null;
  declare height: string | null;
  declare hide: string | null;
  /** What the views share; null until the descriptor was read. */
  declare session: Session | null;
  declare private problem: unknown;
  declare private offline: boolean;
  declare private panel: Panel | null;
  declare private sharing: (typeof SHARED)[number] | null;

  private readonly hosting = new Hosting(this);
  private readonly parts = new Wanted(this);
  private readonly extent = new Extent(this);
  private number = "";
  private counting: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.session = null;
    this.problem = null;
    this.offline = false;
    this.panel = null;
    this.sharing = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.theme ??= "light";
    window.addEventListener("online", this.connection);
    window.addEventListener("offline", this.connection);
    this.connection();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("online", this.connection);
    window.removeEventListener("offline", this.connection);
    clearTimeout(this.counting);
  }

  /** Read the descriptor anew, and show it from there on. */
  async refresh(): Promise<void> {
    if (this.src) await this.begin(this.src);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("src") && this.src) void this.begin(this.src);
    if (changed.has("locale") && this.locale && this.session) this.session.speak(localeOf(this));
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("accent")) void this.paint();
    if (changed.has("height")) {
      const pixels = Number(this.height);
      if (pixels > 0) this.style.setProperty("--_height", `${pixels}px`);
      else this.style.removeProperty("--_height");
    }
    if (this.session && (this.session.total === null || this.session.whole === null)) this.count();
  }

  /** In the site's own colour, where it has one. */
  private async paint(): Promise<void> {
    const { accentuate } = await import("../../styles/accent");
    accentuate(this, this.accent);
  }

  private readonly connection = (): void => {
    this.offline = !navigator.onLine;
  };

  private async begin(src: string): Promise<void> {
    this.problem = null;
    const prefix = prefixOf(this, src);
    try {
      const session = await openSession(this, src, prefix);
      if (src !== this.src) throw new DOMException("", "AbortError");
      this.session = session;
      this.hosting.take(session);
      session.addEventListener("count", () => this.requestUpdate());
    } catch (error) {
      if (prefix !== null) release(prefix);
      if (src === this.src) this.problem = error;
    }
  }

  private count(): void {
    clearTimeout(this.counting);
    const rowsAsked = ["table", "cards"].includes(this.session!.view[1].type);
    this.counting = setTimeout(
      () => this.session?.count().catch(() => undefined), // the view says what is wrong
      rowsAsked ? COUNT_PAUSE_MS : 0,
    );
  }

  private shows(name: string): boolean {
    return !(this.hide ?? "").split(/\s+/).includes(name);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { session, problem } = this;
    if (problem) {
      return html`<div class="widget" part="widget" lang=${localeOf(this)}>
        ${failureTemplate(problem, localeOf(this), () => void this.refresh())}<slot></slot>
      </div>`;
    }
    if (!session) {
      if (!this.src) return html`<slot></slot>`;
      return html`<div class="widget" part="widget" lang=${localeOf(this)}>
        ${skeleton(localeOf(this))}
      </div>`;
    }
    const say = speaker(MESSAGES, session.locale);
    return html`<div class="widget" part="widget" lang=${session.locale}>
      ${this.head(session)} ${session.preview?.banner(session) ?? nothing}
      ${this.shows("tabs") ? tabsTemplate(session) : nothing}
      ${this.panelTemplate(session, say)}
      ${this.shows("credits")
        ? creditsTemplate(
            [...(session.widget.credits ?? session.descriptor.credits ?? [])],
            session.locale,
          )
        : nothing}
      ${this.hosting.render()} ${this.sharingTemplate(session)}
    </div>`;
  }

  private head(session: Session): TemplateResult | typeof nothing {
    const title = inLanguage(session.descriptor.title, session.locale);
    const offered = SHARED.filter((one) => this.shows(one === "embed" ? "share" : one));
    if (!this.shows("title") && !this.shows("toolbar")) return nothing;
    return html`<div class="head" part="header">
      ${this.shows("title") && title ? html`<h2 part="title">${title}</h2>` : nothing}
      ${this.shows("toolbar")
        ? html`<retouche-toolbar
            part="toolbar"
            .session=${session}
            .locale=${session.locale}
            .offered=${offered}
            .full=${this.extent.full}
            @ask=${(event: CustomEvent<(typeof SHARED)[number]>) => (this.sharing = event.detail)}
            @full=${() => this.extent.toggle()}
          ></retouche-toolbar>`
        : nothing}
    </div>`;
  }

  /** What belongs to the tab that is shown. */
  private panelTemplate(session: Session, say: Say<Name>): TemplateResult {
    const tabbed = this.shows("tabs") && (session.descriptor.tabs?.length ?? 0) > 1;
    const index = session.descriptor.tabs?.indexOf(session.widget) ?? 0;
    const filtering = this.panel === "filters" && this.shows("filters");
    const { failure } = this.parts;
    const frame: Frame = {
      ...{ session, say, panel: this.panel, shows: (part: string) => this.shows(part) },
      open: (panel) => (this.panel = panel),
    };
    const content = html`${controlsTemplate(frame)}
      ${this.panel === "sort" && this.shows("sort") && this.parts.has("sort")
        ? html`<retouche-sort .session=${session} .told=${{}}></retouche-sort>`
        : nothing}
      ${isNarrowed(session) && this.parts.has("chips")
        ? html`<retouche-chips
            part="chips"
            .session=${session}
            .told=${{}}
            @emptied=${() => this.focusOn("#filters", "retouche-search")}
          ></retouche-chips>`
        : nothing}
      ${this.offline ? offlineTemplate(session.locale) : nothing}
      ${toldTemplate(frame, this.counted(session))}
      ${failure ? failureTemplate(failure, session.locale, () => undefined) : nothing}
      <div class="body ${filtering ? "filtering" : ""}">
        ${filtering && this.parts.has("filters")
          ? html`<retouche-filters
              part="filters"
              .session=${session}
              .told=${{}}
              ?sheet=${this.extent.narrow}
              @close=${this.closePanel}
            ></retouche-filters>`
          : nothing}
        <div class="view" part="view">${this.viewTemplate(session)}</div>
      </div>`;
    return tabbed
      ? html`<div class="panel" id="panel" role="tabpanel" aria-labelledby="tab-${index}">
          ${content}
        </div>`
      : content;
  }

  private readonly closePanel = (): void => {
    this.panel = null;
    this.focusOn("#filters");
  };

  /** Give the focus to the first of these that is there. */
  private focusOn(...selectors: string[]): void {
    const found = selectors.map((one) => this.renderRoot.querySelector<HTMLElement>(one));
    found.find((one) => one !== null)?.focus();
  }

  /** The old number stays until there is a new one. */
  private counted(session: Session): string {
    this.number = countText(session) || this.number;
    return this.number;
  }

  private viewTemplate(session: Session): TemplateResult | typeof nothing {
    const [, view] = session.view;
    if (!this.parts.has(view.type)) {
      if (this.parts.failure) return nothing;
      if (view.type === "cards") void pageOfCards(session, view); // by when the view is there
      return skeleton(session.locale);
    }
    return viewElement(session, view);
  }

  private sharingTemplate(session: Session): TemplateResult | typeof nothing {
    if (!this.sharing || !this.parts.has("sharing")) return nothing;
    return html`<retouche-sharing
      .session=${session}
      .what=${this.sharing}
      .base=${new URL(this.src!, this.baseURI).href}
      @close=${() => (this.sharing = null)}
    ></retouche-sharing>`;
  }
}

customElements.get("retouche-widget") ?? customElements.define("retouche-widget", RetoucheWidget);
