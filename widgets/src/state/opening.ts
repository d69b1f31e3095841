// A session from the attributes of an element: its source, descriptor, language and prefix.

import type { ResolvedDescriptor } from "../model/descriptor";
import { soundKey } from "../model/field";
import { LOCALES, type Locale } from "../model/texts";
import { ServerSource } from "../sources/server";
import { Problem, type Source } from "../sources/source";
import { readFilters } from "./address";
import { hold, nameIn, plainPrefix, take } from "./prefixes";
import { Session } from "./session";

/** The attributes that say what an element shows; the rest of them are read once. */
export interface Opened extends HTMLElement {
  locale: string | null;
  prefix: string | null;
}

/** The language of an element: its own, the page's, the browser's, else French. */
export function localeOf(element: Opened, offered: readonly string[] = LOCALES): Locale {
  const wanted = [
    element.locale,
    element.closest("[lang]")?.getAttribute("lang"),
    document.documentElement.lang,
    ...navigator.languages,
    ...offered,
  ];
  for (const one of wanted) {
    const found = LOCALES.find((locale) => one?.toLowerCase().startsWith(locale));
    if (found && offered.includes(found)) return found;
  }
  return "fr";
}

/** The prefix asked for, else the widget's name, made different from those in use on the page. */
export function prefixOf(element: Opened, src: string): string | null {
  if (element.prefix === "none") return null;
  if (!element.prefix) return take(nameIn(src));
  const prefix = plainPrefix(element.prefix);
  hold(prefix);
  return prefix;
}

/** Read the descriptor and make the session. Raises `Problem`. */
export async function openSession(
  element: Opened,
  src: string,
  prefix: string | null,
): Promise<Session> {
  const address = new URL(src, element.baseURI).href;
  let session: Session | null = null;
  const spoken = (): Locale => session?.locale ?? localeOf(element);
  const server = new ServerSource(address, spoken);
  const descriptor = await server.descriptor();
  if (!descriptor?.resources) throw new Problem("not_found", address, 404);
  session = new Session(
    await sourceOf(server, descriptor, address, spoken),
    descriptor,
    localeOf(element, descriptor.locales),
    prefix,
    !element.hasAttribute("readonly"),
    {
      fixed: readFilters(element.getAttribute("filters") ?? ""),
      view: element.getAttribute("view"),
      row: soundKey(element.getAttribute("row") ?? "") || null,
    },
  );
  return session;
}

/** A server answers for itself; of a static export only its files can be read. */
async function sourceOf(
  server: ServerSource,
  descriptor: ResolvedDescriptor,
  address: string,
  spoken: () => Locale,
): Promise<Source> {
  if (descriptor.preview) {
    const { previewed } = await import("../previews/preview");
    return previewed(server, descriptor, spoken);
  }
  if (!descriptor.static) return server;
  const { StaticSource } = await import("../sources/static");
  return new StaticSource(address, descriptor);
}
