import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { inTransaction } from '../src/database/retry.ts';
import { type Mail, type Mailer, MailFailure } from '../src/mail/mailer.ts';
import { openDatabase } from './blog/open-database.ts';
import { createPlace, type Place, startProcess } from './support/process.ts';
import { type StartOptions, send, startBeside, startServer, type TestServer } from './support/start.ts';

const REGISTER = `mutation ($input: UsersPermissionsRegisterInput!) { register(input: $input) { jwt user { id } } }`;
const PERSON = { username: 'tom', email: 'tom@example.com', password: 'a good password' };
const forgot = (email: string) => `mutation { forgotPassword(email: "${email}") { ok } }`;
const FORGOT = forgot('editor@example.com');

const open: { close(): unknown }[] = [];
const hung: (() => void)[] = [];
afterEach(async () => {
  for (const end of hung.splice(0)) end();
  for (const one of open.splice(0).reverse()) await one.close();
});

let server: TestServer;
async function start(options: StartOptions = {}): Promise<TestServer> {
  server = await startServer(options);
  open.push(server);
  return server;
}

async function beside(...[changes, given]: [Parameters<typeof startBeside>[1]?, Parameters<typeof startBeside>[2]?]) {
  const other = await startBeside(server, changes, given);
  open.push({ close: () => other[Symbol.asyncDispose]() });
  return other;
}

/** A mailer that keeps what it is given, and sends it only while it is told to. */
function mailer(state: { fails?: 'later' | 'no' } = {}): Mailer & { readonly tried: Mail[]; readonly sent: Mail[] } {
  const tried: Mail[] = [];
  const sent: Mail[] = [];
  return {
    tried,
    sent,
    async send(mail) {
      tried.push(mail);
      if (state.fails) {
        throw new MailFailure(Object.assign(new Error('no'), { responseCode: state.fails === 'no' ? 550 : 451 }));
      }
      sent.push(mail);
    },
    close: () => {},
  };
}

const rows = () => server.database.query('SELECT * FROM mail_outbox ORDER BY id', []);
const sql = (text: string, ...values: unknown[]) => server.database.query(text, values);
const confirmEmails = () =>
  server.database.prisma.settings.update({ where: { id: 1 }, data: { emailConfirmation: true } });
const codeOf = (mail: Mail | undefined) => mail?.link?.split('=').at(-1) ?? 'none';

async function until(happened: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await happened())) await wait(20);
}

/** A mailer that comes to no end, as if its process were dead. */
function hanging(): Mailer {
  const { promise, resolve } = Promise.withResolvers<void>();
  hung.push(resolve);
  return { send: () => promise, close: () => {} };
}

const taken = () => until(async () => Number((await rows())[0]?.['attempts']) > 0);
const takenForDead = () => sql('UPDATE mail_outbox SET "takenUntil" = now()');

/** A notice about a user, from nowhere in particular. */
async function enqueueNotice(to: string, username = 'editor'): Promise<void> {
  const { prisma } = server.database;
  const { id: userId } = await prisma.user.findFirstOrThrow({ where: { username } });
  await inTransaction(prisma, (transaction) =>
    server.gatehouse.administration.outbox.enqueue(transaction, {
      purpose: 'passwordChanged',
      to,
      account: { userId },
    }),
  );
}

