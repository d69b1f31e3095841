// The builder of a project: a map on which counters are opened, closed, moved and shared, its
// steps, and what they change for people. What each of these does to the data is in `drafting.ts`.

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { CellError } from "../../formats/problem";
import { Problem } from "../../sources/source";
import { localeOf, openSession } from "../../state/opening";
import type { Session } from "../../state/session";
import { icon } from "../../styles/icons";
import { controls, theme } from "../../styles/theme";
import { entranceOf } from "../editing/entrance";
import type { Point } from "../map/geometry";
import { type Scenario, ScenarioCalls } from "./calls";
import "./canvas";
import { Drafting } from "./drafting";
import { touchedBy } from "./effects";
import { type Found } from "./finding";
import "./form";
import type { FormRequest } from "./form";
import "./here";
import type { HereAction } from "./here";
import { legend } from "./legend";
import { listing } from "./listing";
import { type ScenarioWords, scenarioWords } from "./messages";
import * as plans from "./plan";
import type { Site, Step } from "./plan";
import { results, shownOf } from "./results";
import { readSites } from "./sites";
import { standing } from "./standing";
import { ScenarioStore } from "./store";
import { scenarioStyles } from "./styles";
import "./submitting";
import { siteResources, type Surrounding } from "./surroundings";

type Mode = "look" | "move" | "share";

/**
 * @attr widget - address of the descriptor of a widget with a map of the dataset
 * @attr scenarios - address of the scenarios of the dataset
 * @attr scenario - the id of the one to open; none for a new one
 * @attr pages - address of the pages of projects
 * @attr locale - `fr` or `en`; by default the page's
 * @attr theme - `light`, `dark` or `auto`
 * @fires titled - the project is called otherwise; detail: its `title`
 */
export class RetoucheScenario extends LitElement {
  static override properties = {
    widget: {},
    scenarios: {},
    scenario: {},
    pages: {},
    locale: {},
    theme: { reflect: true },
    session: { state: true },
    problem: { state: true },
    mode: { state: true },
    chosen: { state: true },
    point: { state: true },
    place: { state: true },
    form: { state: true },
    sending: { state: true },
    told: { state: true },
    shown: { state: true },
  };
  static override styles = [theme, controls, scenarioStyles];

  declare widget: string;
  declare scenarios: string;
  declare scenario: string;
  declare pages: string;
  declare locale: string | null;
  declare theme: string;
  declare private session: Session | null;
  declare private problem: unknown;
  declare private mode: Mode;
  /** Identity of the site that is looked at. */
  declare private chosen: string | null;
  /** Where the pin is. */
  declare private point: Point | null;
  /** What is nearest to the pin. */
  declare private place: Surrounding | null;
  declare private form: FormRequest | null;
  declare private sending: boolean;
  /** What was just done, for those who hear the page. */
  declare private told: string;
  /** Name of the indicator whose places are on the map. */
  declare private shown: string | null;

  private calls!: ScenarioCalls;
  private store!: ScenarioStore;
  private drafting!: Drafting;

