// A chart as a picture of its own: an SVG file, or painted on a canvas. Nothing is loaded for it.

import { folded } from "../../model/texts";
import { wrapped } from "./lettering";
import { addLines, LINE, newScene, type Pen, type Scene, type TextShape } from "./scene";

/** What stands around the drawing. */
export interface Frame {
  title: string;
  subtitle: string;
  notes: readonly string[];
}

interface Picture {
  width: number;
  height: number;
  layers: { x: number; y: number; scene: Scene }[];
}

const EDGE = 20;

/** The drawing under its title, above its notes. `pen.width` is that of the drawing. */
export function framed(scene: Scene, frame: Frame, pen: Pen): Picture {
  const head = newScene(pen);
  const foot = newScene(pen);
  const add = (to: Scene, text: string, shape: Pick<TextShape, "size" | "fill" | "bold">): void => {
    if (!text) return;
    const height = shape.size + 6;
    const lines = wrapped(text, pen.width, shape.size, pen.widthOf, 6, shape.bold);
    addLines(to, lines, { x: 0, y: to.height + shape.size, ...shape }, height);
    to.height += lines.length * height;
  };
  add(head, frame.title, { size: 18, fill: pen.ink.text, bold: true });
  add(head, frame.subtitle, { size: 13, fill: pen.ink.muted });
  for (const note of frame.notes) add(foot, note, { size: 12, fill: pen.ink.muted });
  const y = EDGE + head.height + (head.height ? LINE : 0);
  const below = y + scene.height + LINE;
  return {
    width: pen.width + 2 * EDGE,
    height: below + foot.height + EDGE,
    layers: [
      { x: EDGE, y: EDGE, scene: head },
      { x: EDGE, y, scene },
      { x: EDGE, y: below, scene: foot },
    ],
  };
}

const escaped = (text: string): string =>
  text
    // Characters that no XML file may hold.
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
    .replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);

/** The SVG file, with its colours and font written in. */
export function svgFile(picture: Picture, pen: Pen, font: string, summary: string): string {
  const { width, height } = picture;
  const layers = picture.layers.map(({ x, y, scene }) => {
    const shapes = scene.shapes.map((shape) => {
      if ("text" in shape) {
        const halo = shape.halo
          ? ` stroke="${shape.halo}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"`
          : "";
        return (
          `<text x="${shape.x}" y="${shape.y}" font-size="${shape.size}" fill="${shape.fill}"` +
          `${shape.bold ? ' font-weight="600"' : ""} text-anchor="${shape.anchor ?? "start"}"` +
          `${halo}>${escaped(shape.text)}</text>`
        );
      }
      if (shape.touch) return "";
      const line = shape.stroke
        ? ` stroke="${shape.stroke}" stroke-width="${shape.width ?? 1}"`
        : "";
      const dash = shape.dash ? ` stroke-dasharray="${shape.dash}"` : "";
      return `<path d="${shape.d}" fill="${shape.fill ?? "none"}"${line}${dash}/>`;
    });
    return `<g transform="translate(${x} ${y})">${shapes.join("")}</g>`;
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"` +
    ` viewBox="0 0 ${width} ${height}" font-family="${escaped(font)}" role="img">` +
    `<title>${escaped(summary)}</title>` +
    `<rect width="${width}" height="${height}" fill="${pen.ink.surface}"/>${layers.join("")}</svg>`
  );
}

/** Paint the picture, `scale` pixels for one. */
function paint(
  context: CanvasRenderingContext2D,
  picture: Picture,
  pen: Pen,
  font: string,
  scale: number,
): void {
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.fillStyle = pen.ink.surface;
  context.fillRect(0, 0, picture.width, picture.height);
  context.lineJoin = "round";
  for (const { x, y, scene } of picture.layers) {
    context.setTransform(scale, 0, 0, scale, x * scale, y * scale);
    for (const shape of scene.shapes) {
      if ("text" in shape) {
        context.font = `${shape.bold ? 600 : 400} ${shape.size}px ${font}`;
        context.textAlign = ({ start: "left", middle: "center", end: "right" } as const)[
          shape.anchor ?? "start"
        ];
        if (shape.halo) {
          context.strokeStyle = shape.halo;
          context.lineWidth = 3;
          context.strokeText(shape.text, shape.x, shape.y);
        }
        context.fillStyle = shape.fill;
        context.fillText(shape.text, shape.x, shape.y);
      } else if (!shape.touch) {
        const path = new Path2D(shape.d);
        if (shape.fill) {
          context.fillStyle = shape.fill;
          context.fill(path);
        }
        if (!shape.stroke) continue;
        context.strokeStyle = shape.stroke;
        context.lineWidth = shape.width ?? 1;
        context.setLineDash((shape.dash ?? "").split(" ").filter(Boolean).map(Number));
        context.stroke(path);
      }
    }
  }
}

/** What is saved. */
export interface Saved {
  scene: Scene;
  frame: Frame;
  pen: Pen;
  font: string;
  summary: string;
}

/** Let the browser save the picture as a file named after its title; pixels are two for one. */
export async function savePicture(kind: "png" | "svg", saved: Saved): Promise<void> {
  const { scene, frame, pen, font, summary } = saved;
  const picture = framed(scene, frame, pen);
  let content: Blob | null;
  if (kind === "svg") {
    content = new Blob([svgFile(picture, pen, font, summary)], { type: "image/svg+xml" });
  } else {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [picture.width * 2, picture.height * 2];
    paint(canvas.getContext("2d")!, picture, pen, font, 2);
    content = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  }
  if (!content) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = `${fileName(frame.title)}.${kind}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function fileName(title: string): string {
  const words = folded(title).split(/[^a-z0-9]+/);
  return words.filter(Boolean).join("-").slice(0, 60) || "chart";
}
