// The position of a row, chosen on a map. The map is loaded when somebody asks for it.

import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { Field, Resource } from "../../model/field";
import { speaker } from "../../model/messages";
import { numberOf } from "../../model/values";
import type { Session } from "../../state/session";
import { icon } from "../../styles/icons";
import { controls, theme } from "../../styles/theme";
import { EDITOR } from "./editor-messages";
import { formStyles } from "./form-styles";
import { positionText } from "./positions";

/**
 * @fires place-change - a position was chosen: `{latitude, longitude}`, as the cells write them
 */
export class RetouchePlace extends LitElement {
  static override properties = {
    session: { attribute: false },
    resource: { attribute: false },
    latitude: { attribute: false },
    longitude: { attribute: false },
    map: { state: true },
  };
  static override styles = [theme, controls, formStyles];

  declare session: Session;
  declare resource: Resource;
  /** The texts of the two cells. */
  declare latitude: string | null;
  declare longitude: string | null;
  declare private map: "" | "loading" | "shown" | "failed";

  constructor() {
    super();
    this.latitude = null;
    this.longitude = null;
    this.map = "";
  }

  protected override render(): TemplateResult {
    const say = speaker(EDITOR, this.session.locale);
    const shown = this.map === "shown" || this.map === "loading";
    return html`<div class="stack">
      <div class="bar">
        <button aria-expanded=${shown ? "true" : "false"} @click=${this.toggle}>
          ${icon("pin")} ${shown ? say("hide_map") : say("place")}
        </button>
      </div>
      <div role="status"
        >${this.map === "failed" ? html`<p class="error">${say("map_failed")}</p>` : nothing}</div
      >
      ${this.map === "loading" ? html`<div class="skeleton" aria-busy="true"></div>` : nothing}
      ${this.map === "shown"
        ? html`<retouche-position
            .session=${this.session}
            .latitude=${this.number("latitude")}
            .longitude=${this.number("longitude")}
            @position=${this.placed}
          ></retouche-position>`
        : nothing}
    </div>`;
  }

  private fields(): [Field, Field] {
    const [latitude, longitude] = this.resource.descriptor.geo!;
    return [this.resource.field(latitude)!, this.resource.field(longitude)!];
  }

  private number(name: "latitude" | "longitude"): number | null {
    const [latitude, longitude] = this.fields();
    return numberOf(name === "latitude" ? latitude : longitude, this[name]);
  }

  private readonly toggle = async (): Promise<void> => {
    if (this.map && this.map !== "failed") {
      this.map = "";
      return;
    }
    this.map = "loading";
    try {
      await import("../map/position");
      if (this.map === "loading") this.map = "shown";
    } catch {
      this.map = "failed";
    }
  };

  private readonly placed = (event: Event): void => {
    event.stopPropagation();
    const chosen = (event as CustomEvent<{ latitude: number; longitude: number }>).detail;
    const [latitude, longitude] = this.fields();
    const detail = {
      latitude: positionText(latitude, chosen.latitude, this.latitude),
      longitude: positionText(longitude, chosen.longitude, this.longitude),
    };
    this.dispatchEvent(new CustomEvent("place-change", { detail }));
  };
}

customElements.get("retouche-place") ?? customElements.define("retouche-place", RetouchePlace);
