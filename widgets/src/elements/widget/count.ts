// How many rows there are, in words.

import { type Say, speaker } from "../../model/messages";
import type { Session } from "../../state/session";
import { MESSAGES, type Name } from "./messages";

/** "200 France services", or "12 of 200 France services"; empty while it is not known. */
export function countText(session: Session): string {
  const { total, whole } = session;
  return total === null
    ? ""
    : countOf(
        total,
        whole,
        session.resource.title(session.locale),
        speaker(MESSAGES, session.locale),
      );
}

/** In words; `title` is that of the resource, and names its rows where it is a plural. */
export function countOf(
  total: number,
  whole: number | null,
  title: string,
  say: Say<Name>,
): string {
  const most = whole ?? total;
  const noun = most > 1 && isPlural(title) ? title : say("rows", { count: most });
  if (whole === null || total === whole) return say("all", { total, noun });
  return say(total ? "some" : "none", { total, whole, noun });
}

/** In French and English alike: its first or its last word ends in s (or x). */
function isPlural(title: string): boolean {
  const words = title.trim().split(/\s+/);
  return [words[0], words.at(-1)].some((word) => /[sx]$/i.test(word ?? ""));
}
