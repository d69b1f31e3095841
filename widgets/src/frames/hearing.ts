// What a host makes of the words in which a framed page tells its height.

/** Pixels between which a told height is believed. */
const LOWEST = 40;
const HIGHEST = 20_000;

/** The height that a message tells, null when it tells none that can be believed. */
export function heightIn(data: unknown): number | null {
  if (typeof data !== "object" || data === null) return null;
  const told = (data as { "datawrapper-height"?: unknown })["datawrapper-height"];
  if (typeof told !== "object" || told === null) return null;
  const [height] = Object.values(told) as unknown[];
  if (typeof height !== "number") return null;
  return height >= LOWEST && height <= HIGHEST ? Math.ceil(height) : null;
}
