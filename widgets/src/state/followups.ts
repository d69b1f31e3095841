// The links by which a contributor follows what was sent, kept on the device where it lets us.

import { keep, kept } from "./storage";

const NAME = "retouche.followups";
const MOST = 20;

export interface FollowUp {
  id: string;
  url: string;
  dataset: string;
  /** What the proposal is about, in a few words. */
  label: string;
  /** ISO time. */
  sent: string;
}

/** The last links, newest first. */
export function followUps(): FollowUp[] {
  try {
    const found: unknown = JSON.parse(kept(NAME) ?? "[]");
    return Array.isArray(found) ? found.filter(isFollowUp) : [];
  } catch {
    return [];
  }
}

/** Keep a link. False when the device keeps nothing for us. */
export function remember(one: FollowUp): boolean {
  const others = followUps().filter(({ id }) => id !== one.id);
  return keep(NAME, JSON.stringify([one, ...others].slice(0, MOST)));
}

/** Forget one link, or all of them. */
export function forget(id?: string): void {
  const left = id === undefined ? [] : followUps().filter((one) => one.id !== id);
  keep(NAME, left.length ? JSON.stringify(left) : null);
}

function isFollowUp(value: unknown): value is FollowUp {
  const { id, url, dataset, label, sent } = (value ?? {}) as FollowUp;
  const texts = [id, url, dataset, label, sent].every((one) => typeof one === "string");
  return texts && /^https?:\/\//.test(url);
}