describe('a mail that waits', () => {
  test('tells who reads the database neither its code nor its address', async () => {
    const mails = mailer({ fails: 'later' });
    await start({ mailer: mails });
    const token = await server.tokenOf('editor');
    const adminToken = await server.adminToken();
    const admin = { token: adminToken };
    const answers = [
      await server.ask('mutation ($data: UpdateMeInput!) { updateMe(data: $data) { id } }', {
        token,
        variables: { data: { email: 'secret-new@example.com', currentPassword: DEMO_PASSWORD } },
      }),
      await server.askAdmin(
        'mutation { createUser(data: { username: "invited", email: "secret-invited@example.com" }) { documentId } }',
        admin,
      ),
      await server.askAdmin(
        'mutation { createAdmin(data: { email: "secret-admin@example.com", role: READ_ONLY }) { documentId } }',
        admin,
      ),
      await server.ask(FORGOT),
      await server.ask(forgot('secret-nobody@example.com')),
    ];
    expect(answers.map(({ errors }) => errors)).toEqual(answers.map(() => undefined));
    const readable = async () =>
      (await rows())
        .flatMap((row) => Object.values(row))
        .map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value)))
        .join('\n');
    const waiting = [await readable()];
    // Every code there is: the mails are tried, and wait on.
    await until(async () => {
      waiting.push(await readable());
      return new Set(mails.tried.filter(({ link }) => link).map(codeOf)).size >= 4;
    });
    const codes = [...new Set(mails.tried.filter(({ link }) => link).map(codeOf))];
    expect(codes).toHaveLength(4);
    expect(waiting[0]?.length).toBeGreaterThan(500);
    for (const secret of [...codes, 'secret-', 'example.com', 'http']) {
      expect(waiting.some((text) => text.includes(secret))).toBe(false);
    }
    // Nor anything else in the database, where only hashes of codes are.
    for (const { name } of await sql(
      `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace`,
    )) {
      const texts = (await sql(`SELECT t::text AS text FROM "${name}" t`)).map(({ text }) => String(text)).join('\n');
      for (const code of codes) expect(texts.includes(code), String(name)).toBe(false);
    }
  });

  test('is written with what asks for it, or not at all', async () => {
    await start();
    const { prisma } = server.database;
    const { outbox } = server.gatehouse.administration;
    const { id: userId } = await prisma.user.findFirstOrThrow();
    const mail = { purpose: 'passwordChanged', to: 'nobody@example.com', account: { userId } } as const;
    await expect(
      inTransaction(prisma, async (transaction) => {
        await outbox.enqueue(transaction, mail);
        throw new Error('after all not');
      }),
    ).rejects.toThrow('after all not');
    expect(await rows()).toEqual([]);
    await server.gatehouse.idle();
    expect(server.mails).toEqual([]);
  });

  test('is sent by itself, once, and is gone then', async () => {
    await start();
    await enqueueNotice('one@example.com');
    await until(() => server.mails.length > 0);
    await until(async () => (await rows()).length === 0);
    expect(server.mails.map(({ to }) => to)).toEqual(['one@example.com']);
  });

  test('is replaced by a newer one of its kind, and other kinds and accounts are not', async () => {
    const state: { fails?: 'later' } = { fails: 'later' };
    const mails = mailer(state);
    await start({ mailer: mails });
    await server.database.prisma.user.update({ where: { id: 1 }, data: { confirmed: true } });
    const token = await server.adminToken();
    const { prisma } = server.database;
    const users = await prisma.user.findMany({ where: { username: { in: ['editor', 'reader'] } } });
    const ask = (id: string | undefined) =>
      server.askAdmin('mutation ($id: ID!) { sendUserPasswordMail(documentId: $id) { documentId } }', {
        token,
        variables: { id },
      });
    await enqueueNotice('notice@example.com');
    for (let time = 0; time < 3; time++) for (const { documentId } of users) await ask(documentId);
    expect((await rows()).map(({ kind }) => kind).sort()).toEqual([
      'passwordChanged',
      'resetPassword',
      'resetPassword',
    ]);
    delete state.fails;
    await server.gatehouse.idle();
    const links = mails.sent.filter(({ link }) => link);
    expect(links.map(({ to }) => to).sort()).toEqual(users.map(({ email }) => email).sort());
    for (const mail of links) {
      const reset = `mutation { resetPassword(code: "${codeOf(mail)}", password: "another password", passwordConfirmation: "another password") { jwt } }`;
      expect((await server.ask(reset)).errors).toBeUndefined();
    }
  });

  test.each([
    ['a block', `UPDATE users SET blocked = true WHERE username = 'editor'`],
    ['a deletion', `DELETE FROM users WHERE username = 'editor'`],
    ['the code was used', 'DELETE FROM mailed_codes'],
    ['the time of its code is over', `UPDATE mailed_codes SET "expiresAt" = now() - interval '1 second'`],
  ])('is not sent after %s', async (_what, happen) => {
    const state: { fails?: 'later' } = { fails: 'later' };
    const mails = mailer(state);
    await start({ mailer: mails });
    await server.ask(FORGOT);
    await until(() => mails.tried.length > 0);
    delete state.fails;
    await sql(happen);
    await server.gatehouse.idle();
    expect(mails.sent).toEqual([]);
    expect(await rows()).toEqual([]);
  });

  test('that is asked for while the mail server is away hours ago is not sent: nobody expects it', async () => {
    await start();
    await server.ask(FORGOT);
    await enqueueNotice('notice@example.com');
    server.advance(25 * 3_600_000);
    await server.gatehouse.idle();
    expect(server.mails).toEqual([]);
    expect(await rows()).toEqual([]);
  });

  test('holds no transaction open while the mail server thinks', async () => {
    const { promise: hangs, resolve: end } = Promise.withResolvers<void>();
    const { promise: asked, resolve: begins } = Promise.withResolvers<void>();
    await start({
      mailer: {
        send() {
          begins();
          return hangs;
        },
        close: () => {},
      },
    });
    await enqueueNotice('one@example.com');
    await asked;
    expect((await server.ask('{ posts { title } }')).data.posts).toHaveLength(10);
    expect(await server.tokenOf('editor')).toEqual(expect.any(String));
    end();
    await server.gatehouse.idle();
  });

  test('is counted', async () => {
    const state: { fails?: 'later' | 'no' } = { fails: 'no' };
    const mails = mailer(state);
    await start({ mailer: mails, outboxLookEvery: 30 });
    const metric = async (name: string) =>
      Number(new RegExp(`^${name} (.*)$`, 'm').exec(await server.gatehouse.metrics.registry.metrics())?.[1] ?? 0);
    await enqueueNotice('one@example.com');
    await until(async () => (await metric('gatehouse_mails_waiting')) === 1);
    await server.gatehouse.idle();
    expect(await metric('gatehouse_mails_total{outcome="failed"}')).toBe(1);
    const [event] = await server.database.prisma.auditEntry.findMany({ where: { event: 'mail.fail' } });
    expect(event).toMatchObject({
      actorKind: 'server',
      targetName: 'editor',
      after: { mail: 'passwordChanged', attempts: 1 },
    });
    delete state.fails;
    await enqueueNotice('one@example.com');
    await server.gatehouse.idle();
    expect(await metric('gatehouse_mails_total{outcome="sent"}')).toBe(1);
    await until(async () => (await metric('gatehouse_mails_waiting')) === 0);
  });

  test('that the mail server refuses for good is in the audit log, also without an account', async () => {
    await start({ mailer: mailer({ fails: 'no' }) });
    const invite = 'mutation { inviteUser(email: "nobody@example.com") { documentId } }';
    await server.askAdmin(invite, { token: await server.adminToken() });
    await server.gatehouse.idle();
    const events = await server.database.prisma.auditEntry.findMany({ where: { event: 'mail.fail' } });
    expect(events).toMatchObject([
      {
        ...{ actorKind: 'server', targetKind: 'user', targetId: null, targetName: 'nobody@example.com' },
        after: { mail: 'userInvitation', attempts: 1 },
      },
    ]);
  });
});

