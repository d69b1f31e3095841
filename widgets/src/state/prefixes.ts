// The prefixes in use on this page, so that two widgets never write the same parameters.

const held = new Map<string, number>();

/** The name, or the name with a number, that no other widget of the page uses. It is then held. */
export function take(name: string): string {
  const plain = plainPrefix(name) || "widget";
  let found = plain;
  for (let number = 2; held.has(found); number += 1) found = `${plain}-${number}`;
  hold(found);
  return found;
}

/** Use a prefix, whoever else does. */
export function hold(prefix: string): void {
  held.set(prefix, (held.get(prefix) ?? 0) + 1);
}

/** Give a prefix back: its widget has left the page. */
export function release(prefix: string): void {
  const users = (held.get(prefix) ?? 0) - 1;
  if (users > 0) held.set(prefix, users);
  else held.delete(prefix);
}

/** A text as a prefix: a dot would mix its parameters with those of another one. */
export function plainPrefix(text: string): string {
  return text.replace(/[^\w-]/g, "-");
}

/** What a widget is called, by the last part of its descriptor's address. */
export function nameIn(src: string): string {
  const path = src.split(/[?#]/)[0]!.replace(/\/+$/, "");
  return decodeURIComponentSafely(path.slice(path.lastIndexOf("/") + 1)).replace(/\.json$/, "");
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
