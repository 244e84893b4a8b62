// What rules of rows and fields cost: node bench/rules.ts --rows 1000000. BENCH_DATABASE_URL is optional.
// The same questions and writes by a user without restriction and by one under rules who may do just as much, in turn; and a list
// of one's own rows among few and among many.

import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { createPasswords } from '../src/accounts/passwords.ts';
import { DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import type { Grant } from '../src/authorization/grants.ts';
import { readConfig } from '../src/config/config.ts';
import { createGatehouse } from '../src/gatehouse.ts';
import { seedDatabase } from '../src/start/seed-database.ts';
import { blog } from '../test/blog/blog.ts';
import { type Database, openDatabase } from '../test/blog/open-database.ts';
import { restrict } from '../test/support/restrict.ts';
import { dataOf } from './ask.ts';
import { openBenchDatabase } from './database.ts';
import { median } from './figures.ts';
import { table } from './markdown.ts';
import { expectData, timesOf } from './one-by-one.ts';

const POSTS = 5_000;
const OWN = 1_000;
/** Rows of one statement, so that it ends in time. */
const AT_ONCE = 50_000;

const FIELDS = ['title', 'slug', 'featured', 'views', 'publishedAt', 'author', 'category', 'tags', 'owner'];
const OWN_OR_FEATURED: readonly Grant[] = [{ where: { or: [{ owner: '$user' }, { featured: { eq: true } }] } }];
const SOME_CELLS: readonly Grant[] = [{ fields: FIELDS }, { where: { owner: '$user' } }];
const OWN_POSTS: readonly Grant[] = [{ where: { owner: '$user' } }];

const LIST = '{ posts(pagination: { limit: 10 }) { title slug views publishedAt author { name } category { name } } }';
const CELLS = '{ posts(pagination: { limit: 10 }, sort: "content") { title content } }';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { rounds: { type: 'string', default: '300' }, rows: { type: 'string', default: '100000' } },
  });
  const rounds = Number(values.rounds);
  const rows = Number(values.rows);
  await using bench = await openBenchDatabase(process.env['BENCH_DATABASE_URL'] || undefined);
  const server = await start(bench);
  const { prisma, kind } = server.database;
  try {
    const [open, ruled] = [await server.tokenOf('editor'), await server.tokenOf('reader')];
    const { id: reader } = await prisma.user.findFirstOrThrow({ where: { username: 'reader' } });
    for (const action of ['author.find', 'category.find'])
      await restrict(server.database, 'authenticated', action, null);
    await prisma.post.deleteMany();
    await prisma.$executeRaw`INSERT INTO "posts" ("documentId", "title", "content", "featured", "ownerId", "authorId", "categoryId", "updatedAt")
      SELECT 'bench' || n, 'Post ' || n, 'Text ' || n, n % 3 = 0, CASE WHEN n % 3 = 0 THEN NULL ELSE ${reader}::int END, 1 + n % 5, 1 + n % 5, now()
      FROM generate_series(1, ${POSTS}::int) n`;

    const inTurn = async (query: (token: string, round: number) => string) => {
      const ask = (token: string, round: number) => () => expectData(server.url, { query: query(token, round), token });
      for (let round = 0; round < 20; round++) for (const token of [open, ruled]) await ask(token, round)();
      const [without, under]: [number[], number[]] = [[], []];
      for (let round = 0; round < rounds; round++) {
        without.push(await timesOf([0], ask(open, round)));
        under.push(await timesOf([0], ask(ruled, round)));
      }
      return [median(without), median(under)] as const;
    };
    const lines: string[][] = [];
    const compare = async (name: string, query: (token: string, round: number) => string) => {
      const [without, under] = await inTurn(query);
      lines.push([name, without.toFixed(2), under.toFixed(2), (under / without).toFixed(2)]);
    };

    await restrict(server.database, 'authenticated', 'post.find', OWN_OR_FEATURED);
    await compare('ten posts, owner: $user or featured', () => LIST);
    await restrict(server.database, 'authenticated', 'post.find', SOME_CELLS);
    await compare('ten posts sorted by a column of some rows', () => CELLS);
    await restrict(server.database, 'authenticated', 'post.find', null);
    await restrict(server.database, 'authenticated', 'post.update', [
      { where: { owner: '$user' }, fields: ['title', 'views'] },
    ]);
    await compare(
      'update a post, owner: $user',
      (_token, round) => `mutation { updatePost(documentId: "bench1", data: { views: ${round} }) { views } }`,
    );
    await restrict(server.database, 'authenticated', 'post.create', [
      { fields: ['title'], set: { owner: '$user' }, check: { title: { contains: 'new' } } },
    ]);
    await compare(
      'create a post, its owner set and its title checked',
      (_token, round) => `mutation { createPost(data: { title: "new ${round}" }) { title } }`,
    );

    await restrict(server.database, 'authenticated', 'post.find', OWN_POSTS);
    const own = async () =>
      timesOf(Array.from({ length: rounds }), () => expectData(server.url, { query: LIST, token: ruled }));
    await prisma.post.deleteMany();
    await fill(server.database, reader, 0, OWN * 10);
    const few = await own();
    await fill(server.database, reader, OWN * 10, rows);
    const many = await own();
    process.stdout.write(
      `PostgreSQL, ${kind}: medians of ${rounds}, in milliseconds\n\n${table(['', 'without', 'under rules', 'ratio'], lines)}\n\n` +
        `Ten of one's own ${OWN} posts among ${OWN * 10}: ${few.toFixed(2)}; among ${rows}: ${many.toFixed(2)}\n`,
    );
  } finally {
    await server.gatehouse.close();
  }
}

async function start({ location, directory }: Awaited<ReturnType<typeof openBenchDatabase>>) {
  const secret = () => randomBytes(48).toString('base64url');
  const config = readConfig({
    PORT: '0',
    DATA_DIR: directory,
    ...(location.kind === 'server' && { DATABASE_URL: location.url }),
    JWT_SECRET: secret(),
    ADMIN_JWT_SECRET: secret(),
    AUTH_RATE_LIMIT: 'off',
  });
  const database = await openDatabase(location);
  await seedDatabase(database.prisma, blog, { demo: true, production: false, passwords: createPasswords(4) });
  const gatehouse = await createGatehouse({ ...blog, config, database, log: pino({ level: 'silent' }) });
  const url = `${await gatehouse.listen()}/graphql`;
  const tokenOf = async (identifier: string) => {
    const query = `mutation { login(input: { identifier: "${identifier}", password: "${DEMO_PASSWORD}" }) { jwt } }`;
    return ((await dataOf(url, { query })) as { login: { jwt: string } }).login.jwt;
  };
  return { gatehouse, database, url, tokenOf };
}

/** The posts from one number to another. Each tenth is of one user, up to a thousand. */
async function fill({ prisma }: Database, reader: number, from: number, to: number): Promise<void> {
  for (let after = from; after < to; after += AT_ONCE) {
    const last = Math.min(after + AT_ONCE, to);
    await prisma.$executeRaw`INSERT INTO "posts" ("documentId", "title", "ownerId", "authorId", "categoryId", "updatedAt")
      SELECT 'fill' || n, 'Post ' || n, CASE WHEN n % 10 = 0 AND n / 10 <= ${OWN}::int THEN ${reader}::int END,
        1 + n % 5, 1 + n % 5, now()
      FROM generate_series(${after + 1}::int, ${last}::int) n`;
  }
  await prisma.$executeRaw`ANALYZE "posts"`;
}

await main();
