import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from './support/start.ts';

/** What an administrator sees first, and whether the audit log that it comes from is as it was written. */

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer();
  token = await server.adminToken('READ_ONLY');
});
afterAll(() => server?.close());

// biome-ignore lint/suspicious/noExplicitAny: it has the shape that its document asked for
async function ask(document: string, variables: Record<string, unknown> = {}): Promise<any> {
  const { data, errors, text } = await server.askAdmin(document, { token, variables });
  expect(errors, text).toBeUndefined();
  return Object.values(data)[0];
}

const DAY = 86_400_000;
const DAYS = 'query ($days: Int) { overview(days: $days) { days { day signUps logins refusedLogins refusals } } }';
const ATTENTION = '{ overview { attention { kind text count subject subjectKind name at } } }';

interface Item {
  readonly kind: string;
  readonly text: string;
  readonly count: number | null;
  readonly subject: string | null;
  readonly subjectKind: string | null;
  readonly name: string | null;
}

async function attention(kind: string): Promise<Item[]> {
  const { attention } = await ask(ATTENTION);
  return attention.filter((item: Item) => item.kind === kind);
}

/** Writes an entry of some time ago, as the server would have. */
async function entry(event: string, outcome: string, daysAgo: number): Promise<void> {
  await server.database.query(
    `INSERT INTO "audit_entries" ("at", "event", "outcome", "actorKind") VALUES ($1::timestamptz, $2, $3, 'server')`,
    [new Date(Date.now() - daysAgo * DAY).toISOString(), event, outcome],
  );
}