describe('the secrets', () => {
  test('are rotated: what an older one sealed is read as long as it is configured', async () => {
    await start({ mailer: hanging() });
    await enqueueNotice('one@example.com');
    await taken();
    await takenForDead();
    const secret = () => randomBytes(48).toString('base64url');
    const mails = mailer();
    await beside({ jwtSecrets: [secret(), ...server.config.jwtSecrets] }, { mailer: mails, outboxLookEvery: 30 });
    await until(async () => (await rows()).length === 0);
    expect(mails.sent.map(({ to }) => to)).toEqual(['one@example.com']);
  });

  test('that are gone: the mail is dropped and says so, and so is the account that waited for it', async () => {
    await start({ mailer: hanging() });
    await confirmEmails();
    void server.ask(REGISTER, { variables: { input: PERSON } }).catch(() => {});
    await taken();
    await takenForDead();
    const mails = mailer();
    const jwtSecrets = [randomBytes(48).toString('base64url')] as const;
    const other = await beside({ jwtSecrets: [...jwtSecrets] }, { mailer: mails, outboxLookEvery: 30 });
    await until(async () => (await rows()).length === 0);
    expect(mails.tried).toEqual([]);
    expect(other.log.join('\n')).toContain('the secret that it was sealed with is no longer configured');
    expect(await server.database.prisma.user.count({ where: { email: PERSON.email } })).toBe(0);
  });

  test('bind a mail to its account: moved to another row it is dropped', async () => {
    const state: { fails?: 'later' } = { fails: 'later' };
    const mails = mailer(state);
    await start({ mailer: mails });
    await enqueueNotice('one@example.com');
    await sql(`UPDATE mail_outbox SET "userId" = (SELECT id FROM users WHERE username = 'reader')`);
    delete state.fails;
    await server.gatehouse.idle();
    expect(mails.tried).toEqual([]);
    expect(await rows()).toEqual([]);
  });
});

