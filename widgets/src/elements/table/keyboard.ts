// What the keys do in a grid. The table says how each of it is done.

import { type Bounds, moved, type Spot } from "./moves";

/** What keys act on. */
export interface Grid {
  readonly spot: Spot;
  readonly bounds: Bounds;
  go(spot: Spot): void;
  /** Open the card of the row. */
  open(): void;
  /** Edit the cell, from a first letter on; false where nothing is ever written. */
  write(letter?: string): boolean;
  clear(): void;
  /** Follow the link or press the button of the cell. */
  act(): boolean;
  sort(more: boolean): void;
  widen(by: number): void;
}

const STEP = 20;

/** Do what a key means. False when it means nothing here. */
export function pressed(grid: Grid, event: KeyboardEvent): boolean {
  const { key, altKey, shiftKey } = event;
  const control = event.ctrlKey || event.metaKey;
  const { row, column } = grid.spot;
  if (altKey) return row === -1 && !control && resized(grid, key);
  if (!shiftKey || row === -1 || !key.startsWith("Arrow")) {
    const to = moved(grid.spot, key, control, grid.bounds);
    if (to) {
      grid.go(to);
      return true;
    }
  }
  if (row === -1) return !control && headed(grid, key, shiftKey);
  if (key === "Enter" && control) return grid.act();
  if (control) return false;
  if (key === " " || (column === -1 && key === "Enter")) {
    grid.open();
    return true;
  }
  if (column === -1) return false;
  if (key === "Enter" || key === "F2") return grid.write() || grid.act();
  if (key === "Delete" || key === "Backspace") {
    grid.clear();
    return true;
  }
  return [...key].length === 1 && grid.write(key);
}

function headed(grid: Grid, key: string, more: boolean): boolean {
  if ((key !== "Enter" && key !== " ") || grid.spot.column === -1) return false;
  grid.sort(more);
  return true;
}

function resized(grid: Grid, key: string): boolean {
  if (key !== "ArrowLeft" && key !== "ArrowRight") return false;
  grid.widen(key === "ArrowLeft" ? -STEP : STEP);
  return true;
}
