// Whom the data is owed to. Addresses come from the descriptor and are checked.

import { html, nothing, type TemplateResult } from "lit";
import { speaker } from "../../model/messages";
import { inLanguage, type Locale } from "../../model/texts";
import { safeLink } from "../../model/values";
import type { Credit } from "../../model/views";
import { styleMap } from "../../styles/style-map";
import { MESSAGES } from "./messages";

const HEIGHT = 24;

export function creditsTemplate(
  credits: readonly Credit[],
  locale: Locale,
): TemplateResult | typeof nothing {
  if (!credits.length) return nothing;
  const say = speaker(MESSAGES, locale);
  return html`<ul class="credits" part="credits" aria-label=${say("credits")}>
    ${credits.map((credit) => html`<li>${linked(credit, locale, say("new_window"))}</li>`)}
  </ul>`;
}

function linked(credit: Credit, locale: Locale, newWindow: string): TemplateResult {
  const url = credit.url && safeLink(credit.url);
  const shown = logoOrText(credit, locale);
  if (!url) return shown;
  return html`<a href=${url} target="_blank" rel="noopener"
    >${shown}<span class="visually-hidden"> ${newWindow}</span></a
  >`;
}

function logoOrText(credit: Credit, locale: Locale): TemplateResult {
  const text = inLanguage(credit.text, locale);
  const image = credit.image && safeLink(credit.image);
  if (!image) return html`${text}`;
  return html`<img
    src=${image}
    alt=${text}
    loading="lazy"
    referrerpolicy="no-referrer"
    style=${styleMap({ height: `${credit.height ?? HEIGHT}px` })}
  />`;
}
