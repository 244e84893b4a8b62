import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, inject, test } from 'vitest';
import { app } from '../../src/app/app.ts';
import type { Viewer } from '../../src/authentication/viewer.ts';
import type { Grant, Grants } from '../../src/authorization/grants.ts';
import type { Permissions } from '../../src/authorization/permissions.ts';
import type { OperationPlugin } from '../../src/graphql/plugins/operation-plugin.ts';
import type { App } from '../../src/start/app.ts';
import { startTestServer } from '../../src/testing/start-test-server.ts';
import type { TestServer } from '../../src/testing/test-server.ts';
import { NO_LIMITS } from '../../src/verify/no-limits.ts';
import { type VerifyOptions, verify } from '../../src/verify/verify.ts';

const cache = mkdtempSync(join(tmpdir(), 'gatehouse-verify-'));
afterAll(() => rmSync(cache, { recursive: true, force: true }));

const serving =
  ({ change, ...faulty }: FaultyApp) =>
  async (): Promise<TestServer> => {
    const server = await startTestServer(faulty, { cache, config: NO_LIMITS });
    if (!change) return server;
    const ask: TestServer['ask'] = async (...asked) => {
      const answer = await server.ask(...asked);
      return { ...answer, ...JSON.parse(change(JSON.stringify({ data: answer.data, errors: answer.errors }))) };
    };
    return new Proxy(server, {
      get(target, name) {
        const value: unknown = name === 'ask' ? ask : Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  };

/** Changes what every viewer of some kind is allowed. */
function allowing(change: (given: Permissions, viewer: Viewer) => Partial<Permissions>, of?: Viewer['kind']): App {
  const plugin: OperationPlugin = {
    onExecute({ args }) {
      const context = args.contextValue as { viewer: Viewer };
      const { viewer } = context;
      if (of && viewer.kind !== of) return;
      const { permissions } = viewer;
      const bound: Permissions = {
        of: permissions.of,
        allows: (action) => permissions.allows(action),
        grants: (action) => permissions.grants(action),
      };
      context.viewer = { ...viewer, permissions: { ...bound, ...change(bound, viewer) } } as Viewer;
    },
  };
  return { ...app, plugins: [plugin] };
}

/** Changes the grants of one action. */
const regranting = (action: string, change: (grant: Grant) => Grant | undefined, of?: Viewer['kind']) =>
  allowing((given) => {
    const changed = (name: string): Grants | undefined => {
      const grants = given.grants(name);
      if (name !== action || grants === undefined || grants === 'all') return grants;
      return grants.map(change).filter((grant) => grant !== undefined);
    };
    return { grants: changed };
  }, of);

/** Gives an action to everybody. */
const open = (action: string) =>
  allowing((given) => ({
    allows: (name) => name === action || given.allows(name),
    grants: (name) => (name === action ? 'all' : given.grants(name)),
  }));

/** Takes an action. */
const closed = (action: string) =>
  allowing((given) => ({
    allows: (name) => name !== action && given.allows(name),
    grants: (name) => (name === action ? undefined : given.grants(name)),
  }));

const without = (part: keyof Grant) => (grant: Grant) =>
  Object.fromEntries(Object.entries(grant).filter(([key]) => key !== part)) as Grant;

/** The answers of the server, changed on their way to who verifies. */
const answering = (change: (text: string) => string): FaultyApp => ({ ...app, change });

interface FaultyApp extends App {
  readonly change?: (text: string) => string;
}

const declared = (model: string, change: object): App => ({
  ...app,
  contentTypes: app.contentTypes.map((type) =>
    type.model === model ? { ...type, declaration: { ...type.declaration, ...change } } : type,
  ),
});
const writeOf = (model: string) => app.contentTypes.find((type) => type.model === model)?.declaration.write ?? [];
const readOf = (model: string) => app.contentTypes.find((type) => type.model === model)?.declaration.read ?? [];

/** What is planted, where it is looked for, and the viewer, the operation and the expectation of the first difference that is found. */
const FAULTS: readonly (readonly [name: string, faulty: FaultyApp, where: VerifyOptions, named: RegExp])[] = [
  [
    'everybody creates tags',
    open('tag.create'),
    { roles: ['public'], types: ['Tag'] },
    /^public .* createTag\(.* => FORBIDDEN$/,
  ],
  [
    'everybody updates tags',
    open('tag.update'),
    { roles: ['public'], types: ['Tag'] },
    /^public .* updateTag\(.* => FORBIDDEN$/,
  ],
  [
    'everybody deletes tags',
    open('tag.delete'),
    { roles: ['public'], types: ['Tag'] },
    /^public .* deleteTag\(.* => FORBIDDEN$/,
  ],
  [
    'everybody finds roles',
    open('role.find'),
    { roles: ['public'], types: ['Role'] },
    /^public .* usersPermissionsRoles\(.* => FORBIDDEN role\.find$/,
  ],
  [
    'everybody finds one role',
    open('role.findOne'),
    { roles: ['public'], types: ['Role'] },
    /^public .* usersPermissionsRole\(.* => FORBIDDEN role\.findOne$/,
  ],
  [
    'Public finds users',
    open('user.find'),
    { roles: ['public'], types: ['User'] },
    /^public .* usersPermissionsUsers\(.* => FORBIDDEN user\.find$/,
  ],
  [
    'users find all users',
    regranting('user.find', without('where')),
    { roles: ['editor'], types: ['User'] },
    /^editor .* usersPermissionsUsers\(.* => \[\{"documentId":"\w+"\}\]$/,
  ],
  [
    'users see every column of themselves',
    regranting('user.find', without('fields')),
    { roles: ['editor'], types: ['User'] },
    /^editor .* usersPermissionsUsers\(.*\) \{ documentId email \} \} => null with FORBIDDEN$/,
  ],
  [
    'nobody finds tags',
    closed('tag.find'),
    { roles: ['public'], types: ['Tag'] },
    /^public .* \{ tags\(.* => \[\{"documentId"/,
  ],
  [
    'nobody finds one tag',
    closed('tag.findOne'),
    { roles: ['public'], types: ['Tag'] },
    /^public .* \{ tag\(documentId: "(\w+)".* => \{"documentId":"\1"\}$/,
  ],
  [
    'the rows of post.find are all',
    regranting('post.find', without('where')),
    { roles: ['public'], types: ['Post'] },
    /^public .* \{ posts\(.* => \[\{"documentId"/,
  ],
  [
    'the rows of post.findOne are all',
    regranting('post.findOne', without('where')),
    { roles: ['public'], types: ['Post'] },
    /^public .* \{ post\(documentId: .* => null$/,
  ],
  [
    'own posts are not found',
    regranting('post.find', (grant) => (JSON.stringify(grant).includes('$user') ? undefined : grant)),
    { roles: ['authenticated'], types: ['Post'] },
    /^authenticated .* \{ posts\(.* => \[\{"documentId"/,
  ],
  [
    'authors update all posts',
    regranting('post.update', without('where')),
    { roles: ['author'], types: ['Post'] },
    /^author .* updatePost\(.* => NOT_FOUND$/,
  ],
  [
    'authors delete all posts',
    regranting('post.delete', without('where')),
    { roles: ['author'], types: ['Post'] },
    /^author .* deletePost\(.* => NOT_FOUND$/,
  ],
  [
    'the owner of a new post is not set',
    regranting('post.create', without('set')),
    { roles: ['editor'], types: ['Post'] },
    /^editor .* createPost\(.* => ownerId \d+$/,
  ],
  [
    'a condition means its opposite',
    regranting('post.find', ({ where, ...grant }) => ({ ...grant, where: { not: where ?? {} } })),
    { roles: ['public'], types: ['Post'] },
    /^public .* \{ posts\(.* => \[\{"documentId"/,
  ],
  [
    'a column that no content type names is in the schema',
    declared('Author', { read: [...readOf('Author'), 'email'] }),
    { roles: ['public'], types: ['Author'] },
    /^everybody \(the schema\): Author\.email => that no content type shows it$/,
  ],
  [
    'a column that nobody writes is in an input',
    declared('Author', { write: [...writeOf('Author'), 'email'] }),
    { roles: ['public'], types: ['Author'] },
    /^everybody \(the schema\): AuthorInput\.email => that nobody writes it$/,
  ],
  [
    'a column that nobody reads is told from none by a sort',
    answering((text) => text.replaceAll('Invalid key email', 'Hidden key email')),
    { roles: ['public'], types: ['Author'] },
    /^public .* \{ authors\(sort: "email:asc".* => BAD_USER_INPUT Invalid key email$/,
  ],
  [
    'everybody updates the settings of the site',
    open('siteSetting.update'),
    { roles: ['public'], types: ['SiteSetting'] },
    /^public .* updateSiteSetting\(.* => FORBIDDEN$/,
  ],
  [
    'everybody deletes the settings of the site',
    open('siteSetting.delete'),
    { roles: ['public'], types: ['SiteSetting'] },
    /^public .* deleteSiteSetting \{ documentId \} \} => FORBIDDEN$/,
  ],
  [
    'nobody finds the settings of the site',
    closed('siteSetting.find'),
    { roles: ['public'], types: ['SiteSetting'] },
    /^public .* \{ siteSetting \{ documentId .* => \{"documentId"/,
  ],
  [
    'a condition of the content type hides rows',
    declared('Tag', { where: { name: { endsWith: '1' } } }),
    { roles: ['public'], types: ['Tag'] },
    /^public .* \{ tags\(.* => \[\{"documentId"/,
  ],
  [
    'an error names another action',
    answering((text) => text.replaceAll('"role.find"', '"role.findOne"')),
    { roles: ['public'], types: ['Role'] },
    /^public .* usersPermissionsRoles\(.* => FORBIDDEN role\.find$/,
  ],
  [
    'totals count one more',
    answering((text) => text.replaceAll(/"total":(\d+)/g, (_, total: string) => `"total":${Number(total) + 1}`)),
    { roles: ['public'], types: ['Tag'] },
    /^public .* \w+_connection\(.*total.* => .*"total":\d+/,
  ],
  [
    'an unknown name is told from a hidden one',
    answering((text) => text.replaceAll('Invalid key owner', 'Hidden key owner')),
    { roles: ['public'], types: ['Post'] },
    /^public .* \{ posts\w*\(.*owner.* => BAD_USER_INPUT Invalid key owner/,
  ],
];

// It is about the embedded database, whatever the other tests run on.
if (inject('databaseKind') === 'embedded') {
  test('the example without faults has no differences', { timeout: 300_000 }, async () => {
    const report = await verify(app, { roles: ['author'], serve: serving(app) });
    expect(report.findings).toEqual([]);
    expect(report.requests).toBeGreaterThan(50);
  });

  describe('a fault is found', { timeout: 120_000 }, () => {
    test.each(FAULTS)('%s', async (_name, faulty, where, named) => {
      const { findings } = await verify(app, { ...where, untilFirst: true, serve: serving(faulty) });
      const [first] = findings;
      expect(`${first?.viewer} (${first?.credential}): ${first?.document} => ${first?.expected}`).toMatch(named);
    });
  });
}
