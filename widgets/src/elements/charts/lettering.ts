// Lines of text that fit: how wide they are is told by whoever draws.

/** Pixels that a text takes at a size. */
export type TextWidth = (text: string, size: number, bold?: boolean) => number;

/**
 * The lines of a text, none wider than `width`. Words wider than that are broken; what does not
 * fit in `most` lines ends in an ellipsis.
 */
export function wrapped(
  text: string,
  width: number,
  size: number,
  widthOf: TextWidth,
  most = 4,
  bold = false,
): string[] {
  const fits = (one: string): boolean => widthOf(one, size, bold) <= width;
  const lines: string[] = [];
  let line = "";
  // Between words, but not inside a number (`2 500`).
  const pieces = text.trim().split(/(?<=[ \t\n/\-–])(?<!\d (?=\d))/u);
  for (let piece of pieces) {
    if (fits((line + piece).trimEnd())) {
      line += piece;
      continue;
    }
    if (line.trim()) lines.push(line.trim());
    line = "";
    while (!fits(piece.trimEnd()) && piece.length > 1) {
      let cut = piece.length - 1;
      while (cut > 1 && !fits(piece.slice(0, cut))) cut -= 1;
      lines.push(piece.slice(0, cut));
      piece = piece.slice(cut);
    }
    line = piece;
    if (lines.length > most) break;
  }
  if (line.trim()) lines.push(line.trim());
  if (lines.length <= most) return lines;
  const kept = lines.slice(0, most);
  let last = kept[most - 1]!;
  while (last.length > 1 && !fits(`${last}…`)) last = last.slice(0, -1);
  kept[most - 1] = `${last.trimEnd()}…`;
  return kept;
}

/** The widest of some lines. */
export function widest(lines: readonly string[], size: number, widthOf: TextWidth): number {
  return Math.max(0, ...lines.map((one) => widthOf(one, size)));
}

/** Whether every word fits, so that wrapping breaks none and leaves nothing out. */
export function wrapsWell(
  text: string,
  width: number,
  size: number,
  widthOf: TextWidth,
  most: number,
): boolean {
  const words = text.split(/[ \t\n/\-–]+/u);
  return (
    words.every((one) => widthOf(`${one}-`, size) <= width) &&
    !wrapped(text, width, size, widthOf, most).at(-1)?.endsWith("…")
  );
}
