// Texts in several languages, and templates with the names of fields in braces.

/** A text per language, or one for all. */
export type Texts = string | { [locale: string]: string };

export type Locale = "fr" | "en";
export const LOCALES: readonly Locale[] = ["fr", "en"];

/** The text in a language, else in the other one, else any. */
export function inLanguage(texts: Texts | null | undefined, locale: Locale): string {
  if (texts == null) return "";
  if (typeof texts === "string") return texts;
  return texts[locale] ?? texts["fr"] ?? texts["en"] ?? Object.values(texts)[0] ?? "";
}

/** The parts of a template: fixed texts, and names of fields (`{lib_fs}`). */
export type Part = { text: string } | { field: string };

/** `"À {lib_com}."` → fixed text, field, fixed text. Braces that name nothing stay text. */
export function templateParts(template: string): Part[] {
  return template
    .split(/(\{[^{}]+\})/)
    .filter((one) => one !== "")
    .map((one) =>
      one.startsWith("{") && one.endsWith("}") ? { field: one.slice(1, -1) } : { text: one },
    );
}

/** A template with its fields replaced by what `value` gives for each. */
export function fill(template: string, value: (field: string) => string): string {
  return templateParts(template)
    .map((part) => ("field" in part ? value(part.field) : part.text))
    .join("")
    .trim();
}

/** Accents and case folded, as the server's search does it. */
export function folded(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
