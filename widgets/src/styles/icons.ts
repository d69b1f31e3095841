// Small drawings, one path each, on a grid of 24. Decoration only: a text says the same beside them.

import { svg, html, type TemplateResult } from "lit";

const PATHS = {
  close: "M6 6l12 12M18 6L6 18",
  search: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l5 5",
  filter: "M3 5h18l-7 8v6l-4-2v-4z",
  sort: "M7 4v16M7 20l-3-3M7 20l3-3M13 6h8M13 11h6M13 16h4",
  share: "M8 12h9M13 7l5 5-5 5M10 4H4v16h6",
  download: "M12 4v11M7 11l5 5 5-5M4 20h16",
  code: "M9 7l-5 5 5 5M15 7l5 5-5 5",
  full: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  edit: "M4 20l1-4L16 5l3 3L8 19z",
  add: "M12 5v14M5 12h14",
  less: "M5 12h14",
  remove: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  undo: "M9 5L4 10l5 5M4 10h9a6 6 0 0 1 0 12h-2",
  phone: "M5 4h4l2 5-3 2a12 12 0 0 0 5 5l2-3 5 2v4a1 1 0 0 1-1 1A16 16 0 0 1 4 5a1 1 0 0 1 1-1z",
  mail: "M4 6h16v12H4zM4 7l8 6 8-6",
  link: "M10 14l4-4M8 12l-2 2a3.5 3.5 0 0 0 5 5l2-2M16 12l2-2a3.5 3.5 0 0 0-5-5l-2 2",
  pin: "M12 21s7-6.5 7-12a7 7 0 0 0-14 0c0 5.500 7 12 7 12zM12 7a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5z",
  clock: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4l3 2",
  table: "M4 5h16v14H4zM4 10h16M10 5v14",
  cards: "M4 5h7v14H4zM13 5h7v14h-7z",
  map: "M4 6l5-2 6 2 5-2v14l-5 2-6-2-5 2zM9 4v14M15 6v14",
  dataviz: "M5 20V10M12 20V4M19 20v-7",
  previous: "M15 5l-7 7 7 7",
  next: "M9 5l7 7-7 7",
  down: "M5 9l7 7 7-7",
  up: "M5 15l7-7 7 7",
  check: "M5 12l5 5L19 7",
  warning: "M12 4l9 16H3zM12 10v5M12 17v1",
  upload: "M12 16V5M7 9l5-5 5 5M4 20h16",
  locate: "M12 3v4M12 17v4M3 12h4M17 12h4M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z",
} as const;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName): TemplateResult {
  return html`<svg
    class="icon"
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="2"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    ${svg`<path d=${PATHS[name]} />`}
  </svg>`;
}
