import type { GeneratedColumn, GeneratedModel, GeneratedRelation, Models } from '../database/models.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { App } from '../start/app.ts';
import { kindOf, lowerFirst, type Shapes } from './shapes.ts';
import { userFieldShapes } from './user-fields.ts';

interface Writer {
  create(query: object): Promise<Record<string, unknown>>;
  update(query: object): Promise<unknown>;
}

/** How many rows each content type gets: enough that conditions of rules find some and not others. */
const ROWS = 6;

/**
 * Fills the tables of the content types with rows made from their models: every kind of value, relations to other rows and to each of the
 * owners, and the values that the rules of the application name. The same rows for the same seed.
 */
export async function makeRows(
  prisma: PrismaClient,
  { models, roles, contentTypes, userFields }: App,
  shapes: Shapes,
  owners: readonly number[],
  seed: number,
): Promise<void> {
  const content = [...shapes.values()].filter(({ isOwn }) => !isOwn);
  const single = new Set(content.filter(({ kind }) => kind === 'single').map(({ model }) => model));
  const wanted = withRequired(
    models,
    content.map(({ model }) => model),
  );
  const named = valuesNamed([roles, contentTypes.map(({ declaration }) => declaration.where)]);
  const made = new Map<string, Record<string, unknown>[]>([['User', owners.map((id) => ({ id }))]]);
  const table = (model: string) => (prisma as unknown as Record<string, Writer>)[lowerFirst(model)] as Writer;

  for (const model of inOrder(models, wanted)) {
    const shown = models.byName[model];
    if (!shown || shown.view) continue;
    const rows: Record<string, unknown>[] = [];
    made.set(model, rows);
    for (let number = 0; number < (single.has(model) ? 1 : ROWS); number++) {
      const data: Record<string, unknown> = {};
      for (const [name, field] of Object.entries(shown.fields)) {
        if (field.kind === 'object') {
          const related = pick(field, made.get(field.type) ?? [], number + seed);
          if (field.from.length > 0 && related)
            for (const [index, from] of field.from.entries()) data[from] ??= related[field.to[index] ?? ''];
          continue;
        }
        if (isKeyOfRelation(shown, name)) continue;
        const value = valueFor(models, model, name, field, number, seed, named.get(name) ?? []);
        if (value !== undefined) data[name] = value;
      }
      rows.push(await table(model).create({ data }));
    }
  }
  for (const [number, id] of owners.entries()) {
    const data: Record<string, unknown> = {};
    for (const { name } of userFieldShapes(models, userFields)) {
      const field = models.byName['User']?.fields[name] as GeneratedColumn;
      const value = valueFor(models, 'User', name, field, number, seed, []);
      if (value !== undefined) data[name] = value;
    }
    if (Object.keys(data).length > 0) await table('User').update({ where: { id }, data });
  }
  // Links between rows that are all there, and keys of rows that came later.
  for (const [model, rows] of made) {
    const shown = models.byName[model];
    if (!shown || model === 'User') continue;
    for (const [name, field] of Object.entries(shown.fields)) {
      if (field.kind !== 'object' || field.through) continue;
      for (const [number, row] of rows.entries()) {
        const others = made.get(field.type) ?? [];
        const related = field.list ? others.filter((_, index) => (index + number) % 3 === 0) : undefined;
        if (related && isLink(models, model, field) && field.type !== 'User') {
          await table(model).update({
            where: keyOf(shown, row),
            data: {
              [name]: { connect: related.map((other) => keyOf(models.byName[field.type] as GeneratedModel, other)) },
            },
          });
        }
      }
    }
  }
}

function keyOf({ key }: GeneratedModel, row: Record<string, unknown>): object {
  const values = Object.fromEntries(key.map((name) => [name, row[name]]));
  return key.length > 1 ? { [key.join('_')]: values } : values;
}

export function isLink(
  models: Models,
  model: string,
  { list, from, through, type, relation }: GeneratedRelation,
): boolean {
  if (!list || from.length > 0 || through) return false;
  const sides = Object.values(models.byName[type]?.fields ?? {});
  return sides.every(
    (side) => side.kind !== 'object' || side.relation !== relation || side.type !== model || side.from.length === 0,
  );
}

/** Now and then a relation leads to nothing, where it can. */
function pick(field: GeneratedRelation, others: readonly Record<string, unknown>[], number: number) {
  if (others.length === 0) return undefined;
  const at = number % (others.length + (field.required ? 0 : 1));
  return others[at];
}

