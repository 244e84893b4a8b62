import type { Condition, Grant, Permission } from '../authorization/grants.ts';
import type { Models } from '../database/models.ts';
import { evaluate, type Filters, type View } from './evaluate.ts';
import type { Shape, Shapes } from './shapes.ts';
import type { Row, World } from './world.ts';

/* What somebody with these grants can read, worked out over rows in memory: after docs/permissions.md, by no code of the server. */

/** The account of a user, as the variables of rules have it. */
export type AccountValues = Readonly<Record<'id' | 'documentId' | 'username' | 'email' | 'confirmed', unknown>>;

/** The viewer of a request. A variable of the user has no value for Public and for an API token; `$roles` has none for a token. */
export interface Holder {
  readonly kind: 'user' | 'public' | 'token';
  readonly account?: AccountValues | undefined;
  /** The types of the roles. */
  readonly roles?: readonly string[] | undefined;
  readonly permissions: readonly Permission[];
}

/** What grants show of each row. */
export interface Access {
  readonly sees: (row: Row) => boolean;
  /** Whether any row shows it. */
  readonly knows: (name: string) => boolean;
  readonly opens: (row: Row, name: string) => boolean;
}

export interface Scene {
  readonly models: Models;
  readonly shapes: Shapes;
  readonly world: World;
  readonly holder: Holder;
  readonly now: Date;
}

/** What an action shows of a type; undefined: the holder does not have it. */
export function accessTo(scene: Scene, shape: Shape, verb: 'find' | 'findOne'): Access | undefined {
  const grants = grantsFor(scene.holder, `${shape.actions}.${verb}`);
  if (!grants) return undefined;
  const exists = (row: Row) => existsFor(scene, row);
  if (grants === 'all') return { sees: exists, knows: () => true, opens: () => true };
  const passing = new Map<Row, readonly Grant[]>();
  const passed = (row: Row) => {
    const those = passing.get(row) ?? grants.filter(({ where }) => !where || matches(scene, row, where));
    passing.set(row, those);
    return those;
  };
  const names = ({ fields }: Grant, name: string) => fields === undefined || fields.includes(name);
  return {
    sees: (row) => exists(row) && passed(row).length > 0,
    knows: (name) => KEYS.includes(name) || grants.some((grant) => names(grant, name)),
    opens: (row, name) => KEYS.includes(name) || passed(row).some((grant) => names(grant, name)),
  };
}

/** A document can always be told from others. */
const KEYS = ['documentId', 'id'];

/** All grants of an action that count, of all roles; undefined: not allowed. */
export function grantsFor({ permissions, kind }: Holder, action: string): 'all' | readonly Grant[] | undefined {
  const given = permissions.filter(([name]) => name === action).map(([, grants]) => grants);
  if (given.includes(null)) return 'all';
  const counting = given.flatMap((grants) => grants ?? []).filter((grant) => counts(grant, kind));
  return counting.length > 0 ? counting : undefined;
}

function counts(grant: Grant, kind: Holder['kind']): boolean {
  const text = JSON.stringify(grant);
  if (kind !== 'user' && /"\$user["a-zA-Z.]/.test(text)) return false;
  return kind !== 'token' || !text.includes('"$roles"');
}

/** Whether the type itself lets a row be there for everybody. */
export function existsFor(scene: Scene, row: Row): boolean {
  const where = scene.shapes.get(row.model)?.where;
  if (!where) return true;
  if (!counts({ where }, scene.holder.kind)) return false;
  return matches(scene, row, where, true);
}

/** Whether a row passes a condition of a rule: three-valued, as SQL. Rows that the type hides are not there for it. */
export function matches(scene: Scene, row: Row, condition: Condition, isDeclared = false): boolean {
  const view = plainView(scene, isDeclared ? () => true : (related) => existsFor(scene, related));
  return evaluate(row.model, row, bound(scene, condition) as Filters, view) === true;
}

/** Of which everything can be seen, also what no client can read. */
function plainView({ models, world }: Scene, exists: (row: Row) => boolean): View {
  return {
    ...relationsOf(models),
    rank: world.rank,
    value: (row, name) => (name === 'documentId' ? row.documentId : (row.values[name] ?? null)),
    one: (row, name) => world.related(row, name).filter(exists)[0] ?? null,
    many: (row, name) => world.related(row, name).filter(exists),
  };
}

function relationsOf({ byName }: Models): Pick<View, 'kind' | 'target'> {
  const field = (model: string, name: string) => byName[model]?.fields[name];
  return {
    kind(model, name) {
      const found = field(model, name);
      if (!found && name !== 'documentId') throw new Error(`${model} has no ${name}`);
      return found?.kind === 'object' ? (found.list ? 'many' : 'one') : 'column';
    },
    target: (model, name) => field(model, name)?.type ?? '',
  };
}

/** What the holder sees of rows by `find`. */
export function viewOf(scene: Scene): View {
  const { shapes, world, models } = scene;
  const accesses = new Map<string, Access | undefined>();
  const find = (model: string) => {
    const shape = shapes.get(model);
    if (!accesses.has(model)) accesses.set(model, shape && accessTo(scene, shape, 'find'));
    return accesses.get(model);
  };
  const opens = (row: Row, name: string) => find(row.model)?.opens(row, name) === true;
  const related = (row: Row, name: string) =>
    opens(row, name) ? world.related(row, name).filter((other) => find(other.model)?.sees(other) === true) : [];
  return {
    ...relationsOf(models),
    rank: world.rank,
    value: (row, name) =>
      name === 'documentId' ? row.documentId : opens(row, name) ? (row.values[name] ?? null) : null,
    one: (row, name) => related(row, name)[0] ?? null,
    many: related,
  };
}

/** A condition with the values of its variables in place of them. They never are null: such a grant does not count. */
export function bound({ holder: { account, roles }, now }: Pick<Scene, 'holder' | 'now'>, value: unknown): unknown {
  const bind = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(bind);
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, bind(inner)]));
    }
    if (typeof value !== 'string') return value;
    if (value.startsWith('$$')) return value.slice(1);
    if (value === '$user') return { id: { eq: account?.id } };
    if (value === '$roles') return roles;
    if (value.startsWith('$user.')) return account?.[value.slice('$user.'.length) as keyof AccountValues];
    const [time, sign, count, unit = ''] = /^\$now(?:([+-])(\d+)([smhdw]))?$/.exec(value) ?? [];
    if (time) return new Date(now.getTime() + (sign ? Number(`${sign}${count}`) * (UNITS[unit] ?? 0) : 0));
    return /^\d{4}-\d\d-\d\dT/.test(value) ? new Date(value) : value;
  };
  return bind(value);
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
