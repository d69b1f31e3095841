// How much room the widget takes: the whole screen or not, a narrow column or not.

import type { LitElement, ReactiveController } from "lit";

/** Pixels below which filters open over the widget instead of beside the rows. */
const NARROW = 640;

/** Full screen by the browser; where it refuses, over the rest of the page. */
export class Extent implements ReactiveController {
  narrow = false;
  private covering = false;
  private readonly observer = new ResizeObserver(([entry]) => {
    const narrow = entry!.contentRect.width < NARROW;
    if (narrow === this.narrow) return;
    this.narrow = narrow;
    this.host.requestUpdate();
  });

  constructor(private readonly host: LitElement) {
    host.addController(this);
  }

  hostConnected(): void {
    this.observer.observe(this.host);
    document.addEventListener("fullscreenchange", this.changed);
    this.host.addEventListener("keydown", this.pressed);
  }

  hostDisconnected(): void {
    this.observer.disconnect();
    document.removeEventListener("fullscreenchange", this.changed);
    this.host.removeEventListener("keydown", this.pressed);
  }

  get full(): boolean {
    return this.covering || this.host.matches(":fullscreen");
  }

  toggle(): void {
    if (this.covering) this.cover(false);
    else if (this.host.matches(":fullscreen")) void document.exitFullscreen();
    else if (!document.fullscreenEnabled) this.cover(true);
    else this.host.requestFullscreen().catch(() => this.cover(true));
  }

  private cover(covering: boolean): void {
    this.covering = covering;
    this.host.toggleAttribute("data-full", covering);
    this.host.requestUpdate();
  }

  private readonly changed = (): void => this.host.requestUpdate();

  private readonly pressed = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && this.covering && !event.defaultPrevented) this.cover(false);
  };
}
