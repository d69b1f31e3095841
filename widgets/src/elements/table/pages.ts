// The rows of a long answer, page by page as they come in sight. What comes too late is dropped;
// the rows of the last answer stay until there are new ones.

import type { Row } from "../../model/field";
import type { Query } from "../../model/query";
import type { Page } from "../../sources/source";

/** Which rows, of which columns, in pages of which size, read how often; and who is asked. */
export interface Question {
  readonly resource: string;
  readonly query: Query;
  readonly reads: number;
  readonly columns: readonly string[];
  readonly size: number;
  readonly page: (page: number) => Promise<Page>;
}

interface Answer {
  readonly name: string;
  readonly rowsName: string;
  readonly size: number;
  total: number;
  readonly pages: Map<number, Row[]>;
}

/** Milliseconds without a jump before the rows jumped to are asked for. */
const REST = 90;
/** Pages kept in memory. */
const KEPT = 80;

export class RowPages {
  /** Why the last rows asked for are not there. */
  problem: unknown = null;
  /** Grows when other rows, or rows in another order, are shown. */
  generation = 0;
  private asked: Question | null = null;
  private resource = "";
  private name = "";
  private rowsName = "";
  private answer: Answer | null = null;
  private running = new Map<number, Promise<Page>>();
  private wanted = { first: 0, last: 0 };
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly changed: () => void) {}

  /** Rows in all; null before the first answer. */
  get total(): number | null {
    return this.answer?.total ?? null;
  }

  /** Whether the rows are those of an earlier question. */
  get stale(): boolean {
    return this.answer !== null && this.answer.name !== this.name;
  }

  row(index: number): Row | undefined {
    const { answer } = this;
    if (!answer) return undefined;
    return answer.pages.get(Math.floor(index / answer.size))?.[index % answer.size];
  }

  /** Other rows may be asked for from now on; the same question is no question. */
  ask(question: Question): void {
    const rowsName = JSON.stringify([question.resource, question.query]);
    const name = JSON.stringify([rowsName, question.columns, question.size, question.reads]);
    this.asked = question;
    if (name === this.name) return;
    const sameRows = rowsName === this.rowsName;
    if (question.resource !== this.resource) this.answer = null;
    this.resource = question.resource;
    Object.assign(this, { name, rowsName, problem: null });
    this.running.clear();
    if (!sameRows) this.wanted = { first: 0, last: 0 };
    this.load(this.pageInSight());
  }

  /** These rows are in sight. */
  need(first: number, last: number): void {
    this.wanted = { first, last };
    if (!this.answer || this.stale || this.problem) return;
    const missing = this.pagesAround().filter((one) => !this.answer!.pages.has(one));
    if (!missing.length) return;
    const { pages } = this.answer;
    const jumped = missing.some((one) => !pages.has(one - 1) && !pages.has(one + 1));
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), jumped ? REST : 0);
  }

  /** Ask once more for what could not be read. */
  retry(): void {
    this.problem = null;
    this.running.clear();
    if (!this.answer || this.stale) this.load(this.pageInSight());
    else this.flush();
    this.changed();
  }

  close(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  private pageInSight(): number {
    return Math.floor(this.wanted.first / (this.asked?.size ?? 1));
  }

  private flush(): void {
    this.timer = null;
    for (const page of this.pagesAround()) {
      if (!this.answer?.pages.has(page)) this.load(page);
    }
  }

  /** The pages of the rows in sight and of as many rows before and after. */
  private pagesAround(): number[] {
    const { size, total } = this.answer!;
    const beside = this.wanted.last - this.wanted.first;
    const first = Math.max(0, this.wanted.first - beside);
    const last = Math.min(total - 1, this.wanted.last + beside);
    const found = [];
    for (let page = Math.floor(first / size); page * size <= last; page += 1) found.push(page);
    return found;
  }

  private load(page: number): void {
    if (!this.asked || this.running.has(page)) return;
    const { name, rowsName } = this;
    const { size } = this.asked;
    const promise = this.asked.page(page + 1);
    this.running.set(page, promise);
    promise.then(
      (found) => {
        if (this.name !== name || this.running.get(page) !== promise) return;
        this.running.delete(page);
        this.take(page, found, name, rowsName, size);
        this.changed();
      },
      (error: unknown) => {
        if (this.name !== name || this.running.get(page) !== promise) return;
        this.running.delete(page);
        this.problem = error;
        this.changed();
      },
    );
  }

  private take(page: number, found: Page, name: string, rowsName: string, size: number): void {
    if (this.answer?.name !== name) {
      if (this.answer?.rowsName !== rowsName) this.generation += 1;
      this.answer = { name, rowsName, size, total: found.total, pages: new Map() };
    }
    this.answer.total = found.total;
    this.answer.pages.set(page, found.rows);
    if (this.answer.pages.size > KEPT) this.forget();
  }

  /** Let the page go that is furthest from what is in sight. */
  private forget(): void {
    const { pages, size } = this.answer!;
    const here = this.wanted.first / size;
    const far = [...pages.keys()].reduce((one, other) =>
      Math.abs(other - here) > Math.abs(one - here) ? other : one,
    );
    pages.delete(far);
  }
}
