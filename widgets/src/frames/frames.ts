// In the host page: gives each of our frames the height that its content tells.

import { heightIn } from "./hearing";

const ours = new URL(import.meta.url).origin;

window.addEventListener("message", (event) => {
  const height = heightIn(event.data);
  if (height === null) return;
  for (const frame of document.querySelectorAll("iframe")) {
    if (frame.contentWindow === event.source && isOurs(frame, event.origin)) {
      frame.style.height = `${height}px`;
    }
  }
});

/** Whether a frame speaks for us. A sandboxed one has no origin: its address tells. */
function isOurs(frame: HTMLIFrameElement, origin: string): boolean {
  if (origin === ours) return true;
  const sandboxed = frame.hasAttribute("sandbox") && !frame.sandbox.contains("allow-same-origin");
  return origin === "null" && sandboxed && frame.src.startsWith(`${ours}/`);
}
