import type { Condition, Grant, Permission } from '../../src/authorization/grants.ts';
import { EVERYTHING, evaluate, type Filters, type Rank, sorted, type View } from './naive-filter.ts';
import { HIDDEN_TAG, TYPES, type TypeName, type World } from './rules-world.ts';
import type { BlogRow } from './small-blog.ts';

/*
 * What somebody with grants can read, worked out over rows in memory as plainly as it can be written: after what the API promises,
 * and not after how the server does it.
 */

/** Who asks. A variable of the user has no value for Public and for an API token; `$roles` has none for a token. */
export interface Caller {
  readonly kind: 'user' | 'public' | 'token';
  readonly user?: Readonly<Record<'id' | 'documentId' | 'username' | 'email' | 'confirmed', unknown>> | undefined;
  readonly roles?: readonly string[] | undefined;
}

/** What to select: columns, relations to one, and lists, each with its own name in the answer. */
export interface Selection {
  readonly columns: readonly string[];
  readonly one: Readonly<Record<string, Selection>>;
  readonly many: readonly {
    readonly name: string;
    readonly connection: boolean;
    readonly args: ListArguments;
    readonly row: Selection;
  }[];
}

export interface ListArguments {
  readonly filters?: Filters;
  readonly sort?: readonly string[];
  readonly pagination?: Readonly<Record<string, number>>;
  readonly search?: string;
}

export type Question =
  | {
      readonly kind: 'list' | 'connection';
      readonly type: TypeName;
      readonly args: ListArguments;
      readonly row: Selection;
    }
  | { readonly kind: 'one'; readonly type: TypeName; readonly documentId: string; readonly row: Selection };

/** What must come back for a question. */
export interface Expected {
  readonly data: unknown;
  /** `FORBIDDEN posts.author`: each path once, without positions. Undefined where a cell that is never null was hidden. */
  readonly refusals: readonly string[] | undefined;
  /** Whether it is answered with a statement. */
  readonly asked: boolean;
}

/** What grants show of each row. */
export interface Access {
  readonly sees: (row: BlogRow) => boolean;
  /** Whether any row shows it. */
  readonly knows: (name: string) => boolean;
  readonly opens: (row: BlogRow, name: string) => boolean;
}

export interface Everyone {
  readonly world: World;
  readonly rank: Rank;
  /** Whether tags have a condition that holds for everybody. */
  readonly declared: boolean;
  /** The time of the server. */
  readonly now: Date;
}

