import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Resource } from "../src/model/field";
import { Draft, identity } from "../src/state/draft";
import { followUps, forget, remember } from "../src/state/followups";

const resource = new Resource("desks", {
  title: "Desks",
  schema: {
    fields: [
      { name: "id" },
      { name: "name", constraints: { required: true } },
      { name: "phone" },
      { name: "town", retouche: { derived: true } },
    ],
    primaryKey: "id",
  },
  editable: true,
  label: "{name}",
  geo: null,
  row_count: 2,
  links: { csv: "", json: "" },
});
const ROW = { id: "1", name: "Gap", phone: "04", town: "Gap" };

/** The storage of a browser, and its windows. */
class Browser {
  readonly held = new Map<string, string>();
  refuses = false;
  readonly getItem = (name: string): string | null => {
    if (this.refuses) throw new Error("SecurityError");
    return this.held.get(name) ?? null;
  };
  readonly setItem = (name: string, text: string): void => {
    if (this.refuses) throw new Error("QuotaExceededError");
    this.held.set(name, text);
  };
  readonly removeItem = (name: string): void => {
    if (this.refuses) throw new Error("SecurityError");
    this.held.delete(name);
  };
}

let browser: Browser;
beforeEach(() => {
  browser = new Browser();
  vi.stubGlobal("localStorage", browser);
});
afterEach(() => vi.unstubAllGlobals());

const begin = (): Draft => new Draft("https://x/d", "r1");

