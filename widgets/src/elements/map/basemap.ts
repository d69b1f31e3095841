// The base map of another server: none before a reader, or the descriptor, asks for it.

import type { BaseMap } from "../../model/views";
import type { Session } from "../../state/session";
import type { Ground } from "./ground";

/** What a reader sees of it. */
export type BaseState = "none" | "offered" | "loading" | "shown" | "failed";

const wanted = new WeakMap<Session, boolean>();

/** A page may say it for all its maps; `none` also takes the offer away. */
type Wish = "at_once" | "on_request" | "none";
const WISHES: readonly string[] = ["at_once", "on_request", "none"];

/** The `basemap` attribute of an element, or of one around it. */
function wishOf(element: Element): Wish | null {
  for (let one: Element | null = element; one; ) {
    const found = one.getAttribute("basemap");
    if (found && WISHES.includes(found)) return found as Wish;
    const root: Node = one.getRootNode();
    one = one.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
  }
  return null;
}

/** The base map of a session: that of a view, else of any map view. */
export function baseOf(session: Session, own?: BaseMap): BaseMap | null {
  if (own) return own;
  const widgets = session.descriptor.tabs ?? [session.widget];
  for (const view of [session.widget, ...widgets].flatMap((one) => one.views)) {
    if (view.type === "map" && view.basemap) return view.basemap;
  }
  return null;
}

/** Shows and hides the base map under one map. */
export class BaseControl {
  state: BaseState = "none";

  constructor(
    private readonly element: Element,
    private readonly changed: () => void,
  ) {}

  /** Whether it is to be shown at once: the page, the descriptor or the reader said so. */
  begin(session: Session, base: BaseMap | null, ground: Ground): void {
    const wish = wishOf(this.element);
    if (!base || wish === "none" || !/^https:\/\//.test(base.style)) {
      this.state = "none";
      return;
    }
    this.state = "offered";
    const load = wanted.get(session) ?? (wish ?? base.load) === "at_once";
    if (load) void this.show(session, base, ground);
  }

  async show(session: Session, base: BaseMap, ground: Ground): Promise<void> {
    wanted.set(session, true);
    this.state = "loading";
    this.changed();
    try {
      await ground.showBase(base.style);
      this.state = "shown";
    } catch {
      wanted.set(session, false);
      this.state = "failed";
    }
    this.changed();
  }

  hide(session: Session, ground: Ground): void {
    wanted.set(session, false);
    ground.showOutlines();
    this.state = "offered";
    this.changed();
  }
}