export function answerOf(
  everyone: Everyone,
  permissions: readonly Permission[],
  caller: Caller,
  question: Question,
): Expected {
  const { world, rank } = everyone;
  const refusals = new Set<string>();
  let nulled = false;

  const accesses = new Map<string, Access | undefined>();
  function access(type: TypeName, verb: 'find' | 'findOne'): Access | undefined {
    const key = `${TYPES[type].actions}.${verb}`;
    if (!accesses.has(key)) accesses.set(key, accessTo(everyone, permissions, caller, type, verb));
    return accesses.get(key);
  }

  /** Rows related to others, as the caller sees them. */
  function viewOf(type: TypeName, own: Access): View {
    const target = (name: string) => {
      const to = TYPES[type].relations[name]?.to;
      if (!to) throw new Error(`${type} has no relation ${name}`);
      return access(to, 'find');
    };
    return {
      value: (row, name) => (own.opens(row, name) ? EVERYTHING.value(row, name) : null),
      one: (row, name) => {
        const related = own.opens(row, name) ? EVERYTHING.one(row, name) : null;
        return related && target(name)?.sees(related) ? related : null;
      },
      many: (row, name) =>
        own.opens(row, name) ? EVERYTHING.many(row, name).filter((related) => target(name)?.sees(related)) : [],
    };
  }

  /** A view that knows of each row which type it has. */
  const typeOf = new Map(Object.entries(world).flatMap(([type, rows]) => rows.map((row) => [row, type as TypeName])));
  const view: View = {
    value: (row, name) => viewOfRow(row).value(row, name),
    one: (row, name) => viewOfRow(row).one(row, name),
    many: (row, name) => viewOfRow(row).many(row, name),
  };
  const views = new Map<TypeName, View>();
  function viewOfRow(row: BlogRow): View {
    const type = typeOf.get(row);
    if (!type) throw new Error('A row of no type');
    let known = views.get(type);
    if (!known) {
      const own = access(type, 'find');
      if (!own) throw new Error(`${type} cannot be found`);
      known = viewOf(type, own);
      views.set(type, known);
    }
    return known;
  }

  function list(type: TypeName, rows: readonly BlogRow[], args: ListArguments): { page: BlogRow[]; pageInfo: unknown } {
    const { filters = {}, sort = [], search = '', pagination = {} } = args;
    const sees = access(type, 'find')?.sees;
    const columns = TYPES[type].search.filter((column) => access(type, 'find')?.knows(column));
    const wanted = search.trim();
    const found = rows.filter(
      (row) =>
        sees?.(row) &&
        (wanted === '' ||
          TYPES[type].search.length === 0 ||
          columns.some((column) => evaluate(row, { [column]: { containsi: wanted } }, rank, view) === true)) &&
        evaluate(row, filters, rank, view) === true,
    );
    const { start = 0, limit = 10 } = pagination;
    const total = found.length;
    const pageInfo = {
      total,
      page: Math.floor(start / limit) + 1,
      pageSize: limit,
      pageCount: Math.ceil(total / limit),
    };
    return { page: sorted(found, sort, rank, view).slice(start, start + limit), pageInfo };
  }

  /** Names in filters or sort that do not exist for the caller. */
  function unknownIn(type: TypeName, { filters = {}, sort = [] }: ListArguments): boolean {
    const inFilters = (type: TypeName, filters: Filters): boolean =>
      Object.entries(filters).some(([key, value]) => {
        if (key === 'and' || key === 'or') return (value as Filters[]).some((inner) => inFilters(type, inner));
        if (key === 'not') return inFilters(type, value as Filters);
        if (!access(type, 'find')?.knows(key)) return true;
        const to = TYPES[type].relations[key]?.to;
        if (!to) return false;
        return !access(to, 'find') || (value !== null && inFilters(to, value as Filters));
      });
    const inSort = (type: TypeName, [name = '', ...more]: readonly string[]): boolean => {
      if (!access(type, 'find')?.knows(name)) return true;
      const to = TYPES[type].relations[name]?.to;
      return to ? !access(to, 'find') || inSort(to, more) : false;
    };
    return inFilters(type, filters) || sort.some((key) => inSort(type, key.split(':')[0]?.split('.') ?? []));
  }

  const refuse = (code: string, path: readonly string[]): null => {
    refusals.add(`${code} ${path.join('.')}`);
    return null;
  };

  function shaped(type: TypeName, own: Access, row: BlogRow, selection: Selection, path: readonly string[]): object {
    const values: [string, unknown][] = [['documentId', row.documentId]];
    const mine = viewOf(type, own);
    for (const name of selection.columns) {
      const required = TYPES[type].columns[name]?.required;
      if (!own.knows(name)) {
        if (required) throw new Nulled();
        values.push([name, refuse('FORBIDDEN', [...path, name])]);
        continue;
      }
      const value = mine.value(row, name);
      if (value === null && required) throw new Nulled();
      values.push([name, value]);
    }
    for (const [name, inner] of Object.entries(selection.one)) {
      const here = [...path, name];
      const to = TYPES[type].relations[name]?.to as TypeName;
      const target = access(to, 'find');
      if (!target || !own.knows(name)) {
        values.push([name, refuse('FORBIDDEN', here)]);
        continue;
      }
      const related = mine.one(row, name);
      values.push([name, related && orNull(() => shaped(to, target, related, inner, here))]);
    }
    for (const [index, { name, connection, args, row: inner }] of selection.many.entries()) {
      const here = [...path, `m${index}`];
      const to = TYPES[type].relations[name]?.to as TypeName;
      const target = access(to, 'find');
      if (!target || !own.knows(name)) values.push([`m${index}`, refuse('FORBIDDEN', here)]);
      else if (unknownIn(to, args)) values.push([`m${index}`, refuse('BAD_USER_INPUT', here)]);
      else values.push([`m${index}`, listed(to, target, mine.many(row, name), args, inner, connection, here)]);
    }
    return Object.fromEntries(values);
  }

  function listed(
    type: TypeName,
    own: Access,
    rows: readonly BlogRow[],
    args: ListArguments,
    selection: Selection,
    connection: boolean,
    path: readonly string[],
  ): unknown {
    const { page, pageInfo } = list(type, rows, args);
    const inner = connection ? [...path, 'nodes'] : path;
    return orNull(() => {
      const nodes = page.map((row) => shaped(type, own, row, selection, inner));
      return connection ? { nodes, pageInfo } : nodes;
    });
  }

  function orNull(make: () => unknown): unknown {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof Nulled)) throw error;
      nulled = true;
      return null;
    }
  }

  function answer(): { data: unknown; asked: boolean } {
    const { kind, type, row: selection } = question;
    const own = access(type, kind === 'one' ? 'findOne' : 'find');
    if (!own) return { data: refuse('FORBIDDEN', []), asked: false };
    if (kind === 'one') {
      const row = world[type].find(({ documentId }) => documentId === question.documentId);
      const data = row && own.sees(row) ? orNull(() => shaped(type, own, row, selection, [])) : null;
      return { data, asked: true };
    }
    if (unknownIn(type, question.args)) return { data: refuse('BAD_USER_INPUT', []), asked: false };
    return { data: listed(type, own, world[type], question.args, selection, kind === 'connection', []), asked: true };
  }

  const { data, asked } = answer();
  return { data, asked, refusals: nulled ? undefined : [...refusals].sort() };
}

