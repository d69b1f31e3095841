// A text control with a list of values to choose from, searched while typing (ARIA combobox).
// It lives in the shadow root of its host, so that labels and messages can point at it.

import { html, nothing, type ReactiveController, type ReactiveControllerHost } from "lit";
import type { TemplateResult } from "lit";
import type { Option } from "./control";

export interface Found {
  options: Option[];
  /** How many there are in all, shown or not. */
  total: number;
}

/** What a combobox needs to know of the cell it edits. */
export interface Wanted {
  id: string;
  value: string;
  /** What a reader calls the value, shown while nobody types. */
  shown: string;
  label: string | typeof nothing;
  describedBy: string;
  invalid: boolean;
  required: boolean;
  /** How many values were found, in words. */
  told: (shown: number, total: number) => string;
}

type Ask = (words: string, signal: AbortSignal) => Promise<Found>;
type Host = ReactiveControllerHost & HTMLElement;

const PATIENCE = 200;

/** Words that nobody chose a value for are given as they are: a code may be typed at once. */
export class Combobox implements ReactiveController {
  private words: string | null = null;
  private found: Found = { options: [], total: 0 };
  private active = -1;
  private open = false;
  private asked: AbortController | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private box: HTMLElement | null = null;

  constructor(
    private readonly host: Host,
    private readonly ask: Ask,
    private readonly pick: (value: string) => void,
  ) {
    host.addController(this);
  }

  hostDisconnected(): void {
    this.close();
    this.words = null;
  }

  hostUpdated(): void {
    const list = this.list;
    if (!list) return;
    const popover = "showPopover" in list && list.isConnected;
    if (this.open && this.found.options.length) {
      if (popover && !list.matches(":popover-open")) list.showPopover();
      this.place(list);
      list.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
    } else if (popover && list.matches(":popover-open")) list.hidePopover();
  }

  template(wanted: Wanted): TemplateResult {
    const { id } = wanted;
    const { options, total } = this.found;
    const shown = this.open && options.length > 0;
    return html`<input
        id=${id}
        class="wide"
        role="combobox"
        type="text"
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        aria-autocomplete="list"
        aria-controls="${id}-list"
        aria-expanded=${shown ? "true" : "false"}
        aria-activedescendant=${shown && this.active >= 0 ? `${id}-${this.active}` : nothing}
        aria-label=${wanted.label}
        aria-describedby=${wanted.describedBy || nothing}
        aria-invalid=${wanted.invalid ? "true" : nothing}
        ?required=${wanted.required}
        .value=${this.words ?? wanted.shown}
        @input=${(event: Event) => this.typed((event.target as HTMLInputElement).value)}
        @focus=${(event: Event) => (event.target as HTMLInputElement).select()}
        @click=${() => this.search(this.words ?? "")}
        @blur=${() => this.leave()}
        @keydown=${(event: KeyboardEvent) => this.pressed(event)}
      />
      <ul
        id="${id}-list"
        class="options"
        role="listbox"
        popover="manual"
        ?hidden=${!shown}
        aria-label=${wanted.label}
        aria-labelledby=${wanted.label === nothing ? `${id}-label` : nothing}
        @pointerdown=${(event: Event) => event.preventDefault()}
      >
        ${options.map(
          (one, index) =>
            html`<li
              id="${id}-${index}"
              role="option"
              aria-selected=${index === this.active ? "true" : "false"}
              @click=${() => this.choose(one)}
            >
              ${one.label}${one.label.includes(one.value)
                ? nothing
                : html` <span class="code">${one.value}</span>`}
            </li>`,
        )}
      </ul>
      <span class="visually-hidden" role="status"
        >${this.open && this.words !== null ? wanted.told(options.length, total) : ""}</span
      >`;
  }

  private get list(): HTMLElement | null {
    return this.host.shadowRoot?.querySelector<HTMLElement>(".options") ?? null;
  }

  private typed(words: string): void {
    this.words = words;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.search(words), PATIENCE);
    this.host.requestUpdate();
  }

  private search(words: string): void {
    this.asked?.abort();
    const asked = new AbortController();
    this.asked = asked;
    this.open = true;
    this.ask(words, asked.signal).then(
      (found) => {
        if (asked.signal.aborted) return;
        this.found = found;
        this.active = -1;
        this.host.requestUpdate();
      },
      () => undefined, // what cannot be searched can still be typed
    );
  }

  private pressed(event: KeyboardEvent): void {
    const { options } = this.found;
    const move = (to: number): void => {
      event.preventDefault();
      if (!this.open) return this.search(this.words ?? "");
      this.active = options.length ? (to + options.length) % options.length : -1;
      this.host.requestUpdate();
    };
    if (event.key === "ArrowDown") move(this.active + 1);
    else if (event.key === "ArrowUp") move(this.active < 0 ? options.length - 1 : this.active - 1);
    else if (event.key === "Enter" && this.open && options[this.active]) {
      event.preventDefault();
      this.choose(options[this.active]!);
    } else if (event.key === "Enter") this.leave();
    else if (event.key === "Escape" && this.open && options.length) {
      // The first Escape closes the list, the next one what is around it.
      event.preventDefault();
      event.stopPropagation();
      this.close();
    }
  }

  private choose(option: Option): void {
    this.words = null;
    this.close();
    this.pick(option.value);
  }

  private leave(): void {
    const { words } = this;
    this.close();
    this.words = null;
    if (words === null) return;
    const typed = words.trim();
    const folded = typed.toLowerCase();
    const { options, total } = this.found;
    const alike = options.filter((one) => one.label.toLowerCase() === folded);
    // Two places may have one name: then it names neither, and the words stay as they are.
    const named = alike.length === 1 && total <= options.length ? alike[0] : undefined;
    const meant = options.find((one) => one.value === typed) ?? named;
    this.pick(meant?.value ?? typed);
  }

  private close(): void {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.open = false;
    this.active = -1;
    this.host.requestUpdate();
  }

  /** Under the control, or above it where there is more room. */
  private place(list: HTMLElement): void {
    const input = this.host.shadowRoot?.querySelector("[role=combobox]");
    if (!input) return;
    const { left, top, bottom, width } = input.getBoundingClientRect();
    const below = window.innerHeight - bottom;
    const up = below < 200 && top > below;
    const { style } = list;
    style.setProperty("left", `${left}px`);
    style.setProperty("width", `${Math.max(width, 160)}px`);
    style.setProperty("max-height", `${Math.min(260, (up ? top : below) - 12)}px`);
    style.setProperty("top", up ? "auto" : `${bottom + 2}px`);
    style.setProperty("bottom", up ? `${window.innerHeight - top + 2}px` : "auto");
    this.box = list;
    window.addEventListener("scroll", this.scrolled, { capture: true, once: true });
  }

  private readonly scrolled = (event: Event): void => {
    if (event.target === this.box && this.open) this.place(this.box!);
    else if (this.open) this.close();
  };
}
