import { describe, expect, it } from "vitest";
import { soundKey } from "../src/model/field";
import { NOTHING, readFilters, readState, type State, writeState } from "../src/state/address";
import { hold, nameIn, plainPrefix, release, take } from "../src/state/prefixes";
import { Chance } from "./chance";

const TEXTS = [
  "Nord",
  "Hautes-Alpes",
  'a,b "c"',
  "50 %",
  "é+è&f=g#h?",
  "~",
  "a~b",
  "-x",
  "  ",
  "x.y",
  "日本",
  "{}",
  "<b>",
];
const NAMES = ["dep", "a.b", "f", "__proto__", "constructor", "é à", "x=y&z", "q"];
const OTHERS = ["?a=1&b=2", "", "?a=1&a=2&a=1", "?x", "?x=%20&y=+&%zz=%", "?utm=a%2Cb&fiches=1"];

function stateOf(chance: Chance): State {
  const state: State = { ...NOTHING, filters: {}, order: [] };
  const maybe = (): boolean => chance.below(2) === 0;
  for (const name of ["tab", "view"] as const) if (maybe()) state[name] = chance.of(TEXTS);
  if (maybe()) state.row = soundKey(chance.of(TEXTS));
  if (maybe()) state.words = chance.of(TEXTS);
  const filters = new Map<string, State["filters"][string]>();
  for (let left = chance.below(4); left > 0; left -= 1) {
    const values = [...new Set([chance.of(TEXTS), chance.of(["", ...TEXTS])])];
    const bounds = maybe() ? { from: chance.of(TEXTS), to: "9" } : {};
    filters.set(chance.of(NAMES), maybe() ? { values, ...bounds } : { values });
  }
  state.filters = Object.fromEntries(filters);
  for (let left = chance.below(3); left > 0; left -= 1) {
    state.order.push({ field: chance.of(["dep", "a.b", "é à"]), descending: maybe() });
  }
  if (maybe()) state.page = 1 + chance.below(1000);
  if (maybe()) state.map = { latitude: 50.62925, longitude: -3.05726, zoom: 9.25 };
  if (maybe()) {
    state.near = { latitude: 46.5, longitude: 2.25, radius: 20000, label: chance.of(TEXTS) };
  }
  return state;
}

describe("the state in an address", () => {
  it("comes back as it was written, whatever it holds", () => {
    const chance = new Chance(4);
    for (let run = 0; run < 3000; run += 1) {
      const state = stateOf(chance);
      const written = writeState(chance.of(OTHERS), "fiches", state);
      const read = readState(written, "fiches");
      expect(Object.entries(read.filters)).toEqual(Object.entries(state.filters));
      expect({ ...read, filters: {} }).toEqual({ ...state, filters: {} });
    }
  });

  it("leaves every other parameter as it was: bytes, order and repetitions", () => {
    const chance = new Chance(5);
    for (let run = 0; run < 1000; run += 1) {
      const others = chance.of(OTHERS);
      const once = writeState(others, "fiches", stateOf(chance));
      const twice = writeState(once, "fiches", stateOf(chance));
      expect(twice.startsWith(others)).toBe(true);
      expect(writeState(twice, "fiches", NOTHING)).toBe(others === "?" ? "" : others);
    }
  });

  it("is not mixed with that of another widget on the page", () => {
    const chance = new Chance(6);
    for (let run = 0; run < 1000; run += 1) {
      const [one, other] = [stateOf(chance), stateOf(chance)];
      const written = writeState(writeState("?a=1", "w", one), "w-2", other);
      const again = writeState(written, "w", { ...one, words: "other" });
      expect(readState(again, "w-2")).toEqual(readState(written, "w-2"));
      expect(readState(again, "w")).toEqual({ ...readState(written, "w"), words: "other" });
    }
  });

  it("leaves out what is malformed", () => {
    const read = readState(
      "?w.page=-3&w.map=1,2&w.near=95,2,10&w.sort=&w.sort=-&w.view=&w.f.=x&w.from.a=&w.q=%",
      "w",
    );
    const { filters, ...rest } = read;
    expect(rest).toEqual({ ...NOTHING, filters: undefined, words: "%" });
    expect(Object.values(filters)).toEqual([{}]);
  });

  it("has a row key of which no part leads elsewhere", () => {
    const row = (text: string): string | null =>
      readState(`?fiches.row=${encodeURIComponent(text)}`, "fiches").row;
    expect(row("../../other/rows/1")).toBe("..%2F..%2Fother%2Frows%2F1");
    expect(row("a%2Fb,c?d#e")).toBe("a%2Fb,c%3Fd%23e");
    expect(row("50%")).toBe("50%25");
    expect(row("%zz,%25")).toBe("%25zz,%25");
  });

  it("tells a missing value from none", () => {
    expect({ ...readState("?w.f.a=&w.f.a=x", "w").filters }).toEqual({ a: { values: ["", "x"] } });
    const state = { ...NOTHING, filters: { a: { values: [""] } } };
    expect(writeState("", "w", state)).toBe("?w.f.a=");
  });

  it("does not touch what every object has", () => {
    readState("?w.f.__proto__=polluted", "w");
    expect(({} as { values?: unknown }).values).toBeUndefined();
  });

  it("is readable", () => {
    const state = {
      ...NOTHING,
      words: "maison de services",
      filters: { dep_lib: { values: ["Hautes-Alpes", "a,b"] } },
      row: "1,2",
    };
    expect(writeState("", "fiches", state)).toBe(
      "?fiches.q=maison+de+services&fiches.f.dep_lib=Hautes-Alpes&fiches.f.dep_lib=a,b&fiches.row=1,2",
    );
  });
});

describe("filters of an attribute", () => {
  it("are values, missing ones and bounds", () => {
    expect({ ...readFilters("dep=Nord&dep=Indre&zone=&from.population=10&to.population=20") }).toEqual(
      {
        dep: { values: ["Nord", "Indre"] },
        zone: { values: [""] },
        population: { from: "10", to: "20" },
      },
    );
  });
});

describe("prefixes", () => {
  it("are given to one widget at a time, and again once it has left", () => {
    expect([take("fiches"), take("fiches"), take("fiches")]).toEqual([
      "fiches",
      "fiches-2",
      "fiches-3",
    ]);
    release("fiches-2");
    expect(take("fiches")).toBe("fiches-2");
    for (const one of ["fiches", "fiches-2", "fiches-3"]) release(one);
    expect(take("fiches")).toBe("fiches");
    release("fiches");
  });

  it("asked for by a page are kept from others, and may be shared", () => {
    hold("mine");
    hold("mine");
    release("mine");
    expect(take("mine")).toBe("mine-2");
    release("mine");
    release("mine-2");
  });

  it("are the name in the descriptor's address", () => {
    expect(nameIn("https://host/api/v1/datasets/d/widgets/fiches?revision=x")).toBe("fiches");
    expect(nameIn("../d/widgets/fiches.json")).toBe("fiches");
    expect(nameIn("a/%E9%zz/")).toBe("%E9%zz");
    expect(plainPrefix("a.b c")).toBe("a-b-c");
    const empty = take(nameIn(""));
    expect(empty).toBe("widget");
    release(empty);
  });
});
