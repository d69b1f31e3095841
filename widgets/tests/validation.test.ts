import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { breaks, looksWrong, patience } from "../src/elements/editing/checks";
import { Field, type FieldDescriptor, Resource } from "../src/model/field";
import type { CellError } from "../src/formats/problem";
import { Problem, type ProposalBody, type Verdict } from "../src/sources/source";
import { Draft } from "../src/state/draft";

const field = (descriptor: Partial<FieldDescriptor>): Field =>
  new Field({ name: "f", ...descriptor });

describe("the quick look at a text", () => {
  it.each([
    [{ constraints: { required: true } }, null],
    [{ constraints: { enum: ["a", "b"] } }, "c"],
    [{ constraints: { minimum: 2 }, type: "integer" }, "1"],
    [{ constraints: { maximum: 9 }, type: "number", decimalChar: "," }, "9,5"],
    [{ constraints: { maxLength: 2 } }, "abc"],
    [{ constraints: { pattern: "[0-9]{5}" } }, "0103"],
    [{ type: "integer" }, "1.5"],
    [{ type: "number" }, "abc"],
    [{ type: "date" }, "31/12/2024"],
    [{ type: "boolean" }, "peut-être"],
  ] as [Partial<FieldDescriptor>, string | null][])("waits longer on %j: %s", (one, text) => {
    expect(looksWrong(field(one), text)).toBe(true);
    expect(patience(field(one), text, false)).toBeGreaterThan(patience(field(one), text, true));
  });

  it.each([
    [{}, null],
    [{ constraints: { pattern: "[0-9]{5}" } }, "01033"],
    [{ type: "number", decimalChar: "," }, "9,5"],
    [{ type: "boolean", trueValues: ["oui"] }, "oui"],
    [{ type: "date" }, "2024-12-31"],
  ] as [Partial<FieldDescriptor>, string | null][])("finds nothing in %j: %s", (one, text) => {
    expect(looksWrong(field(one), text)).toBe(false);
  });

  it("is never slow, whatever the pattern", () => {
    const start = performance.now();
    for (const pattern of ["(a+)+$", "(a|aa)*b", "(a*)*", "a*a*a*a*a*b", "((a{1,9})+x?)+b", "("]) {
      expect(breaks(pattern, "a".repeat(200))).toBe(false);
    }
    const long = "a".repeat(199) + "!";
    const many = ["a{0,50}".repeat(5), "(?:a{0,9}){20}", "a?".repeat(60), "(?:a|a)".repeat(30)];
    for (const pattern of many) expect(breaks(pattern, long)).toBe(false);
    expect(breaks("(?:\\+33|0)[1-9][0-9]{8}", "0612")).toBe(true);
    expect(breaks("[0-9]", "1".repeat(100_000))).toBe(false);
    expect(performance.now() - start).toBeLessThan(200);
  });
});

const resource = new Resource("desks", {
  title: "Desks",
  schema: { fields: [{ name: "id" }, { name: "name" }, { name: "phone" }], primaryKey: "id" },
  editable: true,
  label: null,
  geo: null,
  row_count: 0,
  links: { csv: "", json: "" },
});
const row = (id: string) => ({ id, name: "n", phone: "p" });
const error = (operation: number, field: string | null, message: string): CellError => ({
  code: "c",
  message,
  operation,
  resource: "desks",
  row_key: null,
  field,
  value: null,
  rule: null,
});
const valid: Verdict = { valid: true, errors: [], warnings: [] };

