// What the page an element stands on looks like: its colours as numbers, the widths of its letters.

import { css } from "lit";
import type { Ink } from "./colours";
import type { TextWidth } from "./lettering";

const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
const known = new Map<string, string>();
const widths = new Map<string, number>();

/** Any CSS colour as `#rrggbb`, as the browser paints it. */
function hexadecimal(color: string): string {
  const found = known.get(color);
  if (found) return found;
  if (!context) return "#808080";
  context.clearRect(0, 0, 1, 1);
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  const text = `#${[red, green, blue].map((one) => one.toString(16).padStart(2, "0")).join("")}`;
  known.set(color, text);
  return text;
}

/** What the colours are read from: a custom property would tell a formula, and no colour. */
export const probe = css`
  .probe {
    display: none;
    color: var(--_text);
    background-color: var(--_surface);
    border-color: var(--_muted) var(--_line) var(--_accent);
  }
`;

/** The colours and the font of an element `.probe` inside our theme. */
export function surfaceOf(element: Element): { ink: Ink; font: string } {
  const style = getComputedStyle(element);
  return {
    ink: {
      text: hexadecimal(style.color),
      muted: hexadecimal(style.borderTopColor),
      line: hexadecimal(style.borderRightColor),
      surface: hexadecimal(style.backgroundColor),
      accent: hexadecimal(style.borderBottomColor),
    },
    font: style.fontFamily || "sans-serif",
  };
}

/** Widths of texts in a font. */
export function lettersOf(font: string): TextWidth {
  return (text, size, bold = false) => {
    if (!context) return text.length * size * 0.6;
    const name = `${bold ? 600 : 400} ${size}px ${font}`;
    let width = widths.get(name + text);
    if (width === undefined) {
      context.font = name;
      width = context.measureText(text).width;
      if (widths.size > 5000) widths.clear();
      widths.set(name + text, width);
    }
    return width;
  };
}
