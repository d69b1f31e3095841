// A small map of where a row is, for cards.

import { html, nothing, render, type TemplateResult } from "lit";
import { safeColor } from "../../model/values";
import type { MapBlock } from "../../formats/widget";
import type { Locale } from "../../model/texts";
import { icon } from "../../styles/icons";
import { controls, theme } from "../../styles/theme";
import { canvasStyles, smallStyles, toolStyles } from "./canvas-styles";
import { type MapWords, mapWords } from "./messages";
import { pinDrawing, SmallMap } from "./small";

/**
 * Shows a place on the outlines of the dataset. MapLibre is fetched when it comes into sight.
 *
 * @attr latitude - in degrees
 * @attr longitude - in degrees
 * @attr zoom - how close to look once the base map is shown
 */
export class RetoucheMinimap extends SmallMap {
  static override properties = {
    zoom: { type: Number },
    locale: {},
    marker: { attribute: false },
    copied: { state: true },
  };
  static override styles = [theme, controls, canvasStyles, toolStyles, smallStyles];

  declare zoom: number;
  declare locale: Locale;
  /** Colour and size of the marker. */
  declare marker: MapBlock["marker"] | null;
  declare private copied: boolean;
  protected readonly movable = false;

  constructor() {
    super();
    this.zoom = 13;
    this.locale = "fr";
    this.marker = null;
    this.copied = false;
  }

  protected get close(): number {
    return this.zoom;
  }

  protected override get say(): MapWords {
    return mapWords(this.session?.locale ?? this.locale);
  }

  protected label(say: MapWords): string {
    return say("map_of", { title: this.coordinates });
  }

  private get coordinates(): string {
    return this.point ? `${this.point.latitude}, ${this.point.longitude}` : "";
  }

  protected pin(): HTMLElement {
    const pin = document.createElement("span");
    pin.className = "pin";
    pin.setAttribute("aria-hidden", "true");
    pin.setAttribute("role", "presentation");
    const color = safeColor(this.marker?.color);
    if (color) pin.style.setProperty("color", color);
    const size = this.marker?.size;
    if (size) {
      pin.style.setProperty("width", `${size}px`);
      pin.style.setProperty("height", `${size}px`);
    }
    render(pinDrawing(), pin);
    return pin;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { say, point } = this;
    if (!point) return nothing;
    const { latitude, longitude } = point;
    return html`${this.without
        ? nothing
        : html`<div class="frame"><div class="canvas"></div>
            ${this.tools()}
          </div>`}
      <div class="foot">
        <p>
          <span class="visually-hidden">${say("coordinates")}</span>
          <a href="geo:${latitude},${longitude}">${this.coordinates}</a>
          <button class="plain" type="button" @click=${this.copy}>
            ${this.copied ? icon("check") : nothing} ${say(this.copied ? "copied" : "copy")}
          </button>
        </p>
        ${this.baseTemplate()}
      </div>`;
  }

  private readonly copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(this.coordinates);
      this.copied = true;
      setTimeout(() => (this.copied = false), 2000);
    } catch {
      // Frames may not write to the clipboard: mark the text, for the reader to copy.
      const link = this.renderRoot.querySelector("a");
      if (link) getSelection()?.selectAllChildren(link);
    }
  };
}

customElements.get("retouche-minimap") ??
  customElements.define("retouche-minimap", RetoucheMinimap);
