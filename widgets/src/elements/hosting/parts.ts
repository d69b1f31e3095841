// The parts of the elements that are loaded when they are needed.

import type { ReactiveControllerHost } from "lit";
import { StalePart } from "./messages";

export const PARTS = {
  table: () => import("../table/table"),
  cards: () => import("../cards/cards"),
  map: () => import("../map/map"),
  dataviz: () => import("../dataviz/dataviz"),
  card: () => import("../cards/card"),
  editor: () => import("../editing/editor"),
  review: () => import("../editing/review"),
  upload: () => import("../editing/upload"),
  filters: () => import("../filters/filters"),
  chips: () => import("../filters/chips"),
  draft: () => import("./draft"),
  sort: () => import("../widget/sort"),
  sharing: () => import("../widget/sharing"),
  dialog: () => import("../dialog/dialog"),
} as const;

export type PartName = keyof typeof PARTS;
const loaded = new Map<PartName, Promise<void>>();

/** Load a part once. Raises `StalePart`; another call then tries again. */
export function loadPart(name: PartName): Promise<void> {
  let found = loaded.get(name);
  if (!found) {
    found = PARTS[name]().then(
      () => undefined,
      (error: unknown) => {
        loaded.delete(name);
        console.error(error);
        throw new StalePart(name);
      },
    );
    loaded.set(name, found);
  }
  return found;
}

/** The parts that one element wants: it is drawn anew when they are there, or cannot be had. */
export class Wanted {
  private readonly parts = new Map<PartName, "asked" | "there">();
  /** Why a part cannot be had. */
  failure: unknown = null;

  constructor(private readonly host: ReactiveControllerHost) {}

  /** Whether parts are there; they are asked for when they are not. */
  has(...names: PartName[]): boolean {
    for (const name of names) {
      if (this.parts.has(name) || this.failure) continue;
      this.parts.set(name, "asked");
      loadPart(name).then(
        () => {
          this.parts.set(name, "there");
          this.host.requestUpdate();
        },
        (error: unknown) => {
          this.parts.delete(name);
          this.failure = error;
          this.host.requestUpdate();
        },
      );
    }
    return names.every((name) => this.parts.get(name) === "there");
  }
}
