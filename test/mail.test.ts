import { readdirSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type ParsedMail, simpleParser } from 'mailparser';
import { pino } from 'pino';
import { SMTPServer } from 'smtp-server';
import { afterEach, describe, expect, test } from 'vitest';
import { createFolderMailer, createSmtpMailer } from '../src/mail/mailer.ts';
import { type StartOptions, startServer, type TestServer } from './support/start.ts';

const FROM = 'Gatehouse <no-reply@gatehouse.test>';
const REGISTER = `mutation ($input: UsersPermissionsRegisterInput!) { register(input: $input) { jwt user { id } } }`;
const PERSON = { username: 'Tom, visit https://evil.test', email: 'tom@example.com', password: 'a good password' };

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function start(options: StartOptions): Promise<TestServer> {
  const server = await startServer(options);
  open.push(server);
  return server;
}

interface MailServerOptions {
  /** What it says instead of taking a mail: always, or so many times. */
  readonly refuse?: boolean | { readonly code: number; readonly times: number };
  /** Milliseconds that it thinks about each mail. */
  readonly slow?: number;
}

/** A mail server that keeps what arrives, or refuses it. */
async function mailServer({ refuse = false, slow = 0 }: MailServerOptions = {}) {
  const arrived: ParsedMail[] = [];
  let offered = 0;
  const refusal = () => {
    offered += 1;
    if (refuse === false || (refuse !== true && offered > refuse.times)) return null;
    return Object.assign(new Error('<tom@example.com>: not now'), {
      responseCode: refuse === true ? 550 : refuse.code,
    });
  };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      simpleParser(stream).then(
        async (mail) => {
          await wait(slow);
          const refused = refusal();
          if (!refused) arrived.push(mail);
          done(refused);
        },
        (error: Error) => done(error),
      );
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({ close: () => new Promise<void>((resolve) => server.close(() => resolve())) });
  const { port } = server.server.address() as AddressInfo;
  return { url: `smtp://127.0.0.1:${port}`, arrived, offered: () => offered };
}

