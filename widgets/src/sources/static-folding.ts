// What search and the order of text ignore: case, accents, ligatures, typographic apostrophes.

const MARKS = /[\u0300-\u036f]+/g;
const ALIKE: readonly [RegExp, string][] = [
  [/œ/g, "oe"],
  [/Œ/g, "OE"],
  [/æ/g, "ae"],
  [/Æ/g, "AE"],
  [/[\u2018\u2019\u02bc]/g, "'"],
];
const ASCII = /^[\0-\x7f]*$/;
const WORD = /"([^"]*)"|([^\s"]+)/g;

/** The text without what search and order ignore. */
export function fold(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  let plain = text.normalize("NFKD").replace(MARKS, "");
  for (const [letters, other] of ALIKE) plain = plain.replace(letters, other);
  if (ASCII.test(plain)) return plain.toLowerCase();
  const lower = plain.toLowerCase().replace(/ß/g, "ss").replace(/ς/g, "σ");
  return lower.normalize("NFKD").replace(/\p{Mn}+/gu, "");
}

/** The folded words of a search; a quoted phrase is one word. */
export function wordsOf(text: string): string[] {
  const found = [...text.matchAll(WORD)].map((one) => fold(one[1] || one[2] || "").trim());
  return [...new Set(found)].filter((one) => one !== "");
}

/** Orders by code point, as the bytes of UTF-8 do. */
export function compareTexts(one: string, other: string): number {
  if (one === other) return 0;
  const end = Math.min(one.length, other.length);
  let at = 0;
  while (at < end && one.charCodeAt(at) === other.charCodeAt(at)) at += 1;
  if (at === end) return one.length - other.length;
  const [first, second] = [one.charCodeAt(at), other.charCodeAt(at)];
  // Halves of a character beyond the first plane come after all others.
  const high = Number(isHalf(first)) - Number(isHalf(second));
  return high || first - second;
}

const isHalf = (code: number): boolean => code >= 0xd800 && code <= 0xdfff;
