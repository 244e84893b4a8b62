import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { identifierKeys } from '../src/accounts/identifiers.ts';
import { DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { startServer, type TestServer } from './support/start.ts';

/**
 * Random actors change roles, permissions and users at random, by the mutations of `/graphql`. They have several roles, which
 * include others, and some of their actions are restricted. A model that knows one rule says what each may: nobody gives, takes or touches more than all their roles allow at
 * that moment. After each step the database has to be as the model says.
 */

const UNIVERSE = [
  'user.create',
  'user.update',
  'user.delete',
  'role.create',
  'role.update',
  'role.delete',
  'post.find',
  'post.create',
  'tag.update',
  'tag.delete',
] as const;

/** Ways to have an action restricted, each by its name in the model, and those that allow as much or more. */
const NOT_NEWS = { name: { ne: 'news' } };
const RESTRICTED: Readonly<Record<string, { readonly grants: object[]; readonly within: readonly string[] }>> = {
  'tag.update, not news': { grants: [{ where: NOT_NEWS }], within: ['tag.update'] },
  'tag.update, only some not news': {
    grants: [{ where: { and: [NOT_NEWS, { name: { startsWith: 'a' } }] }, fields: ['name'] }],
    within: ['tag.update', 'tag.update, not news'],
  },
  'tag.update, only news': { grants: [{ where: { name: { eq: 'news' } } }], within: ['tag.update'] },
};

function permissionOf(name: string): { action: string; grants?: object[] } {
  const restricted = RESTRICTED[name];
  return restricted ? { action: 'tag.update', grants: restricted.grants } : { action: name };
}

function nameOf({ action, grants }: { action: string; grants: unknown }): string {
  if (grants === null) return action;
  const text = JSON.stringify(grants);
  return Object.keys(RESTRICTED).find((name) => JSON.stringify(RESTRICTED[name]?.grants) === text) ?? text;
}

const actions = fc.subarray([...UNIVERSE]);
/** Picks one of those that are there when its turn comes. */
const pick = fc.nat({ max: 1_000 });
const step = fc.oneof(
  fc.record({ kind: fc.constant('createRole' as const), actor: pick, actions }),
  fc.record({ kind: fc.constant('updateRole' as const), actor: pick, role: pick, actions }),
  fc.record({ kind: fc.constant('renameRole' as const), actor: pick, role: pick }),
  fc.record({ kind: fc.constant('deleteRole' as const), actor: pick, role: pick, to: pick }),
  fc.record({ kind: fc.constant('createUser' as const), actor: pick, role: pick }),
  fc.record({ kind: fc.constant('moveUser' as const), actor: pick, user: pick, role: pick }),
  fc.record({
    kind: fc.constant('giveRoles' as const),
    actor: pick,
    user: pick,
    roles: fc.array(pick, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ kind: fc.constant('takeUser' as const), actor: pick, user: pick }),
  fc.record({ kind: fc.constant('deleteUser' as const), actor: pick, user: pick }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

let server: TestServer;
let passwordHash: string;
beforeAll(async () => {
  server = await startServer();
  passwordHash = await server.gatehouse.administration.passwords.hash(DEMO_PASSWORD);
});
afterAll(() => server?.close());

interface ModelRole {
  name: string;
  actions: Set<string>;
  /** Roles that were there before it. */
  readonly includes: ReadonlySet<ModelRole>;
}

/** What a role allows: by itself, or by those that it includes. */
function all({ actions, includes }: ModelRole): string[] {
  return [...actions, ...[...includes].flatMap(all)];
}

function allOf({ role, further }: Pick<ModelUser, 'role' | 'further'>): string[] {
  return [role, ...further].flatMap(all);
}

const set = fc.record({
  actions,
  /** In place of `tag.update`. */
  restricted: fc.option(fc.constantFrom(...Object.keys(RESTRICTED))),
  includes: fc.array(pick, { maxLength: 2 }),
  /** Of the user who has it as the main role. */
  further: fc.array(pick, { maxLength: 2 }),
});

interface ModelUser {
  readonly username: string;
  role: ModelRole;
  further: Set<ModelRole>;
  /** Undefined for who cannot act: made in between, or with a password that somebody else chose. */
  token: string | undefined;
}

let runs = 0;

class World {
  readonly prefix = `run ${++runs}`;
  readonly roles: ModelRole[] = [];
  readonly users: ModelUser[] = [];
  #names = 0;

  name(): string {
    this.#names += 1;
    return `${this.prefix} ${this.#names}`;
  }

  async begin(sets: readonly (typeof set extends fc.Arbitrary<infer S> ? S : never)[]): Promise<void> {
    const { prisma } = server.database;
    for (const set of sets) {
      const picked = (numbers: readonly number[], from: readonly ModelRole[]) =>
        new Set(numbers.flatMap((number) => from[number % from.length] ?? []));
      // Not the first one, which allows everything: else nearly all would.
      const includes = picked(set.includes, this.roles.slice(1));
      const further = picked(set.further, this.roles);
      const held = set.restricted
        ? [...set.actions.filter((action) => action !== 'tag.update'), set.restricted]
        : set.actions;
      const role: ModelRole = { name: this.name(), actions: new Set(held), includes };
      const { id } = await prisma.role.create({
        data: {
          ...{ name: role.name, type: role.name },
          permissions: { create: held.map(permissionOf) },
          includes: { create: [...role.includes].map(({ name }) => ({ included: { connect: { name } } })) },
        },
      });
      const username = this.name();
      const account = { username, email: `${username.replaceAll(' ', '.')}@example.com` };
      await prisma.user.create({
        data: {
          ...account,
          passwordHash,
          confirmed: true,
          roleId: id,
          furtherRoles: { create: [...further].map(({ name }) => ({ role: { connect: { name } } })) },
          identifiers: { create: identifierKeys(account).map((key) => ({ key })) },
        },
      });
      this.roles.push(role);
      this.users.push({ username, role, further, token: await server.tokenOf(username) });
    }
  }

  /** What is in the database of this run. */
  async state() {
    const { prisma } = server.database;
    const roles = await prisma.role.findMany({
      where: { name: { startsWith: `${this.prefix} ` } },
      select: {
        id: true,
        name: true,
        permissions: { select: { action: true, grants: true } },
        users: { select: { id: true, username: true } },
        furtherUsers: { select: { user: { select: { username: true } } } },
      },
    });
    return {
      ids: new Map(roles.map(({ name, id }) => [name, String(id)])),
      users: new Map(roles.flatMap(({ users }) => users.map(({ id, username }) => [username, String(id)]))),
      seen: roles
        .map(({ name, permissions, users, furtherUsers }) => ({
          name,
          actions: permissions.map(nameOf).sort(),
          users: users.map(({ username }) => username).sort(),
          further: furtherUsers.map(({ user }) => user.username).sort(),
        }))
        .sort((one, other) => (one.name < other.name ? -1 : 1)),
    };
  }

  /** What the model says. */
  expected() {
    return this.roles
      .map((role) => ({
        name: role.name,
        actions: [...role.actions].sort(),
        users: this.users
          .filter((user) => user.role === role)
          .map(({ username }) => username)
          .sort(),
        further: this.users
          .filter((user) => user.further.has(role))
          .map(({ username }) => username)
          .sort(),
      }))
      .sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** Asks for a step, and tells what came of it and what had to. */
  async take(step: Step): Promise<{ outcome: string; wanted: string } | undefined> {
    const actors = this.users.filter(({ token }) => token !== undefined);
    const actor = actors[step.actor % actors.length];
    if (!actor || this.roles.length === 0) return undefined;
    const own = new Set(allOf(actor));
    const covers = (set: Iterable<string>) =>
      [...set].every((name) => own.has(name) || RESTRICTED[name]?.within.some((wider) => own.has(wider)));
    const { ids, users } = await this.state();
    const role = 'role' in step ? this.roles[step.role % this.roles.length] : undefined;
    const user = 'user' in step ? this.users[step.user % this.users.length] : undefined;
    const ask = async (document: string, variables: Record<string, unknown>) => {
      const { errors, text } = await server.ask(document, { token: actor.token, variables });
      const code = errors?.[0]?.extensions.code;
      if (code !== undefined && code !== 'FORBIDDEN' && code !== 'APPLICATION_ERROR')
        throw new Error(`${step.kind}: ${text}`);
      return code ?? 'done';
    };
    const wanted = (may: boolean) => (may ? 'done' : 'FORBIDDEN');

    switch (step.kind) {
      case 'createRole': {
        const name = this.name();
        const may = own.has('role.create') && covers(step.actions);
        const outcome = await ask(CREATE_ROLE, { data: { name, permissions: step.actions } });
        if (may) this.roles.push({ name, actions: new Set(step.actions), includes: new Set() });
        return { outcome, wanted: wanted(may) };
      }
      case 'updateRole': {
        if (!role) return undefined;
        // By its name alone, an action that is there already stays restricted.
        const restricted = [...role.actions].find((name) => name in RESTRICTED);
        const after = step.actions.map((action) => (action === 'tag.update' && restricted ? restricted : action));
        const may = own.has('role.update') && covers(all(role)) && covers(after);
        const outcome = await ask(UPDATE_ROLE, { id: ids.get(role.name), data: { permissions: step.actions } });
        if (may) role.actions = new Set(after);
        return { outcome, wanted: wanted(may) };
      }
      case 'renameRole': {
        if (!role) return undefined;
        const name = this.name();
        const may = own.has('role.update') && covers(all(role));
        const outcome = await ask(UPDATE_ROLE, { id: ids.get(role.name), data: { name } });
        if (may) role.name = name;
        return { outcome, wanted: wanted(may) };
      }
      case 'deleteRole': {
        const to = this.roles[step.to % this.roles.length];
        if (!role || !to || to === role) return undefined;
        const having = this.users.filter((one) => one.role === role);
        const isAsked = own.has('role.delete') && covers(all(role));
        const isIncluded = isAsked && this.roles.some(({ includes }) => includes.has(role));
        const may = isAsked && !isIncluded && (having.length === 0 || covers(all(to)));
        const outcome = await ask(DELETE_ROLE, { id: ids.get(role.name), to: ids.get(to.name) });
        if (may) {
          this.roles.splice(this.roles.indexOf(role), 1);
          for (const one of having) one.role = to;
          for (const one of this.users) {
            one.further.delete(role);
            one.further.delete(one.role);
          }
        }
        if (isIncluded) return { outcome, wanted: 'APPLICATION_ERROR' };
        return { outcome, wanted: wanted(may) };
      }
      case 'createUser': {
        if (!role) return undefined;
        const username = this.name();
        const may = own.has('user.create') && covers(all(role));
        const email = `${username.replaceAll(' ', '.')}@example.com`;
        const data = { username, email, password: DEMO_PASSWORD, role: ids.get(role.name) };
        const outcome = await ask(CREATE_USER, { data });
        if (may) this.users.push({ username, role, further: new Set(), token: undefined });
        return { outcome, wanted: wanted(may) };
      }
      case 'moveUser': {
        if (!role || !user) return undefined;
        const may = own.has('user.update') && covers(allOf(user)) && covers(all(role));
        const outcome = await ask(UPDATE_USER, { id: users.get(user.username), data: { role: ids.get(role.name) } });
        if (may) {
          user.role = role;
          user.further.delete(role);
        }
        return { outcome, wanted: wanted(may) };
      }
      case 'giveRoles': {
        if (!user) return undefined;
        const [main, ...more] = step.roles.map((number) => this.roles[number % this.roles.length] as ModelRole);
        if (!main) return undefined;
        const further = new Set(more.filter((one) => one !== main));
        const may = own.has('user.update') && covers(allOf(user)) && covers(allOf({ role: main, further }));
        const roles = [main, ...more].map(({ name }) => ids.get(name));
        const outcome = await ask(UPDATE_USER, { id: users.get(user.username), data: { roles } });
        if (may) {
          user.role = main;
          user.further = further;
        }
        return { outcome, wanted: wanted(may) };
      }
      case 'takeUser': {
        if (!user) return undefined;
        const may = own.has('user.update') && covers(allOf(user));
        const data = { password: 'somebody else chose it' };
        const outcome = await ask(UPDATE_USER, { id: users.get(user.username), data });
        if (may) user.token = undefined; // whoever acts with it from now on has no more than the actor had
        return { outcome, wanted: wanted(may) };
      }
      case 'deleteUser': {
        if (!user) return undefined;
        const may = own.has('user.delete') && covers(allOf(user));
        const outcome = await ask(DELETE_USER, { id: users.get(user.username) });
        if (may) this.users.splice(this.users.indexOf(user), 1);
        return { outcome, wanted: wanted(may) };
      }
    }
  }
}

const CREATE_USER =
  'mutation ($data: UsersPermissionsUserInput!) { createUsersPermissionsUser(data: $data) { __typename } }';
const UPDATE_USER =
  'mutation ($id: ID!, $data: UsersPermissionsUserInput!) { updateUsersPermissionsUser(id: $id, data: $data) { __typename } }';
const DELETE_USER = 'mutation ($id: ID!) { deleteUsersPermissionsUser(id: $id) { __typename } }';
const CREATE_ROLE = 'mutation ($data: UsersPermissionsRoleInput!) { createUsersPermissionsRole(data: $data) { ok } }';
const UPDATE_ROLE =
  'mutation ($id: ID!, $data: UsersPermissionsRoleInput!) { updateUsersPermissionsRole(id: $id, data: $data) { ok } }';
const DELETE_ROLE = 'mutation ($id: ID!, $to: ID) { deleteUsersPermissionsRole(id: $id, moveUsersTo: $to) { ok } }';

test('nobody reaches a permission above their own, whatever they try in whatever order', async () => {
  const tally = { done: 0, FORBIDDEN: 0, APPLICATION_ERROR: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(set, { minLength: 3, maxLength: 5 }),
      fc.array(step, { minLength: 10, maxLength: 30 }),
      async (sets, steps) => {
        const world = new World();
        // One of them has it all, so that there is something to be reached.
        await world.begin([{ actions: [...UNIVERSE], restricted: null, includes: [], further: [] }, ...sets]);
        for (const step of steps) {
          const taken = await world.take(step);
          if (!taken) continue;
          expect(taken.outcome, JSON.stringify(step)).toBe(taken.wanted);
          tally[taken.outcome as keyof typeof tally] += 1;
          expect((await world.state()).seen).toEqual(world.expected());
        }
      },
    ),
    { numRuns: 25 },
  );
  // Both have to happen often, or nothing was tried.
  expect(tally.done).toBeGreaterThan(30);
  expect(tally.FORBIDDEN).toBeGreaterThan(30);
});
