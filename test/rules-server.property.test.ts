import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { newApiTokenSecret } from '../src/authentication/api-token-secret.ts';
import type { Permission } from '../src/authorization/grants.ts';
import { DEFAULT_LIMITS } from '../src/graphql/operation/limits.ts';
import { compareAnswers } from './support/compare-answers.ts';
import { answerOf, type Caller, type Everyone, type Question, withDates } from './support/naive-rules.ts';
import { readingQuestion, readingRole } from './support/random-rules.ts';
import { documentOf } from './support/rules-document.ts';
import { contentTypesOf, replaceContent, rolesOf, tablesOf, textsIn, USERS, worldOf } from './support/rules-world.ts';
import { startServer, type TestServer } from './support/start.ts';
import { rankOf } from './support/text-order.ts';

/*
 * The rounds of rules.property.test.ts on a server, with grants in the database: users with several roles that include others,
 * Public, and an API token; and after each change of a grant, a role or a membership.
 */

/** Without looking for a smaller example. */
const END = process.env['RULES_SHRINK'] === 'off';
const SEED = Number(process.env['RULES_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const RUNS = Math.ceil(Number(process.env['RULES_ROUNDS'] ?? 3_500) / 700);

let server: TestServer;
const tokens = new Map<string, string>();
let apiToken: string;
let tokenId: number;
beforeAll(async () => {
  const limits = { ...DEFAULT_LIMITS, cost: Number.MAX_SAFE_INTEGER };
  server = await startServer({
    config: { limits },
    contentTypes: contentTypesOf({ declared: false }).filter(({ model }) => model !== 'User' && model !== 'Role'),
  });
  const { prisma } = server.database;
  for (const type of TYPES_OF_ROLES) await prisma.role.create({ data: { name: type, type } });
  await prisma.user.deleteMany();
  for (const user of USERS) tokens.set(user.username, await tokenOf(user));
  const { text, ...secret } = newApiTokenSecret();
  apiToken = text;
  ({ id: tokenId } = await prisma.apiToken.create({ data: { name: 'Tenant', kind: 'CUSTOM', ...secret } }));
});
afterAll(() => server?.close());

/** Registers a user, who then gets the id and the documentId that rows refer to. */
async function tokenOf({ id, documentId, username, email, confirmed }: (typeof USERS)[number]): Promise<string> {
  const document = 'mutation ($input: UsersPermissionsRegisterInput!) { register(input: $input) { user { id } } }';
  const input = { username, email, password: DEMO_PASSWORD };
  const { data, text } = await server.ask(document, { variables: { input } });
  if (!data?.register) throw new Error(text);
  const registered = Number(data.register.user.id);
  await server.database.query(
    'UPDATE users SET id = $1::int4, "documentId" = $2::text, confirmed = $3::bool WHERE id = $4::int4',
    [id, documentId, confirmed, registered],
  );
  return server.tokenOf(username);
}

/** They are values that rows have, too, so that `$roles` finds some. */
const TYPES_OF_ROLES = ['apple', 'user1', 'zoe@example.com', 'ann', 'tester'];

const roleNumber = fc.nat(TYPES_OF_ROLES.length - 1);
const change = fc.oneof(
  fc.record({ kind: fc.constant('grants' as const), role: roleNumber, permissions: readingRole }),
  fc.record({ kind: fc.constant('include' as const), role: roleNumber, included: roleNumber }),
  fc.record({ kind: fc.constant('member' as const), user: fc.nat(1), role: roleNumber }),
);
const scenario = fc.record({
  rows: fc.nat(1_000),
  roles: fc.tuple(...TYPES_OF_ROLES.map(() => readingRole)),
  open: readingRole,
  token: readingRole,
  /** Main role and further ones of the first two users. */
  people: fc.tuple(...[0, 1].map(() => fc.tuple(roleNumber, fc.uniqueArray(roleNumber, { maxLength: 2 })))),
  /** Which of the roles before it a role includes. */
  includes: fc.uniqueArray(fc.tuple(roleNumber, roleNumber), { maxLength: 4, selector: (pair) => pair.join() }),
  steps: fc.array(fc.tuple(change, fc.array(readingQuestion, { minLength: 2, maxLength: 4 })), {
    minLength: 1,
    maxLength: 3,
  }),
});

test('a server answers what its roles, their includes and their grants say at that moment', {
  timeout: 3_600_000,
}, async () => {
  const { database } = server;
  let rounds = 0;
  const property = fc.asyncProperty(scenario, async ({ rows, roles, open, token, people, includes, steps }) => {
    const { prisma } = database;
    const ofRoles = await prisma.role.findMany({ select: { id: true, type: true } });
    const idOf = (type: string) => ofRoles.find((role) => role.type === type)?.id ?? 0;
    const roleId = (number: number) => idOf(TYPES_OF_ROLES[number] ?? '');
    const state = {
      roles: roles.map((permissions) => permissions),
      people: people.map(([main, further]) => ({ main, further: new Set(further) })),
      includes: new Set(includes.filter(([role, included]) => included < role).map((pair) => pair.join())),
    };

    const setRole = async (id: number, permissions: readonly Permission[]) => {
      await prisma.permission.deleteMany({ where: { roleId: id } });
      const data = permissions.map(([action, grants]) => ({
        roleId: id,
        action,
        ...(grants && { grants: json(grants) }),
      }));
      await prisma.permission.createMany({ data });
    };
    const setPerson = async (index: number) => {
      const { main = 0, further = new Set<number>() } = state.people[index] ?? {};
      const userId = USERS[index]?.id ?? 0;
      await prisma.userRole.deleteMany({ where: { userId } });
      const data = {
        roleId: roleId(main),
        furtherRoles: { create: [...further].map((role) => ({ roleId: roleId(role) })) },
      };
      await prisma.user.update({ where: { id: userId }, data });
    };
    const setIncludes = async () => {
      await prisma.roleInclude.deleteMany();
      const data = [...state.includes].map((pair) => {
        const [role, included] = pair.split(',').map(Number) as [number, number];
        return { roleId: roleId(role), includedId: roleId(included) };
      });
      await prisma.roleInclude.createMany({ data });
    };
    const reach = (role: number): number[] => [
      role,
      ...[...state.includes]
        .map((pair) => pair.split(',').map(Number))
        .flatMap(([one, included]) => (one === role ? reach(included ?? 0) : [])),
    ];

    await prisma.roleInclude.deleteMany();
    for (const [number, permissions] of state.roles.entries()) await setRole(roleId(number), permissions);
    await setRole(idOf('public'), open);
    await prisma.apiTokenPermission.deleteMany();
    await prisma.apiTokenPermission.createMany({
      data: token.map(([action, grants]) => ({ tokenId, action, ...(grants && { grants: json(grants) }) })),
    });
    await setIncludes();
    for (const index of [0, 1]) await setPerson(index);
    const given = tablesOf(rows, []);
    await replaceContent(database, given);

    async function check(questions: readonly Question[]): Promise<void> {
      const users = await database.query<{ id: number; documentId: string; roleId: number; blocked: boolean }>(
        'SELECT id, "documentId", username, email, confirmed, blocked, "roleId" FROM users ORDER BY id',
        [],
      );
      const tables = { ...given, users, roles: await rolesOf(database) };
      const everyone: Everyone = {
        world: worldOf(tables),
        rank: await rankOf(database, textsIn(tables)),
        declared: false,
        now: new Date(),
      };
      const { source, variables } = documentOf(questions);
      const ask = async (caller: Caller, permissions: readonly Permission[], bearer: string | undefined) => {
        const result = await server.ask(source, { variables, token: bearer });
        const expected = withDates(questions).map((question) => answerOf(everyone, permissions, caller, question));
        compareAnswers(result, expected);
        rounds += questions.length;
      };
      for (const [index, { main, further }] of state.people.entries()) {
        const user = USERS[index] as (typeof USERS)[number];
        const held = [...new Set([main, ...further].flatMap(reach))];
        const caller = { kind: 'user', user, roles: held.map((role) => TYPES_OF_ROLES[role] ?? '') } as const;
        await ask(
          caller,
          held.flatMap((role) => state.roles[role] ?? []),
          tokens.get(user.username),
        );
      }
      await ask({ kind: 'public', roles: ['public'] }, open, undefined);
      await ask({ kind: 'token' }, token, apiToken);
    }

    for (const [change, questions] of steps) {
      await check(questions);
      if (change.kind === 'grants') {
        state.roles[change.role] = change.permissions;
        await setRole(roleId(change.role), change.permissions);
      } else if (change.kind === 'include') {
        if (change.included >= change.role) continue;
        const pair = `${change.role},${change.included}`;
        if (!state.includes.delete(pair)) state.includes.add(pair);
        await setIncludes();
      } else {
        const further = state.people[change.user]?.further;
        if (further && !further.delete(change.role)) further.add(change.role);
        await setPerson(change.user);
      }
      await check(questions);
    }
  });
  await fc.assert(property, { seed: SEED, numRuns: RUNS, endOnFailure: END });
  expect(rounds).toBeGreaterThan(RUNS * 10);
});

function json(value: unknown) {
  return JSON.parse(JSON.stringify(value));
}
