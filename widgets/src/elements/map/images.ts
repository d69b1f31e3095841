// Small pictures drawn for a map when it needs them: texts, which would want a server of fonts
// otherwise, and hatching. Their name says all that is needed to draw them.

import type { Map as MapLibreMap } from "maplibre-gl";

export type Picture =
  | ["count", text: string, color: string]
  | ["name", text: string, color: string, halo: string]
  | ["hatch", color: string, ground: string];

const SCALE = 2;
const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

/** The name by which a style asks for a picture. */
export const pictureName = (picture: Picture): string => JSON.stringify(picture);

/** Draw what a map asks for by name; names of others stay unknown. */
export function drawPictures(map: MapLibreMap): void {
  map.setMissingStyleImageResolver((name) => {
    const picture = parsed(name);
    const data = picture && drawn(picture);
    if (data && !map.hasImage(name)) map.addImage(name, data, { pixelRatio: SCALE });
  });
}

function parsed(name: string): Picture | null {
  if (!/^\["(count|name|hatch)",/.test(name)) return null;
  try {
    return JSON.parse(name) as Picture;
  } catch {
    return null;
  }
}

function drawn(picture: Picture): ImageData | null {
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (!pen) return null;
  if (picture[0] === "hatch") return hatching(pen, picture[1], picture[2]);
  const [kind, text, color] = picture;
  const font = `${kind === "count" ? 600 : 500} ${(kind === "count" ? 13 : 12) * SCALE}px ${FONT}`;
  pen.font = font;
  const width = Math.ceil(pen.measureText(text).width) + 8 * SCALE;
  const height = 20 * SCALE;
  pen.canvas.width = width;
  pen.canvas.height = height;
  pen.font = font;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  if (kind === "name") {
    pen.lineJoin = "round";
    pen.lineWidth = 3 * SCALE;
    pen.strokeStyle = picture[3];
    pen.strokeText(text, width / 2, height / 2);
  }
  pen.fillStyle = color;
  pen.fillText(text, width / 2, height / 2);
  return pen.getImageData(0, 0, width, height);
}

/** A tile whose lines meet those of its neighbours. */
function hatching(pen: CanvasRenderingContext2D, color: string, ground: string): ImageData {
  const side = 16;
  pen.canvas.width = side;
  pen.canvas.height = side;
  pen.fillStyle = ground;
  pen.fillRect(0, 0, side, side);
  pen.strokeStyle = color;
  pen.lineWidth = 2;
  pen.beginPath();
  for (const from of [-side, 0, side]) {
    pen.moveTo(from - 4, side + 4);
    pen.lineTo(from + side + 4, -4);
  }
  pen.stroke();
  return pen.getImageData(0, 0, side, side);
}
