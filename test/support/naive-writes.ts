import type { Grant, Permission } from '../../src/authorization/grants.ts';
import { type Access, accessTo, boundTo, type Caller, type Everyone, grantsFor, matches } from './naive-rules.ts';
import { HIDDEN_TAG, type Stored, type Tables, TYPES, type TypeName, type World, worldOf } from './rules-world.ts';
import type { BlogRow } from './small-blog.ts';

/* What somebody with grants can write, worked out over rows in memory: after what the API promises. */

export type WrittenType = 'Post' | 'Author' | 'Tag';

/** Columns of the written row, and of the rows to one that it refers to. */
export interface Shown {
  readonly columns: readonly string[];
  readonly one: Readonly<Record<string, readonly string[]>>;
}

export type Write =
  | { readonly kind: 'create'; readonly type: WrittenType; readonly data: Data; readonly row: Shown }
  | {
      readonly kind: 'update';
      readonly type: WrittenType;
      readonly documentId: string;
      readonly data: Data;
      readonly row: Shown;
    }
  | { readonly kind: 'delete'; readonly type: WrittenType; readonly documentId: string };

export type Data = Readonly<Record<string, unknown>>;

export type Outcome =
  | { readonly kind: 'refused'; readonly code: 'FORBIDDEN' | 'NOT_FOUND' | 'BAD_USER_INPUT' }
  /** `grant` allowed it. A created row has NEW_ID and NEW_DOCUMENT in place of its keys. */
  | { readonly kind: 'written'; readonly tables: Tables; readonly grant: Grant };

export const NEW_ID = -1;
export const NEW_DOCUMENT = '(new)';

type TableName = 'posts' | 'authors' | 'tags';
const TABLES: Readonly<Record<WrittenType, TableName>> = { Post: 'posts', Author: 'authors', Tag: 'tags' };

/** The keys of relations to one, which are columns of the row. */
const KEYS: Readonly<Record<string, { readonly column: string; readonly to: TypeName }>> = {
  author: { column: 'authorId', to: 'Author' },
  category: { column: 'categoryId', to: 'Category' },
  owner: { column: 'ownerId', to: 'User' },
};
const UNIQUE: Readonly<Record<WrittenType, readonly string[]>> = { Post: ['slug'], Author: [], Tag: ['name'] };
const REQUIRED: Readonly<Record<WrittenType, readonly string[]>> = { Post: ['title'], Author: ['name'], Tag: ['name'] };
const NEVER_NULL = ['title', 'kind', 'featured', 'views', 'premium', 'name'];

const EVERY_ROW: Grant = {};

export interface Writing extends Omit<Everyone, 'world'> {
  readonly tables: Tables;
}

