// What a contributor is told while the reviewers of a dataset take nothing.

import { speaker } from "../../model/messages";
import type { Locale } from "../../model/texts";
import { formatDate } from "../../model/values";
import type { Pause } from "./entrance";
import { REVIEW } from "./review-messages";

/** Why nothing can be sent, and until when; the empty text while things can be. */
export function pauseText(pause: Pause | null, locale: Locale): string {
  if (!pause) return "";
  const say = speaker(REVIEW, locale);
  const date = pause.until ? formatDate(pause.until.slice(0, 10), locale) : "";
  const until = date ? say("paused_until", { date }) : "";
  return `${say("paused", { message: pause.message ?? "" }).trim()} ${until}`.trim();
}
