// The browser's storage, where there is one: a sandboxed or third-party frame may have none.

/** On the device, or only in this tab until it is closed. */
type Place = "localStorage" | "sessionStorage";

/** What is kept under a name, null when nothing is or nothing can be kept. */
export function kept(name: string, place: Place = "localStorage"): string | null {
  try {
    return globalThis[place].getItem(name);
  } catch {
    return null;
  }
}

/** Keep a text, or forget it (null). False when the browser keeps nothing for us. */
export function keep(name: string, text: string | null, place: Place = "localStorage"): boolean {
  try {
    const storage = globalThis[place];
    if (text === null) storage.removeItem(name);
    else storage.setItem(name, text);
    return true;
  } catch {
    return false;
  }
}

/** Be told when another window changes what is kept under a name. */
export function onKept(name: string, told: () => void): void {
  globalThis.addEventListener?.("storage", ({ key }) => {
    if (key === name || key === null) told();
  });
}