describe('several processes', () => {
  test('send each of a hundred mails once', async () => {
    const mails = mailer();
    const others = mailer();
    // Slow enough that neither has room for all of them.
    const slow = (fast: Mailer): Mailer => ({ ...fast, send: (mail) => wait(50).then(() => fast.send(mail)) });
    await start({ mailer: slow(mails), outboxLookEvery: 20 });
    await beside({}, { mailer: slow(others), outboxLookEvery: 20 });
    const addresses = Array.from({ length: 100 }, (_, index) => `${index}@example.com`);
    await Promise.all(addresses.map((address) => enqueueNotice(address)));
    await sql('UPDATE mail_outbox SET "dueAt" = now()');
    await until(async () => (await rows()).length === 0);
    const sent = [...mails.sent, ...others.sent].map(({ to }) => to);
    expect(sent.sort()).toEqual(addresses.sort());
    expect(others.sent.length).toBeGreaterThan(0);
    expect(mails.sent.length).toBeGreaterThan(0);
  });

  test('one sends what another left, once its time is over', async () => {
    await start({ mailer: hanging() });
    await enqueueNotice('one@example.com');
    await taken();
    const mails = mailer();
    await beside({}, { mailer: mails, outboxLookEvery: 20 });
    await wait(300);
    expect(mails.tried).toEqual([]); // the other one has it
    await takenForDead();
    await until(async () => (await rows()).length === 0);
    expect(mails.sent.map(({ to }) => to)).toEqual(['one@example.com']);
  });

  test('ask one statement each time that they look, and none in between', async () => {
    await start({ outboxLookEvery: 100 });
    await wait(200);
    server.statements.length = 0;
    await wait(1_000);
    expect(server.statements.length).toBeGreaterThan(4);
    expect(server.statements.length).toBeLessThan(14);
    expect(new Set(server.statements).size).toBe(1);
  });

  test('and after the mails are sent, nothing more is asked', async () => {
    await start();
    await server.ask(FORGOT);
    await server.gatehouse.idle();
    server.statements.length = 0;
    await wait(2_000);
    expect(server.statements).toEqual([]);
  });
});