describe('the overview', () => {
  test('counts users, roles, API tokens and administrators in one statement', async () => {
    const { prisma } = server.database;
    const reader = await prisma.user.findFirstOrThrow({ where: { username: 'reader' } });
    await prisma.user.update({ where: { id: reader.id }, data: { confirmed: false } });
    const past = new Date(Date.now() - 1_000);
    const block = async (username: string, blockedUntil: Date | null) => {
      const { id } = await prisma.user.findFirstOrThrow({ where: { username } });
      await prisma.user.update({ where: { id }, data: { blocked: true, blockedUntil } });
    };
    await block('editor', null);
    await block('moderator', past); // has expired
    const data = { kind: 'READ_ONLY', prefix: 'x' } as const;
    for (const [name, more] of Object.entries({ a: {}, b: { revokedAt: past }, c: { expiresAt: past } })) {
      await prisma.apiToken.create({ data: { ...data, name, hash: name, ...more } });
    }
    await server.gatehouse.idle();
    server.statements.length = 0;
    const overview = await ask('{ overview { users blockedUsers unconfirmedUsers roles apiTokens administrators } }');
    expect(server.statements.filter((sql) => sql.includes('"roles"'))).toHaveLength(1);
    expect(server.statements).toHaveLength(2); // the administrator, and this one
    expect(overview).toEqual({
      users: await prisma.user.count(),
      blockedUsers: 1,
      unconfirmedUsers: await prisma.user.count({ where: { confirmed: false } }),
      roles: await prisma.role.count(),
      apiTokens: 1,
      administrators: await prisma.admin.count(),
    });
    expect(overview.unconfirmedUsers).toBeGreaterThan(0);
  });

  test('has what happened on each day, the days without anything too', async () => {
    const before = (await ask(DAYS, { days: 4 })).days;
    for (const [event, outcome, daysAgo] of [
      ['user.register', 'done', 2],
      ['session.begin', 'done', 2],
      ['session.begin', 'done', 2],
      ['admin.login', 'done', 2],
      ['admin.login', 'refused', 2],
      ['administration.refuse', 'refused', 0],
      ['user.update', 'done', 0],
      ['session.begin', 'done', 4], // the day before the first
    ] as const) {
      await entry(event, outcome, daysAgo);
    }
    const { days } = await ask(DAYS, { days: 4 });
    const today = Math.floor(Date.now() / DAY) * DAY;
    expect(days.map(({ day }: { day: string }) => day)).toEqual(
      [3, 2, 1, 0].map((ago) => new Date(today - ago * DAY).toISOString()),
    );
    expect(days.slice(0, 3)).toMatchObject([
      { signUps: 0, logins: 0, refusedLogins: 0, refusals: 0 },
      { signUps: 1, logins: 3, refusedLogins: 1, refusals: 0 },
      { signUps: 0, logins: 0, refusedLogins: 0, refusals: 0 },
    ]);
    expect(days[3].refusals).toBe(before[3].refusals + 1);
    expect(days[3].refusedLogins).toBe(before[3].refusedLogins);
    expect((await ask(DAYS)).days).toHaveLength(14);
    expect((await ask(DAYS, { days: 90 })).days).toHaveLength(90);
    for (const wrong of [0, -1, 91]) {
      const { errors } = await server.askAdmin(DAYS, { token, variables: { days: wrong } });
      expect(errors?.[0]?.extensions.error.details.errors).toEqual([
        { path: ['days'], message: 'days must be from 1 to 90', name: 'ValidationError' },
      ]);
    }
  });

  test('counts refused logins of users without filling the audit log', async () => {
    const { prisma } = server.database;
    const login = (input: object) =>
      server.ask('mutation ($input: UsersPermissionsLoginInput!) { login(input: $input) { jwt } }', {
        variables: { input },
      });
    const today = async () => (await ask(DAYS, { days: 1 })).days[0];
    const [before, entries] = [await today(), await prisma.auditEntry.count()];
    const wrong = ['reader', 'nobody@example.com', 'reader', 'reader@example.com'];
    await Promise.all(wrong.map((identifier) => login({ identifier, password: 'not the password' })));
    await server.gatehouse.idle();
    await login({ identifier: 'reader', password: 'not this one either' });
    await server.gatehouse.idle();
    const after = await today();
    expect(after).toEqual({ ...before, refusedLogins: before.refusedLogins + 5 });
    expect(await prisma.auditEntry.count()).toBe(entries);
    // An accepted one is none, and an administrator's is counted once.
    await server.tokenOf('reader');
    await server.askAdmin('mutation { login(email: "nobody@example.com", password: "wrong") { jwt } }');
    await server.gatehouse.idle();
    expect(await today()).toMatchObject({ refusedLogins: before.refusedLogins + 6, logins: before.logins + 1 });
    // What is older than the overview shows is deleted.
    const day = Math.floor(Date.now() / DAY);
    await prisma.loginRefusals.createMany({ data: [90, 89].map((ago) => ({ day: day - ago, count: 3 })) });
    expect((await ask(DAYS, { days: 90 })).days[0].refusedLogins).toBe(3);
    await server.gatehouse.cleanUp();
    expect((await prisma.loginRefusals.findMany({ orderBy: { day: 'asc' } })).map((row) => day - row.day)).toEqual([
      89, 0,
    ]);
  });

  test('names what needs attention', async () => {
    const { prisma } = server.database;
    expect((await attention('NO_MAIL_SERVER')).map(({ text }) => text)).toEqual([
      'No mail server is configured: mails are sent to nobody',
    ]);
    const publicPasswords = await attention('PUBLIC_PASSWORD');
    expect(publicPasswords).toEqual([
      expect.objectContaining({
        count:
          (await prisma.user.count({ where: { publicPassword: true, NOT: { username: 'editor' } } })) +
          (await prisma.admin.count({ where: { publicPassword: true } })),
      }),
    ]);
    for (const kind of ['PUBLIC_WRITES', 'UNREADABLE_GRANTS', 'UNKNOWN_ACTIONS', 'STUCK_MAILS', 'FAILED_MAILS']) {
      expect(await attention(kind), kind).toEqual([]);
    }

    // What Public has, and what it includes.
    const open = await prisma.role.findUniqueOrThrow({ where: { type: 'public' } });
    const inner = await prisma.role.create({
      data: { name: 'Inner', type: 'inner', permissions: { create: [{ action: 'tag.delete' }] } },
    });
    await prisma.roleInclude.create({ data: { roleId: open.id, includedId: inner.id } });
    await prisma.permission.create({ data: { roleId: open.id, action: 'post.create' } });
    expect(await attention('PUBLIC_WRITES')).toEqual([
      {
        ...{ kind: 'PUBLIC_WRITES', text: 'Without a login, anybody can use post.create, tag.delete' },
        ...{ count: 2, subject: open.documentId, subjectKind: 'role', name: 'Public', at: null },
      },
    ]);

    // A column and a content type that are gone.
    const gone = [{ where: { colour: { eq: 'red' } } }];
    const role = await prisma.role.create({
      data: {
        ...{ name: 'Drifted', type: 'drifted' },
        permissions: { create: [{ action: 'post.find', grants: gone }, { action: 'page.find' }] },
      },
    });
    const apiToken = await prisma.apiToken.create({
      data: {
        ...{ name: 'Old', kind: 'CUSTOM', prefix: 'x', hash: 'old' },
        permissions: { create: [{ action: 'post.find', grants: gone }] },
      },
    });
    expect(await attention('UNREADABLE_GRANTS')).toMatchObject([
      {
        text: 'The role drifted has 1 grant that can no longer be read, and allow nothing',
        ...{ count: 1, subject: role.documentId, subjectKind: 'role', name: 'Drifted' },
      },
      { subject: apiToken.documentId, subjectKind: 'apiToken', name: 'Old', count: 1 },
    ]);
    expect(await attention('UNKNOWN_ACTIONS')).toMatchObject([
      {
        text: 'The role drifted has 1 action that this server does not have: page.find',
        ...{ count: 1, subject: role.documentId, subjectKind: 'role' },
      },
    ]);

    await prisma.user.updateMany({ where: { username: 'reader' }, data: { usernameDisputed: true } });
    expect(await attention('DISPUTED_USERNAMES')).toMatchObject([
      { count: 1, text: '1 username can be mistaken for another user' },
    ]);
    await entry('mail.fail', 'refused', 6);
    await entry('mail.fail', 'refused', 8);
    expect(await attention('FAILED_MAILS')).toMatchObject([{ count: 1 }]);
    for (const minutes of [14, 16]) {
      const createdAt = new Date(Date.now() - minutes * 60_000);
      await prisma.outboxEntry.create({ data: { kind: 'passwordChanged', sealed: Buffer.from('x'), createdAt } });
    }
    expect(await attention('STUCK_MAILS')).toMatchObject([{ count: 1, text: '1 mail should have been sent by now' }]);
  });

  test('names API tokens that end, or that nobody uses, and counts them where they are many', async () => {
    const { prisma } = server.database;
    await prisma.apiToken.deleteMany({});
    const at = (days: number) => new Date(Date.now() + days * DAY);
    const create = async (name: string, more: object) =>
      (
        await prisma.apiToken.create({
          data: { name, kind: 'READ_ONLY', prefix: 'x', hash: name, createdAt: at(-8), lastUsedAt: at(-1), ...more },
        })
      ).documentId;
    const soon = await create('soon', { expiresAt: at(13) });
    const sooner = await create('sooner', { expiresAt: at(1) });
    const never = await create('never', { lastUsedAt: null });
    const long = await create('long', { createdAt: at(-100), lastUsedAt: at(-91) });
    await create('later', { expiresAt: at(15) });
    await create('new', { lastUsedAt: null, createdAt: at(-6) });
    await create('used', { createdAt: at(-100), lastUsedAt: at(-89) });
    await create('expired', { expiresAt: at(-1) });
    await create('revoked', { revokedAt: at(-1), lastUsedAt: null });
    const ending = await attention('TOKENS_ENDING');
    expect(ending.map(({ subject }) => subject)).toEqual([sooner, soon]);
    expect(ending.map(({ subjectKind }) => subjectKind)).toEqual(['apiToken', 'apiToken']);
    expect(ending[1]?.text).toBe(`The API token soon expires on ${at(13).toISOString().slice(0, 10)}`);
    const unused = await attention('TOKENS_UNUSED');
    expect(unused.map(({ subject }) => subject)).toEqual([never, long]);
    expect(unused.map(({ subjectKind }) => subjectKind)).toEqual(['apiToken', 'apiToken']);
    expect(unused[0]?.text).toBe('The API token never has never been used');
    await prisma.apiToken.createMany({
      data: Array.from({ length: 9 }, (_none, number) => ({
        ...{ name: `many ${number}`, kind: 'READ_ONLY' as const, prefix: 'x', hash: `many ${number}` },
        ...{ expiresAt: at(2), lastUsedAt: at(0) },
      })),
    });
    expect(await attention('TOKENS_ENDING')).toEqual([
      expect.objectContaining({
        count: 11,
        subject: null,
        subjectKind: null,
        text: '11 API tokens expire within 14 days',
      }),
    ]);
  });

  test('needs as many statements with a thousand restricted roles as with none, and no secret is in it', async () => {
    await server.gatehouse.idle();
    const count = async () => {
      server.statements.length = 0;
      const { data, text } = await server.askAdmin(
        '{ overview { users days { logins } attention { kind text count subject name at } } }',
        { token },
      );
      expect(data, text).toBeDefined();
      expect(text).not.toMatch(/hash|passwordHash|\$2b\$/);
      return server.statements.length;
    };
    await count(); // what tests before it wrote is known to the server now
    await server.gatehouse.idle();
    const before = await count();
    await server.database.query(
      `WITH made AS (
         INSERT INTO "roles" ("documentId", "name", "type", "updatedAt")
         SELECT 'many' || n, 'Many ' || n, 'many_' || n, now() FROM generate_series(1, 1000) n RETURNING "id"
       )
       INSERT INTO "permissions" ("roleId", "action", "grants")
       SELECT "id", 'post.find', '[{"where": {"featured": {"eq": true}}}]' FROM made`,
      [],
    );
    expect(await count()).toBe(before);
    // The administrator; numbers, days, grants and actions, API tokens, Public.
    expect(before).toBe(6);
    expect(await attention('UNREADABLE_GRANTS')).toHaveLength(1); // those of 'Old' went with it
  });

  test('is not for guests', async () => {
    const { errors } = await server.askAdmin('{ overview { users } }');
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

describe('what refers to a document', () => {
  const REFERENCES = `query ($type: String!, $id: ID!) {
    references(type: $type, documentId: $id) { type field label count onDelete }
  }`;

  test('is counted by type and relation, with what the database does with it', async () => {
    const { prisma, query } = server.database;
    const author = await prisma.author.findFirstOrThrow({ orderBy: { id: 'asc' } });
    const count = await prisma.post.count({ where: { authorId: author.id } });
    expect(count).toBeGreaterThan(0);
    await server.gatehouse.idle();
    server.statements.length = 0;
    expect(await ask(REFERENCES, { type: 'Author', id: author.documentId })).toEqual([
      { type: 'Post', field: 'author', label: 'Posts', count, onDelete: 'UNLINKED' },
    ]);
    expect(server.statements).toHaveLength(3); // the administrator, the counts, the keys
    // It is what the database says, and no guess.
    const rule = async (does: string) => {
      await query('ALTER TABLE "posts" DROP CONSTRAINT "posts_authorId_fkey"', []);
      await query(
        `ALTER TABLE "posts" ADD CONSTRAINT "posts_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "authors"("id") ON DELETE ${does}`,
        [],
      );
      return (await ask(REFERENCES, { type: 'Author', id: author.documentId }))[0].onDelete;
    };
    expect(await rule('CASCADE')).toBe('DELETED');
    expect(await rule('RESTRICT')).toBe('PREVENTS');
    expect(await rule('NO ACTION')).toBe('PREVENTS');
    expect(await rule('SET NULL')).toBe('UNLINKED');

    const tagged = await prisma.tag.findFirstOrThrow({ include: { posts: true }, where: { posts: { some: {} } } });
    expect(await ask(REFERENCES, { type: 'Tag', id: tagged.documentId })).toEqual([
      { type: 'Post', field: 'tags', label: 'Posts', count: tagged.posts.length, onDelete: 'UNLINKED' },
    ]);
    const [post] = tagged.posts;
    const tags = await prisma.tag.count({ where: { posts: { some: { id: post?.id ?? 0 } } } });
    expect(await ask(REFERENCES, { type: 'Post', id: post?.documentId })).toEqual([
      { type: 'Tag', field: 'posts', label: 'Tags', count: tags, onDelete: 'UNLINKED' },
    ]);
  });

  test('is known of users and roles, too, and nothing of what is Gatehouse’s own', async () => {
    const { prisma } = server.database;
    const user = await prisma.user.findFirstOrThrow({ where: { username: 'reader' } });
    const posts = await prisma.post.count({ where: { ownerId: user.id } });
    expect(await ask(REFERENCES, { type: 'User', id: user.documentId })).toEqual([
      { type: 'Post', field: 'owner', label: 'Posts', count: posts, onDelete: 'UNLINKED' },
    ]);
    const role = await prisma.role.findUniqueOrThrow({ where: { id: user.roleId } });
    expect(await ask(REFERENCES, { type: 'Role', id: role.documentId })).toEqual([
      expect.objectContaining({ type: 'User', field: 'role', onDelete: 'PREVENTS' }),
    ]);
  });

  test('is null for a document that does not exist, and another type is refused', async () => {
    expect(await ask(REFERENCES, { type: 'Post', id: 'nothing' })).toBeNull();
    for (const type of ['Session', 'posts', 'pg_class', '__proto__']) {
      const { errors } = await server.askAdmin(REFERENCES, { token, variables: { type, id: 'x' } });
      expect(errors?.[0]?.extensions.error.details.errors?.[0]?.message).toBe(
        'type has a name that is no content type',
      );
    }
  });
});

describe('the verification of the audit log', () => {
  const VERIFY = '{ auditVerification { ok entries complete problem entry head } }';

  async function tamper(...statements: string[]): Promise<void> {
    const { query } = server.database;
    await query('ALTER TABLE "audit_entries" DISABLE TRIGGER USER', []);
    for (const statement of statements) await query(statement, []);
    await query('ALTER TABLE "audit_entries" ENABLE TRIGGER USER', []);
  }

  test('says that every entry is as it was written', async () => {
    const { entryId, hash } = await server.database.prisma.auditHead.findUniqueOrThrow({ where: { id: 1 } });
    expect(await ask(VERIFY)).toEqual({
      ...{ ok: true, entries: Number(entryId), complete: true, problem: null, entry: null },
      head: `${entryId}:${hash}`,
    });
  });

  test('says what is wrong, and at which entry', async () => {
    await tamper(`UPDATE "audit_entries" SET "actorName" = 'somebody else' WHERE "id" = 5`);
    expect(await ask(VERIFY)).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/^entry 5 \(.+\) was altered or moved$/),
      entry: '5',
    });
    await tamper('DELETE FROM "audit_entries" WHERE "id" IN (3, 5)');
    expect(await ask(VERIFY)).toMatchObject({ ok: false, problem: 'entry 3 is missing', entry: '3' });
  });

  test('ends where the time is over, and says so', async () => {
    const { query } = server.database;
    await query(
      `INSERT INTO "audit_entries" ("at", "event", "outcome", "actorKind")
       SELECT now(), 'user.update', 'done', 'server' FROM generate_series(1, 2500)`,
      [],
    );
    let asked = 0;
    const { verifyAudit } = await import('../src/audit/verify.ts');
    const verified = await verifyAudit(query, undefined, () => ++asked < 2);
    expect(verified).toMatchObject({ entries: 2_000, isComplete: false });
    // Not an alarm: the entries after that are not missing.
    expect(verified.findings).toEqual(['entry 3 is missing', 'entry 5 is missing']);
  });

  test('is one for all who ask at once', async () => {
    await server.gatehouse.idle();
    server.statements.length = 0;
    const field = 'auditVerification { ok entries problem }';
    const { data, text } = await server.askAdmin(`{ a: ${field} b: ${field} c: ${field} }`, { token });
    expect(data?.a.entries, text).toBeGreaterThan(2_500);
    expect([data.b, data.c]).toEqual([data.a, data.a]);
    expect(server.statements.filter((sql) => sql.includes('"audit_head"'))).toHaveLength(1);
  });
});