/** A server that takes connections and never says a word. */
async function silentServer(): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => void sockets.add(socket.on('error', () => {})));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
  return `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('over SMTP', () => {
  test('a reset mail arrives in text and HTML, and its link holds a code that works', async () => {
    const { url, arrived } = await mailServer();
    const server = await start({ mailer: createSmtpMailer({ url, from: FROM }) });
    await server.ask(REGISTER, { variables: { input: PERSON } });
    await server.ask('mutation { forgotPassword(email: "TOM@example.com") { ok } }');
    await server.gatehouse.idle();

    const [mail] = arrived;
    expect(arrived).toHaveLength(1);
    expect(mail?.from?.text).toContain('no-reply@gatehouse.test');
    expect([mail?.to].flat().map((to) => to?.text)).toEqual(['tom@example.com']);
    expect(mail?.subject).toBe('Choose a new password');
    const link = /https?:\S+/.exec(mail?.text ?? '')?.[0] ?? 'none';
    expect(link).toMatch(/^http:\/\/gatehouse\.test\/reset-password#code=[\w-]{43}$/);
    expect(mail?.html).toContain(`href="${link}"`);
    // A username is chosen by whoever types the address, and is no text for a stranger's mailbox.
    expect(`${mail?.text}${mail?.html}`).not.toMatch(/Tom|visit|evil/);

    const code = link.split('=')[1];
    const { data } = await server.ask(
      'mutation ($code: String!) { resetPassword(code: $code, password: "another password", passwordConfirmation: "another password") { jwt } }',
      { variables: { code } },
    );
    expect(data.resetPassword.jwt).toEqual(expect.any(String));
    expect(server.log.join('\n')).not.toContain(code);
  });

  test('the link leads where the settings say', async () => {
    const { url, arrived } = await mailServer();
    const server = await start({ mailer: createSmtpMailer({ url, from: FROM }), config: { production: true } });
    await server.database.prisma.settings.update({
      where: { id: 1 },
      data: { resetPasswordUrl: 'https://front.test/reset?lang=de' },
    });
    await server.ask('mutation { forgotPassword(email: "editor@example.com") { ok } }', {
      headers: { host: 'evil.test' },
    });
    await server.gatehouse.idle();
    expect(arrived[0]?.text).toMatch(/https:\/\/front\.test\/reset\?lang=de&code=[\w-]{43}\s/);
    expect(arrived[0]?.text).not.toContain('evil');
  });

  test.each([
    ['refuses', () => mailServer({ refuse: true }).then(({ url }) => url)],
    ['is not there', async () => 'smtp://127.0.0.1:9'],
  ])(
    'when the mail server %s, no unconfirmed account stays behind, and forgotPassword does not tell',
    async (_what, url) => {
      const server = await start({ mailer: createSmtpMailer({ url: await url(), from: FROM }) });
      const { prisma } = server.database;
      expect((await server.ask('mutation { forgotPassword(email: "editor@example.com") { ok } }')).data).toEqual({
        forgotPassword: { ok: true },
      });
      await server.gatehouse.idle();
      expect(server.log.some((line) => line.includes('a mail was given up'))).toBe(true);

      await prisma.settings.update({ where: { id: 1 }, data: { emailConfirmation: true } });
      const { data, errors } = await server.ask(REGISTER, { variables: { input: PERSON } });
      expect(data).toEqual({ register: null });
      expect(errors?.[0]).toMatchObject({
        message: 'Error sending confirmation email',
        extensions: { code: 'APPLICATION_ERROR' },
      });
      expect(server.log.some((line) => line.includes('a confirmation mail could not be sent'))).toBe(true);
      expect(await prisma.user.count({ where: { email: PERSON.email } })).toBe(0);
      expect(await prisma.identifier.count({ where: { key: PERSON.email } })).toBe(0);
    },
  );
});

describe('a mail that could not be sent', () => {
  const FORGOT = 'mutation { forgotPassword(email: "editor@example.com") { ok } }';
  const smtp = (url: string) => createSmtpMailer({ url, from: FROM, timeout: 300 });

  test('is tried again when the server said "later", and arrives', async () => {
    const { url, arrived, offered } = await mailServer({ refuse: { code: 451, times: 2 } });
    const server = await start({ mailer: smtp(url) });
    await server.ask(FORGOT);
    await server.gatehouse.idle();
    expect(arrived).toHaveLength(1);
    expect(offered()).toBe(3);
    expect(server.log.filter((line) => line.includes('a mail is tried again'))).toHaveLength(2);
  });

  test('is not tried again when the server said no', async () => {
    const { url, offered } = await mailServer({ refuse: { code: 550, times: 100 } });
    const server = await start({ mailer: smtp(url) });
    await server.ask(FORGOT);
    await server.gatehouse.idle();
    expect(offered()).toBe(1);
  });

  test('is given up after some attempts, and the log has neither its address nor its link', async () => {
    const { url, offered } = await mailServer({ refuse: { code: 451, times: 100 } });
    const server = await start({ mailer: smtp(url) });
    await server.ask(FORGOT);
    await server.gatehouse.idle();
    expect(offered()).toBe(6);
    const log = server.log.join('\n');
    expect(log).toContain('a mail was given up');
    expect(log).toContain('451 (address) not now');
    expect(log).not.toMatch(/@example\.com|#code=/);
  });

  test('is not tried again once its code was replaced', async () => {
    const { url, arrived, offered } = await mailServer({ refuse: { code: 451, times: 2 } });
    const server = await start({ mailer: smtp(url) });
    await Promise.all([server.ask(FORGOT), server.ask(FORGOT)]);
    await server.gatehouse.idle();
    expect(offered()).toBe(3);
    expect(arrived).toHaveLength(1);
    const code = /#code=([\w-]{43})/.exec(arrived[0]?.text ?? '')?.[1];
    const reset = `mutation { resetPassword(code: "${code}", password: "another password", passwordConfirmation: "another password") { jwt } }`;
    expect((await server.ask(reset)).errors).toBeUndefined();
  });

  test('because the server said "later" once is not told to who registers', async () => {
    const { url, arrived } = await mailServer({ refuse: { code: 421, times: 1 } });
    const server = await start({ mailer: smtp(url) });
    await server.database.prisma.settings.update({ where: { id: 1 }, data: { emailConfirmation: true } });
    expect((await server.ask(REGISTER, { variables: { input: PERSON } })).data.register.jwt).toBeNull();
    expect(arrived).toHaveLength(1);
  });

  test.each([
    ['says no', () => mailServer({ refuse: true }).then(({ url }) => url)],
    ['says "later"', () => mailServer({ refuse: { code: 451, times: 1_000 } }).then(({ url }) => url)],
    ['is slow', () => mailServer({ slow: 200 }).then(({ url }) => url)],
    ['is not there', async () => 'smtp://127.0.0.1:9'],
    ['takes connections and says nothing', silentServer],
  ])('because the server %s: nobody can tell from the answers who has an account', async (_what, url) => {
    const server = await start({ mailer: smtp(await url()) });
    await server.database.prisma.settings.update({ where: { id: 1 }, data: { emailConfirmation: true } });
    for (const field of ['forgotPassword', 'sendEmailConfirmation']) {
      const texts = new Set<string>();
      for (const email of ['editor@example.com', 'nobody@example.com']) {
        const { text } = await server.ask(`mutation { ${field}(email: "${email}") { ok } }`);
        texts.add(text);
      }
      expect([...texts]).toEqual([JSON.stringify({ data: { [field]: { ok: true } } })]);
    }
  });

  test('because the database was away for the moment is prepared again', async () => {
    const { url, arrived } = await mailServer();
    const server = await start({ mailer: smtp(url) });
    const { mailedCode } = server.database.prisma;
    const { upsert } = mailedCode;
    let away = 2;
    Object.assign(mailedCode, {
      upsert: (...args: Parameters<typeof upsert>) => {
        if (away-- > 0) throw Object.assign(new Error('it is away'), { code: 'ECONNREFUSED' });
        return upsert.apply(mailedCode, args);
      },
    });
    expect((await server.ask(FORGOT)).data).toEqual({ forgotPassword: { ok: true } });
    await server.gatehouse.idle();
    expect(arrived).toHaveLength(1);
  });
});

describe('to the mail folder', () => {
  test.each([true, false])(
    'each mail is a file, and its link is logged for a developer only (%s)',
    async (logLinks) => {
      const lines: string[] = [];
      const log = pino({}, { write: (line) => void lines.push(line) });
      let directory = '';
      const server = await start({
        mailer: {
          send: (mail) => createFolderMailer({ directory, from: FROM, log, logLinks }).send(mail),
          close: () => {},
        },
      });
      directory = join(server.config.dataDir, 'outbox');
      await server.ask('mutation { forgotPassword(email: "editor@example.com") { ok } }');
      await server.gatehouse.idle();

      const files = readdirSync(directory);
      expect(files).toHaveLength(1);
      expect(files[0]).toMatch(/\.eml$/);
      const mail = await simpleParser(readFileSync(join(directory, files[0] ?? '')));
      const link = /http:\S+/.exec(mail.text ?? '')?.[0] ?? 'none';
      expect(link).toMatch(/#code=[\w-]{43}$/);
      expect(lines.join('\n').includes(link)).toBe(logLinks);
    },
  );
});

describe('the pages that the links lead to', () => {
  test.each(['/reset-password', '/confirm-email'])(
    '%s runs its own script and no other, and is told nothing by being opened',
    async (path) => {
      const server = await start({});
      const response = await fetch(new URL(path, server.url));
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toContain('text/html');
      expect(response.headers.get('content-security-policy')).toMatch(
        /default-src 'none'.*script-src 'sha256-.*frame-ancestors 'none'/,
      );
      expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    },
  );
});
