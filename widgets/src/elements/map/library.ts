// MapLibre GL, fetched when the first map is shown, with its worker beside it.

import type * as MapLibre from "maplibre-gl";
import workerAddress from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";

export type Library = typeof MapLibre;

/** The browser cannot draw maps: no WebGL 2, or the program of the map cannot be had. */
export class NoMaps extends Error {}

let asked: Promise<Library> | null = null;

/** The library, ready to draw. Raises `NoMaps`. */
export async function library(): Promise<Library> {
  if (!drawsMaps()) throw new NoMaps("webgl");
  asked ??= load();
  try {
    return await asked;
  } catch (error) {
    asked = null;
    throw new NoMaps(String(error));
  }
}

async function load(): Promise<Library> {
  const [found, worker] = await Promise.all([import("maplibre-gl"), workerUrl()]);
  found.setWorkerUrl(worker);
  return found;
}

/**
 * Where the worker is started from. Browsers start none from another origin, so there it is read
 * and started from a `blob:`. A `blob:` that imports it would not do: what a worker imports is held
 * to `worker-src` too, and hosts with a strict policy allow `blob:` there and no more.
 */
async function workerUrl(): Promise<string> {
  const address = new URL(workerAddress, import.meta.url);
  if (address.origin === location.origin || globalThis.origin === "null") return address.href;
  const answer = await fetch(address, { credentials: "omit" });
  if (!answer.ok) throw new Error(`${answer.status} ${address.href}`);
  return URL.createObjectURL(new Blob([await answer.text()], { type: "text/javascript" }));
}

function drawsMaps(): boolean {
  try {
    const context = document.createElement("canvas").getContext("webgl2");
    // Browsers keep few contexts: give this one back at once.
    context?.getExtension("WEBGL_lose_context")?.loseContext();
    return context !== null;
  } catch {
    return false;
  }
}
