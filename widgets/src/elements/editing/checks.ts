// Quick looks at typed text, only to decide when to ask the server: its words are the ones shown.

import type { Field } from "../../model/field";
import { booleanOf, numberOf } from "../../model/values";
import { allowed, isPlainDate, separatorOf } from "./control";

/** Longest text that a pattern is tried on. */
const LONGEST = 200;
/** Ways to match a text that are tried at most, one after the other. */
const MOST_WAYS = LONGEST ** 3;
/** While somebody is likely to be in the middle of a word. */
const UNFINISHED = 1500;
const FINISHED = 400;

/** How long to wait before asking, in milliseconds: longer while a text looks unfinished. */
export function patience(field: Field, text: string | null, faulty: boolean): number {
  return looksWrong(field, text) && !faulty ? UNFINISHED : FINISHED;
}

/** Whether a text is likely to be refused. Never slow, and never the last word. */
export function looksWrong(field: Field, text: string | null): boolean {
  if (text === null || text === "") return field.required;
  if (separatorOf(field, text) !== null) return false;
  const { minimum, maximum, minLength, maxLength, pattern } = field.descriptor.constraints ?? {};
  if (!field.foreignKey && allowed(field)?.includes(text) === false) return true;
  if (field.type === "boolean" && booleanOf(field, text) === null) return true;
  if (isPlainDate(field) && !/^\d{4}-\d{2}-\d{2}$/.test(text)) return true;
  const length = [...text].length;
  if (length < (minLength ?? 0) || length > (maxLength ?? Infinity)) return true;
  if (field.numeric) {
    const number = numberOf(field, text);
    if (number === null || (field.type !== "number" && !Number.isInteger(number))) return true;
    if (number < bound(minimum, -Infinity) || number > bound(maximum, Infinity)) return true;
  }
  return pattern !== undefined && breaks(pattern, text);
}

function bound(value: unknown, otherwise: number): number {
  const number = Number(value);
  return value === undefined || Number.isNaN(number) ? otherwise : number;
}

const compiled = new Map<string, RegExp | null>();

/** Whether a text does not match a pattern that is safe to try; false when it was not tried. */
export function breaks(pattern: string, text: string): boolean {
  if (text.length > LONGEST) return false;
  let found = compiled.get(pattern);
  if (found === undefined) {
    found = safe(pattern);
    compiled.set(pattern, found);
  }
  return found !== null && !found.test(text);
}

/** A pattern that matches whole texts; null when it may be slow or is not JavaScript's. */
function safe(pattern: string): RegExp | null {
  const plain = pattern.replace(/\\./g, (one) => (/\d/.test(one) ? "\\" : "x"));
  const classless = plain.replace(/\[[^\]]*\]/g, "x");
  // References and looking around; several free repetitions in a row; one inside another.
  if (pattern.length > 500 || /\\|\(\?[^:]/.test(classless)) return null;
  const bare = classless.replaceAll("(?:", "(");
  if (ways(bare) > MOST_WAYS || nests(bare)) return null;
  try {
    return new RegExp(`^(?:${pattern})$`, "u");
  } catch {
    return null;
  }
}

/** In how many ways a pattern can be tried at one place: the product of what its parts allow. */
function ways(bare: string): number {
  let product = 1;
  for (const [found, least, most] of bare.matchAll(/[*+?|]|\{(\d+)(?:,(\d*))?\}/g)) {
    if (found === "*" || found === "+" || most === "") product *= LONGEST;
    else if (found === "?" || found === "|") product *= 2;
    else if (most !== undefined) product *= Math.max(1, Number(most) - Number(least) + 1);
  }
  return product;
}

/** Whether a group that repeats holds something that repeats or may be chosen otherwise. */
function nests(bare: string): boolean {
  const groups: boolean[] = [];
  for (let at = 0; at < bare.length; at += 1) {
    const rest = bare.slice(at);
    if (rest[0] === "(") groups.push(false);
    else if (rest[0] === ")") {
      const wild = groups.pop() ?? false;
      const repeated = /^\)[*+{]/.test(rest);
      if (wild && repeated) return true;
      if (groups.length && (wild || repeated)) groups[groups.length - 1] = true;
    } else if (/^(?:[*+?|]|\{\d+,\d*\})/.test(rest) && groups.length) {
      groups[groups.length - 1] = true;
    }
  }
  return false;
}
