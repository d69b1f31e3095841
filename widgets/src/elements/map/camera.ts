// Where the map looks: at the results, unless the reader or the address says otherwise.

import type { Position } from "../../state/address";
import type { Session } from "../../state/session";
import { bulkOf, circleAround, boundsOf, type Point } from "./geometry";
import type { MapScreen } from "./screen";

const PATIENCE = 400;

export class Camera {
  /** What was asked when the map last looked at the results; null when it never did. */
  private aimed: string | null = null;
  private near = "";
  private written: string | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** The map was opened; `placed` where the address or the descriptor said at what. */
  begin(session: Session, placed: boolean): void {
    this.aimed = placed ? asked(session) : null;
    this.near = JSON.stringify(session.state.near);
    this.written = JSON.stringify(session.state.map);
  }

  close(): void {
    clearTimeout(this.timer);
    this.aimed = null;
  }

  /** Look at all results again, whatever the reader did. */
  reset(): void {
    clearTimeout(this.timer);
    this.aimed = null;
    this.written = "null";
  }

  /** Look at what is asked for now, if that is something else than before. */
  aim(screen: MapScreen, session: Session, places: () => readonly Point[]): void {
    const { map, near } = session.state;
    const position = JSON.stringify(map);
    const place = JSON.stringify(near);
    if (map && position !== this.written && place === this.near) {
      this.written = position;
      this.aimed = asked(session);
      screen.jump(map);
      return;
    }
    const query = asked(session);
    const moved = map !== null && place === this.near;
    if (this.aimed === query || (moved && this.aimed !== null)) return;
    const bounds = near
      ? boundsOf(circleAround(near, near.radius).map(([longitude, latitude]) => ({ longitude, latitude })))
      : bulkOf(places());
    if (!bounds) return;
    const first = this.aimed === null;
    this.aimed = query;
    this.near = place;
    screen.fit(bounds, !first);
  }

  /** The reader moved the map: say so in the address, once the map rests. */
  keep(session: Session, position: Position): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.aimed ??= asked(session);
      this.written = JSON.stringify(position);
      session.update({ map: position });
    }, PATIENCE);
  }
}

function asked(session: Session): string {
  const { filters, words, near } = session.query;
  return JSON.stringify([session.widget.name, filters, words, near]);
}
