// One timer for all that must be told anew each minute, at rest while nobody looks.

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;

const MINUTE = 60_000;

/** Call back at the start of each minute while the page is visible, and when it becomes so. */
export function eachMinute(callback: () => void): () => void {
  listeners.add(callback);
  if (listeners.size === 1) {
    document.addEventListener("visibilitychange", seen);
    wait();
  }
  return () => {
    listeners.delete(callback);
    if (listeners.size) return;
    document.removeEventListener("visibilitychange", seen);
    clearTimeout(timer);
  };
}

function wait(): void {
  clearTimeout(timer);
  if (document.hidden) return;
  timer = setTimeout(tell, MINUTE - (Date.now() % MINUTE));
}

function tell(): void {
  for (const one of listeners) one();
  wait();
}

function seen(): void {
  if (!document.hidden) tell();
}
