// The public holidays of France, by computation.
// The eleven of article L3133-1 of the Code du travail, which hold everywhere in France; those of
// a region or a territory (L3134-13, L3422-2) are not among them.

import { type Day, dayOf, partsOf } from "./days";

/** Easter Sunday in the Gregorian calendar (the Meeus/Jones/Butcher algorithm). */
export function easter(year: number): Day {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const f = Math.floor((b + 8) / 25);
  const g = Math.floor((b - f + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return dayOf(year, Math.floor(n / 31), (n % 31) + 1);
}

const FIXED = [101, 501, 508, 714, 815, 1101, 1111, 1225];
// Easter Monday, Ascension, Whit Monday.
const AFTER_EASTER = [1, 39, 50];

export function isHoliday(day: Day): boolean {
  const { year, month, day: number } = partsOf(day);
  return (
    FIXED.includes(month * 100 + number) || AFTER_EASTER.includes(day - easter(year))
  );
}
