// The builder of a project: a map on which counters are opened, closed, moved and shared, its
// steps, and what they change for people. What each of these does to the data is in `drafting.ts`.

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { Problem } from "../../sources/source";
import { localeOf, openSession } from "../../state/opening";
import type { Session } from "../../state/session";
import { controls, theme } from "../../styles/theme";
import { entranceOf } from "../editing/entrance";
import type { Point } from "../map/geometry";
import { ScenarioCalls } from "./calls";
import "./canvas";
import { Drafting } from "./drafting";
import { touchedBy } from "./effects";
import type { Found } from "./finding";
import "./form";
import type { FormRequest } from "./form";
import { heading } from "./heading";
import "./here";
import type { HereAction } from "./here";
import { legend } from "./legend";
import { listing } from "./listing";
import { type ScenarioWords, scenarioWords } from "./messages";
import * as plans from "./plan";
import { Planning } from "./planning";
import { results, shownOf } from "./results";
import { projectAddress, variantAddress } from "./sharing";
import { readSites } from "./sites";
import { ScenarioStore } from "./store";
import { scenarioStyles } from "./styles";
import "./submitting";
import { siteResources } from "./surroundings";

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
  declare private sending: boolean;
  /** What was just done, for those who hear the page. */
  declare private told: string;
  /** Name of the indicator whose places are on the map. */
  declare private shown: string | null;

  private calls!: ScenarioCalls;
  private store!: ScenarioStore;
  private planning!: Planning;

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
    this.sending = false;
    this.told = "";
    this.shown = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("online", this.again);
    window.addEventListener("beforeunload", this.leaving);
    if (!this.session) void this.begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("online", this.again);
    window.removeEventListener("beforeunload", this.leaving);
    this.store?.close();
  }

  /** What could not be saved without a connection is saved with the next one. */
  private readonly again = (): void => void this.store?.save();

  /** Steps that are not saved are lost with the page: who leaves is asked. */
  private readonly leaving = (event: BeforeUnloadEvent): void => {
    if (this.store?.unsaved) event.preventDefault();
  };

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
      this.planning = new Planning(this.store, new Drafting(session, rows), {
        changed: () => this.requestUpdate(),
        tell: (text) => this.tell(text),
        say: (...words) => this.say(...words),
      });
      this.session = session;
    } catch (error) {
      this.problem = error;
    }
  }

  /** Once there is a scenario, the page is its page: a reload comes back to it. */
  private named(): void {
    const { id } = this.store.scenario!;
    this.scenario = id;
    const address = new URL(projectAddress(this.pages, id, this.baseURI));
    address.search = location.search;
    history.replaceState(history.state, "", address);
  }

  private get say(): ScenarioWords {
    return scenarioWords(this.session?.locale ?? localeOf(this));
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
    const { store, planning } = this;
    const { sites } = planning;
    const indicator = shownOf(store.impact, this.shown);
    const steps = plans.stepsOf(store.operations, sites, session.resources);
    return html`<div lang=${session.locale}>
      ${heading(
        store,
        { pages: this.pages, base: this.baseURI },
        {
          rename: (title) => this.rename(title),
          told: (text) => this.tell(text),
          duplicate: this.duplicate,
          send: () => (this.sending = true),
        },
        say,
        session.locale,
      )}
      <div class="split">
        <section aria-label=${say("map")}>
          <retouche-scenario-map
            .session=${session}
            .sites=${sites}
            .touched=${indicator ? touchedBy(indicator) : []}
            .chosen=${planning.site?.id ?? null}
            .pinning=${planning.mode === "move"}
            .latitude=${planning.point?.latitude ?? null}
            .longitude=${planning.point?.longitude ?? null}
            @position=${(event: CustomEvent<Point>) => planning.pinned(event.detail)}
            @site=${(event: CustomEvent<{ id: string }>) => planning.choose(event.detail.id)}
          ></retouche-scenario-map>
          ${legend(say, store.impact !== null)}
        </section>
        <div class="panel">
          ${store.sent
            ? nothing
            : html`<retouche-scenario-here
                .session=${session}
                .sites=${sites}
                .resources=${siteResources(session.resources)}
                .site=${planning.site}
                .point=${planning.point}
                .place=${planning.place}
                .mode=${planning.mode}
                @found=${(event: CustomEvent<Found>) => this.found(event.detail)}
                @position=${(event: CustomEvent<Point>) => planning.pinned(event.detail)}
                @act=${(event: CustomEvent<HereAction>) => this.act(event.detail)}
              ></retouche-scenario-here>`}
          ${listing(
            steps,
            store,
            {
              complete: (step, index) => planning.complete(step, index),
              undo: (index) => this.undo(index),
            },
            say,
          )}
        </div>
      </div>
      <p class="visually-hidden" role="status" id="done">${this.told}</p>
      ${results(store, this.shown, (name) => (this.shown = name), say, session.locale)}
      ${planning.form
        ? html`<retouche-scenario-form
            .session=${session}
            .request=${planning.form}
            @filled=${(event: CustomEvent<{ cells: object }>) =>
              planning.filled(event.detail.cells as FormRequest["cells"])}
            @close=${() => planning.closeForm()}
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

  private rename(title: string): void {
    this.store.rename(title);
    this.dispatchEvent(new CustomEvent("titled", { detail: { title }, bubbles: true }));
  }

  private readonly duplicate = async (): Promise<void> => {
    const { store, say } = this;
    try {
      const made = await store.duplicate(say("duplicate_title", { title: store.title }));
      location.assign(variantAddress(this.pages, made.id, store.scenario!.id, this.baseURI));
    } catch (error) {
      store.problem = error;
      store.saving = "failed";
      this.requestUpdate();
    }
  };

  private tell(text: string): void {
    this.told = this.told === text ? `${text}\u00a0` : text;
  }

  private found(found: Found): void {
    const seen = found.site?.point ?? found.point;
    if (seen) this.renderRoot.querySelector("retouche-scenario-map")?.visit(seen);
    this.planning.found(found);
  }

  private act(action: HereAction): void {
    this.planning.act(action);
    if (action.do === "undo") this.toSteps();
  }

  private undo(index: number): void {
    this.planning.undo(index);
    this.toSteps();
  }

  private toSteps(): void {
    this.renderRoot.querySelector<HTMLElement>("#steps")?.focus();
  }
}

customElements.get("retouche-scenario") ??
  customElements.define("retouche-scenario", RetoucheScenario);

