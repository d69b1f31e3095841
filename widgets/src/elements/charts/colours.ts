// Colours of marks: a palette that colour-blind readers can tell apart, and what makes any colour
// visible on any surface.

/**
 * Okabe & Ito, "Color Universal Design" (2008), https://jfly.uni-koeln.de/color/, the black left
 * out (it vanishes on a dark surface) and a grey added for the eighth.
 */
export const PALETTE = [
  "#0072b2",
  "#e69f00",
  "#009e73",
  "#cc79a7",
  "#56b4e9",
  "#d55e00",
  "#f0e442",
  "#8a8f99",
] as const;

/** The colours of a chart that are no data, as `#rrggbb`. */
export interface Ink {
  text: string;
  muted: string;
  line: string;
  surface: string;
  accent: string;
}

export function paletteColor(index: number): string {
  return PALETTE[index % PALETTE.length]!;
}

const channels = (color: string): number[] =>
  [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));

/** WCAG 2 relative luminance. */
function luminance(color: string): number {
  const [red, green, blue] = channels(color).map((one) => {
    const part = one / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

/** WCAG 2 contrast, from 1 to 21. */
export function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light! + 0.05) / (dark! + 0.05);
}

/** A colour moved towards another one by a share from 0 to 1. */
export function mixed(from: string, to: string, share: number): string {
  const there = channels(to);
  return `#${channels(from)
    .map((one, at) => Math.round(one + (there[at]! - one) * share))
    .map((one) => one.toString(16).padStart(2, "0"))
    .join("")}`;
}

/** The colour, moved towards the text's only as far as it takes to stand out (3:1) on the surface. */
export function visible(color: string, ink: Ink): string {
  let found = color;
  for (let share = 0.1; contrast(found, ink.surface) < 3 && share <= 1; share += 0.1) {
    found = mixed(color, ink.text, share);
  }
  return found;
}
