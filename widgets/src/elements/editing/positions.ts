// A number chosen on a map as a cell writes it. Texts in, texts out.

import type { Field } from "../../model/field";
import { numberOf } from "../../model/values";

const DIGITS = 5;
const MOST_DIGITS = 7;

/**
 * Degrees with the decimals that the field shows or the cell had: five are about a metre. A cell
 * that says the same already stays as it is.
 */
export function positionText(field: Field, degrees: number, before: string | null): string {
  const mark = field.descriptor.decimalChar ?? ".";
  const had = before?.split(mark)[1]?.length ?? 0;
  const digits = Math.min(MOST_DIGITS, Math.max(field.digits ?? DIGITS, had, 4));
  const text = degrees.toFixed(digits).replace(/^-(?=[0.]+$)/, "");
  if (numberOf(field, before)?.toFixed(digits) === text) return before!;
  return text.replace(".", mark);
}