describe("a draft", () => {
  it("holds the cells of fields that are called like what every object has", () => {
    const names = ["id", "constructor", "__proto__", "toString"];
    const odd = new Resource("odd", {
      ...resource.descriptor,
      schema: { fields: names.map((name) => ({ name })), primaryKey: "id" },
      label: null,
    });
    const row = Object.fromEntries(names.map((name) => [name, "1"]));
    const draft = begin();
    for (const name of names.slice(1)) {
      expect(draft.cell("odd", "1", name)).toBeUndefined();
      draft.set(odd, row, name, "2");
    }
    const [one] = begin().operations(); // as another page reads it
    for (const name of names.slice(1)) expect(begin().cell("odd", "1", name)).toBe("2");
    expect(Object.entries(one?.op === "update" ? one.old! : {})).toEqual(
      names.slice(1).map((name) => [name, "1"]),
    );
  });

  it.each([
    '{"a": {"op": "update", "new": {"phone": 5}}}',
    '{"a": {"op": "update", "new": {"phone": {"x": 1}}}}',
    '{"a": {"op": "update", "key": {"id": 1}}}',
    '{"a": {"op": "eval"}}',
    '{"a": null}',
    "null",
  ])("is empty where what was kept is none: %s", (changes) => {
    const given = JSON.parse(changes) as { [id: string]: object | null } | null;
    const whole = { resource: "desks", label: "", key: { id: "1" }, old: {}, new: {} };
    const kept = given && { a: given["a"] && { ...whole, ...given["a"] } };
    const words = { revision: "r", nonce: "n", comment: "", source: "" };
    browser.held.set("retouche.draft.https://x/d", JSON.stringify({ ...words, changes: kept }));
    expect(begin().size).toBe(0);
  });

  it("holds the cells that differ from what was read, with what was read", () => {
    const draft = begin();
    draft.set(resource, ROW, "phone", "05");
    draft.set(resource, ROW, "name", "Gap centre");
    expect(draft.operations()).toEqual([
      {
        op: "update",
        resource: "desks",
        key: { id: "1" },
        old: { phone: "04", name: "Gap" },
        new: { phone: "05", name: "Gap centre" },
      },
    ]);
  });

  it("forgets a cell that is set back, and a row without changed cells", () => {
    const draft = begin();
    draft.set(resource, ROW, "phone", "05");
    draft.set(resource, ROW, "phone", "04");
    expect(draft.size).toBe(0);
  });

  it("keeps the text that was seen first when the published one changes", () => {
    const draft = begin();
    draft.set(resource, ROW, "phone", "05");
    draft.set(resource, { ...ROW, phone: "99" }, "phone", "06");
    const [change] = draft.operations();
    expect(change).toMatchObject({ old: { phone: "04" }, new: { phone: "06" } });
  });

  it("survives a reload", () => {
    const draft = begin();
    draft.set(resource, ROW, "phone", "05");
    draft.explain({ comment: "called them" });
    const again = new Draft("https://x/d", "r2");
    expect(again.operations()).toEqual(draft.operations());
    expect(again.comment).toBe("called them");
    expect(again.revision).toBe("r1");
  });

  it("is one per dataset", () => {
    begin().set(resource, ROW, "phone", "05");
    expect(new Draft("https://x/other", "r1").size).toBe(0);
  });

  it("works without storage, and says that it will not be kept", () => {
    browser.refuses = true;
    const draft = begin();
    draft.set(resource, ROW, "phone", "05");
    draft.set(resource, ROW, "name", "Gap 2");
    expect(draft.operations()).toHaveLength(1);
    expect(draft.kept).toBe(false);
    expect(draft.cell("desks", "1", "name")).toBe("Gap 2");
  });

  it("ignores what others wrote under its name", () => {
    for (const text of ["{", "{}", '{"changes":{"a":1}}', '"x"', "null"]) {
      browser.held.set("retouche.draft.https://x/d", text);
      expect(begin().size).toBe(0);
    }
  });

  it("does not destroy what another window wrote", () => {
    const here = begin();
    const there = begin();
    here.set(resource, ROW, "phone", "05");
    there.set(resource, ROW, "name", "Gap 2");
    there.set(resource, { ...ROW, id: "2" }, "phone", "06");
    expect(there.size).toBe(2);
    expect(there.of("desks", "1")).toMatchObject({ new: { phone: "05", name: "Gap 2" } });
    here.undo(identity("desks", "1"));
    expect(here.entries().map(([id]) => id)).toEqual(["desks/2"]);
  });

  it("is told when another window writes", () => {
    const windows = new EventTarget();
    vi.stubGlobal("addEventListener", windows.addEventListener.bind(windows));
    const here = begin();
    const heard = vi.fn();
    here.addEventListener("change", heard);
    begin().set(resource, ROW, "phone", "05");
    const name = "retouche.draft.https://x/d";
    windows.dispatchEvent(Object.assign(new Event("storage"), { key: name }));
    expect(heard).toHaveBeenCalledOnce();
    expect(here.size).toBe(1);
  });

  it("adds rows, changes them and takes them back", () => {
    const draft = begin();
    const id = draft.add(resource, { id: "3", name: "Embrun" });
    expect(draft.add(resource, { id: "3", name: "Embrun 2" }, id)).toBe(id);
    expect(draft.added("desks")).toEqual([[id, { id: "3", name: "Embrun 2" }]]);
    draft.undo(id);
    expect(draft.size).toBe(0);
  });

  it("removes rows with what was seen of them, and not what is computed", () => {
    const draft = begin();
    draft.remove(resource, { ...ROW, _distance: "12" });
    expect(draft.operations()).toEqual([
      {
        op: "delete",
        resource: "desks",
        key: { id: "1" },
        old: { id: "1", name: "Gap", phone: "04" },
      },
    ]);
  });

  it("takes in the operations of a compared file", () => {
    const draft = begin();
    draft.take(
      resource,
      [
        { op: "update", resource: "desks", key: { id: "a,b" }, old: { phone: "1" }, new: { phone: "2" } },
        { op: "insert", resource: "desks", row: { id: "9" } },
      ],
      () => "label",
    );
    expect(draft.of("desks", resource.keyOf({ id: "a,b" }))).toMatchObject({ new: { phone: "2" } });
    expect(draft.size).toBe(2);
  });

  it("replaces a row to add when a copy that was corrected again has it too", () => {
    const draft = begin();
    const row = (name: string) => ({ op: "insert", resource: "desks", row: { id: "9", name } }) as const;
    draft.take(resource, [row("Gap")], () => "label");
    draft.take(resource, [row("Gap centre")], () => "label");
    expect(draft.operations()).toEqual([row("Gap centre")]);
  });

  it("sends the same key for the same words, and another for others", () => {
    const draft = begin();
    draft.set(resource, ROW, "phone", "05");
    const token = draft.tokenFor({ a: 1 });
    expect(draft.tokenFor({ a: 1 })).toBe(token);
    expect(draft.tokenFor({ a: 2 })).not.toBe(token);
    expect(begin().tokenFor({ a: 1 })).toBe(token);
    expect(token).toMatch(/^[\x21-\x7e]{1,200}$/);
  });

  it("has another key for the same words once they were sent", () => {
    const draft = begin();
    draft.set(resource, ROW, "phone", "05");
    const token = draft.tokenFor({});
    draft.sent(draft.entries());
    draft.set(resource, ROW, "phone", "05");
    expect(draft.tokenFor({})).not.toBe(token);
  });

  it("keeps what was changed while the rest was sent", () => {
    const draft = begin();
    draft.set(resource, ROW, "phone", "05");
    draft.set(resource, { ...ROW, id: "2" }, "phone", "06");
    const sent = draft.entries();
    draft.set(resource, { ...ROW, id: "2" }, "phone", "07");
    draft.sent(sent);
    expect(draft.entries().map(([id]) => id)).toEqual(["desks/2"]);
  });

  it("is made on top of what is published when the contributor says so", () => {
    const draft = begin();
    draft.set(resource, ROW, "phone", "05");
    draft.rebase("desks/1", "phone", "77");
    expect(draft.of("desks", "1")).toMatchObject({ old: { phone: "77" }, new: { phone: "05" } });
    draft.rebase("desks/1", "phone", "05");
    expect(draft.size).toBe(0);
  });

  it("takes one cell back and leaves the others", () => {
    const draft = begin();
    draft.set(resource, ROW, "phone", "05");
    draft.set(resource, ROW, "name", "Gap 2");
    draft.undoCell("desks/1", "phone");
    expect(draft.of("desks", "1")).toMatchObject({ new: { name: "Gap 2" } });
    draft.undoCell("desks/1", "name");
    expect(draft.size).toBe(0);
  });

  it("says what was looked at when the last change was made", () => {
    const draft = begin();
    draft.shown = "r7";
    draft.set(resource, ROW, "phone", "05");
    draft.shown = "r8";
    expect(draft.body(["desks/1"]).base_revision).toBe("r7");
  });
});

describe("links to follow proposals", () => {
  const link = (id: string) => ({
    id,
    url: `https://x/${id}`,
    dataset: "d",
    label: id,
    sent: "2026-11-22T10:00:00Z",
  });

  it("are kept, the last twenty, newest first", () => {
    for (let one = 1; one <= 25; one += 1) remember(link(String(one)));
    expect(followUps().map(({ id }) => id)).toEqual([...Array(20).keys()].map((one) => `${25 - one}`));
    forget("25");
    expect(followUps()[0]!.id).toBe("24");
    forget();
    expect(followUps()).toEqual([]);
  });

  it("are not kept where nothing can be, and never lead elsewhere than to a page", () => {
    browser.held.set("retouche.followups", JSON.stringify([{ ...link("1"), url: "javascript:x" }]));
    expect(followUps()).toEqual([]);
    browser.refuses = true;
    expect(remember(link("1"))).toBe(false);
    expect(followUps()).toEqual([]);
  });
});
