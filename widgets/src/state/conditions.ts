// Conditions as a reader makes and unmakes them, and those that a resource can be asked for.

import type { Field, Resource } from "../model/field";
import { asks, type Condition, type Filters } from "../model/query";

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const DATE = /^(\d{4})-(\d{2})-(\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** Only the conditions on fields that exist, with bounds that their types accept. */
export function allowed(filters: Filters, resource: Resource): Filters {
  return Object.fromEntries(
    Object.entries(filters).flatMap(([name, condition]) => {
      const field = resource.field(name);
      if (!field) return [];
      const sound = soundCondition(condition, field);
      return asks(sound) ? [[name, sound]] : [];
    }),
  );
}

function soundCondition({ values, from, to }: Condition, field: Field): Condition {
  const fits = (bound: string | undefined): boolean => !!bound && fitsBound(bound, field);
  return {
    ...(values?.length && { values }),
    ...(fits(from) && { from: from! }),
    ...(fits(to) && { to: wholly(to!, field) }),
  };
}

/** Up to a day is up to its end, where a field tells moments of days. */
function wholly(to: string, { type }: Field): string {
  return type === "datetime" && !to.includes("T") ? `${to}T23:59:59.999999` : to;
}

/** Whether a text can be a bound of a field: the API refuses the others. */
export function fitsBound(text: string, field: Field): boolean {
  if (field.numeric) return NUMBER.test(text);
  if (field.type === "date" || field.type === "datetime") return isMoment(text, field.type);
  return field.type !== "boolean";
}

/** Whether a text is a day of the calendar, with a time or not where a field has times. */
function isMoment(text: string, type: "date" | "datetime"): boolean {
  const [, year, month, day, time] = DATE.exec(text) ?? [];
  if (!year || (time && type === "date")) return false;
  const date = new Date(0);
  date.setUTCFullYear(+year, +month! - 1, +day!);
  return +year > 0 && date.getUTCMonth() === +month! - 1 && date.getUTCDate() === +day!;
}

/** Other conditions, with that of one field replaced; gone when it asks for nothing. */
export function withCondition(filters: Filters, field: string, condition: Condition): Filters {
  const { [field]: _, ...others } = filters;
  return asks(condition) ? { ...others, [field]: condition } : others;
}

/** Other conditions, with one value of a field chosen or not. */
export function withValue(filters: Filters, field: string, value: string, on: boolean): Filters {
  const before = Object.hasOwn(filters, field) ? filters[field]! : {};
  const others = (before.values ?? []).filter((one) => one !== value);
  const values = on ? [...others, value] : others;
  const { values: _, ...bounds } = before;
  return withCondition(filters, field, values.length ? { ...bounds, values } : bounds);
}

/** One condition as a reader takes it away: a value, or the bounds, of a field. */
export interface Chip {
  field: string;
  /** The value, or null for bounds. */
  value: string | null;
  from?: string;
  to?: string;
}

/** The conditions one by one, in the order in which they were made. */
export function chipsOf(filters: Filters): Chip[] {
  return Object.entries(filters).flatMap(([field, { values = [], from, to }]) => [
    ...values.map((value): Chip => ({ field, value })),
    ...(from || to ? [{ field, value: null, ...(from && { from }), ...(to && { to }) }] : []),
  ]);
}

/** The filters without one of their conditions. */
export function without(filters: Filters, { field, value }: Chip): Filters {
  if (value !== null) return withValue(filters, field, value, false);
  const { values } = filters[field] ?? {};
  return withCondition(filters, field, values ? { values } : {});
}
