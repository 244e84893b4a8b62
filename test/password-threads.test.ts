import bcrypt from 'bcrypt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPasswordThreads } from '../src/accounts/password-threads.ts';
import { createPasswords } from '../src/accounts/passwords.ts';
import { startServer, type TestServer } from './support/start.ts';

describe('passwords are hashed apart', () => {
  test('and are what they would be here', async () => {
    const threads = createPasswordThreads({ threads: 2 });
    try {
      const passwords = createPasswords(5, threads.run);
      const hashes = await Promise.all(['one', 'two', 'naïve'].map((password) => passwords.hash(password)));
      expect(hashes.map((hash) => bcrypt.getRounds(hash))).toEqual([5, 5, 5]);
      expect(bcrypt.compareSync('two', hashes[1] ?? '')).toBe(true);
      expect(await passwords.compare('one', hashes[0])).toEqual({ same: true, outdated: false });
      expect(await passwords.matches('two', hashes[0])).toBe(false);
      expect(await passwords.compare('one', undefined)).toEqual({ same: false, outdated: false });
      expect(await passwords.compare('one', await bcrypt.hash('one', 4))).toEqual({ same: true, outdated: true });
    } finally {
      await threads.close();
    }
  });

  test('the event loop goes on meanwhile', async () => {
    const threads = createPasswordThreads({ threads: 1 });
    try {
      const passwords = createPasswords(12, threads.run);
      let turns = 0;
      const timer = setInterval(() => {
        turns += 1;
      }, 1);
      await passwords.hash('a good password'); // two hundred milliseconds of a processor
      clearInterval(timer);
      expect(turns).toBeGreaterThan(5);
    } finally {
      await threads.close();
    }
  });

  test('more than can be done soon is refused, and the rest is done', async () => {
    const threads = createPasswordThreads({ threads: 1, waitingForEach: 3 });
    try {
      const passwords = createPasswords(4, threads.run);
      const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => passwords.hash('a good password')));
      const refused = outcomes.filter(({ status }) => status === 'rejected');
      expect(refused.length).toBeGreaterThan(10);
      expect(refused.length).toBeLessThan(20);
      for (const outcome of refused) {
        expect(outcome).toMatchObject({ reason: { code: 'SERVICE_UNAVAILABLE', extensions: { retryAfter: 5 } } });
      }
      expect(await passwords.hash('a good password')).toMatch(/^\$2b\$04\$/);
      expect(threads.waiting).toBe(0);
    } finally {
      await threads.close();
    }
  });
});

describe('many who log in at once', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ config: { bcryptCost: 10, executionTimeout: 300_000 } }); // however busy the machine is
  });
  afterAll(() => server?.close());

  test('are answered, or told to come back: with 503 and Retry-After, and nobody else is', async () => {
    const login = 'mutation { login(input: { identifier: "reader", password: "not the password" }) { jwt } }';
    const [others, ...answers] = await Promise.all([
      server.ask('{ posts { title } }'),
      ...Array.from({ length: 300 }, () => server.ask(login)),
    ]);
    expect(others.status).toBe(200);
    const codes = answers.map(({ status, errors, headers }) =>
      status === 503 ? `503 ${errors?.[0]?.extensions.code} ${headers.get('retry-after')}` : errors?.[0]?.message,
    );
    expect(new Set(codes)).toEqual(new Set(['Invalid identifier or password', '503 SERVICE_UNAVAILABLE 5']));
  });
});