describe("the server's verdict", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  const judged = (judge: (body: ProposalBody) => Promise<Verdict>): Draft => {
    const draft = new Draft(`https://x/${Math.random()}`, "r1");
    draft.verdicts.use(judge);
    return draft;
  };

  it("is asked for once, when nobody has typed for a moment", async () => {
    const judge = vi.fn(() => Promise.resolve(valid));
    const draft = judged(judge);
    for (const text of ["a", "ab", "abc"]) {
      draft.set(resource, row("1"), "name", text);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(judge).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(400);
    expect(judge).toHaveBeenCalledOnce();
    expect(judge.mock.calls[0]).toMatchObject([{ operations: [{ new: { name: "abc" } }] }]);
  });

  it("is put at the cells that it is about, in the server's words", async () => {
    const draft = judged(() =>
      Promise.resolve({
        valid: false,
        errors: [error(1, "phone", "Too short."), error(1, null, "Open five days.")],
        warnings: [error(0, "name", "Odd.")],
      }),
    );
    draft.set(resource, row("1"), "name", "x");
    draft.set(resource, row("2"), "phone", "y");
    await vi.advanceTimersByTimeAsync(400);
    const told = (id: string, field?: string | null) =>
      draft.errorsOf(id, field).map(({ message }) => message);
    expect(told("desks/2", "phone")).toEqual(["Too short."]);
    expect(told("desks/2", null)).toEqual(["Open five days."]);
    expect(told("desks/2")).toHaveLength(2);
    expect(told("desks/1")).toEqual([]);
    expect(draft.warningsOf("desks/1", "name")[0]!.message).toBe("Odd.");
    expect(draft.verdicts.faulty).toBe(1);
  });

  it("is dropped when it comes late, after the text was changed again", async () => {
    const answers: ((verdict: Verdict) => void)[] = [];
    const draft = judged(() => new Promise((resolve) => answers.push(resolve)));
    draft.set(resource, row("1"), "name", "bad");
    await vi.advanceTimersByTimeAsync(400);
    draft.set(resource, row("1"), "name", "good");
    await vi.advanceTimersByTimeAsync(400);
    answers[1]!(valid);
    await vi.advanceTimersByTimeAsync(0);
    answers[0]!({ valid: false, errors: [error(0, "name", "Bad.")], warnings: [] });
    await vi.advanceTimersByTimeAsync(0);
    expect(draft.errorsOf("desks/1")).toEqual([]);
  });

  it("asks only about what is new in a large draft", async () => {
    const judge = vi.fn((_: ProposalBody) => Promise.resolve(valid));
    const draft = judged(judge);
    for (let one = 1; one <= 30; one += 1) draft.set(resource, row(`${one}`), "name", "x");
    await vi.advanceTimersByTimeAsync(400);
    draft.set(resource, row("7"), "phone", "y");
    await vi.advanceTimersByTimeAsync(400);
    expect(judge.mock.calls.map(([body]) => body.operations.length)).toEqual([30, 1]);
    await draft.verdicts.now();
    expect(judge.mock.calls[2]![0].operations).toHaveLength(30);
  });

  it("forgets the errors of a change that was taken back", async () => {
    const draft = judged(() =>
      Promise.resolve({ valid: false, errors: [error(0, "name", "Bad.")], warnings: [] }),
    );
    draft.set(resource, row("1"), "name", "x");
    await vi.advanceTimersByTimeAsync(400);
    expect(draft.verdicts.faulty).toBe(1);
    draft.undo("desks/1");
    expect(draft.verdicts.faulty).toBe(0);
  });

  it("says that there is none while the server does not answer", async () => {
    const draft = judged(() => Promise.reject(new Problem("offline", "")));
    draft.set(resource, row("1"), "name", "x");
    await vi.advanceTimersByTimeAsync(400);
    expect(draft.verdicts.problem?.code).toBe("offline");
    expect(draft.errorsOf("desks/1")).toEqual([]);
  });

  it("puts a refusal of one operation, and conflicts, at their rows", async () => {
    const clash = {
      resource: "desks",
      row_key: { id: "2" },
      field: "name",
      base: "n",
      ours: "o",
      theirs: "x",
      kind: "edit_edit" as const,
    };
    let problem = new Problem("not_editable", "Locked.", 422, [], [], 0, "/operations/0/new/name");
    const draft = judged(() => Promise.reject(problem));
    draft.set(resource, row("1"), "name", "x");
    draft.set(resource, row("2"), "name", "x");
    await vi.advanceTimersByTimeAsync(400);
    expect(draft.errorsOf("desks/1", "name")[0]!.message).toBe("Locked.");
    problem = new Problem("conflict", "", 409, [], [clash]);
    await draft.verdicts.now();
    expect(draft.verdicts.conflictsOf("desks/2")).toEqual([clash]);
    expect(draft.errorsOf("desks/1")).toEqual([]);
  });
});
