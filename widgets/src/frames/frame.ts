// In the frame: tells the host the height of the content whenever it changes.

import { messages } from "./telling";

declare global {
  interface Window {
    /** Of CSS Box Sizing 4: the host's `frame-sizing` measures the content again. */
    requestResize?: () => void;
  }
}

/** Heights that are told one right after the other, each because the host gave the one before. */
const MOST_STEPS = 20;
const QUIET_MS = 1000;

let told = 0;
let toldAt = 0;
let steps = 0;

function tell(): void {
  const height = Math.ceil(document.body.getBoundingClientRect().height);
  if (height === told) return;
  // What is as high as the window grows with the frame that grows with it: this ends somewhere.
  const chasing = height > told && performance.now() - toldAt < QUIET_MS;
  steps = chasing ? steps + 1 : 0;
  if (steps > MOST_STEPS) return;
  told = height;
  toldAt = performance.now();
  for (const message of messages(location.pathname, height)) {
    window.parent.postMessage(message, "*"); // the height is no secret, and any site may frame it
  }
  try {
    window.requestResize?.();
  } catch {
    // The frame is an element that has no size of its own; the host heard the messages.
  }
}

if (window.parent !== window) {
  new ResizeObserver(tell).observe(document.body);
  tell();
}
