// The panel beside the map: the search, and what can be done with what is chosen. All that the map
// does can be done here without one.

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Resource } from "../../model/field";
import type { Session } from "../../state/session";
import { icon } from "../../styles/icons";
import { controls, theme } from "../../styles/theme";
import type { Point } from "../map/geometry";
import { find, type Found } from "./finding";
import { type ScenarioWords, scenarioWords } from "./messages";
import { dependents, type Site, typedDegrees } from "./plan";
import { scenarioStyles } from "./styles";
import type { Surrounding } from "./surroundings";

export type HereAction =
  | { do: "open"; resource: string }
  | { do: "close" | "move" | "share" | "complete" | "undo" | "cancel" };

const PATIENCE = 200;

/**
 * @fires found - a result of the search was chosen; detail: `Found`
 * @fires position - coordinates were typed; detail: `latitude`, `longitude`
 * @fires act - something is to be done with what is chosen; detail: `HereAction`
 */
export class RetoucheScenarioHere extends LitElement {
  static override properties = {
    session: { attribute: false },
    sites: { attribute: false },
    resources: { attribute: false },
    site: { attribute: false },
    point: { attribute: false },
    place: { attribute: false },
    mode: { attribute: false },
    words: { state: true },
    results: { state: true },
    typed: { state: true },
    bad: { state: true },
  };
  static override styles = [theme, controls, scenarioStyles];

