// A field of a resource: what a reader calls it, how it is shown, what may be written in it.

import type { ForeignKey, ResourceDescriptor } from "./descriptor";
import { inLanguage, type Locale, type Texts } from "./texts";

export type Shape =
  | "tag"
  | "link"
  | "mail"
  | "phone"
  | "number"
  | "percent"
  | "date"
  | "long_text"
  | "boolean"
  | "image"
  | "hours"
  | "text";

export interface DisplayedValue {
  label?: Texts;
  color?: string;
}

export interface FieldDescriptor {
  name: string;
  title?: string;
  description?: string;
  type?: string;
  format?: string;
  example?: unknown;
  constraints?: {
    required?: boolean;
    unique?: boolean;
    enum?: unknown[];
    minimum?: unknown;
    maximum?: unknown;
    minLength?: number;
    maxLength?: number;
    pattern?: string;
  };
  trueValues?: string[];
  falseValues?: string[];
  decimalChar?: string;
  groupChar?: string;
  arrayItem?: unknown;
  delimiter?: string;
  categories?: unknown[];
  retouche?: {
    label?: Texts;
    help?: Texts;
    group?: string;
    display?: {
      as?: Exclude<Shape, "text">;
      unit?: Texts;
      digits?: number;
      values?: { [value: string]: DisplayedValue };
    };
    locked?: boolean;
    /** Computed, where an indicator is named by it too. */
    derived?: boolean | { indicator: string };
    personal?: boolean;
    /** For each value, the values that one proposal may turn it into. */
    steps?: { [value: string]: string[] };
  };
}

const NUMBERS = new Set(["number", "integer", "year"]);

/** One field at one revision. */
export class Field {
  readonly name: string;
  readonly type: string;

  constructor(
    readonly descriptor: FieldDescriptor,
    readonly foreignKey: ForeignKey | null = null,
    readonly isKey = false,
  ) {
    this.name = descriptor.name;
    this.type = descriptor.type ?? "string";
  }

  label(locale: Locale): string {
    return (
      inLanguage(this.descriptor.retouche?.label, locale) || this.descriptor.title || this.name
    );
  }

  help(locale: Locale): string {
    return inLanguage(this.descriptor.retouche?.help, locale) || this.descriptor.description || "";
  }

  unit(locale: Locale): string {
    return inLanguage(this.descriptor.retouche?.display?.unit, locale);
  }

  get digits(): number | undefined {
    return this.descriptor.retouche?.display?.digits;
  }

  get values(): { [value: string]: DisplayedValue } {
    return this.descriptor.retouche?.display?.values ?? {};
  }

  /** How a cell is shown: the display hint, else what the type tells. */
  get shape(): Shape {
    const hint = this.descriptor.retouche?.display?.as;
    if (hint) return hint;
    if (this.numeric) return "number";
    if (this.type === "boolean") return "boolean";
    if (this.type === "date" || this.type === "datetime") return "date";
    if (this.descriptor.constraints?.enum) return "tag";
    if (this.type === "string" && this.descriptor.format === "uri") return "link";
    if (this.type === "string" && this.descriptor.format === "email") return "mail";
    return "text";
  }

  get numeric(): boolean {
    return NUMBERS.has(this.type);
  }

  get required(): boolean {
    return this.isKey || this.descriptor.constraints?.required === true;
  }

  /** The values that the schema allows, as texts. */
  get choices(): string[] | null {
    return this.descriptor.constraints?.enum?.map(String) ?? null;
  }

  /** Whether an indicator computes it. */
  get isComputed(): boolean {
    return typeof this.descriptor.retouche?.derived === "object";
  }

  /** Whether a contributor may change it in a row that exists. */
  get writable(): boolean {
    const { locked, derived, personal } = this.descriptor.retouche ?? {};
    return !locked && !derived && !personal;
  }
}

export type Row = { [field: string]: string | null };

/** What a record holds under a name, however that is called; undefined where it holds nothing. */
export function own<Value>(
  record: { readonly [name: string]: Value } | null | undefined,
  name: string | undefined,
): Value | undefined {
  return record && name !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}

/** The same without a prototype: a field or a key may be called `constructor`. */
export function bare<Found extends object>(found: Found): Found {
  return Object.assign(Object.create(null) as Found, found);
}

const list = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : value;

/** A resource: its fields by name, its key, what its rows are called. */
export class Resource {
  readonly fields: ReadonlyMap<string, Field>;
  readonly key: readonly string[];

  constructor(
    readonly name: string,
    readonly descriptor: ResourceDescriptor,
  ) {
    const { schema } = descriptor;
    this.key = list(schema.primaryKey);
    const keys = schema.foreignKeys ?? [];
    const pointing = (field: string): ForeignKey | null =>
      keys.find((one) => list(one.fields).length === 1 && list(one.fields)[0] === field) ?? null;
    this.fields = new Map(
      schema.fields.map((one) => [
        one.name,
        new Field(one, pointing(one.name), this.key.includes(one.name)),
      ]),
    );
  }

  field(name: string): Field | undefined {
    return this.fields.get(name);
  }

  title(locale: Locale): string {
    return inLanguage(this.descriptor.title, locale) || this.name;
  }

  /** Whether rows can be told apart: without a key, none is opened, marked or corrected. */
  get keyed(): boolean {
    return this.key.length > 0;
  }

  /** The row key as in URLs: parts percent-encoded, joined by commas. */
  keyOf(row: Row): string {
    return this.key.map((field) => encodeKeyPart(row[field] ?? "")).join(",");
  }

  /** The row key as in a proposal: the key's fields with their texts. */
  keyCells(row: Row): { [field: string]: string } {
    return Object.fromEntries(this.key.map((field) => [field, row[field] ?? ""]));
  }

  /** The key's cells, from the key as in URLs. */
  cellsOfKey(key: string): { [field: string]: string } {
    const parts = key.split(",").map(decoded);
    return Object.fromEntries(this.key.map((field, index) => [field, parts[index] ?? ""]));
  }

  /** What a reader calls a row: the label template filled, else the key. */
  labelOf(row: Row): string {
    const text = (this.descriptor.label ?? "")
      .replace(/\{([^{}]+)\}/g, (_, field: string) =>
        this.field(field)?.descriptor.retouche?.personal ? "" : (row[field] ?? ""),
      )
      .trim();
    return text || this.key.map((field) => row[field] ?? "").join(", ");
  }
}

/** A key that somebody wrote, as URLs of the API write it: no part of it can leave its place. */
export function soundKey(key: string): string {
  return key.split(",").map((part) => encodeKeyPart(decoded(part))).join(",");
}

/** A text without its percent-encoding, as it is where it has none. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Percent-encode a part of a row key, commas and slashes too. */
export function encodeKeyPart(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\uFFFD")).replace(
    /[!'()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
