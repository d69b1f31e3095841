// A small map of what a scenario opens, closes and moves, beside others to compare.

import { html, LitElement, type TemplateResult } from "lit";
import { localeOf, openSession } from "../../state/opening";
import type { Session } from "../../state/session";
import { controls, theme } from "../../styles/theme";
import { type Impact, type Scenario, ScenarioCalls } from "./calls";
import "./canvas";
import { touchedBy } from "./effects";
import { scenarioWords } from "./messages";
import { type Site, sitesOf } from "./plan";
import { shownOf } from "./results";
import { readSites } from "./sites";
import { scenarioStyles } from "./styles";
import { siteResources } from "./surroundings";

/**
 * @attr widget - address of the descriptor of a widget with a map of the dataset
 * @attr scenarios - address of the scenarios of the dataset
 * @attr scenario - the id of the one to show
 */
export class RetoucheScenarioSketch extends LitElement {
  static override properties = {
    widget: {},
    scenarios: {},
    scenario: {},
    locale: {},
    theme: { reflect: true },
    session: { state: true },
    failed: { state: true },
  };
  static override styles = [theme, controls, scenarioStyles];

  declare widget: string;
  declare scenarios: string;
  declare scenario: string;
  declare locale: string | null;
  declare theme: string;
  declare private session: Session | null;
  declare private failed: boolean;
  private sites: Site[] = [];
  private called = "";
  private impact: Impact | null = null;

  constructor() {
    super();
    this.widget = "";
    this.scenarios = "";
    this.scenario = "";
    this.locale = null;
    this.theme = "auto";
    this.session = null;
    this.failed = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.session) void this.begin();
  }

  private async begin(): Promise<void> {
    try {
      const session = await openSession(this, this.widget, null);
      const address = new URL(this.scenarios, this.baseURI).href;
      const calls = new ScenarioCalls(address, () => session.locale);
      const [rows, scenario, impact] = await Promise.all([
        readSites(session, siteResources(session.resources)),
        calls.read(this.scenario) as Promise<Scenario>,
        calls.impact(this.scenario, new AbortController().signal).catch(() => null),
      ]);
      this.sites = sitesOf(scenario.operations, rows, session.resources);
      this.impact = impact;
      this.called = scenario.title;
      this.session = session;
    } catch {
      this.failed = true; // the table says what there is to say
    }
  }

  protected override render(): TemplateResult {
    const say = scenarioWords(this.session?.locale ?? localeOf(this));
    if (this.failed) return html`<p role="status">${say("failed_load", { detail: "" })}</p>`;
    if (!this.session) return html`<div class="skeleton" aria-busy="true"></div>`;
    const indicator = shownOf(this.impact, null);
    return html`<retouche-scenario-map
      still
      .named=${this.called}
      .session=${this.session}
      .sites=${this.sites}
      .touched=${indicator ? touchedBy(indicator) : []}
    ></retouche-scenario-map>`;
  }
}

customElements.get("retouche-scenario-sketch") ??
  customElements.define("retouche-scenario-sketch", RetoucheScenarioSketch);