  constructor() {
    super();
    this.widget = "";
    this.scenarios = "";
    this.scenario = "";
    this.pages = "";
    this.locale = null;
    this.theme = "auto";
    this.session = null;
    this.problem = null;
    this.mode = "look";
    this.chosen = null;
    this.point = null;
    this.place = null;
    this.form = null;
    this.sending = false;
    this.told = "";
    this.shown = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.session) void this.begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.store?.close();
  }

  private async begin(): Promise<void> {
    this.problem = null;
    try {
      const session = await openSession(this, this.widget, null);
      const locale = (): Session["locale"] => session.locale;
      this.calls = new ScenarioCalls(new URL(this.scenarios, this.baseURI).href, locale);
      const entrance = entranceOf(session);
      this.store = new ScenarioStore(this.calls, locale, (send) => entrance.through(send));
      this.store.addEventListener("change", () => this.requestUpdate());
      this.store.addEventListener("created", () => this.named());
      const [rows] = await Promise.all([
        readSites(session, siteResources(session.resources)),
        this.scenario ? this.store.open(this.scenario) : null,
      ]);
      this.drafting = new Drafting(session, rows);
      this.session = session;
    } catch (error) {
      this.problem = error;
    }
  }

  /** Once there is a scenario, the page is its page: a reload comes back to it. */
  private named(): void {
    const { id } = this.store.scenario!;
    this.scenario = id;
    const address = new URL(`${this.pages}/${id}`, this.baseURI);
    address.search = location.search;
    history.replaceState(history.state, "", address);
  }

  private get say(): ScenarioWords {
    return scenarioWords(this.session?.locale ?? localeOf(this));
  }

  private get sites(): Site[] {
    return this.drafting.sites(this.store.operations);
  }

  private get site(): Site | null {
    return this.sites.find(({ id }) => id === this.chosen) ?? null;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { session, say } = this;
    if (this.problem) {
      const detail = this.problem instanceof Problem ? this.problem.detail : "";
      return html`<p role="alert">${say("failed_load", { detail })}</p>
        <button @click=${() => this.begin()}>${say("retry")}</button>`;
    }
    if (!session) {
      return html`<div class="skeleton" aria-busy="true">
        <span class="visually-hidden" role="status">${say("loading")}</span>
      </div>`;
    }
    const { store } = this;
    const indicator = shownOf(store.impact, this.shown);
    const steps = plans.stepsOf(store.operations, this.sites, session.resources);
    return html`<div lang=${session.locale}>
      ${this.head(say)}
      <div class="split">
        <section aria-label=${say("map")}>
          <retouche-scenario-map
            .session=${session}
            .sites=${this.sites}
            .touched=${indicator ? touchedBy(indicator) : []}
            .chosen=${this.chosen}
            .pinning=${this.mode === "move"}
            .latitude=${this.point?.latitude ?? null}
            .longitude=${this.point?.longitude ?? null}
            @position=${(event: CustomEvent<Point>) => this.pinned(event.detail)}
            @site=${(event: CustomEvent<{ id: string }>) => this.choose(event.detail.id)}
          ></retouche-scenario-map>
          ${legend(say, store.impact !== null)}
        </section>
        <div class="panel">
          ${store.sent
            ? nothing
            : html`<retouche-scenario-here
                .session=${session}
                .sites=${this.sites}
                .resources=${siteResources(session.resources)}
                .site=${this.site}
                .point=${this.point}
                .place=${this.place}
                .mode=${this.mode}
                @found=${(event: CustomEvent<Found>) => this.found(event.detail)}
                @position=${(event: CustomEvent<Point>) => this.pinned(event.detail)}
                @act=${(event: CustomEvent<HereAction>) => this.act(event.detail)}
              ></retouche-scenario-here>`}
          ${listing(
            steps,
            store,
            {
              complete: (step, index) => this.complete(step, index),
              undo: (index) => this.undo(index),
            },
            say,
          )}
        </div>
      </div>
      <p class="visually-hidden" role="status" id="done">${this.told}</p>
      ${results(store, this.shown, (name) => (this.shown = name), say, session.locale)}
      ${this.form
        ? html`<retouche-scenario-form
            .session=${session}
            .request=${this.form}
            @filled=${(event: CustomEvent<{ cells: object }>) =>
              this.filled(event.detail.cells as FormRequest["cells"])}
            @close=${() => (this.form = null)}
          ></retouche-scenario-form>`
        : nothing}
      ${this.sending
        ? html`<retouche-scenario-submit
            .session=${session}
            .store=${store}
            .calls=${this.calls}
            @submitted=${(event: CustomEvent<{ accepted: { id: string } }>) =>
              store.submitted(event.detail.accepted.id)}
            @close=${() => (this.sending = false)}
          ></retouche-scenario-submit>`
        : nothing}
    </div>`;
  }

  private head(say: ScenarioWords): TemplateResult {
    const { store } = this;
    return html`<div class="head">
      <label
        >${say("title")}
        <input
          id="title"
          type="text"
          maxlength="200"
          placeholder=${say("title_hint")}
          ?readonly=${store.sent}
          .value=${store.title}
          @input=${(event: Event) => this.rename((event.target as HTMLInputElement).value)}
      /></label>
      ${standing(store, this.pages.replace(/\/projects$/, ""), say, this.session!.locale)}
      ${store.scenario ? this.sharing(store.scenario, say) : nothing}
    </div>`;
  }

  private rename(title: string): void {
    this.store.rename(title);
    this.dispatchEvent(new CustomEvent("titled", { detail: { title }, bubbles: true }));
  }

  private sharing(scenario: Scenario, say: ScenarioWords): TemplateResult {
    const { store } = this;
    const address = new URL(`${this.pages}/${scenario.id}`, this.baseURI).href;
    return html`<div class="bar sharing">
      <input
        id="link"
        type="text"
        readonly
        aria-label=${say("link")}
        .value=${address}
        @focus=${(event: Event) => (event.target as HTMLInputElement).select()}
      />
      <button @click=${() => this.copy(address)}>${icon("link")} ${say("copy_link")}</button>
      <button @click=${this.duplicate}>${say("duplicate")}</button>
      <a class="button" href=${this.comparison(scenario.id)}>${say("compare")}</a>
      ${store.sent
        ? nothing
        : html`<button
            class="primary"
            ?disabled=${!store.operations.length || store.saving === "clashed"}
            @click=${() => (this.sending = true)}
          >
            ${icon("check")} ${say("submit")}
          </button>`}
    </div>`;
  }

  /** This one beside those that it is a variant of. */
  private comparison(id: string): string {
    const others = new URL(location.href).searchParams.getAll("of").slice(0, 3);
    const asked = new URLSearchParams([...others, id].map((one) => ["scenario", one]));
    const lang = new URL(location.href).searchParams.get("lang");
    if (lang) asked.set("lang", lang);
    return `${this.pages}/compare?${asked}`;
  }

  private async copy(address: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(address);
      this.tell(this.say("copied"));
    } catch {
      this.renderRoot.querySelector<HTMLInputElement>("#link")?.select(); // to be copied by hand
    }
  }

  private readonly duplicate = async (): Promise<void> => {
    const { store, say } = this;
    try {
      const made = await store.duplicate(say("duplicate_title", { title: store.title }));
      const address = new URL(`${this.pages}/${made.id}`, this.baseURI);
      const present = new URL(location.href).searchParams;
      const lang = present.get("lang");
      for (const one of [...present.getAll("of").slice(-2), store.scenario!.id]) {
        address.searchParams.append("of", one);
      }
      if (lang) address.searchParams.set("lang", lang);
      location.assign(address);
    } catch (error) {
      store.problem = error;
      store.saving = "failed";
      this.requestUpdate();
    }
  };

  private tell(text: string): void {
    this.told = this.told === text ? `${text}\u00a0` : text;
  }

  private async pinned(point: Point): Promise<void> {
    if (this.store.sent) return;
    if (this.mode === "look") this.chosen = null;
    this.point = point;
    this.place = null;
    const found = await this.drafting.around(point);
    if (plans.samePlace(this.point, point)) this.place = found;
  }

  private choose(id: string): void {
    const { site } = this;
    if (this.mode === "share" && site && id !== site.id) return this.share(site, id);
    this.chosen = id;
    this.point = null;
    this.mode = "look";
  }

  private found({ site, point }: Found): void {
    const seen = site?.point ?? point;
    if (seen) this.renderRoot.querySelector("retouche-scenario-map")?.visit(seen);
    if (site && this.mode !== "move") return this.choose(site.id);
    const there = point ?? site?.point;
    if (there) void this.pinned({ latitude: there.latitude, longitude: there.longitude });
  }

  private act(action: HereAction): void {
    const { site, point } = this;
    if (action.do === "open" && point) return void this.open(action.resource, point);
    if (!site) return;
    if (action.do === "close") this.closeSite(site);
    else if (action.do === "undo") this.undo(this.stepOf(site));
    else if (action.do === "complete") this.completeSite(site);
    else if (action.do === "cancel") this.rest();
    else if (action.do === "move" && point && this.mode === "move") void this.move(site, point);
    else if (action.do === "move") {
      this.mode = "move";
      this.point = site.point;
    } else if (action.do === "share") this.mode = "share";
  }

  private rest(): void {
    this.mode = "look";
    this.point = null;
  }

  private change(operations: ReturnType<typeof plans.undone>, told: string): void {
    this.store.change(operations);
    this.rest();
    this.tell(told);
  }

  private stepOf(site: Site): number {
    return this.drafting.stepOf(this.store.operations, site);
  }

  private closeSite(site: Site): void {
    const { operations } = this.store;
    const told = this.say("done_close", { label: site.label });
    this.change(this.drafting.closed(operations, site), told);
  }

  private async move(site: Site, point: Point): Promise<void> {
    const { operations } = this.store;
    const moved = await this.drafting.moved(operations, site, point, this.place);
    this.change(moved, this.say("done_move", { label: site.label }));
  }

  private share(site: Site, id: string): void {
    const other = this.sites.find((one) => one.id === id)!;
    const told = this.say("done_share", { label: site.label, other: other.label });
    this.change(this.drafting.shared(this.store.operations, site, other), told);
  }

  private async open(name: string, point: Point): Promise<void> {
    this.form = await this.drafting.opening(this.store.operations, name, point, this.place);
  }

  private complete(step: Step, index: number): void {
    const site = this.sites.find(({ id }) => id === step.site);
    if (site) void this.fill(site, this.store.errorsOf(index));
  }

  private completeSite(site: Site): void {
    const step = this.stepOf(site);
    void this.fill(site, step < 0 ? [] : this.store.errorsOf(step));
  }

  private async fill(site: Site, errors: readonly CellError[]): Promise<void> {
    this.form = await this.drafting.correcting(this.store.operations, site, errors);
  }

  private filled(cells: FormRequest["cells"]): void {
    const request = this.form!;
    const { resource, now } = request;
    const label = resource.labelOf(cells);
    const filled = this.drafting.filled(this.store.operations, request, cells);
    this.change(filled, this.say(now ? "done_change" : "done_open", { label }));
    if (!now) this.chosen = plans.identity(resource.name, resource.keyOf(cells));
  }

  private undo(index: number): void {
    if (index < 0) return;
    this.change(plans.undone(this.store.operations, index), this.say("done_undo"));
    this.chosen = null;
    this.renderRoot.querySelector<HTMLElement>("#steps")?.focus();
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (this.chosen && this.session && !this.site) this.chosen = null;
  }
}

customElements.get("retouche-scenario") ??
  customElements.define("retouche-scenario", RetoucheScenario);

