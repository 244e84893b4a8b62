import type { GeneratedRelation } from '../database/models.ts';
import type { Database } from '../database/open.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { lowerFirst, type Shapes } from './shapes.ts';

/** A row as the database has it, by the names of its model's columns. */
export interface Row {
  readonly model: string;
  readonly documentId: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Every row of the models that a content type has, of users and roles. */
export interface World {
  readonly rows: ReadonlyMap<string, readonly Row[]>;
  /** The rows that a relation leads to, also one that no client can see: none, one or many. */
  related(row: Row, relation: string): readonly Row[];
  /** Where a text stands among others in the order of the database. */
  rank(text: string): number;
}

interface Table {
  findMany(query: object): Promise<Record<string, unknown>[]>;
  deleteMany(query: object): Promise<unknown>;
}

/** Reads them, with Prisma and not with the code of the server. `texts` are others that are compared. */
export async function readWorld(
  { prisma, models, query }: Pick<Database, 'prisma' | 'models' | 'query'>,
  shapes: Shapes,
  texts: readonly string[],
): Promise<World> {
  const wanted = reachable(models.byName, [...shapes.keys()]);
  const rows = new Map<string, Row[]>();
  for (const model of wanted) {
    const { fields = {}, key = [] } = models.byName[model] ?? {};
    const links = Object.entries(fields).filter(([, field]) => field.kind === 'object' && isLink(model, field));
    const include = Object.fromEntries(links.map(([name]) => [name, true]));
    const found = await tableOf(prisma, model).findMany(links.length > 0 ? { include } : {});
    const parts = shapes.get(model)?.key ?? key;
    rows.set(
      model,
      found.map((values) => ({ model, values, documentId: documentIdOf(parts.map((name) => String(values[name]))) })),
    );
  }

  function isLink(model: string, { list, from, through, type, relation }: GeneratedRelation): boolean {
    if (!list || from.length > 0 || through) return false;
    const others = Object.values(models.byName[type]?.fields ?? {});
    const sides = others.filter(
      (field) => field.kind === 'object' && field.relation === relation && field.type === model,
    );
    return sides.every((field) => field.kind === 'object' && field.from.length === 0);
  }

  const identity = (model: string, values: Readonly<Record<string, unknown>>) =>
    JSON.stringify((models.byName[model]?.key ?? []).map((name) => String(values[name])));
  const byIdentity = new Map(
    [...rows].map(([model, list]) => [model, new Map(list.map((row) => [identity(model, row.values), row]))]),
  );

  function related(row: Row, name: string): readonly Row[] {
    const field = models.byName[row.model]?.fields[name];
    if (field?.kind !== 'object') throw new Error(`${row.model} has no relation ${name}`);
    const among = rows.get(field.type) ?? [];
    if (isLink(row.model, field)) {
      const linked = (row.values[name] ?? []) as Readonly<Record<string, unknown>>[];
      return linked.flatMap((values) => byIdentity.get(field.type)?.get(identity(field.type, values)) ?? []);
    }
    if (field.from.length > 0) {
      const values = field.from.map((column) => row.values[column]);
      if (values.includes(null)) return [];
      return among.filter((other) => field.to.every((column, index) => same(other.values[column], values[index])));
    }
    const back = Object.values(models.byName[field.type]?.fields ?? {}).find(
      (other) => other.kind === 'object' && other.relation === field.relation && other.from.length > 0,
    );
    if (back?.kind !== 'object') return [];
    return among.filter((other) =>
      back.from.every((column, index) => same(other.values[column], row.values[back.to[index] ?? ''])),
    );
  }

  const values = [...rows.values()].flat().flatMap((row) => [row.documentId, ...Object.values(row.values)]);
  const all = [...new Set([...texts, ...values.filter((value) => typeof value === 'string')])];
  const ordered = await query<{ text: string }>('SELECT t AS text FROM unnest($1::text[]) t ORDER BY t', [all]);
  const ranks = new Map(ordered.map(({ text }, index) => [text, index]));
  return { rows, related, rank: (text) => ranks.get(text) ?? -1 };
}

/** `Post` → `prisma.post`. */
export function tableOf(prisma: PrismaClient, model: string): Table {
  return (prisma as unknown as Record<string, Table>)[lowerFirst(model)] as Table; // the models are those of the client
}

/** Models that conditions can reach: those of the content types and what these relate to, of Gatehouse's own users and roles only. */
function reachable(byName: Database['models']['byName'], models: readonly string[]): ReadonlySet<string> {
  const found = new Set(models);
  for (const model of found) {
    if (model === 'User' || model === 'Role') continue;
    for (const field of Object.values(byName[model]?.fields ?? {})) if (field.kind === 'object') found.add(field.type);
  }
  return found;
}

/** As docs/extending.md has it: the text of one column, or of several in base64url with dots between them. */
export function documentIdOf(texts: readonly string[]): string {
  if (texts.length === 1) return texts[0] ?? '';
  return texts.map((text) => Buffer.from(text, 'utf8').toString('base64url')).join('.');
}

function same(one: unknown, other: unknown): boolean {
  return one !== null && other !== null && String(one) === String(other);
}
