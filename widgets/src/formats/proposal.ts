// Made by `npm run types` from server/retouche/formats/proposal.schema.json: change that file.

/**
 * This interface was referenced by `Proposal`'s JSON-Schema
 * via the `definition` "operation".
 */
export type Operation = {
  op: "update" | "insert" | "delete";
};
/**
 * Free text: tabs and line ends, and no other control character.
 *
 * This interface was referenced by `Proposal`'s JSON-Schema
 * via the `definition` "text".
 */
export type Text = string | null;
/**
 * Text as in the file, null for a missing value.
 *
 * This interface was referenced by `Proposal`'s JSON-Schema
 * via the `definition` "cell".
 */
export type Cell = string | null;

/**
 * What a contributor sends: operations on rows, made while looking at a revision.
 */
export interface Proposal {
  /**
   * The commit id the contributor was looking at; the published one if left out.
   */
  base_revision?: string;
  /**
   * @minItems 1
   */
  operations: Operation[];
  comment?: Text;
  source?: Text;
  contributor?: {
    name?: Text;
    email?: Text;
  } | null;
  /**
   * Given for a project: something to be weighed by its impact before it is done.
   */
  project?: {
    title: Text;
  } | null;
  /**
   * A trap: forms hide it from people, and what fills it in is refused.
   */
  website?: string;
  /**
   * The answer to a challenge, where one is asked for: as ALTCHA encodes it.
   */
  proof?: string;
  /**
   * When the form was opened: the signed time that came with the challenge.
   */
  opened?: string;
  locale?: "fr" | "en";
}
/**
 * This interface was referenced by `Proposal`'s JSON-Schema
 * via the `definition` "cells".
 */
export interface Cells {
  [k: string]: Cell;
}
/**
 * The fields of the primary key and their texts.
 *
 * This interface was referenced by `Proposal`'s JSON-Schema
 * via the `definition` "key".
 */
export interface Key {
  [k: string]: string;
}
