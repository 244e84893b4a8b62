import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import type { AuditEvent } from '../src/audit/events.ts';
import { AUDIT_EVENTS } from '../src/audit/events.ts';
import { type Head, verifyAudit } from '../src/audit/verify.ts';
import { type Answer, startServer, type TestServer } from './support/start.ts';

let server: TestServer;
let admin: string;
beforeAll(async () => {
  server = await startServer();
  admin = await server.adminToken();
});
afterAll(() => server?.close());

interface Entry {
  readonly id: string;
  readonly event: string;
  readonly outcome: string;
  readonly actorKind: string;
  readonly actorName: string | null;
  readonly targetKind: string | null;
  readonly targetName: string | null;
  readonly before: unknown;
  readonly after: unknown;
  readonly address: string | null;
  readonly requestId: string | null;
}

async function entries(filters: Record<string, unknown> = {}): Promise<Entry[]> {
  await server.gatehouse.idle();
  const { data, text } = await server.askAdmin(
    'query ($f: AuditFiltersInput) { auditEntries(filters: $f, pagination: { limit: 100 }) { nodes { id event outcome actorKind actorName targetKind targetName before after address requestId } } }',
    { token: admin, variables: { f: filters } },
  );
  if (!data?.auditEntries) throw new Error(text);
  return data.auditEntries.nodes.reverse();
}

/** The events that came with something, the oldest first. */
async function eventsOf(act: () => Promise<unknown>): Promise<string[]> {
  await server.gatehouse.idle();
  const last = Number((await entries()).at(-1)?.id ?? 0);
  await act();
  return (await entries())
    .filter(({ id }) => Number(id) > last)
    .map(
      ({ event, outcome, actorKind, targetName }) =>
        `${actorKind} ${event} ${targetName}${outcome === 'DONE' ? '' : ` ${outcome}`}`,
    );
}

const login = (password = DEMO_PASSWORD) =>
  server.ask('mutation ($p: String!) { login(input: { identifier: "reader", password: $p }) { jwt } }', {
    variables: { p: password },
  });

describe('what a person does is in it, as it was done', () => {
  test('a registration, its login, a change of name, of e-mail and of password, and logging out', async () => {
    const password = 'a good password';
    expect(
      await eventsOf(() =>
        server.ask('mutation ($i: UsersPermissionsRegisterInput!) { register(input: $i) { jwt } }', {
          variables: { i: { username: 'audited', email: 'audited@example.com', password } },
        }),
      ),
    ).toEqual(['USER user.register audited', 'USER session.begin audited']);
    const { data } = await server.ask(
      'mutation ($p: String!) { login(input: { identifier: "audited", password: $p }) { jwt } }',
      { variables: { p: password } },
    );
    const token = data.login.jwt;
    expect(
      await eventsOf(() =>
        server.ask(
          'mutation ($p: String!) { updateMe(data: { username: "audited anew", email: "new@example.com", currentPassword: $p }) { id } }',
          { token, variables: { p: password } },
        ),
      ),
    ).toEqual(['USER user.update audited anew', 'USER user.requestEmail audited anew']);
    expect(
      await eventsOf(() =>
        server.ask(
          'mutation ($p: String!) { changePassword(currentPassword: $p, password: "another password", passwordConfirmation: "another password") { jwt } }',
          { token, variables: { p: password } },
        ),
      ),
    ).toEqual(['USER password.change audited anew', 'USER session.begin audited anew']);
    const again = await server.ask(
      'mutation { login(input: { identifier: "audited anew", password: "another password" }) { jwt } }',
    );
    expect(await eventsOf(() => server.ask('mutation { logout { ok } }', { token: again.data.login.jwt }))).toEqual([
      'USER session.end audited anew',
    ]);
  });

  test('a forgotten password and its reset', async () => {
    expect(
      await eventsOf(async () => {
        await server.ask('mutation { forgotPassword(email: "reader@example.com") { ok } }');
        await server.gatehouse.idle();
      }),
    ).toEqual(['ANONYMOUS password.request reader']);
    const code = new URL(server.mails.find(({ to }) => to === 'reader@example.com')?.link ?? '').hash.slice(
      '#code='.length,
    );
    expect(
      await eventsOf(() =>
        server.ask(
          'mutation ($c: String!, $p: String!) { resetPassword(code: $c, password: $p, passwordConfirmation: $p) { jwt } }',
          { variables: { c: code, p: DEMO_PASSWORD } },
        ),
      ),
    ).toEqual(['USER password.reset reader', 'USER session.begin reader']);
  });
});

