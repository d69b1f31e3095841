// What differs between two texts: by words where they have words in common, else by characters.

export interface Piece {
  kind: "same" | "old" | "new";
  text: string;
}

/** Above this many steps of comparison, texts are shown whole. */
const MOST = 40_000;
const FEW = 60;

/** The pieces of `before` and `after` in reading order: what both have, what went, what came. */
export function difference(before: string, after: string): Piece[] {
  if (before === after) return before ? [{ kind: "same", text: before }] : [];
  const short = before.length <= FEW && after.length <= FEW;
  const split = short ? characters : words;
  return tidy(compared(split(before), split(after)));
}

const characters = (text: string): string[] => [...text];
const words = (text: string): string[] => text.match(/[\p{L}\p{N}]+|\s+|[^\p{L}\p{N}\s]/gu) ?? [];

function compared(before: string[], after: string[]): Piece[] {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before.at(-1 - end) === after.at(-1 - end)
  ) {
    end += 1;
  }
  const last = before.slice(before.length - end);
  const middle = between(
    before.slice(start, before.length - end),
    after.slice(start, after.length - end),
  );
  return [
    ...before.slice(0, start).map((text): Piece => ({ kind: "same", text })),
    ...middle,
    ...last.map((text): Piece => ({ kind: "same", text })),
  ];
}

/** The longest common subsequence of what is left, where that is quick to find. */
function between(before: string[], after: string[]): Piece[] {
  const whole: Piece[] = [
    { kind: "old", text: before.join("") },
    { kind: "new", text: after.join("") },
  ];
  if (before.length * after.length > MOST) return whole;
  const width = after.length + 1;
  const lengths = new Uint16Array((before.length + 1) * width);
  for (let old = before.length - 1; old >= 0; old -= 1) {
    for (let now = after.length - 1; now >= 0; now -= 1) {
      lengths[old * width + now] =
        before[old] === after[now]
          ? lengths[(old + 1) * width + now + 1]! + 1
          : Math.max(lengths[(old + 1) * width + now]!, lengths[old * width + now + 1]!);
    }
  }
  const found: Piece[] = [];
  let old = 0;
  let now = 0;
  while (old < before.length || now < after.length) {
    if (old < before.length && now < after.length && before[old] === after[now]) {
      found.push({ kind: "same", text: before[old]! });
      old += 1;
      now += 1;
    } else if (
      now >= after.length ||
      (old < before.length &&
        lengths[(old + 1) * width + now]! >= lengths[old * width + now + 1]!)
    ) {
      found.push({ kind: "old", text: before[old]! });
      old += 1;
    } else {
      found.push({ kind: "new", text: after[now]! });
      now += 1;
    }
  }
  return found;
}

/** Neighbours of one kind made one; between two common pieces, what went before what came. */
function tidy(pieces: readonly Piece[]): Piece[] {
  const found: Piece[] = [];
  let old = "";
  let now = "";
  const flush = (): void => {
    if (old) found.push({ kind: "old", text: old });
    if (now) found.push({ kind: "new", text: now });
    old = "";
    now = "";
  };
  pieces.forEach(({ kind, text }, index) => {
    if (kind === "old") old += text;
    else if (kind === "new") now += text;
    else if ((old || now) && isCrumb(text) && hasMore(pieces, index)) {
      // One common character between two changes tells nobody anything.
      old += text;
      now += text;
    } else {
      flush();
      const last = found.at(-1);
      if (last?.kind === "same") last.text += text;
      else found.push({ kind: "same", text });
    }
  });
  flush();
  return found;
}

const isCrumb = (text: string): boolean => text.length <= 1;

function hasMore(pieces: readonly Piece[], index: number): boolean {
  const next = pieces[index + 1];
  return next !== undefined && next.kind !== "same";
}
