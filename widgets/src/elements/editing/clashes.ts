// What a contributor may do when others changed the same cells in the meantime.

import type { Conflict } from "../../formats/problem";
import { keyAsInUrls } from "../../state/changes";
import type { Session } from "../../state/session";

/** Keep the contributor's text: it is now made on top of what is published. */
export function keepMine(session: Session, id: string, clash: Conflict): void {
  if (clash.field) session.draft.rebase(id, clash.field, clash.ours);
}

/** Take the published text: the cell is no longer changed. */
export function takeTheirs(session: Session, id: string, clash: Conflict): void {
  if (clash.field) session.draft.undoCell(id, clash.field);
  else session.draft.undo(id);
}

/** Propose the removal of the row as it is now. Raises `Problem`. */
export async function removeAnyway(session: Session, id: string, clash: Conflict): Promise<void> {
  const resource = session.resources.get(clash.resource)!;
  const answer = await session.source.row(clash.resource, keyAsInUrls(clash.row_key));
  if (!answer) return session.draft.undo(id);
  session.draft.shown = answer.revision;
  session.draft.remove(resource, answer.row);
}

/** Turn a row to add into corrections of the one that has its key. Raises `Problem`. */
export async function correctExisting(session: Session, id: string, clash: Conflict): Promise<void> {
  const { draft } = session;
  const change = draft.get(id);
  const resource = session.resources.get(clash.resource)!;
  const answer = await session.source.row(clash.resource, keyAsInUrls(clash.row_key));
  if (!answer || change?.op !== "insert") return;
  draft.shown = answer.revision;
  draft.undo(id);
  for (const [field, text] of Object.entries(change.row)) {
    if (!resource.key.includes(field) && resource.field(field)?.writable) {
      draft.set(resource, answer.row, field, text);
    }
  }
}