describe('what an administrator does is in it', () => {
  const ask = (document: string, variables: Record<string, unknown> = {}) =>
    server.askAdmin(document, { token: admin, variables });

  test('with who, what, on whom, before and after, from where, and in which request', async () => {
    const { data } = await ask(
      '{ users(search: "moderator") { documentId } roles(filters: { type: { eq: "editor" } }) { documentId version } }',
    );
    const [{ documentId: id }] = data.users;
    const [{ documentId: role, version }] = data.roles;
    const events = await eventsOf(async () => {
      await ask('mutation ($id: ID!) { blockUser(documentId: $id, reason: "spam") { id } }', { id });
      await ask('mutation ($id: ID!) { unblockUser(documentId: $id) { id } }', { id });
      await ask(
        'mutation ($id: ID!) { updateUser(documentId: $id, data: { username: "Moderator", password: "a secret of mine" }) { id } }',
        { id },
      );
      await ask(
        'mutation ($role: ID!, $version: Int!) { setPermissions(role: $role, version: $version, add: ["tag.create"], remove: ["post.delete"]) { id } }',
        { role, version },
      );
      await ask('mutation ($id: ID!) { updateRole(documentId: $id, data: { description: "Edits." }) { id } }', {
        id: role,
      });
      await ask('mutation { updateSettings(data: { passwordMinLength: 9 }) { signUps } }');
      await ask('mutation { updateSettings(data: { passwordMinLength: 9 }) { signUps } }'); // nothing changed
      await ask('mutation { updateSettings(data: { passwordMinLength: 8 }) { signUps } }');
      await ask('mutation { createApiToken(data: { name: "audited", kind: READ_ONLY, lifespan: DAYS_7 }) { secret } }');
      await ask(
        'mutation { createAdmin(data: { email: "looking@example.com", role: READ_ONLY, password: "a secret of hers" }) { email } }',
      );
    });
    expect(events).toEqual([
      'ADMIN user.block moderator',
      'ADMIN user.unblock moderator',
      'ADMIN user.update Moderator',
      'ADMIN user.setPassword Moderator',
      'ADMIN role.setPermissions editor',
      'ADMIN role.update editor',
      'ADMIN settings.update null',
      'ADMIN settings.update null',
      'ADMIN apiToken.create audited',
      'ADMIN admin.create looking@example.com',
    ]);
    const [block] = await entries({ event: 'user.block' });
    expect(block).toMatchObject({
      actorName: expect.stringMatching(/@admin\.test$/),
      targetKind: 'user',
      before: { blocked: false, blockReason: null },
      after: { blocked: true, blockReason: 'spam' },
      address: '127.0.0.1',
      requestId: expect.stringMatching(/^[\da-f-]{36}$/),
    });
    const [set] = await entries({ event: 'role.setPermissions' });
    expect([set?.before, set?.after]).toEqual([{ removed: ['post.delete'] }, { added: ['tag.create'] }]);
  });

  test('by every mutation there is, and content’s are not in it', async () => {
    const looking = await server.adminToken('READ_ONLY');
    const { documentId: own } = (await server.askAdmin('{ me { documentId } }', { token: looking })).data.me;
    const idOf: Record<string, string> = { own };
    /** In this order: the mutation, what is remembered of its answer, and the entries that come with it. */
    const acts: readonly (readonly [document: string, entries: readonly string[], kept?: string])[] = [
      [
        'createUser(data: { username: "made", email: "made@example.com", confirmed: false }) { documentId }',
        ['user.create'],
        'user',
      ],
      ['updateUser(documentId: $user, data: { username: "renamed" }) { documentId }', ['user.update']],
      ['confirmUser(documentId: $user) { documentId }', ['user.update']],
      ['blockUser(documentId: $user) { documentId }', ['user.block']],
      ['unblockUser(documentId: $user) { documentId }', ['user.unblock']],
      [
        'impersonateUser(documentId: $user, reason: "a question") { documentId }',
        ['user.impersonate'],
        'impersonation',
      ],
      ['endImpersonation(documentId: $impersonation) { ok }', ['user.endImpersonation']],
      ['sendUserPasswordMail(documentId: $user) { documentId }', ['user.requestPassword']],
      ['endUserSessions(documentId: $user) { documentId }', ['user.endSessions']],
      ['deleteUser(documentId: $user) { documentId }', ['user.delete']],
      ['inviteUser(email: "invited@example.com") { documentId }', ['user.invite'], 'invitation'],
      ['revokeInvitation(documentId: $invitation) { ok }', ['user.revokeInvitation']],
      ['createRole(data: { name: "Made" }) { documentId }', ['role.create'], 'role'],
      ['updateRole(documentId: $role, data: { name: "Renamed" }) { documentId }', ['role.update']],
      ['setPermissions(role: $role, version: 3, add: ["post.find"]) { documentId }', ['role.setPermissions']],
      [
        'setGrants(role: $role, version: 4, action: "post.find", grants: [{ fields: ["title"] }]) { documentId }',
        ['role.setPermissions'],
      ],
      ['deleteRole(documentId: $role, moveUsersTo: $editor) { documentId }', ['role.delete']],
      [
        'createApiToken(data: { name: "made", kind: READ_ONLY, lifespan: DAYS_7 }) { token { documentId } }',
        ['apiToken.create'],
        'apiToken',
      ],
      ['updateApiToken(documentId: $apiToken, data: { name: "renamed" }) { documentId }', ['apiToken.update']],
      [
        'updateApiToken(documentId: $apiToken, data: { kind: CUSTOM, actions: ["tag.find"] }) { documentId }',
        ['apiToken.update'],
      ],
      [
        'setTokenGrants(token: $apiToken, action: "post.find", grants: [{ fields: ["title"] }]) { documentId }',
        ['apiToken.update'],
      ],
      ['regenerateApiToken(documentId: $apiToken) { secret }', ['apiToken.regenerate']],
      ['revokeApiToken(documentId: $apiToken) { documentId }', ['apiToken.revoke']],
      ['deleteApiToken(documentId: $apiToken) { documentId }', ['apiToken.delete']],
      ['createAdmin(data: { email: "made@admin.test", role: READ_ONLY }) { documentId }', ['admin.create'], 'admin'],
      ['updateAdmin(documentId: $admin, data: { name: "Renamed" }) { documentId }', ['admin.update']],
      ['sendAdminPasswordMail(documentId: $admin) { documentId }', ['admin.requestPassword']],
      ['endAdminSessions(documentId: $admin) { documentId }', ['admin.endSessions']],
      ['deleteAdmin(documentId: $admin) { documentId }', ['admin.delete']],
      ['updateSettings(data: { signUps: false }) { signUps }', ['settings.update']],
      ['setLoginProvider(name: "google", data: { clientId: "a", clientSecret: "b" }) { name }', ['loginProvider.set']],
      ['tryLoginProvider(name: "google") { url }', []],
      ['deleteLoginProvider(name: "google") { ok }', ['loginProvider.delete']],
      [
        'setMailTemplate(purpose: PASSWORD_CHANGED, words: { subject: "Changed", text: "It was changed.", html: "<p>It was changed.</p>" }) { subject }',
        ['mailTemplate.set'],
      ],
      ['sendTestMail(purpose: PASSWORD_CHANGED) { to }', ['mailTemplate.test']],
      ['resetMailTemplate(purpose: PASSWORD_CHANGED) { subject }', ['mailTemplate.reset']],
    ];
    /** Of the tests beside this one, of admins.test.ts, second-factors.test.ts and administrators-passkeys.test.ts. */
    const ofOneself = [
      ...['login', 'logout', 'changePassword', 'forgotPassword', 'resetPassword', 'registerFirstAdmin'],
      ...['resetUserSecondFactor', 'resetAdminSecondFactor'],
      ...['addPasskey', 'loginWithPasskey', 'passkeyOptions', 'removePasskey', 'renamePasskey'],
    ];
    const { data } = await ask('{ roles(filters: { type: { eq: "editor" } }) { documentId } }');
    idOf['editor'] = data.roles[0].documentId;
    for (const [document, expected, kept] of acts) {
      const known = document.replaceAll(/\$(\w+)/g, (_, name) => `"${idOf[name]}"`);
      let answer: Answer | undefined;
      const events = await eventsOf(async () => {
        answer = await ask(`mutation { done: ${known} }`);
      });
      expect(answer?.errors, document).toBeUndefined();
      expect(
        events.map((event) => event.split(' ').slice(0, 2).join(' ')),
        document,
      ).toEqual(expected.map((event) => `ADMIN ${event}`));
      const done = answer?.data.done;
      if (kept) idOf[kept] = (done.token ?? done).documentId;
    }
    const named = acts.map(([document]) => document.slice(0, document.indexOf('(')));
    const content = mutationsOfContent(server);
    const all = Object.keys(server.gatehouse.adminSchema.getMutationType()?.getFields() ?? {});
    expect(all.filter((name) => ![...named, ...ofOneself, ...content].includes(name))).toEqual([
      'closeForm',
      'completeLogin',
      'confirmTotp',
      'keepFormOpen',
      'newBackupCodes',
      'refresh',
      'removeTotp',
      'revokeSession',
      'setPreferences',
      'startTotp',
      'stepUp',
    ]);
    await ask('mutation { updateSettings(data: { signUps: true }) { signUps } }');
    expect(await eventsOf(() => ask('mutation { createTag(data: { name: "unrecorded" }) { name } }'))).toEqual([]);
    // One's own: the others end the session that they are asked in.
    const { data: mine } = await server.askAdmin('{ sessions { documentId } }', { token: looking });
    const end = 'mutation ($id: ID!) { revokeSession(documentId: $id) { ok } }';
    const variables = { id: mine.sessions[0].documentId };
    const ended = await eventsOf(() => server.askAdmin(end, { token: looking, variables }));
    expect(ended).toEqual([expect.stringMatching(/^ADMIN admin\.logout read_only-/)]);
  });

  test('a login, a wrong password, and whatever was refused to somebody', async () => {
    const looking = await server.adminToken('READ_ONLY');
    const reader = await server.tokenOf('reader');
    const events = await eventsOf(async () => {
      await server.askAdmin('mutation { login(email: "looking@example.com", password: "a wrong one") { jwt } }');
      await server.askAdmin('mutation { login(email: "hunter2", password: "a wrong one") { jwt } }');
      await server.askAdmin('mutation { updateSettings(data: { signUps: false }) { signUps } }', { token: looking });
      await server.gatehouse.idle();
      await server.askAdmin('{ users { username } }');
      await server.gatehouse.idle();
      await server.askAdmin('{ users { username } }', { token: reader });
      await server.gatehouse.idle();
      await server.ask('mutation { deleteUsersPermissionsUser(id: 1) { data { id } } }', { token: reader });
      await server.gatehouse.idle();
      await server.ask('mutation { createTag(data: { name: "no administration" }) { name } }', { token: reader });
    });
    expect(events).toEqual([
      'ANONYMOUS admin.login looking@example.com REFUSED',
      'ANONYMOUS admin.login null REFUSED', // what was typed for an address may be a password
      'ADMIN administration.refuse null REFUSED',
      'ANONYMOUS administration.refuse null REFUSED',
      'ANONYMOUS administration.refuse null REFUSED',
      'USER administration.refuse null REFUSED',
    ]);
    const refusals = await entries({ event: 'administration.refuse', outcome: 'REFUSED' });
    expect(refusals.slice(-4).map(({ after }) => after)).toEqual([
      { actions: ['settings.update'] },
      { actions: ['user.find'] },
      { credential: 'invalid' },
      { actions: ['user.delete'] },
    ]);
  });

  test('and is found by who, what, whom, when and text', async () => {
    const all = await entries();
    expect((await entries({ event: 'user.' })).every(({ event }) => event.startsWith('user.'))).toBe(true);
    expect((await entries({ event: 'user_block' })).length).toBe(0);
    expect((await entries({ search: 'LOOKING@' })).length).toBeGreaterThanOrEqual(2);
    expect((await entries({ search: '%' })).length).toBe(0);
    expect((await entries({ actorKind: 'SERVER' })).every(({ actorKind }) => actorKind === 'SERVER')).toBe(true);
    expect((await entries({ until: new Date(0).toISOString() })).length).toBe(0);
    expect((await entries({ since: new Date(0).toISOString() })).length).toBe(all.length);
    const { data: found } = await ask('{ auditEntries(pagination: { limit: 100 }) { nodes { id actorId targetId } } }');
    const ids: { id: string; actorId: string | null; targetId: string | null }[] = found.auditEntries.nodes;
    const about = ids.find(
      ({ actorId }) => actorId !== null && ids.some(({ targetId }) => targetId === actorId),
    )?.actorId;
    expect(about).toBeDefined();
    const is = ids.filter(({ actorId, targetId }) => actorId === about || targetId === about).map(({ id }) => id);
    expect((await entries({ about })).map(({ id }) => id).reverse()).toEqual(is);
    expect(is.length).toBeLessThan(ids.length);
    // With a text, both have to be met.
    expect(await entries({ about, search: 'nobody has this name' })).toEqual([]);
    const middle = ids[Math.floor(ids.length / 2)]?.id ?? '';
    const older = (await entries({ upTo: middle })).map(({ id }) => Number(id));
    const newer = (await entries({ after: middle })).map(({ id }) => Number(id));
    expect(older.at(-1)).toBe(Number(middle));
    expect(Math.min(...newer)).toBe(Number(middle) + 1);
    expect(older.length + newer.length).toBe(all.length);
    for (const id of ['', '-1', '1.5', '1e3', 'one', '9'.repeat(19)]) {
      const { errors: [refused] = [] } = await ask(
        `{ auditEntries(filters: { upTo: "${id}" }) { pageInfo { total } } }`,
      );
      expect(refused?.extensions.error.details.errors?.[0], id).toMatchObject({
        path: ['filters', 'upTo'],
        message: 'upTo must be the id of an entry',
      });
    }
    const { errors } = await ask('{ auditEntries(pagination: { page: 0 }) { pageInfo { total } } }');
    expect(errors?.[0]?.message).toBe('page must be at least 1');
    const { data } = await ask(
      '{ auditEntries(pagination: { page: 2, pageSize: 3 }) { nodes { id } pageInfo { total page pageSize pageCount } } }',
    );
    expect(data.auditEntries.nodes.map(({ id }: { id: string }) => id)).toEqual(
      all
        .slice(-6, -3)
        .map(({ id }) => id)
        .reverse(),
    );
  });
});