describe('a stop', () => {
  test('finishes what is being sent, sends what was just asked for, and leaves the rest in the outbox', async () => {
    const mails = mailer();
    const beginning = Promise.withResolvers<void>();
    await start({
      mailer: {
        async send(mail) {
          if (mail.to.startsWith('refused')) {
            throw new MailFailure(Object.assign(new Error('later'), { responseCode: 451 }));
          }
          beginning.resolve();
          await wait(300);
          await mails.send(mail);
        },
        close: () => {},
      },
    });
    await enqueueNotice('refused@example.com');
    await until(async () => (await rows())[0]?.['takenUntil'] === null && Number((await rows())[0]?.['attempts']) > 0);
    await enqueueNotice('first@example.com');
    await beginning.promise;
    await enqueueNotice('second@example.com');
    const { database } = server;
    const left: unknown[] = [];
    const { close } = database;
    Object.assign(database, {
      close: async () => {
        left.push(...(await database.query('SELECT id FROM mail_outbox', [])));
        await close();
      },
    });
    open.pop();
    await server.close();
    expect(mails.sent.map(({ to }) => to).sort()).toEqual(['first@example.com', 'second@example.com']);
    expect(left).toHaveLength(1);
  });
});

describe('a registration', () => {
  beforeEach(async () => {
    await start({ mailer: hanging() });
    await confirmEmails();
    // Its process never gets to the end of it: it may as well be dead.
    void server.ask(REGISTER, { variables: { input: PERSON } }).catch(() => {});
    await taken();
  });
  const accounts = () => server.database.prisma.user.count({ where: { email: PERSON.email } });

  test('is mailed by another process once its own is taken for dead, and by none before', async () => {
    const mails = mailer();
    await beside({}, { mailer: mails, outboxLookEvery: 20 });
    await wait(300);
    expect(mails.tried).toEqual([]);
    await takenForDead();
    await until(async () => (await rows()).length === 0);
    expect(mails.sent.map(({ to }) => to)).toEqual([PERSON.email]);
    const confirm = `mutation { emailConfirmation(confirmation: "${codeOf(mails.sent[0])}") { user { confirmed } } }`;
    expect((await server.ask(confirm)).data.emailConfirmation.user.confirmed).toBe(true);
  });

  test('is taken back by another process when the mail cannot be sent', async () => {
    await takenForDead();
    await beside({}, { mailer: mailer({ fails: 'no' }), outboxLookEvery: 20 });
    await until(async () => (await rows()).length === 0);
    expect(await accounts()).toBe(0);
    const events = (await server.database.prisma.auditEntry.findMany({ orderBy: { id: 'desc' }, take: 2 })).map(
      ({ event }) => event,
    );
    expect(events.sort()).toEqual(['mail.fail', 'user.delete']);
  });

  test('that was confirmed meanwhile stays', async () => {
    await sql('UPDATE users SET confirmed = true WHERE email = $1', PERSON.email);
    await takenForDead();
    await beside({}, { mailer: mailer({ fails: 'no' }), outboxLookEvery: 20 });
    await until(async () => (await rows()).length === 0);
    expect(await accounts()).toBe(1);
  });
});

