import { readdirSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type ParsedMail, simpleParser } from 'mailparser';
import { pino } from 'pino';
import { SMTPServer } from 'smtp-server';
import { afterEach, describe, expect, test } from 'vitest';
import { createOutboxMailer, createSmtpMailer } from '../src/mail/mailer.ts';
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

/** A mail server that keeps what arrives, or refuses it. */
async function mailServer({ refuse = false } = {}): Promise<{ url: string; arrived: ParsedMail[] }> {
  const arrived: ParsedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      simpleParser(stream).then(
        (mail) => {
          if (!refuse) arrived.push(mail);
          done(refuse ? new Error('no such mailbox') : null);
        },
        (error: Error) => done(error),
      );
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({ close: () => new Promise<void>((resolve) => server.close(() => resolve())) });
  const { port } = server.server.address() as AddressInfo;
  return { url: `smtp://127.0.0.1:${port}`, arrived };
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
    const server = await start({ mailer: createSmtpMailer({ url, from: FROM }) });
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
      expect(server.log.some((line) => line.includes('a background task failed'))).toBe(true);

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

describe('to the outbox', () => {
  test.each([true, false])(
    'each mail is a file, and its link is logged for a developer only (%s)',
    async (logLinks) => {
      const lines: string[] = [];
      const log = pino({}, { write: (line) => void lines.push(line) });
      let directory = '';
      const server = await start({
        mailer: {
          send: (mail) => createOutboxMailer({ directory, from: FROM, log, logLinks }).send(mail),
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