test('nothing secret is in it', async () => {
  const text = JSON.stringify(await entries());
  for (const secret of [
    DEMO_PASSWORD,
    'a good password',
    'another password',
    'a secret of',
    'a wrong one',
    'hunter2',
    '$2b$',
    'eyJ',
  ]) {
    expect(text, secret).not.toContain(secret);
  }
});

test('what was refused changed nothing, and an entry is only there with its change', async () => {
  const { data } = await server.askAdmin('{ roles(filters: { type: { eq: "public" } }) { documentId } }', {
    token: admin,
  });
  expect(
    await eventsOf(() =>
      server.askAdmin('mutation ($id: ID!) { deleteRole(documentId: $id, moveUsersTo: $id) { movedUsers } }', {
        token: admin,
        variables: { id: data.roles[0].documentId },
      }),
    ),
  ).toEqual([]);
  expect(await eventsOf(() => login('not the password'))).toEqual([]);
});

describe('the list of events', () => {
  test('has every entry of this file, with no field and no target but its own', async () => {
    const rows = await server.database.query(
      'SELECT "event", "targetKind", "before", "after" FROM "audit_entries"',
      [],
    );
    expect(new Set(rows.map(({ event }) => event)).size).toBeGreaterThan(20);
    const declared: Readonly<Record<string, (typeof AUDIT_EVENTS)[keyof typeof AUDIT_EVENTS]>> = AUDIT_EVENTS;
    for (const { event, targetKind, before, after } of rows) {
      const name = String(event);
      const {
        target,
        ...fields
      }: { target: readonly unknown[]; before?: readonly string[]; after?: readonly string[] } = declared[name] ?? {
        target: [],
      };
      expect(target, name).toContain(targetKind);
      expect(fields.before ?? [], name).toEqual(expect.arrayContaining(Object.keys(before ?? {})));
      expect(fields.after ?? [], name).toEqual(expect.arrayContaining(Object.keys(after ?? {})));
    }
  });

  test('is the table of docs/audit-log.md', () => {
    const fields = (names: readonly string[] = []) => names.map((name) => `\`${name}\``).join(', ');
    const rows = Object.entries<{ when: string; before?: readonly string[]; after?: readonly string[] }>(
      AUDIT_EVENTS,
    ).map(([name, { when, before, after }]) => [`\`${name}\``, when, fields(before), fields(after)]);
    const page = readFileSync('docs/audit-log.md', 'utf8');
    const table = [...page.matchAll(/^\| (`.*) \|$/gm)].map(([, row = '']) =>
      row.split('|').map((cell) => cell.trim()),
    );
    expect(table).toEqual(rows);
  });

  test('is all that compiles', () => {
    const target = { kind: 'user', documentId: null, name: null } as const;
    const known: AuditEvent[] = [
      { event: 'user.requestEmail', target, before: { email: 'a' }, after: { email: 'b' } },
      // @ts-expect-error an event that is not in the list
      { event: 'user.vanish', target },
      // @ts-expect-error a field that no event has
      { event: 'user.requestEmail', target, before: { passwordHash: 'x' } },
      // @ts-expect-error a field of other events
      { event: 'user.requestEmail', target, after: { role: 'editor' } },
    ];
    expect(known).toHaveLength(4);
  });
});

describe('the chain', () => {
  const verified = (kept?: Head) => verifyAudit(server.database.query, kept);
  /** What no application can: as whoever owns the database. */
  const tamper = async (...statements: string[]) => {
    const { query } = server.database;
    await query('ALTER TABLE "audit_entries" DISABLE TRIGGER USER', []);
    for (const statement of statements) await query(statement, []);
    await query('ALTER TABLE "audit_entries" ENABLE TRIGGER USER', []);
  };

  test('holds whatever was written at once, and stays so', async () => {
    await Promise.all(Array.from({ length: 12 }, () => login()));
    const { findings, entries: count, head } = await verified();
    expect(findings).toEqual([]);
    expect(count).toBeGreaterThan(30);
    expect(count).toBe(head.id);
  });

  test('is written once: the application can neither change, remove nor empty it', async () => {
    for (const statement of [
      `UPDATE "audit_entries" SET "event" = 'user.hello'`,
      'DELETE FROM "audit_entries" WHERE "id" = 3',
      'TRUNCATE "audit_entries"',
      `UPDATE "audit_head" SET "entryId" = 0`,
      'DELETE FROM "audit_head"',
      'TRUNCATE "audit_head"',
    ]) {
      await expect(server.database.query(statement, []), statement).rejects.toThrow('written once');
    }
    expect((await verified()).findings).toEqual([]);
  });

  test('names an entry that was altered, removed, put elsewhere or added, and a log that was rewritten', async () => {
    const kept = (await verified()).head;
    const copy = 'CREATE TEMP TABLE kept AS SELECT * FROM "audit_entries"';
    const restore = ['DELETE FROM "audit_entries"', 'INSERT INTO "audit_entries" SELECT * FROM kept'];
    const cases: [string[], string[]][] = [
      [[`UPDATE "audit_entries" SET "actorName" = 'somebody else' WHERE "id" = 5`], ['entry 5 (', 'was altered']],
      [[`UPDATE "audit_entries" SET "after" = '{"blocked":false}' WHERE "id" = 7`], ['entry 7 (', 'was altered']],
      [['DELETE FROM "audit_entries" WHERE "id" = 9'], ['entry 9 is missing']],
      [
        [`DELETE FROM "audit_entries" WHERE "id" > ${kept.id - 2}`],
        [`entries ${kept.id - 1} to ${kept.id} are missing`],
      ],
      [
        [
          'UPDATE "audit_entries" SET "id" = -1 WHERE "id" = 4',
          'UPDATE "audit_entries" SET "id" = 4 WHERE "id" = 6',
          'UPDATE "audit_entries" SET "id" = 6 WHERE "id" = -1',
        ],
        ['entry 4 (', 'altered or moved', 'entry 6 ('],
      ],
      // Altered, and its hash made anew: then the next one tells.
      [
        [
          `UPDATE "audit_entries" SET "actorName" = 'somebody else' WHERE "id" = 8`,
          `UPDATE "audit_entries" e SET "hash" = encode(sha256(convert_to(e."previousHash" || E'\\n' || text_of_audit_entry(e), 'UTF8')), 'hex') WHERE "id" = 8`,
        ],
        ['entry 8 was altered: entry 9'],
      ],
    ];
    // One connection has the temporary table; on a server each statement may run on another.
    const isOne = inject('databaseKind') === 'embedded';
    await tamper(isOne ? copy : 'CREATE TABLE kept AS SELECT * FROM "audit_entries"');
    for (const [statements, words] of cases) {
      await tamper(...statements);
      const findings = (await verified(kept)).findings.join('\n');
      for (const word of words) expect(findings, statements.join('; ')).toContain(word);
      await tamper(...restore);
      expect((await verified(kept)).findings, statements.join('; ')).toEqual([]);
    }
    // The whole of it made anew, each hash right: only who kept an end of it elsewhere knows.
    await tamper('DELETE FROM "audit_entries"');
    const { query } = server.database;
    await query('ALTER TABLE "audit_head" DISABLE TRIGGER USER', []);
    await query(`UPDATE "audit_head" SET "entryId" = 0, "hash" = repeat('0', 64)`, []);
    await query('ALTER TABLE "audit_head" ENABLE TRIGGER USER', []);
    await query(
      `INSERT INTO "audit_entries" ("at", "event", "outcome", "actorKind") SELECT now(), 'user.update', 'done', 'server' FROM generate_series(1, ${kept.id + 3})`,
      [],
    );
    expect((await verified()).findings).toEqual([]);
    expect((await verified(kept)).findings).toEqual([
      `entry ${kept.id} (user.update) is not the one that was kept: the log was rewritten`,
    ]);
    expect((await verified({ id: kept.id + 100, hash: kept.hash })).findings.join()).toContain('is missing');
  });
});

/** The mutations of content types. */
function mutationsOfContent({ gatehouse }: TestServer): string[] {
  return gatehouse.administration.tokenActions.reading.flatMap((action) => {
    const type = action.split('.')[0] ?? '';
    const name = `${type.charAt(0).toUpperCase()}${type.slice(1)}`;
    return ['create', 'update', 'delete'].map((verb) => `${verb}${name}`);
  });
}