describe('whether there is an account', () => {
  test.each([
    ['forgotPassword', '/graphql'],
    ['sendEmailConfirmation', '/graphql'],
    ['forgotPassword', '/admin/graphql'],
  ])('%s at %s does not tell: the same statements, the same row, the same answer', async (field, path) => {
    await start({ mailer: mailer({ fails: 'no' }) });
    await confirmEmails();
    await server.adminToken();
    const admin = await server.database.prisma.admin.findFirstOrThrow();
    await sql('UPDATE users SET confirmed = false');
    // However slow this test is, nothing is delivered while it looks.
    await sql(
      `CREATE FUNCTION hold_back() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW."dueAt" := 'infinity'; RETURN NEW; END $$`,
    );
    await sql('CREATE TRIGGER hold_back BEFORE INSERT ON mail_outbox FOR EACH ROW EXECUTE FUNCTION hold_back()');
    const known = path === '/graphql' ? 'editor@example.com' : admin.email;
    const ask = path === '/graphql' ? server.ask : server.askAdmin;
    const seen = async (email: string) => {
      const document = `mutation ($email: String!) { ${field}(email: $email) { ok } }`;
      server.statements.length = 0;
      const { text } = await ask(document, { variables: { email } });
      const statements = server.statements.filter((text) => !/UPDATE "mail_outbox"/.test(text)); // a look, at its own time
      const [row] = await rows();
      await sql('DELETE FROM mail_outbox');
      const { kind, userId, adminId, attempts, sealed } = row ?? {};
      return { text, statements, row: { kind, userId, adminId, attempts, length: (sealed as Uint8Array).length } };
    };
    await seen(known); // who is known takes no statement
    const first = await seen(known);
    expect(first.row).toMatchObject({ userId: null, adminId: null, attempts: 0 });
    expect(await seen('x'.repeat(known.indexOf('@')) + known.slice(known.indexOf('@')))).toEqual(first);
  });
});

describe('a process that is killed', () => {
  /** A mail server that keeps what arrives, and greets nobody before it is opened. */
  async function mailServer() {
    const arrived: (string | undefined)[] = [];
    const { promise: opened, resolve: openUp } = Promise.withResolvers<void>();
    const smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onConnect: (_session, done) => void opened.then(() => done()),
      onData(stream, _session, done) {
        simpleParser(stream).then((mail) => {
          arrived.push(mail.subject);
          done();
        }, done);
      },
    });
    smtp.on('error', () => {}); // whoever was killed hangs up
    await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
    open.push({ close: () => new Promise<void>((resolve) => smtp.close(() => resolve())) });
    const at = smtp.server.address();
    return { arrived, openUp, url: `smtp://127.0.0.1:${typeof at === 'object' ? at?.port : at}` };
  }

  /** The outbox of a place where no process runs. */
  async function outboxOf({ environment, dataDir }: Place, statement: string) {
    const url = environment['DATABASE_URL'];
    const database = await openDatabase(url ? { kind: 'server', url } : { kind: 'embedded', directory: dataDir });
    try {
      return await database.query(statement, []);
    } finally {
      await database.close();
    }
  }

  test('after the answer: the mails arrive when it is started again, once', async () => {
    const { arrived, openUp, url } = await mailServer();
    const place = await createPlace({ used: true });
    open.push({ close: () => place.remove() });
    const environment = { ...place.environment, SMTP_URL: url };
    const first = await startProcess(environment);
    const login = `mutation { login(input: { identifier: "reader", password: "${DEMO_PASSWORD}" }) { jwt } }`;
    const { jwt: token } = (await send(first.url, login)).data.login;
    const change = `mutation { changePassword(currentPassword: "${DEMO_PASSWORD}", password: "another password", passwordConfirmation: "another password") { jwt } }`;
    const answers = await Promise.all([send(first.url, FORGOT), send(first.url, change, { token })]);
    await first.stop('SIGKILL');
    expect(answers.map(({ errors }) => errors)).toEqual([undefined, undefined]);
    expect(arrived).toEqual([]);
    // What it had taken already is another one's after two minutes: they are over.
    const left = await outboxOf(place, 'UPDATE mail_outbox SET "takenUntil" = NULL, "dueAt" = now() RETURNING kind');
    expect(left).toHaveLength(2);
    openUp();
    const second = await startProcess(environment);
    open.push({ close: () => second.stop('SIGKILL') });
    await until(() => arrived.length >= 2);
    await second.stop();
    expect(await outboxOf(place, 'SELECT kind FROM mail_outbox')).toEqual([]);
    expect(arrived.sort()).toEqual(['Choose a new password', 'Your password was changed']);
  });
});
