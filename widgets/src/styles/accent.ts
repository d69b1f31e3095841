// A site's own colour for buttons and links, made so that text in it, and on it, can be read.

const HEXADECIMAL = /^#[0-9a-f]{6}$/i;
/** Of WCAG 2, for text of any size. */
const READABLE = 4.5;
const WHITE: Colour = [255, 255, 255];
const BLACK: Colour = [0, 0, 0];
const SCHEMES = {
  light: { surface: WHITE, raised: [244, 245, 248], towards: BLACK },
  dark: { surface: [23, 25, 30], raised: [34, 37, 44], towards: WHITE },
} as const satisfies { [scheme: string]: { [name: string]: Colour } };
const STEPS = 50;

type Colour = readonly [number, number, number];

/** Colours as `#rrggbb`. */
export interface Accent {
  /** The colour itself, as little lighter or darker as it takes to read it as text. */
  accent: string;
  /** Of text on it. */
  on: string;
  /** Behind what is marked with it. */
  surface: string;
}

const PROPERTIES: { [part in keyof Accent]: string } = {
  accent: "--retouche-accent",
  on: "--retouche-on-accent",
  surface: "--retouche-accent-surface",
};

/** What becomes of a colour on light and on dark grounds; null when it is not `#rrggbb`. */
export function accentOf(text: string): { light: Accent; dark: Accent } | null {
  if (!HEXADECIMAL.test(text)) return null;
  const colour = read(text);
  return { light: inScheme(colour, SCHEMES.light), dark: inScheme(colour, SCHEMES.dark) };
}

function inScheme(
  colour: Colour,
  { surface, raised, towards }: { surface: Colour; raised: Colour; towards: Colour },
): Accent {
  const tinted = mixed(surface, colour, 0.12);
  let accent = colour;
  for (let step = 1; step <= STEPS; step += 1) {
    const hardest = Math.min(...[surface, raised, tinted].map((one) => contrast(accent, one)));
    if (hardest >= READABLE) break;
    accent = mixed(colour, towards, step / STEPS);
  }
  const on = contrast(WHITE, accent) >= contrast(BLACK, accent) ? WHITE : BLACK;
  return { accent: written(accent), on: written(on), surface: written(tinted) };
}

/** Give an element the colour, or take it away again: by the CSSOM, which any policy lets pass. */
export function accentuate(element: HTMLElement, text: string | null): void {
  const found = accentOf(text ?? "");
  const both = CSS.supports("color", "light-dark(#fff, #000)");
  for (const part of ["accent", "on", "surface"] as const) {
    if (!found) {
      element.style.removeProperty(PROPERTIES[part]);
      continue;
    }
    const { light, dark } = found;
    const color = both ? `light-dark(${light[part]}, ${dark[part]})` : light[part];
    element.style.setProperty(PROPERTIES[part], color);
  }
}

function read(text: string): Colour {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16));
  return [red!, green!, blue!];
}

function written(colour: Colour): string {
  return `#${colour.map((one) => one.toString(16).padStart(2, "0")).join("")}`;
}

function mixed([red, green, blue]: Colour, other: Colour, share: number): Colour {
  const at = (one: number, another: number): number => Math.round(one + (another - one) * share);
  return [at(red, other[0]), at(green, other[1]), at(blue, other[2])];
}

/** As WCAG 2 measures it: from 1 to 21. */
function contrast(one: Colour, other: Colour): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light! + 0.05) / (dark! + 0.05);
}

function luminance(colour: Colour): number {
  const [red, green, blue] = colour.map((one) => {
    const share = one / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}