export function outcomeOf(writing: Writing, permissions: readonly Permission[], caller: Caller, write: Write): Outcome {
  const { tables, declared, now } = writing;
  const { type, kind } = write;
  const world = worldOf(tables);
  const everyone = { ...writing, world };
  const data = kind === 'delete' ? {} : write.data;
  const refused = (code: Extract<Outcome, { kind: 'refused' }>['code']) => ({ kind: 'refused', code }) as const;
  const exists = (row: BlogRow) => !(declared && type === 'Tag' && row['name'] === HIDDEN_TAG);
  const action = `${TYPES[type].actions}.${kind}`;

  const held = grantsFor(permissions, action, caller);
  if (!held) return refused('FORBIDDEN');
  const grants = held === 'all' ? [EVERY_ROW] : held;
  const find = (of: TypeName) => accessTo(everyone, permissions, caller, of, 'find');
  const shows = [find(type), accessTo(everyone, permissions, caller, type, 'findOne')];

  const candidates = grants.filter(({ fields, set = {} }) =>
    Object.keys(data).every((name) => (fields?.includes(name) ?? true) && !Object.hasOwn(set, name)),
  );
  if (candidates.length === 0) return refused('FORBIDDEN');
  for (const name of UNIQUE[type]) {
    if (data[name] != null && !find(type)?.knows(name)) return refused('FORBIDDEN');
  }
  for (const name of Object.keys(data)) {
    const to = TYPES[type].relations[name]?.to;
    if (to && !find(to)) return refused('FORBIDDEN');
    if (type === 'Author' && name === 'posts' && grantsFor(permissions, 'post.update', caller) !== 'all') {
      return refused('FORBIDDEN');
    }
  }
  if (kind !== 'delete') {
    const isSent = (name: string) => grants.some(({ fields }) => fields?.includes(name) ?? true);
    const canBeShown = (name: string) => isSent(name) || shows.some((access) => access?.knows(name));
    const { columns, one } = write.row;
    if (![...columns, ...Object.keys(one)].every(canBeShown)) return refused('FORBIDDEN');
    for (const [name, inner] of Object.entries(one)) {
      const target = find(TYPES[type].relations[name]?.to as TypeName);
      if (!target || !inner.every((column) => target.knows(column))) return refused('FORBIDDEN');
    }
  }

  const before = kind === 'create' ? undefined : world[type].find(({ documentId }) => documentId === write.documentId);
  const allowed = candidates.filter(
    ({ where }) =>
      kind === 'create' || (before && exists(before) && (!where || matches(before, where, caller, everyone))),
  );
  if (allowed.length === 0) return refused('NOT_FOUND');
  if (kind === 'delete') {
    return { kind: 'written', tables: without(tables, type, before as BlogRow), grant: allowed[0] as Grant };
  }

  if (isFaulty(world, type, data, before, find)) return refused('BAD_USER_INPUT');
  // What a grant sets need not be sent.
  const able = allowed.filter(
    ({ set = {} }) => before || REQUIRED[type].every((name) => data[name] !== undefined || Object.hasOwn(set, name)),
  );
  if (able.length === 0) return refused('BAD_USER_INPUT');
  for (const grant of able) {
    const set = Object.fromEntries(
      Object.entries(grant.set ?? {}).map(([name, value]) => [name, stamp(name, value, caller, now)]),
    );
    const after = written(tables, world, type, { ...data, ...set }, before?.id, now);
    const check = grant.check ?? grant.where;
    const worldAfter = worldOf(after);
    const row = worldAfter[type].find(({ id }) => id === (before?.id ?? NEW_ID)) as BlogRow;
    if (exists(row) && (!check || matches(row, check, caller, { ...writing }))) {
      return { kind: 'written', tables: after, grant };
    }
  }
  return refused('FORBIDDEN');
}

/** What a grant sets: `$user` is the documentId of the user, as a client would send it. */
function stamp(name: string, value: unknown, caller: Caller, now: Date): unknown {
  if (value === '$user' && KEYS[name]) return caller.user?.documentId;
  const bound = boundTo(value, caller, now);
  return bound instanceof Date ? bound.toISOString() : bound;
}

function isFaulty(
  world: World,
  type: WrittenType,
  data: Data,
  before: BlogRow | undefined,
  find: (of: TypeName) => Access | undefined,
): boolean {
  for (const [name, value] of Object.entries(data)) {
    if (value === null && NEVER_NULL.includes(name)) return true;
    if (UNIQUE[type].includes(name) && value !== null) {
      if (world[type].some((row) => row[name] === value && row.id !== before?.id)) return true;
    }
    const to = TYPES[type].relations[name]?.to;
    const ids = to && value !== null ? ([value].flat() as string[]) : [];
    const isThere = (id: string) =>
      to && world[to].some((row) => row.documentId === id && find(to)?.sees(row) === true);
    if (!ids.every(isThere)) return true;
  }
  return false;
}

