// What it takes to know who asks, and what they may: node bench/authenticate.ts --seconds 3. BENCH_DATABASE_URL is optional.
// Processor time of one request's part of it, ten at once, in this process: the token is verified and remembered, so is who it
// belongs to, and permissions are looked up as often as the guards of `me` and of ten posts do.

import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { createPasswords } from '../src/accounts/passwords.ts';
import { createAccessCache } from '../src/authentication/access-cache/access-cache.ts';
import { createChangeAwareMemory } from '../src/authentication/access-cache/change-aware-memory.ts';
import { createAccessReader } from '../src/authentication/access-cache/read-access.ts';
import { createSettingsCache } from '../src/authentication/access-cache/settings-cache.ts';
import { createAuthenticate } from '../src/authentication/authenticate.ts';
import { createAuthenticateUser } from '../src/authentication/authenticate-user.ts';
import { createTokens } from '../src/authentication/tokens.ts';
import { createBackground } from '../src/common/background.ts';
import { readSettings } from '../src/database/settings.ts';
import { seedDatabase } from '../src/start/seed-database.ts';
import { blog } from '../test/blog/blog.ts';
import { openDatabase } from '../test/blog/open-database.ts';
import { openBenchDatabase } from './database.ts';
import { median } from './figures.ts';
import { table } from './markdown.ts';

const AT_ONCE = 10;
const ROUNDS = 5;

/** The guards that the fields of a request ask, once for each field of each row. */
const GUARDS: Readonly<Record<string, readonly string[]>> = {
  'who asks': [],
  'and the guards of `me`': ['user.me'],
  // The list; of each post its id, title, author and category; of those their name.
  'and the guards of ten posts with author and category': [
    'post.find',
    ...Array.from({ length: 10 }, () => [
      ...['post.find', 'post.find', 'post.find', 'author.find', 'post.find', 'category.find'],
      ...['author.find', 'category.find'],
    ]).flat(),
  ],
};

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { seconds: { type: 'string', default: '3' } } });
  const seconds = Number(values.seconds);
  await using bench = await openBenchDatabase(process.env['BENCH_DATABASE_URL'] || undefined);
  const database = await openDatabase(bench.location);
  const { prisma, query } = database;
  await seedDatabase(prisma, blog, { demo: true, production: false, passwords: createPasswords(10) });
  const clock = () => new Date();
  const tokens = await createTokens({
    audience: 'gatehouse:users',
    secrets: [randomBytes(48).toString('base64url')],
    expiresIn: 3_600,
    clock,
  });
  const user = await prisma.user.findUniqueOrThrow({ where: { email: 'reader@example.com' } });
  const until = new Date(Date.now() + 3_600_000);
  const session = await prisma.session.create({
    data: { userId: user.id, tokenVersion: user.tokenVersion, address: '127.0.0.1', expiresAt: until },
  });
  const token = await tokens.issue({ user, session: session.documentId, from: new Date(), until });
  const memory = createChangeAwareMemory(database.changes);
  const access = createAccessCache(createAccessReader(database), memory);
  const settings = createSettingsCache(() => readSettings(database.prisma), memory);
  const authenticate = createAuthenticate({
    prisma,
    query,
    access,
    authenticateUser: createAuthenticateUser({ prisma, access, settings, tokens, clock }),
    tokenActions: { reading: [], all: [] },
    strapiApiTokenSalt: undefined,
    clock,
    background: createBackground({ log: pino({ level: 'silent' }), apart: database.shares.apart }),
  });
  const origin = { address: '127.0.0.1', userAgent: undefined };

  /** Microseconds of processor time for one, all threads together. */
  async function costOf(actions: readonly string[]): Promise<number> {
    const before = process.cpuUsage();
    const end = performance.now() + (seconds * 1_000) / ROUNDS;
    let asked = 0;
    const client = async () => {
      while (performance.now() < end) {
        asked += 1;
        const { permissions } = await authenticate(`Bearer ${token}`, origin);
        for (const action of actions) if (!permissions.allows(action)) throw new Error(`${action} is not allowed`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, client));
    const { user, system } = process.cpuUsage(before);
    return (user + system) / asked;
  }

  const names = Object.keys(GUARDS);
  const costs = new Map<string, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const name of names) {
      const cost = await costOf(GUARDS[name] ?? []);
      // The first one warms up.
      if (round > 0) costs.get(name)?.push(cost);
    }
  }
  const rows = names.map((name) => [name, median(costs.get(name) ?? []).toFixed(1)]);
  process.stdout.write(`${bench.description}, ${AT_ONCE} at once, medians of ${ROUNDS} rounds\n\n`);
  process.stdout.write(`${table(['', 'CPU µs'], rows)}\n`);
  await database.close();
}

await main();
