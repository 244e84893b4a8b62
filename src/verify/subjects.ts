import type { Permission } from '../authorization/grants.ts';
import type { Person } from '../testing/people.ts';
import type { TestServer } from '../testing/test-server.ts';
import type { Subject } from './session.ts';
import type { Shape, Shapes } from './shapes.ts';

/** A set of roles that a user has, by their types. */
export type RoleSet = readonly [string, ...string[]];

interface RoleRow {
  readonly type: string;
  readonly includes: readonly string[];
  readonly permissions: readonly Permission[];
}

/** The roles as the new database has them: read as rows, and by no code of the server. */
export async function readRoles({ database: { query } }: Pick<TestServer, 'database'>): Promise<readonly RoleRow[]> {
  const rows = await query<{ type: string; includes: string; permissions: string }>(
    `SELECT r."type",
       (SELECT coalesce(json_agg(i."type"), '[]') FROM "role_includes" l JOIN "roles" i ON i."id" = l."includedId" WHERE l."roleId" = r."id")::text AS "includes",
       (SELECT coalesce(json_agg(json_build_array(p."action", p."grants")), '[]') FROM "permissions" p WHERE p."roleId" = r."id")::text AS "permissions"
     FROM "roles" r ORDER BY r."id"`,
    [],
  );
  return rows.map(({ type, includes, permissions }) => ({
    type,
    includes: JSON.parse(includes) as string[], // the statement makes them so
    permissions: JSON.parse(permissions) as Permission[],
  }));
}

/** Each role alone, each with the next one, and all together. Public is held by nobody. */
export function roleSetsOf(roles: readonly RoleRow[], only: readonly string[] | undefined): RoleSet[] {
  const types = roles.map(({ type }) => type).filter((type) => type !== 'public');
  const alone = types.map((type): RoleSet => [type]);
  const pairs = types.flatMap((type, index): RoleSet[] => {
    const next = types[(index + 1) % types.length];
    return next === undefined || next === type ? [] : [[type, next]];
  });
  const [first, ...others] = types;
  const all: RoleSet[] = first !== undefined && others.length > 1 ? [[first, ...others]] : [];
  const sets = [...alone, ...(types.length > 2 ? pairs : pairs.slice(0, 1)), ...all];
  return only
    ? sets.filter((set) => only.some((type) => set.includes(type)) && (only.length > 1 || set.length === 1))
    : sets;
}

/** Gives a user these roles, and says what they allow together with what they include. */
export async function asUser(
  { prisma }: Pick<TestServer, 'prisma'>,
  roles: readonly RoleRow[],
  { id, documentId, username, email, token }: Person,
  set: RoleSet,
  spare: () => Promise<string>,
): Promise<Subject> {
  const [main, ...further] = await Promise.all(
    set.map(async (type) => (await prisma.role.findUniqueOrThrow({ where: { type }, select: { id: true } })).id),
  );
  await prisma.user.update({
    where: { id },
    data: {
      roleId: main as number, // a set has at least one
      furtherRoles: { deleteMany: {}, create: further.map((roleId) => ({ roleId })) },
    },
  });
  const held = reach(roles, set);
  const account = { id, documentId, username, email, confirmed: true };
  return {
    name: set.join(' + '),
    credential: 'user session',
    holder: { kind: 'user', account, roles: held, permissions: permissionsOf(roles, held) },
    token,
    spare,
  };
}

export function asPublic(roles: readonly RoleRow[]): Subject {
  const held = reach(roles, ['public']);
  return {
    name: 'public',
    credential: 'no credential',
    holder: { kind: 'public', roles: held, permissions: permissionsOf(roles, held) },
    token: undefined,
  };
}

/** API tokens of each kind: of those with actions of their own one with nearly nothing, and one with rules of a role. */
export async function asApiTokens(
  server: TestServer,
  roles: readonly RoleRow[],
  shapes: Shapes,
  actions: readonly string[],
): Promise<Subject[]> {
  const content = [...shapes.values()].filter(({ isOwn }) => !isOwn);
  const reading = content.flatMap((shape) => readingOf(shape));
  const whole = (names: readonly string[]) => names.map((action): Permission => [action, null]);
  // Rules that need no user, each once.
  const ruled = roles
    .flatMap(({ permissions }) => permissions)
    .filter(
      ([action, grants]) => grants && actions.includes(action) && !/"\$(?:user|roles)/.test(JSON.stringify(grants)),
    );
  const once = ruled.filter(([action], index) => ruled.findIndex(([other]) => other === action) === index);
  const custom: Permission[] = [
    ...once,
    ...whole(reading.filter((action) => !once.some(([other]) => other === action)).filter((_, index) => index % 3 > 0)),
  ];
  const [least = 'auth.login'] = actions.filter((action) => action.startsWith('auth.'));
  const subject = async (
    name: string,
    kind: 'CUSTOM' | 'READ_ONLY' | 'FULL_ACCESS',
    permissions: readonly Permission[],
  ): Promise<Subject> => ({
    name,
    credential: `API token ${kind}`,
    holder: { kind: 'token', permissions },
    token: await server.apiToken({
      kind,
      permissions:
        kind === 'CUSTOM' ? permissions.map(([action, grants]) => (grants ? { action, grants } : action)) : [],
    }),
  });
  return [
    await subject('nothing', 'CUSTOM', [[least, null]]),
    ...(custom.length > 0 ? [await subject('some actions', 'CUSTOM', custom)] : []),
    await subject('reading', 'READ_ONLY', whole(reading)),
    await subject('everything', 'FULL_ACCESS', whole(actions)),
  ];
}

function readingOf({ kind, actions, relatedOnly }: Shape): string[] {
  if (relatedOnly) return [];
  return (kind === 'single' ? ['find'] : ['find', 'findOne']).map((verb) => `${actions}.${verb}`);
}

function reach(roles: readonly RoleRow[], types: readonly string[]): string[] {
  const found = new Set(types);
  for (const type of found)
    for (const included of roles.find((role) => role.type === type)?.includes ?? []) found.add(included);
  return [...found];
}

function permissionsOf(roles: readonly RoleRow[], types: readonly string[]): Permission[] {
  return roles.filter(({ type }) => types.includes(type)).flatMap(({ permissions }) => permissions);
}