/** The rows after a create or an update. */
function written(
  tables: Tables,
  world: World,
  type: WrittenType,
  data: Data,
  id: number | undefined,
  now: Date,
): Tables {
  const columns: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(data)) {
    const key = KEYS[name];
    if (key) columns[key.column] = world[key.to].find(({ documentId }) => documentId === value)?.id ?? null;
    else if (!TYPES[type].relations[name]) columns[name] = value;
  }
  const table = TABLES[type];
  const rows: readonly Stored[] = tables[table];
  const made = {
    ...DEFAULTS[type],
    createdAt: now.toISOString(),
    updatedAt: now.toISOString(),
    ...columns,
    id: NEW_ID,
    documentId: NEW_DOCUMENT,
  };
  const next = {
    ...tables,
    [table]: id === undefined ? [...rows, made] : rows.map((row) => (row.id === id ? { ...row, ...columns } : row)),
  };
  const self = id ?? NEW_ID;
  const idsIn = (to: TypeName, value: unknown) =>
    world[to].filter(({ documentId }) => ((value ?? []) as string[]).includes(documentId)).map((row) => row.id);
  if (type === 'Post' && data['tags'] !== undefined) {
    const ids = idsIn('Tag', data['tags']).map((tag): [number, number] => [self, tag]);
    return { ...next, tagged: [...tables.tagged.filter(([post]) => post !== self), ...ids] };
  }
  if (type === 'Tag' && data['posts'] !== undefined) {
    const ids = idsIn('Post', data['posts']).map((post): [number, number] => [post, self]);
    return { ...next, tagged: [...tables.tagged.filter(([, tag]) => tag !== self), ...ids] };
  }
  if (type === 'Author' && data['posts'] !== undefined) {
    const ids = idsIn('Post', data['posts']);
    const posts = tables.posts.map((post) => {
      if (ids.includes(post.id)) return { ...post, authorId: self };
      return post['authorId'] === self ? { ...post, authorId: null } : post;
    });
    return { ...next, posts };
  }
  return next;
}

const DEFAULTS: Readonly<Record<WrittenType, Data>> = {
  Post: {
    slug: null,
    content: null,
    kind: 'article',
    featured: false,
    views: 0,
    rating: null,
    premium: false,
    publishedAt: null,
    authorId: null,
    categoryId: null,
    ownerId: null,
  },
  Author: { bio: null, email: null },
  Tag: {},
};

/** The rows without one, and without what refers to it. */
function without(tables: Tables, type: WrittenType, { id }: BlogRow): Tables {
  const rest = (rows: readonly Stored[]) => rows.filter((row) => row.id !== id);
  if (type === 'Post') {
    return { ...tables, posts: rest(tables.posts), tagged: tables.tagged.filter(([post]) => post !== id) };
  }
  if (type === 'Tag') {
    return { ...tables, tags: rest(tables.tags), tagged: tables.tagged.filter(([, tag]) => tag !== id) };
  }
  const posts = tables.posts.map((post) => (post['authorId'] === id ? { ...post, authorId: null } : post));
  return { ...tables, authors: rest(tables.authors), posts };
}

/** What the answer of a write shows: what the grant shows that was used, and what the caller finds. */
export function answerOfWrite(
  everyone: Everyone,
  permissions: readonly Permission[],
  caller: Caller,
  write: Extract<Write, { kind: 'create' | 'update' }>,
  { row, grant: { fields } }: { readonly row: BlogRow; readonly grant: Grant },
): { readonly data: unknown; readonly refused: readonly string[] } {
  const { type } = write;
  const find = (of: TypeName) => accessTo(everyone, permissions, caller, of, 'find');
  const ways = [find(type), accessTo(everyone, permissions, caller, type, 'findOne')].filter(
    (way) => way !== undefined,
  );
  const isSent = (name: string) => fields?.includes(name) ?? true;
  const knows = (name: string) => isSent(name) || ways.some((way) => way.knows(name));
  const opens = (name: string) => isSent(name) || ways.some((way) => way.sees(row) && way.opens(row, name));
  const refused: string[] = [];
  const values: [string, unknown][] = [['documentId', row.documentId]];
  let isNull = false;
  for (const name of write.row.columns) {
    if (!knows(name)) refused.push(name);
    const value = opens(name) ? row[name] : null;
    if (value === null && TYPES[type].columns[name]?.required) isNull = true;
    values.push([name, value]);
  }
  for (const [name, columns] of Object.entries(write.row.one)) {
    const to = TYPES[type].relations[name]?.to as TypeName;
    const target = find(to);
    if (!knows(name)) refused.push(name);
    const related = opens(name) ? (row[name] as BlogRow | null) : null;
    if (!related || !target?.sees(related)) {
      values.push([name, null]);
      continue;
    }
    const cells = columns.map((column) => [column, target.opens(related, column) ? related[column] : null] as const);
    const isHidden = cells.some(([column, value]) => value === null && TYPES[to].columns[column]?.required);
    values.push([name, isHidden ? null : Object.fromEntries([['documentId', related.documentId], ...cells])]);
  }
  return { data: isNull ? null : Object.fromEntries(values), refused };
}
