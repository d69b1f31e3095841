// What the server says of the changes of a draft. The words are always the server's own.

import type { CellError, Conflict } from "../formats/problem";
import { Problem, type ProposalBody, type Verdict } from "../sources/source";
import { type Change, keyAsInUrls, keyOfChange } from "./changes";

/** Asks the server for its verdict. Raises `Problem`. */
export type Judge = (body: ProposalBody) => Promise<Verdict>;

/** Up to this many changes are judged together: rows of a draft may refer to each other. */
const FEW = 20;
const PATIENCE = 400;

interface Judged {
  /** The change as it was judged. */
  text: string;
  errors: readonly CellError[];
  warnings: readonly CellError[];
  conflicts: readonly Conflict[];
}

const NONE: readonly never[] = [];

/** What of a draft the verdicts are about. */
export interface Judgeable {
  entries(): [string, Change][];
  body(ids: readonly string[]): ProposalBody;
}

/** Verdicts by the identity of changes. A late answer on a change that is another now is dropped. */
export class Verdicts {
  private judged = new Map<string, Judged>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asked = 0;
  private answered = 0;
  private running = 0;
  private judge: Judge | null = null;
  /** What stands in the way of the whole draft. */
  general: readonly CellError[] = NONE;
  /** Why there is no verdict: the server did not answer, or could not tell. */
  problem: Problem | null = null;

  constructor(
    private readonly draft: Judgeable,
    private readonly told: () => void,
  ) {}

  /** Ask through this; the last session that works on a draft is asked. */
  use(judge: Judge): void {
    this.judge = judge;
    if (this.draft.entries().length) this.soon();
  }

  get busy(): boolean {
    return this.running > 0 || this.timer !== undefined;
  }

  errorsOf(id: string, field?: string | null): readonly CellError[] {
    return of(this.judged.get(id)?.errors, field);
  }

  warningsOf(id: string, field?: string | null): readonly CellError[] {
    return of(this.judged.get(id)?.warnings, field);
  }

  conflictsOf(id: string): readonly Conflict[] {
    return this.judged.get(id)?.conflicts ?? NONE;
  }

  /** How many changes have an error or clash with what was published. */
  get faulty(): number {
    return [...this.judged.values()].filter((one) => one.errors.length || one.conflicts.length)
      .length;
  }

  /** Forget what is no longer in the draft; ask again when nobody has typed for a moment. */
  soon(patience = PATIENCE): void {
    this.forget();
    if (!this.judge) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.now(false), patience);
  }

  /** Ask now: about everything, or about what is new. Never raises. */
  async now(everything = true): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.forget();
    const entries = this.draft.entries();
    const fresh = entries.filter(([id, one]) => this.judged.get(id)?.text !== written(one));
    const wanted = everything || entries.length <= FEW ? entries : fresh;
    if (!this.judge || !wanted.length || (!everything && !fresh.length)) return this.told();
    const number = (this.asked += 1);
    this.running += 1;
    this.told();
    try {
      const verdict = await this.judge(this.draft.body(wanted.map(([id]) => id)));
      this.take(number, wanted, verdict, null);
    } catch (error) {
      this.take(number, wanted, null, asProblem(error));
    } finally {
      this.running -= 1;
      this.told();
    }
  }

  /** Take in the server's refusal to accept these changes. */
  refused(entries: readonly [string, Change][], problem: Problem): void {
    this.take((this.asked += 1), entries, null, problem);
    this.told();
  }

  private take(
    number: number,
    sent: readonly [string, Change][],
    verdict: Verdict | null,
    problem: Problem | null,
  ): void {
    if (number < this.answered) return;
    this.answered = number;
    const known = verdict ?? told(problem!);
    this.problem = known ? null : problem;
    if (!known) return;
    const present = new Map(this.draft.entries());
    const about = placed(sent, known, problem?.conflicts ?? NONE);
    const complete = sent.length === present.size;
    if (complete || about.general.length) this.general = about.general;
    for (const [id, one] of sent) {
      const now = present.get(id);
      if (!now || written(now) !== written(one)) continue;
      this.judged.set(id, { text: written(one), ...about.of(id) });
    }
  }

  private forget(): void {
    const present = new Set(this.draft.entries().map(([id]) => id));
    for (const id of this.judged.keys()) if (!present.has(id)) this.judged.delete(id);
    if (!present.size) {
      this.general = NONE;
      this.problem = null;
    }
  }
}

const written = (change: Change): string => JSON.stringify(change);

function of(
  found: readonly CellError[] | undefined,
  field: string | null | undefined,
): readonly CellError[] {
  if (!found?.length) return NONE;
  return field === undefined ? found : found.filter((one) => one.field === field);
}

function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem("unexpected", String(error));
}

/** What a refusal says of single operations; null when it is about none of them. */
function told(problem: Problem): { errors: CellError[]; warnings: CellError[] } | null {
  if (problem.errors.length) return { errors: problem.errors, warnings: [] };
  if (problem.conflicts.length) return { errors: [], warnings: [] };
  const found = /^\/operations\/(\d+)(?:\/(?:new|row|old)\/(.+))?/.exec(problem.pointer);
  if (!found) return null;
  const error: CellError = {
    code: problem.code,
    message: problem.detail,
    operation: Number(found[1]),
    resource: "",
    row_key: null,
    field: found[2] ?? null,
    value: null,
    rule: null,
  };
  return { errors: [error], warnings: [] };
}

type About = Omit<Judged, "text">;

/** Errors and conflicts at the changes that they are about. */
function placed(
  sent: readonly [string, Change][],
  { errors, warnings }: { errors: readonly CellError[]; warnings: readonly CellError[] },
  conflicts: readonly Conflict[],
): { general: CellError[]; of(id: string): About } {
  const clashes = new Map<string, Conflict[]>();
  const places = new Map(
    sent.map(([id, one]) => [`${one.resource}/${keyOfChange(one) ?? ""}`, id]),
  );
  for (const one of conflicts) {
    const key = keyAsInUrls(one.row_key);
    const added = sent.find(
      ([, change]) =>
        change.op === "insert" &&
        change.resource === one.resource &&
        Object.entries(one.row_key).every(([field, text]) => change.row[field] === text),
    );
    const id = places.get(`${one.resource}/${key}`) ?? added?.[0];
    if (id) clashes.set(id, [...(clashes.get(id) ?? []), one]);
  }
  const at = (list: readonly CellError[], id: string): CellError[] =>
    list.filter((one) => one.operation !== null && sent[one.operation]?.[0] === id);
  return {
    general: errors.filter((one) => one.operation === null || !sent[one.operation]),
    of: (id) => ({
      errors: at(errors, id),
      warnings: at(warnings, id),
      conflicts: clashes.get(id) ?? NONE,
    }),
  };
}
