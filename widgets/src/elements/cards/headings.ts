// What a block is called: a heading under that of its card, or a line in a list of cards.

import { html, nothing, type TemplateResult } from "lit";

/** Of a heading; 0 for none, where a list of cards has headings enough. */
export type Level = 0 | 2 | 3 | 4;

export function headingTemplate(text: string, level: Level): TemplateResult | typeof nothing {
  if (!text) return nothing;
  switch (level) {
    case 0:
      return html`<p class="heading">${text}</p>`;
    case 2:
      return html`<h2 class="heading whole">${text}</h2>`;
    case 3:
      return html`<h3 class="heading whole">${text}</h3>`;
    case 4:
      return html`<h4 class="heading whole">${text}</h4>`;
  }
}
