// Made by `npm run types` from server/retouche/formats/problem.schema.json: change that file.

/**
 * This interface was referenced by `Problem`'s JSON-Schema
 * via the `definition` "cell".
 */
export type Cell = string | null;

/**
 * An error, as RFC 9457 writes it, with a stable `code`.
 */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  pointer?: string;
  request_id?: string;
  errors?: CellError[];
  conflicts?: Conflict[];
  /**
   * The calculation to be done, where a proof of work is asked for.
   */
  challenge?: {};
}
/**
 * This interface was referenced by `Problem`'s JSON-Schema
 * via the `definition` "cell_error".
 */
export interface CellError {
  code: string;
  message: string;
  operation: number | null;
  resource: string;
  row_key: {
    [k: string]: string;
  } | null;
  field: string | null;
  value: Cell;
  rule: string | null;
}
/**
 * This interface was referenced by `Problem`'s JSON-Schema
 * via the `definition` "conflict".
 */
export interface Conflict {
  resource: string;
  row_key: {
    [k: string]: string;
  };
  field: string | null;
  base: Cell;
  ours: Cell;
  theirs: Cell;
  kind: "edit_edit" | "edit_delete" | "delete_edit" | "insert_insert";
}