  declare session: Session;
  declare sites: readonly Site[];
  declare resources: readonly Resource[];
  declare site: Site | null;
  declare point: Point | null;
  declare place: Surrounding | null;
  declare mode: "look" | "move" | "share";
  declare private words: string;
  declare private results: readonly Found[] | null;
  /** What is typed as coordinates. */
  declare private typed: { latitude: string; longitude: string };
  declare private bad: boolean;
  private turn: AbortController | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.sites = [];
    this.resources = [];
    this.site = null;
    this.point = null;
    this.place = null;
    this.mode = "look";
    this.words = "";
    this.results = null;
    this.typed = { latitude: "", longitude: "" };
    this.bad = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
    this.turn?.abort();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("point")) return;
    const { latitude, longitude } = this.point ?? {};
    this.typed = { latitude: String(latitude ?? ""), longitude: String(longitude ?? "") };
    this.bad = false;
  }

  protected override render(): TemplateResult {
    const say = scenarioWords(this.session.locale);
    return html`<div class="stack">
      ${this.search(say)}
      <section class="here" aria-labelledby="here">
        <h2 id="here" tabindex="-1">${say("here")}</h2>
        <div role="status">${this.about(say)}</div>
        ${this.site ? this.actions(this.site, say) : nothing}
        ${this.mode === "share" ? nothing : this.coordinates(say)}
        ${!this.site && this.point ? this.openings(say) : nothing}
      </section>
    </div>`;
  }

  private about(say: ScenarioWords): TemplateResult {
    const { site, point, place } = this;
    if (site) {
      const hint =
        this.mode === "move"
          ? say("move_hint")
          : this.mode === "share"
            ? say("share_hint", { label: site.label })
            : "";
      return html`<strong>${site.label}</strong> ${hint ? html`<p>${hint}</p>` : nothing}`;
    }
    if (!point) return html`${say("nothing_chosen")}`;
    const near = place ? say("near", { place: place.resource.labelOf(place.row) }) : "";
    return html`${say("place_chosen")} ${near}`;
  }

  private search(say: ScenarioWords): TemplateResult {
    const { results } = this;
    const told =
      results === null
        ? ""
        : results.length
          ? say("found", { count: results.length })
          : say("found_none");
    return html`<div class="stack search">
      <label for="search">${say("search")}</label>
      <input
        id="search"
        type="search"
        autocomplete="off"
        .value=${this.words}
        @input=${(event: Event) => this.look((event.target as HTMLInputElement).value)}
      />
      <p class="quiet small" role="status">${told}</p>
      ${results?.length
        ? html`<ul class="found">
            ${repeat(
              results,
              ({ id }) => id,
              (one) => html`<li>
                <button class="plain" @click=${() => this.chosen(one)}>
                  <span>${one.label}</span>
                  <span class="tag">${this.kindOf(one, say)}</span>
                </button>
              </li>`,
            )}
          </ul>`
        : nothing}
    </div>`;
  }

  private kindOf({ site }: Found, say: ScenarioWords): string {
    const resource = this.resources.find(({ name }) => name === site?.resource);
    return resource ? resource.title(this.session.locale) : say("a_place");
  }

  private look(words: string): void {
    this.words = words;
    clearTimeout(this.timer);
    this.turn?.abort();
    if (!words.trim()) {
      this.results = null;
      return;
    }
    const turn = (this.turn = new AbortController());
    this.timer = setTimeout(async () => {
      const found = await find(this.session, this.sites, words, turn.signal);
      if (!turn.signal.aborted) this.results = found;
    }, PATIENCE);
  }

  private async chosen(one: Found): Promise<void> {
    this.words = "";
    this.results = null;
    this.dispatchEvent(new CustomEvent<Found>("found", { detail: one }));
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("#here")?.focus();
  }

  private coordinates(say: ScenarioWords): TemplateResult {
    const input = (name: "latitude" | "longitude"): TemplateResult =>
      html`<label
        >${say(name)}
        <input
          id=${name}
          type="text"
          inputmode="text"
          autocomplete="off"
          aria-invalid=${this.bad ? "true" : nothing}
          aria-describedby=${this.bad ? "bad" : nothing}
          .value=${this.typed[name]}
          @input=${(event: Event) =>
            (this.typed = { ...this.typed, [name]: (event.target as HTMLInputElement).value })}
      /></label>`;
    return html`<form
      class="degrees"
      novalidate
      @submit=${(event: Event) => {
        event.preventDefault();
        this.put();
      }}
    >
      ${input("latitude")} ${input("longitude")}
      ${this.bad
        ? html`<p id="bad" class="error small" role="alert">${say("bad_degrees")}</p>`
        : nothing}
      <button>${icon("pin")} ${say("set_place")}</button>
    </form>`;
  }

  private put(): void {
    const latitude = typedDegrees(this.typed.latitude, 90);
    const longitude = typedDegrees(this.typed.longitude, 180);
    this.bad = latitude === null || longitude === null;
    if (this.bad) return void this.renderRoot.querySelector<HTMLElement>("#latitude")?.focus();
    this.dispatchEvent(new CustomEvent("position", { detail: { latitude, longitude } }));
  }

  private openings(say: ScenarioWords): TemplateResult {
    const { locale } = this.session;
    return html`<div class="bar">
      ${this.resources.map(
        (one) =>
          html`<button class="primary" @click=${() => this.act({ do: "open", resource: one.name })}>
            ${icon("add")} ${say("open_here", { resource: one.title(locale) })}
          </button>`,
      )}
    </div>`;
  }

  private actions(site: Site, say: ScenarioWords): TemplateResult {
    const button = (what: Exclude<HereAction["do"], "open">, text: string): TemplateResult =>
      html`<button @click=${() => this.act({ do: what })}>${text}</button>`;
    if (this.mode === "move") {
      return html`<div class="bar">
        <button class="primary" @click=${() => this.act({ do: "move" })}>
          ${say("move_here")}
        </button>
        ${button("cancel", say("cancel"))}
      </div>`;
    }
    if (this.mode === "share") {
      return html`<div class="bar">${button("cancel", say("cancel"))}</div>`;
    }
    if (site.kind === "close") return html`<div class="bar">${button("undo", say("undo"))}</div>`;
    const resources = new Map(this.resources.map((one) => [one.name, one]));
    const hanging = site.kind === "open" ? 0 : dependents(site, this.sites, resources).length;
    return html`<div class="bar">
      ${site.kind === "open"
        ? nothing
        : button("close", hanging ? say("close_with", { count: hanging }) : say("close_it"))}
      ${button("move", say("move_it"))} ${button("share", say("share_it"))}
      ${button("complete", say("complete"))}
      ${site.kind ? button("undo", say("undo")) : nothing}
    </div>`;
  }

  private async act(detail: HereAction): Promise<void> {
    this.dispatchEvent(new CustomEvent<HereAction>("act", { detail }));
    await this.updateComplete;
    // The button that was pressed may be gone; a form takes the focus itself.
    const focused = this.renderRoot instanceof ShadowRoot && this.renderRoot.activeElement;
    if (detail.do !== "open" && detail.do !== "complete" && !focused) {
      this.renderRoot.querySelector<HTMLElement>("#here")?.focus();
    }
  }
}

customElements.get("retouche-scenario-here") ??
  customElements.define("retouche-scenario-here", RetoucheScenarioHere);
