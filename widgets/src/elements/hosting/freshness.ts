// Whether what is shown is what is published. Nothing is asked while the page is hidden or idle.

import type { Session } from "../../state/session";

/** A page that was away for longer asks anew. */
const AWAY_MS = 5 * 60 * 1000;

/** Asks for the descriptor when a reader comes back to the page after a while. */
export class Freshness {
  private left: number | null = null;

  constructor(private readonly session: () => Session | null) {}

  start(): void {
    document.addEventListener("visibilitychange", this.seen);
    window.addEventListener("online", this.check);
  }

  stop(): void {
    document.removeEventListener("visibilitychange", this.seen);
    window.removeEventListener("online", this.check);
  }

  private readonly seen = (): void => {
    if (document.visibilityState === "hidden") {
      this.left = Date.now();
      return;
    }
    const away = this.left === null ? 0 : Date.now() - this.left;
    this.left = null;
    if (away > AWAY_MS) this.check();
  };

  /** Take in newer data, but not under a reader who is correcting it. */
  private readonly check = (): void => {
    const session = this.session();
    if (!session || session.draft.size) return;
    session.source.descriptor().then(
      (descriptor) => {
        if (descriptor.revision !== session.descriptor.revision && !session.draft.size) {
          session.renew(descriptor);
        }
      },
      () => undefined, // what is shown stays
    );
  };
}