function isKeyOfRelation({ fields }: GeneratedModel, name: string): boolean {
  return Object.values(fields).some((field) => field.kind === 'object' && field.from.includes(name));
}

/** Undefined where the database or Prisma makes one. */
function valueFor(
  models: Models,
  model: string,
  name: string,
  field: GeneratedColumn,
  number: number,
  seed: number,
  named: readonly unknown[],
): unknown {
  if (field.kind === 'unsupported' || field.generated || field.updatedAt) return undefined;
  if (field.hasDefault && models.byName[model]?.key.includes(name)) return undefined;
  // Every column turns at a speed of its own, so that two of them are rarely equal in all rows.
  const turn = (number >> (hash(name) % 3)) + seed;
  if (!field.required && !field.list && (number + hash(name)) % 4 === 3) return null;
  if (field.list) return []; // Prisma reads the absence of a list as an empty one, too
  if (field.kind === 'enum') {
    const values = Object.keys(models.enums[field.type] ?? {});
    return values[(number + seed) % values.length];
  }
  const fitting = named.filter(
    (value) => typeof value === (kindOf(field) === 'text' ? 'string' : field.type.toLowerCase()),
  );
  if (!field.unique && fitting.length > 0 && number % 2 === 0) return fitting[(number >> 1) % fitting.length];
  const key = models.byName[model]?.key.includes(name);
  switch (field.type) {
    case 'String':
      return textOf(model, name, number, field);
    case 'Boolean':
      return turn % 2 === 1;
    case 'Int':
      return key || field.unique ? number + 1_000 : ((number + hash(name)) % 5) + 1;
    case 'BigInt':
      return BigInt(number + 1_000);
    case 'Float':
      return ((number + hash(name)) % 4) + 0.5;
    case 'Decimal':
      return `${(number % 4) + 1}`;
    case 'DateTime':
      return new Date(Date.UTC(2020, (number + hash(name)) % 12, 1 + number, 12));
    case 'Json':
      return { number };
    case 'Bytes':
      return Buffer.from([number]);
    default:
      return undefined;
  }
}

/** A text that stands in no other cell, so that it can be looked for in an answer. It has the form of a slug. */
export function textOf(
  model: string,
  name: string,
  number: number,
  { native, sizes }: Pick<GeneratedColumn, 'native' | 'sizes'>,
): string {
  if (native === 'Uuid')
    return `00000000-0000-4000-8000-${hash(`${model}${name}`).toString(16).padStart(8, '0').slice(-8)}${String(number).padStart(4, '0')}`;
  const text = `${model}-${name}-${number}`.toLowerCase();
  const length = Number(sizes[0] ?? 255);
  return text.length <= length ? text : text.slice(-length);
}

export function hash(text: string): number {
  let sum = 7;
  for (const letter of text) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return sum;
}

/** The values that conditions name, by the column they compare. */
function valuesNamed(given: unknown): ReadonlyMap<string, readonly unknown[]> {
  const found = new Map<string, unknown[]>();
  const visit = (value: unknown, name: string): void => {
    if (Array.isArray(value)) for (const inner of value) visit(inner, name);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) visit(inner, OPERATORS.test(key) ? name : key);
    } else if (name !== '' && value !== null && !String(value).startsWith('$'))
      found.set(name, [...(found.get(name) ?? []), value]);
  };
  visit(given, '');
  return found;
}

const OPERATORS = /^(?:eqi?|nei?|in|notIn|contains|containsi|startsWith|endsWith|gte?|lte?|between|not|and|or)$/;

/** With the models that these need a row of. */
function withRequired({ byName }: Models, models: readonly string[]): readonly string[] {
  const found = new Set(models);
  for (const model of found) {
    for (const field of Object.values(byName[model]?.fields ?? {})) {
      if (field.kind === 'object' && field.required && !field.list && field.from.length > 0 && field.type !== 'User')
        found.add(field.type);
    }
  }
  return [...found];
}

/** Rows that others need come first. A circle of required keys has no beginning, and is left as it is. */
function inOrder({ byName }: Models, models: readonly string[]): readonly string[] {
  const sorted: string[] = [];
  const visit = (model: string, above: readonly string[]): void => {
    if (sorted.includes(model) || above.includes(model)) return;
    const fields = Object.values(byName[model]?.fields ?? {}).filter((field) => field.kind === 'object');
    for (const field of fields.toSorted((a, b) => Number(b.required) - Number(a.required))) {
      if (field.from.length > 0 && models.includes(field.type)) visit(field.type, [...above, model]);
    }
    sorted.push(model);
  };
  for (const model of models) visit(model, []);
  return sorted;
}
