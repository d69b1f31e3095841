// What every view element is: given a session by its widget, or making its own from `src`.

import {
  type CSSResultGroup,
  type CSSResultOrNative,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from "lit";
import type { View } from "../model/views";
import type { Locale } from "../model/texts";
import { Problem } from "../sources/source";
import { localeOf, openSession, prefixOf } from "../state/opening";
import { release } from "../state/prefixes";
import type { Session } from "../state/session";
import { Hosting } from "./hosting/hosting";
import { failureTemplate, skeleton, stateStyles } from "./hosting/states";

/**
 * Base of the elements that show one view. Alone on a page, `src` is the address of a widget
 * descriptor, and the first view of the element's type in it is shown.
 *
 * @attr src - address of a widget descriptor; a relative one counts from the page
 * @attr locale - `fr` or `en`; by default that of the page, else of the browser
 * @attr prefix - what stands before the dot of the parameters in the page's address; by default the
 *   widget's name, with a number where two would be the same; `none` leaves the address alone
 * @attr theme - `light` (default), `dark` or `auto`, which follows the system
 * @attr readonly - no corrections are offered; has no value
 * @attr filters - filters that readers cannot take away, as `field=value` joined by `&`; bounds are
 *   `from.field` and `to.field`: `dep_lib=Nord&from.com_population=1000`
 * @attr row - key of the row that is open first: as in the address of its page
 * @fires retouche-ready - the descriptor was read; rows may still be on their way
 * @fires retouche-change - the reader looks at something else; its detail is the state: `tab`,
 *   `view`, `words`, `filters`, `order`, `page`, `row`, `map`, `near`, `side`, `changes`
 * @fires retouche-open - a row was opened; its detail is the row key
 * @fires retouche-proposed - a proposal was sent; its detail is its `id` and `url`
 * @csspart loading - grey shapes where rows are on their way
 * @csspart error - what is told when something could not be read
 * @csspart draft - the bar that tells of corrections not sent yet
 */
export abstract class ViewElement<V extends View> extends LitElement {
  static override properties: PropertyDeclarations = {
    src: { type: String },
    locale: { type: String },
    prefix: { type: String },
    theme: { type: String, reflect: true },
    session: { attribute: false },
    view: { attribute: false },
    problem: { state: true },
  };

  declare src: string | null;
  declare locale: Locale | null;
  declare prefix: string | null;
  declare theme: string | null;
  /** What the views of one widget share: rows, filters, draft; null until the descriptor was read. */
  declare session: Session | null;
  /** The view of the descriptor that is shown; null until the descriptor was read. */
  declare view: V | null;
  declare protected problem: unknown;

  /**
   * `type` of the views that this element shows.
   * @internal
   */
  abstract readonly viewType: V["type"];
  /** Whether a lone element opens rows in a dialog: not when it is one row's card itself. */
  protected readonly opensRows: boolean = true;
  private heard: Session | null = null;
  private hosting: Hosting | null = null;
  private readonly again = (): void => this.requestUpdate();

  protected static override finalizeStyles(styles?: CSSResultGroup): CSSResultOrNative[] {
    return super.finalizeStyles([stateStyles, styles ?? []]);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.session) this.listen(this.session);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.listen(null);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("src") && this.src && (this.hosting || !this.session)) void this.begin();
    if (changed.has("session")) this.listen(this.session);
    if (this.session && !this.view) this.view = this.firstView(this.session);
  }

  private firstView(session: Session): V | null {
    const views = session.widget.views as View[];
    const found = views.find((one) => one.type === this.viewType) as V | undefined;
    return found ?? this.viewWithout(session);
  }

  /** The view where the descriptor holds none of this type; null where there must be one. */
  protected viewWithout(_session: Session): V | null {
    return null;
  }

  /** Read the descriptor anew, and show it from there on. */
  async refresh(): Promise<void> {
    if (this.hosting) await this.begin();
    else this.session?.refresh();
  }

  /** Called by `update` when there is a session and a view. */
  protected abstract draw(session: Session, view: V): TemplateResult | typeof nothing;

  protected override render(): TemplateResult | typeof nothing {
    const { session, view, problem } = this;
    if (problem) return failureTemplate(problem, localeOf(this), () => void this.begin());
    if (session && !view) {
      const missing = new Problem("not_found", this.viewType, 404);
      return failureTemplate(missing, session.locale, () => void this.refresh());
    }
    if (!session || !view) return this.src ? skeleton(localeOf(this)) : nothing;
    const drawn = this.draw(session, view);
    return this.hosting
      ? html`<div lang=${session.locale}>
          ${session.preview?.banner(session) ?? nothing}${drawn} ${this.hosting.render()}
        </div>`
      : drawn;
  }

  private async begin(): Promise<void> {
    const src = this.src!;
    this.theme ??= "light";
    this.hosting ??= new Hosting(this, this.opensRows);
    this.problem = null;
    const prefix = prefixOf(this, src);
    try {
      const session = await openSession(this, src, prefix);
      if (src !== this.src) {
        if (prefix !== null) release(prefix);
        return;
      }
      this.view = null;
      this.session = session;
      this.hosting.take(session);
    } catch (error) {
      if (prefix !== null) release(prefix);
      if (src === this.src) this.problem = error;
    }
  }

  private listen(session: Session | null): void {
    if (this.heard === session) return;
    for (const name of ["change", "draft", "pending"]) {
      this.heard?.removeEventListener(name, this.again);
      session?.addEventListener(name, this.again);
    }
    this.heard = session;
  }
}
