// Classes of numbers, for colours: which values share one, and what the legend says of each.

/** From `from` (included) up to `to` (excluded, but included in the last class). */
export interface ValueClass {
  from: number;
  to: number;
  color: string;
}

/**
 * As many classes as colours, each with about the same number of values; fewer where values repeat.
 * With `steps`, the bounds that the descriptor gives.
 */
export function classesOf(
  values: readonly number[],
  colors: readonly string[],
  steps?: readonly number[],
): ValueClass[] {
  if (!values.length || !colors.length) return [];
  const sorted = [...values].sort((one, other) => one - other);
  const least = sorted[0]!;
  const most = sorted[sorted.length - 1]!;
  const wanted = steps ?? evenShares(sorted, colors.length);
  const inner = [...new Set(wanted)].filter((one) => steps || (one > least && one <= most));
  const bounds = [
    steps ? Math.min(least, inner[0] ?? least) : least,
    ...inner,
    Math.max(most, inner[inner.length - 1] ?? most),
  ];
  const count = Math.min(bounds.length - 1, colors.length);
  return Array.from({ length: count }, (_, index) => ({
    from: bounds[index]!,
    to: index === count - 1 ? bounds[bounds.length - 1]! : bounds[index + 1]!,
    color: spread(colors, index, count, steps !== undefined),
  }));
}

function evenShares(sorted: readonly number[], parts: number): number[] {
  return Array.from(
    { length: parts - 1 },
    (_, index) => sorted[Math.floor(((index + 1) * sorted.length) / parts)]!,
  );
}

/** Fewer classes than colours take them from one end of the scale to the other. */
function spread(colors: readonly string[], index: number, count: number, fixed: boolean): string {
  if (fixed || count < 2) return colors[count < 2 && !fixed ? colors.length - 1 : index]!;
  return colors[Math.round((index * (colors.length - 1)) / (count - 1))]!;
}

/** The class of a value; null when it lies in none. */
export function classOf(value: number, classes: readonly ValueClass[]): ValueClass | null {
  const last = classes[classes.length - 1];
  for (const one of classes) {
    if (value >= one.from && (value < one.to || (one === last && value <= one.to))) return one;
  }
  return null;
}

/** From here on a decimal says nothing that a reader of a map could use. */
const LARGE = 100;

/** Decimals with which the bounds of classes stay apart; one at least for small ones that are not
 * whole. */
export function digitsFor(classes: readonly ValueClass[]): number {
  const bounds = [...new Set(classes.flatMap((one) => [one.from, one.to]))];
  const fine = bounds.some((one) => !Number.isInteger(one) && Math.abs(one) < LARGE);
  for (let digits = fine ? 1 : 0; digits < 6; digits += 1) {
    if (new Set(bounds.map((one) => one.toFixed(digits))).size === bounds.length) return digits;
  }
  return 6;
}
