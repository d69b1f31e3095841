// The drafts of a page: one for each dataset, whatever number of elements show it.

import type { ResolvedDescriptor } from "../model/descriptor";
import { Draft } from "./draft";

const drafts = new Map<string, Draft>();

/** The draft of the dataset that a descriptor is about. */
export function draftOf({ dataset, links, revision, preview }: ResolvedDescriptor): Draft {
  // Where proposals are sent names the server and the dataset. What is written elsewhere is not
  // shown over a proposal, nor is anything written there.
  const name = (preview ? links.self : links.proposals) ?? dataset;
  let draft = drafts.get(name);
  if (!draft) {
    draft = new Draft(name, revision);
    drafts.set(name, draft);
  }
  draft.shown = revision;
  return draft;
}
