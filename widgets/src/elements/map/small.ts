// A small map with one place on it, begun when it comes into sight: in cards and in forms.

import {
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type PropertyValues,
  svg,
  type TemplateResult,
} from "lit";
import type { Marker } from "maplibre-gl";
import { inLanguage } from "../../model/texts";
import type { Session } from "../../state/session";
import { icon } from "../../styles/icons";
import { BaseControl, baseOf } from "./basemap";
import type { Point } from "./geometry";
import { type Ground, openGround } from "./ground";
import { type MapWords, mapWords } from "./messages";
import { paletteOf } from "./palette";
import { outlinesOf, readOutlines } from "./reading";

/** On outlines alone, a town is a blank: show what is around it. */
const WIDE = 7;

/** What the small maps share. Their shadow root has a `.canvas`. */
export abstract class SmallMap extends LitElement {
  static override properties: PropertyDeclarations = {
    latitude: { type: Number },
    longitude: { type: Number },
    session: { attribute: false },
    without: { state: true },
  };

  declare latitude: number | null;
  declare longitude: number | null;
  declare session: Session | null;
  /** Whether this browser draws no maps. */
  declare protected without: boolean;

  protected ground: Ground | null = null;
  protected pinnedAt: Marker | null = null;
  private opening: object | null = null;
  private readonly base = new BaseControl(this, () => this.rebased());
  private readonly watch = new IntersectionObserver((seen) => {
    if (seen.some((one) => one.isIntersecting)) void this.open();
  });

  constructor() {
    super();
    this.latitude = null;
    this.longitude = null;
    this.session = null;
    this.without = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.watch.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.watch.disconnect();
    this.opening = null;
    this.ground?.close();
    this.ground = null;
    this.pinnedAt = null;
  }

  protected override updated(changed: PropertyValues): void {
    if (this.ground && (changed.has("latitude") || changed.has("longitude"))) this.mark();
  }

  /** The zoom with a base map under the place. */
  protected abstract readonly close: number;
  /** Make the element that marks the place. */
  protected abstract pin(say: MapWords): HTMLElement;
  protected abstract readonly movable: boolean;
  protected abstract label(say: MapWords): string;
  /** Called once the map is there. */
  protected ready(_ground: Ground): void {}

  protected get point(): Point | null {
    const { latitude, longitude } = this;
    return latitude == null || longitude == null ? null : { latitude, longitude };
  }

  protected get say(): MapWords {
    return mapWords(this.session?.locale ?? "fr");
  }

  private async open(): Promise<void> {
    const { session } = this;
    if (this.opening || !session) return;
    this.watch.disconnect();
    const turn = (this.opening = {});
    const said = outlinesOf(session);
    const outlines = await readOutlines(session, said);
    const container = this.renderRoot.querySelector<HTMLElement>(".canvas");
    if (turn !== this.opening || !container) return;
    const { say } = this;
    try {
      const ground = await openGround({
        container,
        palette: paletteOf(this.renderRoot),
        outlines,
        titleProperty: said?.title,
        label: this.label(say),
        gestures: { keys: say("gesture_keys"), touch: say("gesture_touch") },
        center: this.point ?? undefined,
        zoom: Math.min(this.close, WIDE),
      });
      if (turn !== this.opening) return ground.close();
      this.ground = ground;
      this.mark();
      this.ready(ground);
      this.base.begin(session, baseOf(session), ground);
    } catch {
      this.without = turn === this.opening;
    }
    this.requestUpdate();
  }

  /** Put the marker where the place is now, and look there if it is out of sight. */
  protected mark(): void {
    const { ground, point } = this;
    if (!ground) return;
    if (!point) {
      this.pinnedAt?.remove();
      this.pinnedAt = null;
      return;
    }
    this.pinnedAt ??= this.pinned(ground);
    const place: [number, number] = [point.longitude, point.latitude];
    this.pinnedAt.setLngLat(place);
    if (!ground.map.getBounds().contains(place)) ground.map.jumpTo({ center: place });
  }

  protected pinned(ground: Ground): Marker {
    return ground.pin(this.pin(this.say), this.movable);
  }

  /** With the base map under it a place is worth a closer look. */
  private rebased(): void {
    const { ground, point } = this;
    if (ground && point && this.base.state === "shown" && ground.map.getZoom() < this.close) {
      ground.map.easeTo({ center: [point.longitude, point.latitude], zoom: this.close });
    }
    this.requestUpdate();
  }

  protected tools(): TemplateResult {
    const { say } = this;
    const zoom = (by: number): void => {
      const map = this.ground?.map;
      map?.easeTo({ zoom: map.getZoom() + by, duration: 250 });
    };
    return html`<div class="tools">
      <button class="icon" type="button" aria-label=${say("zoom_in")} @click=${() => zoom(1)}>
        ${icon("add")}
      </button>
      <button class="icon" type="button" aria-label=${say("zoom_out")} @click=${() => zoom(-1)}>
        ${icon("less")}
      </button>
    </div>`;
  }

  /** The offer to show the base map, or whose it is. */
  protected baseTemplate(): TemplateResult | typeof nothing {
    const { session, ground, say } = this;
    const base = session && baseOf(session);
    const { state } = this.base;
    if (!base || !ground || state === "none") return nothing;
    const title = inLanguage(base.title, session.locale) || say("base_title");
    if (state === "shown") {
      return html`<p>${inLanguage(base.attribution, session.locale) || title}</p>`;
    }
    return html`${state === "failed" ? html`<p role="status">${say("base_failed")}</p>` : nothing}
      <button
        type="button"
        ?disabled=${state === "loading"}
        title=${say("base_host", { host: new URL(base.style).host })}
        @click=${() => this.base.show(session, base, ground)}
      >
        ${icon("map")} ${say("show_base", { title })}
      </button>`;
  }
}

/** The drawing of a marker, its point at the middle of the foot. */
export function pinDrawing(): TemplateResult {
  return html`<svg viewBox="0 0 24 24" aria-hidden="true">
    ${svg`<path
      d="M12 23.500C12 23.500 20 15 20 9a8 8 0 0 0-16 0c0 6 8 14.500 8 14.500z"
      fill="currentColor" stroke="#fff" stroke-width="1.500" /><circle cx="12" cy="9" r="3" fill="#fff" />`}
  </svg>`;
}
