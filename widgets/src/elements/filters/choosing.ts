// Which values a filter offers, in which order, how many at a time.

import type { Field } from "../../model/field";
import { folded } from "../../model/texts";
import type { Filter } from "../../model/views";
import type { FacetValue } from "../../sources/source";

/** Values shown before "show more". */
export const FEW = 8;
/** A list longer than this has a search of its own. */
export const SEARCHED = 10;
/** Values that the API lists for a field at most. */
export const MOST = 1000;

export interface Choice extends FacetValue {
  label: string;
  chosen: boolean;
}

/** How a filter is drawn: what it says, as far as the field's type can be filtered so. */
export function modeOf(filter: Filter, field: Field): "any" | "one" | "range" | "dates" {
  const mode = filter.mode ?? "any";
  if (mode === "range" && !field.numeric) return "any";
  if (mode === "dates" && field.type !== "date" && field.type !== "datetime") return "any";
  return mode;
}

/**
 * The values of a facet with their names. A chosen value is there even where no row has it any
 * more; missing ones come last; years, numbers and the values of a dictionary keep their order.
 */
export function choicesOf(
  field: Field,
  facet: readonly FacetValue[],
  chosen: readonly string[],
  label: (value: string) => string,
): Choice[] {
  const known = new Set(facet.map((one) => one.value));
  const gone = chosen.filter((one) => !known.has(one)).map((value) => ({ value, count: 0 }));
  const choices = [...facet, ...gone].map((one) => ({
    ...one,
    label: label(one.value),
    chosen: chosen.includes(one.value),
  }));
  const rank = rankIn(field);
  return choices
    .map((choice, index) => ({ choice, rank: rank(choice.value), index }))
    .sort((one, other) => one.rank - other.rank || one.index - other.index)
    .map((one) => one.choice);
}

/** Missing last; by the schema's own order of values where it has one; else as they came. */
function rankIn(field: Field): (value: string) => number {
  const ordered = field.choices ?? Object.keys(field.values);
  const ranks = new Map(ordered.map((value, index) => [value, index]));
  return (value) => (value === "" ? Infinity : (ranks.get(value) ?? ordered.length));
}

/** The choices in sight: those that a search finds, else the first few and all chosen ones. */
export function inSight(choices: readonly Choice[], search: string, all: boolean): Choice[] {
  const wanted = folded(search.trim());
  if (wanted) return choices.filter((one) => folded(one.label).includes(wanted));
  if (all || choices.length <= SEARCHED) return [...choices];
  return choices.filter((one, index) => index < FEW || one.chosen);
}

/** A number as a reader types it, in the form that the API reads: "1 200,5" → "1200.5". */
export function typedNumber(text: string): string | null {
  const plain = text.replace(/[\s\u00a0\u202f']/g, "").replace(",", ".");
  if (plain === "") return "";
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain) ? plain : null;
}
