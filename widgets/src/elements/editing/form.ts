// The fields of a form in the order in which people fill them.

import type { ResolvedDescriptor } from "../../model/descriptor";
import type { Field, Resource, Row } from "../../model/field";
import { folded, inLanguage, type Locale } from "../../model/texts";
import type { Session } from "../../state/session";
import { lockedBecause } from "./hints";

export interface FormGroup {
  title: string;
  fields: Field[];
}

/**
 * All fields by group, in the order of the schema. A row to add begins with what it must have,
 * and leaves out what nobody can fill.
 */
export function formGroups(
  resource: Resource,
  descriptor: Pick<ResolvedDescriptor, "groups">,
  locale: Locale,
  adding: boolean,
  titles: { required: string; others: string },
): FormGroup[] {
  const groups = new Map<string, FormGroup>();
  const put = (name: string, title: string, field: Field): void => {
    const group = groups.get(name) ?? { title, fields: [] };
    group.fields.push(field);
    groups.set(name, group);
  };
  const fields = [...resource.fields.values()].filter(
    (one) => !adding || !lockedBecause(one, locale, true),
  );
  if (adding) {
    for (const one of fields) if (one.required) put("\u0000", titles.required, one);
  }
  for (const one of fields) {
    if (adding && one.required) continue;
    const name = one.descriptor.retouche?.group ?? "";
    put(name, inLanguage(descriptor.groups?.[name], locale) || name || titles.others, one);
  }
  return [...groups.values()];
}

/** The groups with the fields that have these words in what is said of them. */
export function groupsWith(groups: readonly FormGroup[], words: string, locale: Locale): FormGroup[] {
  const wanted = folded(words).split(/\s+/).filter(Boolean);
  if (!wanted.length) return [...groups];
  const says = (title: string, field: Field): boolean => {
    const text = folded(`${title} ${field.name} ${field.label(locale)} ${field.help(locale)}`);
    return wanted.every((one) => text.includes(one));
  };
  return groups
    .map(({ title, fields }) => ({ title, fields: fields.filter((one) => says(title, one)) }))
    .filter(({ fields }) => fields.length);
}

/** Rows up to this many are read to find a free key. */
const MOST = 5000;

/** A key for a new row: the number after the highest one; null where keys are not numbered. */
export async function suggestedKey(session: Session, resource: Resource): Promise<string | null> {
  const [name, ...others] = resource.key;
  const field = name === undefined ? undefined : resource.field(name);
  if (!field || others.length || field.foreignKey || !/^(integer|string)$/.test(field.type)) {
    return null;
  }
  const added = session.draft.added(resource.name).map(([, row]) => row);
  const rows =
    field.type === "integer"
      ? await highest(session, resource, field)
      : resource.descriptor.row_count <= MOST
        ? await session.source.all(resource.name, {}, [field.name])
        : [];
  return nextKey([...rows, ...added].map((row: Row) => row[field.name] ?? ""));
}

async function highest(session: Session, resource: Resource, field: Field): Promise<Row[]> {
  const order = [{ field: field.name, descending: true }];
  const page = await session.source.page(
    resource.name,
    { order },
    { size: 1, columns: [field.name] },
  );
  return page.rows;
}

/** The key after the highest: all are a number, after the same letters if any. */
export function nextKey(keys: readonly string[]): string | null {
  const numbered = keys.map((one) => /^(\D*)(\d{1,15})$/.exec(one));
  const first = numbered[0];
  if (!first || numbered.some((one) => !one || one[1] !== first[1])) return null;
  const digits = numbered.map((one) => one![2]!);
  const next = String(Math.max(...digits.map(Number)) + 1);
  const fixed = digits.every((one) => one.length === digits[0]!.length);
  const padded = fixed && digits.some((one) => one.startsWith("0"));
  return first[1]! + (padded ? next.padStart(digits[0]!.length, "0") : next);
}
