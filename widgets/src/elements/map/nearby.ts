// The search around a place: where the reader is, or a place by its name, and how far.

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { formatNumber } from "../../model/values";
import type { MapView } from "../../model/views";
import type { State } from "../../state/address";
import type { Session } from "../../state/session";
import { icon } from "../../styles/icons";
import { controls } from "../../styles/theme";
import { Combobox, type Found } from "../editing/combobox";
import { type Point, roughly } from "./geometry";
import { mapWords } from "./messages";
import { findPlaces, type Gazetteer, gazetteerOf, type Place, RADII } from "./places";

const DEFAULT = 20;
const PATIENCE = { timeout: 10_000, maximumAge: 300_000 };

type Trouble = "refused" | "unavailable";

/** Asks for rows around a place, in all views of the session. */
export class RetoucheNearby extends LitElement {
  static override properties = {
    session: { attribute: false },
    view: { attribute: false },
    state: { attribute: false },
    locating: { state: true },
    trouble: { state: true },
    radius: { state: true },
  };

  declare session: Session;
  declare view: MapView;
  /** That of the session: what is shown changes with it. */
  declare state: State;
  declare private locating: boolean;
  declare private trouble: Trouble | null;
  /** Kilometres, before a place is chosen. */
  declare private radius: number | null;
  private found: Place[] = [];
  private readonly box = new Combobox(
    this,
    (words, signal) => this.find(words, signal),
    (key) => this.choose(key),
  );

  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }
      .near {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 12px;
        align-items: end;
      }
      .field {
        display: flex;
        flex-direction: column;
        gap: 2px;
        min-width: 0;
      }
      .place {
        flex: 0 1 260px;
        min-width: 150px;
      }
      label {
        color: var(--_muted);
        font-size: calc(0.8125 * var(--_rem));
        line-height: 1.3;
      }
      .place input {
        width: 100%;
      }
      .options {
        position: fixed;
        inset: auto;
        margin: 0;
        padding: 4px;
        border: 1px solid var(--_line);
        border-radius: var(--_radius);
        background: var(--_surface);
        color: var(--_text);
        box-shadow: 0 4px 16px rgb(0 0 0 / 0.2);
        list-style: none;
        overflow: auto;
      }
      .options[hidden] {
        display: none;
      }
      .options li {
        min-height: 36px;
        padding: 6px 8px;
        border-radius: var(--_radius);
        cursor: pointer;
      }
      .options li:hover,
      .options li[aria-selected="true"] {
        background: var(--_raised);
        box-shadow: inset 3px 0 0 var(--_accent);
      }
      .options .code {
        display: none;
      }
      .told {
        margin: 6px 0 0;
        color: var(--_muted);
        font-size: calc(0.875 * var(--_rem));
      }
      .told.error {
        color: var(--_bad);
      }
      .visually-hidden {
        position: absolute;
        width: 1px;
        height: 1px;
        margin: -1px;
        overflow: hidden;
        clip-path: inset(50%);
        white-space: nowrap;
      }
      :focus-visible {
        outline: 3px solid var(--_accent);
        outline-offset: 2px;
      }
      input,
      button,
      select,
      li {
        box-sizing: border-box;
      }
    `,
  ];

  constructor() {
    super();
    this.locating = false;
    this.trouble = null;
    this.radius = null;
  }

  private get kilometres(): number {
    const { near } = this.session.state;
    const choices = this.choices;
    const otherwise = choices.includes(DEFAULT) ? DEFAULT : choices[0]!;
    return near ? near.radius / 1000 : (this.radius ?? otherwise);
  }

  private get choices(): number[] {
    return this.view.radius?.length ? this.view.radius : RADII;
  }

  protected override render(): TemplateResult {
    const { session } = this;
    const { near } = session.state;
    const say = mapWords(session.locale);
    const places = gazetteerOf(session, this.view);
    const km = (value: number): string => say("km", { n: formatNumber(value, session.locale) });
    const chosen = this.kilometres;
    const choices = [...new Set([...this.choices, chosen])].sort((one, other) => one - other);
    return html`<div class="near">
        <button ?disabled=${this.locating} @click=${this.locate}>
          ${icon("locate")} ${say("near_me")}
        </button>
        ${places
          ? html`<div class="field place">
              <label id="place-label" for="place">${say("near_place")}</label>
              ${this.box.template({
                id: "place",
                value: "",
                shown: near?.label ?? "",
                label: nothing,
                describedBy: "",
                invalid: false,
                required: false,
                told: (_, total) =>
                  total ? say("near_found", { n: total }) : say("near_none"),
              })}
            </div>`
          : nothing}
        <div class="field">
          <label for="radius">${say("radius")}</label>
          <select id="radius" @change=${this.reach}>
            ${choices.map(
              (one) => html`<option value=${one} ?selected=${one === chosen}>${km(one)}</option>`,
            )}
          </select>
        </div>
        ${near
          ? html`<button
              aria-label=${say("clear_near", { place: near.label })}
              @click=${() => session.ask({ near: null })}
            >
              ${icon("close")} ${say("clear")}
            </button>`
          : nothing}
      </div>
      <p class="told ${this.trouble ? "error" : ""}" role="status">
        ${this.trouble
          ? say(this.trouble)
          : this.locating
            ? say("locating")
            : near
              ? html`${say("around", {
                  km: formatNumber(near.radius / 1000, session.locale),
                  place: near.label,
                })}.
                ${say("privacy")}`
              : nothing}
      </p>`;
  }

  private readonly locate = (): void => {
    this.trouble = null;
    if (!navigator.geolocation) {
      this.trouble = "unavailable";
      return;
    }
    this.locating = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        this.locating = false;
        this.search(coords, mapWords(this.session.locale)("here"));
      },
      ({ code, PERMISSION_DENIED }) => {
        this.locating = false;
        this.trouble = code === PERMISSION_DENIED ? "refused" : "unavailable";
      },
      PATIENCE,
    );
  };

  private search(place: Point, label: string): void {
    this.trouble = null;
    this.session.ask({ near: { ...roughly(place), radius: this.kilometres * 1000, label } });
  }

  private async find(words: string, signal: AbortSignal): Promise<Found> {
    const places: Gazetteer | null = gazetteerOf(this.session, this.view);
    if (!places || words.trim().length < 2) return { options: [], total: 0 };
    const { places: found, total } = await findPlaces(this.session, places, words.trim(), signal);
    if (!signal.aborted) this.found = found;
    return { options: found.map(({ key, label }) => ({ value: key, label })), total };
  }

  /** A key of the list; words that were left unchosen are looked up once more. */
  private choose(value: string): void {
    const found = this.found.find((one) => one.key === value);
    if (found) this.search(found, found.label);
    else if (!value.trim() && this.session.state.near) this.session.ask({ near: null });
    else if (value.trim() && value !== this.session.state.near?.label) void this.guess(value);
  }

  private async guess(words: string): Promise<void> {
    const { options } = await this.find(words, new AbortController().signal);
    const [first] = this.found;
    if (options.length && first) this.search(first, first.label);
  }

  private readonly reach = (event: Event): void => {
    this.radius = Number((event.target as HTMLSelectElement).value);
    const { near } = this.session.state;
    if (near) this.session.ask({ near: { ...near, radius: this.radius * 1000 } });
  };
}

customElements.get("retouche-nearby") ?? customElements.define("retouche-nearby", RetoucheNearby);