/** A cell that is never null is hidden: GraphQL makes what has it null. */
class Nulled extends Error {}

/** The documents that always can be told apart. */
const KEYS = ['documentId', 'id'];

/** What an action shows of a type; undefined: the caller does not have it. */
export function accessTo(
  everyone: Everyone,
  permissions: readonly Permission[],
  caller: Caller,
  type: TypeName,
  verb: 'find' | 'findOne',
): Access | undefined {
  const { declared } = everyone;
  const grants = grantsFor(permissions, `${TYPES[type].actions}.${verb}`, caller);
  if (!grants) return undefined;
  const exists = (row: BlogRow) => !(declared && type === 'Tag' && row['name'] === HIDDEN_TAG);
  if (grants === 'all') return { sees: exists, knows: () => true, opens: () => true };
  const passing = new Map<BlogRow, readonly Grant[]>();
  const passed = (row: BlogRow) => {
    let those = passing.get(row);
    if (!those) {
      those = grants.filter(({ where }) => where === undefined || matches(row, where, caller, everyone));
      passing.set(row, those);
    }
    return those;
  };
  const names = ({ fields }: Grant, name: string) => fields === undefined || fields.includes(name);
  return {
    sees: (row) => exists(row) && passed(row).length > 0,
    knows: (name) => KEYS.includes(name) || grants.some((grant) => names(grant, name)),
    opens: (row, name) => KEYS.includes(name) || passed(row).some((grant) => names(grant, name)),
  };
}

/** All grants of an action that count for the caller, of all roles; undefined: not allowed. */
export function grantsFor(
  permissions: readonly Permission[],
  action: string,
  caller: Caller,
): 'all' | readonly Grant[] | undefined {
  const given = permissions.filter(([name]) => name === action).map(([, grants]) => grants);
  if (given.includes(null)) return 'all';
  const counting = given.flatMap((grants) => grants ?? []).filter((grant) => counts(grant, caller));
  return counting.length > 0 ? counting : undefined;
}

function counts(grant: Grant, { kind }: Caller): boolean {
  const text = JSON.stringify(grant);
  if (kind !== 'user' && /"\$user["a-zA-Z.]/.test(text)) return false;
  return kind !== 'token' || !text.includes('"$roles"');
}

/** Whether a row passes a condition of a rule for this caller: three-valued, as SQL. */
export function matches(
  row: BlogRow,
  condition: Condition,
  caller: Caller,
  { rank, declared, now }: Omit<Everyone, 'world'>,
): boolean {
  const exists = (related: BlogRow) => !(declared && related['name'] === HIDDEN_TAG);
  const view: View = {
    ...EVERYTHING,
    many: (of, name) => (name === 'tags' ? EVERYTHING.many(of, name).filter(exists) : EVERYTHING.many(of, name)),
  };
  return evaluate(row, boundTo(condition, caller, now) as Filters, rank, view) === true;
}

/** A condition with the values of its variables in place of them. They never are null: such a grant does not count. */
export function boundTo(value: unknown, { user, roles }: Caller, now: Date): unknown {
  const bind = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(bind);
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, bind(inner)]));
    }
    if (typeof value !== 'string') return value;
    if (value.startsWith('$$')) return value.slice(1);
    if (value === '$user') return { id: { eq: user?.id } };
    if (value === '$roles') return roles;
    if (value.startsWith('$user.')) return user?.[value.slice('$user.'.length) as 'id'];
    if (value.startsWith('$now')) return new Date(now.getTime() + (OFFSETS[value] ?? Number.NaN));
    return /^\d{4}-/.test(value) ? new Date(value) : value;
  };
  return bind(value);
}

/** The variables of time that the tests use, in milliseconds from now. */
export const OFFSETS: Readonly<Record<string, number>> = {
  $now: 0,
  '$now-7d': -604_800_000,
  '$now-1w': -604_800_000,
  '$now+1h': 3_600_000,
  '$now+60m': 3_600_000,
  '$now-1s': -1_000,
};

/** The filters of a client, with its texts of times as times. */
export function withDates<T>(value: T): T {
  const at = (value: unknown): unknown => {
    if (typeof value === 'string' && /^\d{4}-/.test(value)) return new Date(value);
    if (Array.isArray(value)) return value.map(at);
    if (typeof value !== 'object' || value === null || value instanceof Date) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, at(inner)]));
  };
  return at(value) as T; // the same shape
}
