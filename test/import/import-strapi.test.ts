import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openProviderSecret } from '../../src/accounts/providers/provider-secret.ts';
import { verifyAudit } from '../../src/audit/verify.ts';
import { carryOut, runCommandOn } from '../support/command.ts';
import { rootFieldsOf } from '../support/root-fields.ts';
import { type Answer, send, startBeside, startServer, type TestServer } from '../support/start.ts';
import { tablesOf, withoutUsers } from './support.ts';

/** A project that Strapi itself exported, and what Strapi answered. */
const ARCHIVE = 'test/fixtures/strapi/strapi-5.54-export.tar.gz';
/** Its database of the same moment. */
const DATABASE = 'test/fixtures/strapi/strapi-5.54-data.db.gz';

type Verdict = 'yes' | 'no' | '401';

interface RecordedUser {
  readonly id: number;
  readonly documentId: string;
  readonly username: string;
  readonly email: string;
  readonly password: string | null;
  readonly provider: string;
  readonly role: string | null;
  readonly login: Readonly<Record<'email' | 'username' | 'upperCaseEmail' | 'wrongPassword', string>>;
  readonly loginUser?: object;
  readonly me?: object;
  readonly reads?: Readonly<Record<string, Verdict>>;
}

interface Answers {
  readonly users: readonly RecordedUser[];
  readonly roles: Readonly<
    Record<string, { readonly documentId: string; readonly matrix: Readonly<Record<string, Verdict>> }>
  >;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly mailSubjects: readonly string[];
  readonly providers: Readonly<Record<string, { readonly key: string; readonly secret: string }>>;
  readonly apiTokenSalt: string;
  readonly apiTokens: readonly {
    readonly name: string;
    readonly type: string;
    readonly lifespanDays: number | null;
    readonly expiresAt: string | null;
    readonly secret: string;
  }[];
  readonly register: { readonly data: { readonly register: { readonly user: { readonly id: string } } } };
}

// What this test recorded itself.
const answers = JSON.parse(readFileSync('test/fixtures/strapi/answers.json', 'utf8')) as Answers;

const LOGIN = `mutation ($input: UsersPermissionsLoginInput!) {
  login(input: $input) { jwt user { id documentId username email confirmed blocked } }
}`;
const ME = '{ me { id documentId username email confirmed blocked role { id name type description } } }';

let server: TestServer;
let beside: Awaited<ReturnType<typeof startBeside>>;
let directory: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'gatehouse-import-'));
  server = await startServer();
  await withoutUsers(server);
  beside = await startBeside(server);
});
afterAll(async () => {
  await beside?.[Symbol.asyncDispose]();
  await server?.close();
  rmSync(directory, { recursive: true, force: true });
});

async function logIn(identifier: string, password: string): Promise<Answer> {
  return server.ask(LOGIN, { variables: { input: { identifier, password } } });
}

async function tokenOf({ email, password }: RecordedUser): Promise<string> {
  const { data, text } = await logIn(email, password ?? '');
  if (!data?.login?.jwt) throw new Error(text);
  return data.login.jwt;
}

/** In the words of the recorded answers. */
function verdictOn({ status, errors }: Answer): Verdict {
  if (status === 401) return '401';
  return errors?.some(({ extensions }) => extensions.code === 'FORBIDDEN') ? 'no' : 'yes';
}

/** What a viewer is answered to each of these root fields. */
async function verdictsOn(names: readonly string[], token?: string): Promise<Record<string, Verdict>> {
  const fields = new Map(rootFieldsOf(server.gatehouse.schema).map(({ name, document }) => [name, document]));
  const verdicts: Record<string, Verdict> = {};
  for (const name of names) {
    verdicts[name] = verdictOn(await server.ask(fields.get(name) ?? name, { token }));
  }
  return verdicts;
}

