// Where in the window a reader is looking: in a frame that is as high as its content, only a part
// of the window is on the screen, and its middle may be far from it.

export interface Part {
  /** Pixels from the top of the window. */
  top: number;
  height: number;
}

/** Less is no room for a dialog: then it may reach out of sight. */
const LEAST = 420;

/**
 * In a frame: tells a box with `position: fixed` by custom properties how far from the edges of
 * the window it is to stay (`--_above`, `--_below`) and how much room that leaves (`--_room`),
 * once the frame is on the screen. Null in a page, which is on the screen as a whole.
 */
export function fit(box: HTMLElement): Promise<void> | null {
  if (window.parent === window) return null;
  return new Promise((done) => {
    const observer = new IntersectionObserver(([entry]) => {
      if (!entry!.isIntersecting) return;
      observer.disconnect();
      const { top, height } = within(entry!.intersectionRect, window.innerHeight);
      box.style.setProperty("--_above", `${top}px`);
      box.style.setProperty("--_below", `${window.innerHeight - top - height}px`);
      box.style.setProperty("--_room", `${height}px`);
      done();
    });
    observer.observe(document.documentElement);
  });
}

/** The part of a window of some height that a dialog may fill, where one part is on the screen. */
export function within({ top, height }: Part, whole: number): Part {
  const room = Math.min(whole, Math.max(height, LEAST));
  return { top: Math.min(Math.max(0, top), whole - room), height: room };
}
