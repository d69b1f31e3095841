// The colours of the theme as a map needs them: plain, whatever way a site wrote them.

export interface Palette {
  surface: string;
  raised: string;
  line: string;
  control: string;
  text: string;
  muted: string;
  accent: string;
}

const PROPERTIES: { [name in keyof Palette]: string } = {
  surface: "--_surface",
  raised: "--_raised",
  line: "--_line",
  control: "--_control-line",
  text: "--_text",
  muted: "--_muted",
  accent: "--_accent",
};

/** The colours worn inside an element's shadow root now, light or dark. */
export function paletteOf(root: ParentNode): Palette {
  const probe = document.createElement("span");
  probe.hidden = true;
  root.append(probe);
  // A map is a picture: where the system forces its colours upon text, all would be one colour.
  probe.style.setProperty("forced-color-adjust", "none");
  const worn = getComputedStyle(probe);
  const found = Object.entries(PROPERTIES).map(([name, property]) => {
    probe.style.setProperty("color", `var(${property})`);
    return [name, plainColor(worn.color)];
  });
  probe.remove();
  return Object.fromEntries(found) as Palette;
}

let pen: CanvasRenderingContext2D | null = null;

/** A CSS colour as `#rrggbb`, which every part of a map understands. */
function plainColor(text: string): string {
  pen ??= document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (!pen) return "#808080";
  pen.fillStyle = text;
  pen.clearRect(0, 0, 1, 1);
  pen.fillRect(0, 0, 1, 1);
  const [red, green, blue] = pen.getImageData(0, 0, 1, 1).data;
  return `#${[red, green, blue].map((one) => one!.toString(16).padStart(2, "0")).join("")}`;
}
