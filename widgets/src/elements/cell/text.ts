// How the texts of cells are made safe and short enough to be read. Texts in, texts out.

import type { Field } from "../../model/field";

/** Characters that turn the order of a text around, or that hide in it. */
const HIDDEN =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Longest text that a cell of a table shows, in UTF-16 units. */
export const COMPACT = 300;

/** A text whose invisible controls are shown by their code, so that it reads as it is stored. */
export function visible(text: string, field?: Field): string {
  if (field && (field.descriptor.retouche as { bidi?: boolean } | undefined)?.bidi) return text;
  return text.replace(
    HIDDEN,
    (one) => `[U+${one.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}]`,
  );
}

/** At most `most` units of a text, never half a character, with an ellipsis where it was cut. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = /[\ud800-\udbff]/.test(text[most - 1]!) ? most - 1 : most;
  return `${text.slice(0, end).trimEnd()}…`;
}

/** An address as people say it: no scheme, no `www.`, no final slash, not too long. */
export function shortAddress(address: string, most = 40): string {
  const url = new URL(address);
  const path = decoded(url.pathname === "/" ? "" : url.pathname) + decoded(url.search);
  return cut(url.host.replace(/^www\./, "") + path.replace(/\/$/, ""), most);
}

function decoded(path: string): string {
  try {
    return visible(decodeURIComponent(path));
  } catch {
    return path;
  }
}

/** A French phone number in pairs of digits; any other as it is. */
export function spacedPhone(text: string): string {
  return /^0\d{9}$/.test(text) ? text.replace(/(\d\d)(?=\d)/g, "$1\u00a0") : text;
}

/** The values of a cell that may hold several: an array, or texts with a mark between them. */
export function listOf(field: Field, text: string): string[] {
  if (field.type === "array") return arrayItems(text) ?? [text];
  if (field.type === "list") return pieces(text, field.descriptor.delimiter ?? ",");
  const known = (one: string): boolean =>
    Object.hasOwn(field.values, one) || (field.choices?.includes(one) ?? false);
  if (known(text)) return [text];
  const { delimiter } = field.descriptor;
  if (delimiter) return pieces(text, delimiter);
  if (field.shape !== "tag") return [text];
  for (const mark of ["|", ";", ","]) {
    const found = pieces(text, mark);
    if (found.length > 1 && (mark === "|" || found.every(known))) return found;
  }
  return [text];
}

function pieces(text: string, mark: string): string[] {
  return text
    .split(mark)
    .map((one) => one.trim())
    .filter((one) => one !== "");
}

function arrayItems(text: string): string[] | null {
  try {
    const found: unknown = JSON.parse(text);
    if (!Array.isArray(found)) return null;
    return found.map((one) => (typeof one === "string" ? one : JSON.stringify(one)));
  } catch {
    return null;
  }
}
