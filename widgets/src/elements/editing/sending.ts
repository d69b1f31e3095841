// What is sent, and what a refusal means to a contributor.

import { Problem, type ProposalBody } from "../../sources/source";
import type { Locale } from "../../model/texts";
import { speaker } from "../../model/messages";
import type { Change, Draft } from "../../state/draft";
import { keep, kept } from "../../state/storage";
import { REVIEW } from "./review-messages";

/** What a contributor says beside the changes. */
export interface Words {
  name: string;
  email: string;
  /** Filled in by programs only. */
  trap: string;
}

/** The name of the trap in forms and bodies. */
export const TRAP = "website";

/** The proposal of some changes of a draft. */
export function proposal(
  draft: Draft,
  entries: readonly [string, Change][],
  { name, email, trap }: Words,
  locale: Locale,
): ProposalBody {
  const contributor = {
    ...(name.trim() && { name: name.trim() }),
    ...(email.trim() && { email: email.trim() }),
  };
  const comment = draft.comment.trim();
  const source = draft.source.trim();
  return {
    ...draft.body(entries.map(([id]) => id)),
    ...(comment && { comment }),
    ...(source && { source }),
    ...(Object.keys(contributor).length && { contributor }),
    ...(trap && { [TRAP]: trap }),
    locale,
  };
}

const KEPT = "retouche.words";

/**
 * Keep who sends in this tab while nobody knows whether it arrived: the same body is sent again,
 * also after a reload, so that the server takes it once. Null forgets.
 */
export function keepWords(draft: Draft, words: Words | null): void {
  const text = words && JSON.stringify({ token: draft.tokenFor(KEPT), ...words });
  keep(KEPT, text, "sessionStorage");
}

/** What was kept with this draft. */
export function keptWords(draft: Draft): Words {
  const none = { name: "", email: "", trap: "" };
  try {
    const { token, name, email } = JSON.parse(kept(KEPT, "sessionStorage") ?? "{}");
    if (token !== draft.tokenFor(KEPT)) return none;
    return { ...none, name: String(name), email: String(email) };
  } catch {
    return none;
  }
}

/** Whether nobody knows if the server took it. */
export function isUnanswered(problem: unknown): boolean {
  if (!(problem instanceof Problem)) return false;
  return problem.code === "offline" || (problem.status >= 502 && problem.status <= 504);
}

/** Why it was not accepted, and what to do. */
export function refusalText(problem: unknown, locale: Locale): string {
  const say = speaker(REVIEW, locale);
  if (!(problem instanceof Problem)) return say("failed", { detail: "" });
  const { detail, retryAfter } = problem;
  if (isUnanswered(problem)) return say("failed_offline");
  if (problem.status === 429) return say("failed_wait", { time: waiting(retryAfter, locale) });
  if (problem.conflicts.length) return say("failed_conflict");
  if (problem.errors.length) return say("failed_invalid");
  if (problem.status === 413) return say("failed_large", { detail });
  return say("failed", { detail });
}

/** A number of seconds in words; a minute where it is not known. */
export function waiting(seconds: number, locale: Locale): string {
  const say = speaker(REVIEW, locale);
  const known = seconds || 60;
  return known < 90
    ? say("seconds", { count: known })
    : say("minutes", { count: Math.ceil(known / 60) });
}

// As the server takes it (services/mailing/addresses.py).
const MAIL =
  /^(?=[^@]{1,64}@)[\w+&'/=-]+(?:\.[\w+&'/=-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/i;

/** Whether a text may be written to, or is blank. */
export const looksLikeMail = (text: string): boolean =>
  text.trim() === "" || (text.trim().length <= 254 && MAIL.test(text.trim()));

export const looksLikeAddress = (text: string): boolean =>
  text.trim() === "" || /^https?:\/\/[^\s/]+/i.test(text.trim());
