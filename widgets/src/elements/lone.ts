// View elements that stand alone on a page: the class is loaded when the first of them is there.

import { loadPart, type PartName } from "./hosting/parts";

const VIEWS: readonly [tag: string, part: PartName][] = [
  ["retouche-table", "table"],
  ["retouche-cards", "cards"],
  ["retouche-card", "card"],
  ["retouche-map", "map"],
  ["retouche-dataviz", "dataviz"],
];
const asked = new Set<string>();

/** Load the classes of elements that have come. What such an element holds is shown until then. */
function look(): void {
  for (const [tag, part] of VIEWS) {
    if (asked.has(tag) || !document.getElementsByTagName(tag).length) continue;
    asked.add(tag);
    loadPart(part).catch(() => undefined); // told in the console; what the element holds stays
  }
}

look();
new MutationObserver(look).observe(document, { childList: true, subtree: true });
