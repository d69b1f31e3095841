// What a reader picked on a map, and where its mini card goes.

import type { Session } from "../../state/session";
import { rowsWord } from "./beside";
import { areaLines } from "./entries";
import type { Point } from "./geometry";
import { mapWords } from "./messages";
import type { Picked } from "./popup";
import { type Drawing, type MapScreen, ROOMY } from "./screen";

export type Marked = Picked & { point: Point | null };

const CARD = 300;
const GAP = 18;

/** What a layer has under a key; null when it has nothing there. */
export function pickedOf(session: Session, drawing: Drawing, key: string): Marked | null {
  const { layer, data } = drawing;
  if (layer.type === "choropleth") {
    const area = data.areas.find((one) => one.code === key);
    if (!area) return null;
    const { locale } = session;
    const lines = areaLines(layer, area, rowsWord(session, drawing), locale, mapWords(locale));
    return { kind: "area", key, label: area.title, lines, point: area.center };
  }
  const resource = layer.resource ?? session.resource.name;
  const spot = data.spots.find((one) => one.key === key) ?? session.preview?.placeOf(resource, key);
  if (!spot) return null;
  return {
    kind: "row",
    layer: layer.type === "heat" ? null : layer,
    resource,
    key,
    label: spot.label,
    point: spot.point,
  };
}

/** Where the row that is open lies, if a visible layer draws it. */
export function openedAt(session: Session, drawings: readonly Drawing[]): Point | null {
  const { row } = session.state;
  if (!row) return null;
  for (const { layer, data } of drawings) {
    if ((layer.resource ?? session.resource.name) !== session.resource.name) continue;
    const found = data.spots.find((one) => one.key === row);
    if (found) return found.point;
  }
  return null;
}

/** Put the mini card beside its point where the map is wide enough; else it lies at the foot. */
export function placePopup(
  popup: HTMLElement,
  frame: HTMLElement,
  screen: MapScreen,
  point: Point | null,
): void {
  const floating = point !== null && frame.clientWidth >= ROOMY;
  popup.classList.toggle("floating", floating);
  for (const side of ["left", "top", "bottom"]) popup.style.removeProperty(side);
  if (!floating) return;
  const { x, y } = screen.project(point);
  const { clientWidth, clientHeight } = frame;
  const left = Math.min(Math.max(8, x - CARD / 2), clientWidth - CARD - 8);
  const above = y > clientHeight / 2;
  const far = Math.max(8, (above ? clientHeight - y : y) + GAP);
  popup.style.setProperty("left", `${left}px`);
  popup.style.setProperty(above ? "bottom" : "top", `${Math.min(far, clientHeight - 120)}px`);
}