describe('before', () => {
  test('a plan says what comes and what does not, without a value of a user, and writes nothing', async () => {
    const before = await tablesOf(server);
    const { code, output } = await runCommandOn(server, ['import', 'strapi', ARCHIVE, '--plan']);
    expect(output).toMatchInlineSnapshot(`
      "What comes:
        5 roles with their ids and documentIds:
          Authenticated (authenticated): 10 actions, and nothing of what the role has here now
          Public (public): 9 actions, and nothing of what the role has here now
          Editor (editor): 16 actions, and nothing of what the role has here now
          Librarian (librarian): 13 actions
          Helper (helper): 8 actions
        The role Moderator, which the project does not have, stays, with the id 7 instead of 4.
        The role Author, which the project does not have, stays, with the id 8 instead of 5.
        The role Premium User, which the project does not have, stays.
        \`me\` needs the action user.me here, and no permission in Strapi: every role but Public has it.
        No role gets auth.logoutEverywhere or user.updateMe, which Strapi does not have.
        14 users with their ids, documentIds, names and passwords. Tokens and mailed links of Strapi do not come: everybody logs in again.
        1 user of login providers without a password: ids 11. Strapi does not keep who they are at the provider.
        Everybody can register: yes.
        New accounts confirm their e-mail: no.
        Confirmation mails lead to the page of email_confirmation_redirection. It gets the code as \`confirmation\` and sends it with emailConfirmation; in Strapi, people came there when it was done.
        New users get the role Authenticated.
        The mail email_confirmation has the words that it has in Strapi.
        Login providers come disabled, to be looked at first: google, github.
        Content does not come without --content: 37 rows of 6 types.
        Files of media do not come: 1.
      What does not come as it was:
        1 × users without a role, who come blocked: ids 14
        14 × values of the column displayName of users, which users do not have here
        1 × the sender of the mail reset_password: the variable MAIL_FROM has the one of all mails
        1 × the message of the mail reset_password: USER.username has no counterpart. The built-in message is sent, under the subject of Strapi"
    `);
    expect(code).toBe(1);
    const words = output.toLowerCase().split(/[\s,:;]+/);
    for (const { username, email, documentId } of answers.users) {
      expect(output).not.toContain(email);
      expect(output).not.toContain(documentId);
      expect(words).not.toContain(username.toLowerCase());
    }
    for (const { key, secret } of Object.values(answers.providers)) {
      expect(output).not.toContain(key);
      expect(output).not.toContain(secret);
    }
    expect(await tablesOf(server)).toEqual(before);
  });

  test('a plan whose losses are accepted is no failure', async () => {
    const before = await tablesOf(server);
    await carryOut(server, ['import', 'strapi', ARCHIVE, '--plan', '--accept-losses']);
    expect(await tablesOf(server)).toEqual(before);
  });

  test('the same losses refuse the import', async () => {
    const before = await tablesOf(server);
    const { code, output } = await runCommandOn(server, ['import', 'strapi', ARCHIVE]);
    expect(output).toMatch(/Nothing was imported\.\nAccept what would be lost with --accept-losses\.$/);
    expect(code).toBe(1);
    expect(await tablesOf(server)).toEqual(before);
  });

  test('a server that runs beside has the roles of this database', async () => {
    expect((await send(beside.url, '{ categories { documentId } }')).errors).toBeUndefined();
  });
});

