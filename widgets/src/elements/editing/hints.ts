// What a field says beside its control: how to write it, and why it cannot be written.

import type { Field } from "../../model/field";
import { speaker } from "../../model/messages";
import type { Locale } from "../../model/texts";
import { INPUT } from "./messages";
import { isPlainDate } from "./control";

/** Sentences on how a field is written: its help, its form, its range. */
export function hintsOf(field: Field, locale: Locale): string[] {
  const say = speaker(INPUT, locale);
  const hints = [field.help(locale)];
  const { decimalChar, format } = field.descriptor;
  if (field.type === "number" && decimalChar && decimalChar !== ".") {
    hints.push(say("decimals", { mark: decimalChar }));
  }
  if (field.type === "year") hints.push(say("four_digits"));
  if (field.type === "date" && !isPlainDate(field) && format !== "any") {
    hints.push(say("format", { format: format ?? "" }));
  }
  const { minimum, maximum } = field.descriptor.constraints ?? {};
  const low = minimum === undefined ? "" : String(minimum);
  const high = maximum === undefined ? "" : String(maximum);
  if (low && high) hints.push(say("range", { low, high }));
  else if (low) hints.push(say("at_least", { low }));
  else if (high) hints.push(say("at_most", { high }));
  return hints.filter((one) => one !== "");
}

/** Why a field cannot be written, empty when it can. A row to add may be given its key. */
export function lockedBecause(field: Field, locale: Locale, adding = false): string {
  const say = speaker(INPUT, locale);
  const { derived, locked } = field.descriptor.retouche ?? {};
  if (derived) return say("derived");
  if (locked) return say("locked");
  return field.isKey && !adding ? say("key") : "";
}
