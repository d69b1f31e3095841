// A place chosen on a map: by a click, by dragging the marker, or by the arrow keys on it.

import { css, html, nothing, render, type TemplateResult } from "lit";
import type { Marker } from "maplibre-gl";
import { controls, theme } from "../../styles/theme";
import { canvasStyles, smallStyles, toolStyles } from "./canvas-styles";
import type { Ground } from "./ground";
import type { MapWords } from "./messages";
import { pinDrawing, SmallMap } from "./small";

const ROOM = css`
  .frame {
    min-height: 300px;
  }
`;
/** Pixels that an arrow key moves the marker by; with Shift, one. */
const STEP = 10;
const MOVES: { [key: string]: [number, number] } = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/**
 * Lets a reader choose a position.
 *
 * @attr latitude - in degrees
 * @attr longitude - in degrees
 * @fires position - a place was chosen; detail: its `latitude` and `longitude`, of five decimals
 */
export class RetouchePosition extends SmallMap {
  static override styles = [theme, controls, canvasStyles, toolStyles, smallStyles, ROOM];
  protected readonly close = 15;
  protected readonly movable = true;

  protected label(say: MapWords): string {
    return say("map");
  }

  protected override ready({ map }: Ground): void {
    map.getCanvas().setAttribute("aria-describedby", "hint");
    map.on("click", ({ lngLat }) => this.choose(lngLat.lat, lngLat.lng));
  }

  protected override pinned(ground: Ground): Marker {
    const marker = super.pinned(ground);
    marker.on("dragend", () => {
      const { lat, lng } = marker.getLngLat();
      this.choose(lat, lng);
    });
    return marker;
  }

  protected pin(say: MapWords): HTMLElement {
    const pin = document.createElement("button");
    pin.className = "pin";
    pin.type = "button";
    pin.setAttribute("aria-label", say("position_mark"));
    pin.setAttribute("aria-describedby", "hint told");
    pin.addEventListener("keydown", (event) => this.pressed(event));
    render(pinDrawing(), pin);
    return pin;
  }

  private pressed(event: KeyboardEvent): void {
    const move = MOVES[event.key];
    const { ground, point } = this;
    if (!move || !ground || !point) return;
    event.preventDefault();
    event.stopPropagation();
    const step = event.shiftKey ? 1 : STEP;
    const at = ground.map.project([point.longitude, point.latitude]);
    const to = ground.map.unproject([at.x + move[0] * step, at.y + move[1] * step]);
    this.choose(to.lat, to.lng);
  }

  protected choose(latitude: number, longitude: number): void {
    const rounded = (value: number): number => Math.round(value * 1e5) / 1e5;
    this.latitude = rounded(latitude);
    this.longitude = rounded(longitude);
    const detail = { latitude: this.latitude, longitude: this.longitude };
    this.dispatchEvent(new CustomEvent("position", { detail, bubbles: true, composed: true }));
  }

  protected override render(): TemplateResult {
    const { say, point } = this;
    const told = point
      ? [
          say("figure", { name: say("latitude"), value: String(point.latitude) }),
          say("figure", { name: say("longitude"), value: String(point.longitude) }),
        ].join(" · ")
      : say("position_none");
    return html`${this.without
        ? html`<p role="status">${say("no_webgl_here")}</p>`
        : html`<div class="frame"><div class="canvas"></div>
            ${this.tools()}
          </div>`}
      <div class="foot">
        <p id="told" role="status">${told}</p>
        ${this.baseTemplate()}
      </div>
      ${this.without ? nothing : html`<p class="hint" id="hint">${say("position_hint")}</p>`}`;
  }
}

customElements.get("retouche-position") ??
  customElements.define("retouche-position", RetouchePosition);