describe('after the import', () => {
  beforeAll(async () => {
    const database = join(directory, 'data.db');
    writeFileSync(database, gunzipSync(readFileSync(DATABASE)));
    const words = ['import', 'strapi', ARCHIVE, '--tokens', database, '--content', '--accept-losses'];
    const output = await carryOut(server, words);
    expect(output).toMatch(/^14 of 14 users\n\d+ of \d+ documents\n[\s\S]*\nImported\.$/);
    for (const { secret } of answers.apiTokens) expect(output).not.toContain(secret);
  });

  test.each(answers.users.map((user) => [user.id, user] as const))('user %i logs in as in Strapi', async (_, user) => {
    const { username, email, password, login, loginUser } = user;
    const messageTo = async (identifier: string, typed: string) => {
      const { data, errors } = await logIn(identifier, typed);
      if (data?.login?.user && loginUser) expect(data.login.user).toEqual(loginUser);
      return errors ? errors[0]?.message : data?.login?.jwt ? 'ok' : 'nothing';
    };
    // Strapi lets a user without a role log in, and refuses everything after.
    const expected = user.role === null ? 'Your account has been blocked by an administrator' : login.email;
    expect(await messageTo(email, password ?? 'any password')).toBe(expected);
    expect(await messageTo(username, password ?? 'any password')).toBe(expected);
    expect(await messageTo(email.toUpperCase(), password ?? 'any password')).toBe(expected);
    expect(await messageTo(email, `${password}!`)).toBe(login.wrongPassword);
  });

  test.each(answers.users.filter(({ role, reads }) => role !== null && reads).map((user) => [user.id, user] as const))(
    'user %i is who they were, and reads what they did',
    async (_, user) => {
      const token = await tokenOf(user);
      expect((await server.ask(ME, { token })).data.me).toEqual(user.me);
      expect(await verdictsOn(Object.keys(user.reads ?? {}), token)).toEqual(user.reads);
    },
  );

  test.each(Object.entries(answers.roles))(
    'the role %s allows what it did, and nothing else',
    async (type, recorded) => {
      const holder = answers.users.find(({ role, reads }) => role === type && reads);
      const token = holder && (await tokenOf(holder));
      expect(await verdictsOn(Object.keys(recorded.matrix), token)).toEqual(recorded.matrix);
      const [row] = await server.database.query('SELECT "documentId" FROM "roles" WHERE "type" = $1', [type]);
      expect(row?.['documentId']).toBe(recorded.documentId);
    },
  );

  test('a server that runs beside has the new roles at once', async () => {
    const { errors } = await send(beside.url, '{ categories { name } }');
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect((await send(beside.url, '{ posts { title } }')).errors).toBeUndefined();
  });

  test('roles that the project does not have keep their permissions under other ids', async () => {
    const roles = await server.database.query(
      `SELECT "id", "type", (SELECT count(*)::int FROM "permissions" WHERE "roleId" = "roles"."id") AS "actions"
       FROM "roles" WHERE "id" > 5 ORDER BY "type"`,
      [],
    );
    expect(roles.map(({ type }) => type)).toEqual(['author', 'moderator', 'premium-user']);
    expect(roles.every(({ actions }) => Number(actions) > 0)).toBe(true);
  });

  test('settings, subjects of mails and login providers are those of the project', async () => {
    const { settings, mailSubjects, providers } = answers;
    const [row] = await server.database.query('SELECT * FROM "settings"', []);
    expect(row).toMatchObject({
      signUps: settings['allow_register'],
      emailConfirmation: settings['email_confirmation'],
      resetPasswordUrl: settings['email_reset_password'],
      confirmEmailUrl: settings['email_confirmation_redirection'],
      defaultRoleId: 1,
    });
    const mails = await server.database.query('SELECT "subject" FROM "mail_templates" ORDER BY "subject"', []);
    expect(mails.map(({ subject }) => subject)).toEqual(mailSubjects);

    const rows = await server.database.prisma.loginProvider.findMany({ orderBy: { name: 'asc' } });
    expect(rows.map(({ name, clientId, enabled }) => ({ name, clientId, enabled }))).toEqual([
      { name: 'github', clientId: providers['github']?.key, enabled: false },
      { name: 'google', clientId: providers['google']?.key, enabled: false },
    ]);
    for (const { name, sealedSecret } of rows) {
      expect(Buffer.from(sealedSecret ?? []).toString('utf8')).not.toContain('made-up');
      const keys = server.config.encryptionKeys ?? ['none'];
      expect(openProviderSecret(keys, sealedSecret ?? new Uint8Array(), name)).toBe(providers[name]?.secret);
    }
  });

  test('API tokens have the kind and the life that they had, and the hash that Strapi made of their secret', async () => {
    const tokens = await server.database.prisma.apiToken.findMany();
    const byName = new Map(tokens.map((token) => [token.name, token]));
    expect(byName.size).toBe(answers.apiTokens.length + 2); // Strapi's "Read Only" and "Full Access"
    for (const { name, type, lifespanDays, expiresAt, secret } of answers.apiTokens) {
      expect(byName.get(name)).toMatchObject({
        kind: type.replace('-', '_').toUpperCase(),
        lifespan: lifespanDays,
        hash: `strapi:${createHmac('sha512', answers.apiTokenSalt).update(secret).digest('hex')}`,
        importedFrom: 'strapi',
      });
      // Strapi had changed the row of one by a millisecond after it answered.
      const ends = byName.get(name)?.expiresAt;
      expect(ends?.toISOString().slice(0, -5)).toBe(expiresAt?.slice(0, -5));
    }
    const actions = await server.database.query('SELECT "action" FROM "api_token_permissions" ORDER BY 1', []);
    expect(actions.map(({ action }) => action)).toEqual(['post.create', 'post.find']);
  });

  test('content is there, in the same transaction', async () => {
    expect(await server.database.prisma.post.count()).toBe(12);
    const times = await server.database.query(
      `SELECT DISTINCT xmin::text AS "transaction" FROM "users" WHERE "id" = 14
       UNION SELECT xmin::text FROM "tags"`,
      [],
    );
    expect(times).toHaveLength(1);
  });

  test('a mail for a new password has the subject of the project and leads to its page', async () => {
    await server.ask('mutation { forgotPassword(email: "person11.dev@example.com") { ok } }');
    await server.gatehouse.idle();
    const mail = server.mails.at(-1);
    expect(mail).toMatchObject({ to: 'person11.dev@example.com', subject: 'New password (dev)' });
    expect(mail?.text).toContain('https://www.example.org/reset?code=');
  });

  test('the audit log has one event, of numbers only', async () => {
    const events = await server.database.query(
      `SELECT "event", "actorKind", "targetKind", "targetName", "before", "after" FROM "audit_entries"
       WHERE "event" !~ '^(password|session|administration)\\.'`,
      [],
    );
    expect(events).toEqual([
      {
        event: 'import.strapi',
        actorKind: 'commandLine',
        targetKind: 'import',
        targetName: 'strapi',
        before: null,
        after: { roles: 5, users: 14, apiTokens: 7, mailTemplates: 2, providers: 2, documents: 25, losses: 16 },
      },
    ]);
    expect((await verifyAudit(server.database.query)).findings).toEqual([]);
  });

  test('a second import is refused', async () => {
    const before = await tablesOf(server);
    const { code, output } = await runCommandOn(server, ['import', 'strapi', ARCHIVE, '--accept-losses']);
    expect(output).toContain('The database has 14 users.');
    expect(output).toMatch(/Nothing was imported\.$/);
    expect(code).toBe(1);
    expect(await tablesOf(server)).toEqual(before);
  });

  test('somebody who registers gets the next id and the default role', async () => {
    const { data } = await server.ask(
      `mutation { register(input: { username: "newcomer", email: "newcomer@example.com", password: "A-new-Pass-1!" }) { jwt user { id } } }`,
    );
    expect(data.register.user).toEqual(answers.register.data.register.user);
    const { data: own } = await server.ask(ME, { token: data.register.jwt });
    expect(own.me.role.type).toBe(answers.settings['default_role']);
  });

  test('a role that is created gets the next id', async () => {
    await carryOut(server, ['role', 'create', 'Newcomers']);
    const [row] = await server.database.query(
      `SELECT "id" > (SELECT max("id") FROM "roles" WHERE "type" <> 'newcomers') AS "next" FROM "roles" WHERE "type" = 'newcomers'`,
      [],
    );
    expect(row).toEqual({ next: true });
  });
});
