// What a reader looks at, written in the host page's address under a prefix, and read from it.
// The host's own parameters and those of other widgets stay as they are, byte for byte.

import { soundKey } from "../model/field";
import type { Condition, Filters, Order } from "../model/query";

export interface Position {
  longitude: number;
  latitude: number;
  zoom: number;
}

export interface Place extends Omit<Position, "zoom"> {
  /** Metres. */
  radius: number;
  label: string;
}

/** What a reader looks at in one widget. */
export interface State {
  tab: string | null;
  view: string | null;
  words: string;
  filters: Filters;
  order: Order[];
  page: number;
  /** The key of the row that is open, as in URLs. */
  row: string | null;
  map: Position | null;
  near: Place | null;
  /** Of a proposal that is looked at: the data before it, and only the rows that it changes. */
  side: "before" | null;
  changes: "only" | null;
}

export const NOTHING: Readonly<State> = {
  tab: null,
  view: null,
  words: "",
  filters: {},
  order: [],
  page: 1,
  row: null,
  map: null,
  near: null,
  side: null,
  changes: null,
};

const LARGEST_PAGE = 1e9;

/** The state that a query string (`?a=b`, or without `?`) tells; what is malformed is left out. */
export function readState(search: string, prefix: string): State {
  const state: State = { ...NOTHING, filters: noFilters(), order: [] };
  for (const [name, value] of new URLSearchParams(search)) {
    if (!name.startsWith(`${prefix}.`)) continue;
    const [what = "", ...rest] = name.slice(prefix.length + 1).split(".");
    const field = rest.join(".");
    if (field) readCondition(state.filters, what, field, value);
    else readOne(state, what, value);
  }
  return state;
}

function readOne(state: State, what: string, value: string): void {
  if (what === "tab" || what === "view") state[what] = value || null;
  else if (what === "row") state.row = value ? soundKey(value) : null;
  else if (what === "q") state.words = value;
  else if (what === "side") state.side = value === "before" ? value : null;
  else if (what === "changes") state.changes = value === "only" ? value : null;
  else if (what === "sort") {
    const descending = value.startsWith("-");
    const field = descending ? value.slice(1) : value;
    if (field) state.order.push({ field, descending });
  } else if (what === "page") {
    state.page = Math.min(LARGEST_PAGE, Math.max(1, Math.floor(Number(value)) || 1));
  } else if (what === "map") {
    const [latitude, longitude, zoom] = numbers(value);
    if (isPlace(latitude, longitude) && Number.isFinite(zoom)) {
      state.map = { latitude: latitude!, longitude: longitude!, zoom: zoom! };
    }
  } else if (what === "near") {
    const at = value.indexOf("~");
    const [latitude, longitude, radius] = numbers(at < 0 ? value : value.slice(0, at));
    const label = at < 0 ? "" : value.slice(at + 1);
    if (isPlace(latitude, longitude) && radius! > 0 && Number.isFinite(radius)) {
      state.near = { latitude: latitude!, longitude: longitude!, radius: radius!, label };
    }
  }
}

function readCondition(filters: Filters, what: string, field: string, value: string): void {
  if (what !== "f" && what !== "from" && what !== "to") return;
  const condition: Condition = (filters[field] ??= {});
  if (what === "f") (condition.values ??= []).push(value);
  else if (value) condition[what] = value;
}

/** A field may have any name, also one that every object has. */
function noFilters(): Filters {
  return Object.create(null) as Filters;
}

/** Conditions written as `field=value` and `from.field=…`, `to.field=…`, as in an attribute. */
export function readFilters(text: string): Filters {
  const filters = noFilters();
  for (const [name, value] of new URLSearchParams(text)) {
    const bound = /^(from|to)\.(.+)$/.exec(name);
    if (bound) readCondition(filters, bound[1]!, bound[2]!, value);
    else readCondition(filters, "f", name, value);
  }
  return filters;
}

const numbers = (text: string): number[] => text.split(",").map((one) => (one ? Number(one) : NaN));

function isPlace(latitude: number | undefined, longitude: number | undefined): boolean {
  return Math.abs(latitude ?? NaN) <= 90 && Math.abs(longitude ?? NaN) <= 180;
}

/**
 * A query string with our parameters replaced by those of the state, ours last. The others keep
 * their bytes, their order and their repetitions. Starts with `?`, or is empty.
 */
export function writeState(search: string, prefix: string, state: State): string {
  const others = search
    .replace(/^\?/, "")
    .split("&")
    .filter((pair) => pair !== "" && !nameOf(pair).startsWith(`${prefix}.`));
  const ours = parametersOf(prefix, state).map(([name, value]) => `${quoted(name)}=${quoted(value)}`);
  const text = [...others, ...ours].join("&");
  return text && `?${text}`;
}

function parametersOf(prefix: string, state: State): [string, string][] {
  const found: [string, string][] = [];
  const put = (name: string, value: string | null | undefined): void => {
    if (value) found.push([`${prefix}.${name}`, value]);
  };
  put("tab", state.tab);
  put("view", state.view);
  put("q", state.words);
  for (const [field, { values, from, to }] of Object.entries(state.filters)) {
    for (const one of values ?? []) found.push([`${prefix}.f.${field}`, one]);
    put(`from.${field}`, from);
    put(`to.${field}`, to);
  }
  for (const { field, descending } of state.order) put("sort", `${descending ? "-" : ""}${field}`);
  if (state.page > 1) put("page", String(state.page));
  put("row", state.row);
  put("side", state.side);
  put("changes", state.changes);
  if (state.map) {
    const { latitude, longitude, zoom } = state.map;
    put("map", `${latitude.toFixed(5)},${longitude.toFixed(5)},${zoom.toFixed(2)}`);
  }
  if (state.near) {
    const { latitude, longitude, radius, label } = state.near;
    put("near", `${latitude.toFixed(5)},${longitude.toFixed(5)},${radius}~${label}`);
  }
  return found;
}

/** The name of `name=value`, decoded as far as it can be. */
function nameOf(pair: string): string {
  return [...new URLSearchParams(pair).keys()][0] ?? "";
}

/** Percent-encoded, but for what an address may show as it is: easier to read and to send. */
function quoted(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\uFFFD"))
    .replace(/%20/g, "+")
    .replace(/%2C/g, ",")
    .replace(/%3A/g, ":")
    .replace(/%2F/g, "/");
}
