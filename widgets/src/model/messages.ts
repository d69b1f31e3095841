// What the widgets say, in the reader's language. Each element keeps its own texts beside it.

import type { Locale } from "./texts";

/** Texts by name; in a text, `{x}` is filled in, and `{n|one|many}` chooses by the number n. */
export type Messages<Name extends string> = { [locale in Locale]: { [name in Name]: string } };

export type Say<Name extends string> = (
  name: Name,
  values?: { [name: string]: string | number },
) => string;

/** Spaces where French lets no line end. */
const TIED = /« | (?=[:;?!»%])/g;

/**
 * The texts of a language, ready to be filled; what fills them stays as it is. French counts 0 and
 * 1 as one, English only 1.
 */
export function speaker<Name extends string>(
  messages: Messages<Name>,
  locale: Locale,
): Say<Name> {
  return (name, values = {}) =>
    typeset(messages[locale][name], locale).replace(
      /\{(\w+)(?:\|([^|{}]*)\|([^|{}]*))?\}/g,
      (_, value: string, one?: string, many?: string) => {
        const given = values[value] ?? "";
        if (one === undefined) {
          return typeof given === "number"
            ? new Intl.NumberFormat(locale === "fr" ? "fr-FR" : "en-GB").format(given)
            : given;
        }
        const number = Math.abs(Number(given));
        return (locale === "fr" ? number < 2 : number === 1) ? one : many!;
      },
    );
}

function typeset(text: string, locale: Locale): string {
  const set = text.replaceAll("'", "’");
  return locale === "fr" ? set.replace(TIED, (found) => found.replace(" ", "\u00a0")) : set;
}
