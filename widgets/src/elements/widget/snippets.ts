// The code that embeds a widget in a page of another site.

import type { ResolvedDescriptor } from "../../model/descriptor";

const HEIGHT = 720;

export interface Snippets {
  element: string | null;
  iframe: string | null;
  /** Where the embed's looks are chosen. */
  builder: string | null;
}

/** Snippets by the addresses that the descriptor gives; `base` is what they may be relative to. */
export function snippetsOf(descriptor: ResolvedDescriptor, title: string, base: string): Snippets {
  const { self, script, embed } = descriptor.links;
  const whole = (link: string): string => new URL(link, base).href;
  const at = embed ? new URL(embed, base) : null;
  const builder = at && !descriptor.static ? new URL(at.pathname.replace(/\/[^/]*$/, ""), at) : null;
  if (builder) builder.searchParams.set("widget", descriptor.name);
  return {
    element: script
      ? `<script type="module" src="${escaped(whole(script))}"></script>\n` +
        `<retouche-widget src="${escaped(whole(self))}"></retouche-widget>`
      : null,
    iframe: at
      ? `<iframe src="${escaped(at.href)}" title="${escaped(title)}" width="100%" ` +
        `height="${HEIGHT}" frameborder="0" loading="lazy" ` +
        `allow="geolocation; fullscreen; clipboard-write"></iframe>`
      : null,
    builder: builder?.href ?? null,
  };
}

const ENTITIES: { [character: string]: string } = {
  "&": "&amp;",
  '"': "&quot;",
  "<": "&lt;",
  ">": "&gt;",
};

function escaped(text: string): string {
  return text.replace(/[&"<>]/g, (one) => ENTITIES[one]!);
}
