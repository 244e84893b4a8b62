// Many content types: node bench/many-content-types.ts --types 200. Needs BENCH_DATABASE_URL, and Linux. About two minutes.
// A copy of this project with so many more models, content types and tables, each with relations to its neighbours, beside
// one with three: what a start takes, what memory, and whether a request costs more for what it does not ask for.

import { randomBytes } from 'node:crypto';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { getIntrospectionQuery } from 'graphql';
import { DEMO_ADMIN, DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { copyProject, type ProjectCopy } from '../test/support/project-copy.ts';
import { dataOf, type Question } from './ask.ts';
import { openBenchDatabase } from './database.ts';
import { median } from './figures.ts';
import { startMain } from './main-process.ts';
import { table } from './markdown.ts';
import { expectData, timesOf } from './one-by-one.ts';

const FEW = 3;
const STARTS = 5;
const REQUESTS = 500;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { types: { type: 'string', default: '200' } } });
  const types = Number(values.types);
  const serverUrl = process.env['BENCH_DATABASE_URL'];
  if (!serverUrl || !(types > FEW)) throw new Error(`Set BENCH_DATABASE_URL, and --types to more than ${FEW}`);
  const [few, many] = [await figuresOf(serverUrl, FEW), await figuresOf(serverUrl, types)];
  const rows = (Object.keys(NAMES) as (keyof Figures)[]).map((name) => [
    NAMES[name],
    few[name].toFixed(1),
    many[name].toFixed(1),
  ]);
  process.stdout.write(`${table(['', `${FEW} content types more`, `${types} more`], rows)}\n`);
}

interface Figures {
  readonly start: number;
  readonly idle: number;
  readonly me: number;
  readonly posts: number;
  readonly list: number;
  readonly create: number;
  readonly roles: number;
  readonly change: number;
  readonly introspection: number;
  readonly warm: number;
}

const NAMES: Readonly<Record<keyof Figures, string>> = {
  start: 'start to first response, ms',
  idle: 'memory after it, MB',
  me: '`me`, ms',
  posts: 'ten posts with author and category, ms',
  list: 'ten of the last type with a relation, ms',
  create: 'one of the last type created, ms',
  roles: 'the actions and roles of the administration, ms',
  change: 'a permission granted to a role that has them all, ms',
  introspection: 'introspection, ms',
  warm: 'memory after all this, MB',
};

async function figuresOf(serverUrl: string, types: number): Promise<Figures> {
  await using database = await openBenchDatabase(serverUrl);
  if (database.location.kind !== 'server') throw new Error('This is about a server');
  const environment = {
    DATABASE_URL: database.location.url,
    DATA_DIR: database.directory,
    JWT_SECRET: randomBytes(48).toString('base64url'),
    INTROSPECTION: 'on',
  };
  const project = copyProject(environment);
  const start = () => startMain(environment, project.directory);
  try {
    addTypes(project, types);
    process.stderr.write(`${types} content types more: generating\n`);
    for (const command of ['npm run generate', 'npm run migrate:new -- many-types']) {
      const { code, output } = await project.run(command);
      if (code !== 0) throw new Error(`${command} failed:\n${output}`);
    }
    process.stderr.write(`${types} content types more: starting\n`);
    await (await start())[Symbol.asyncDispose](); // migrated, with the example blog in it, and compiled
    const starts: { took: number; memory: number }[] = [];
    for (let time = 0; time < STARTS; time++) {
      await using server = await start();
      starts.push({ took: server.took, memory: server.memory() });
    }
    await using server = await start();
    return {
      start: median(starts.map(({ took }) => took)),
      idle: median(starts.map(({ memory }) => memory)),
      ...(await figuresOfRequests(server.url, types)),
      warm: server.memory(),
    };
  } finally {
    await project.remove();
  }
}

/** Adds models, each related to the one before it, and what a person would write for them. */
function addTypes(project: ProjectCopy, types: number): void {
  const numbers = Array.from({ length: types }, (_, index) => index + 1);
  const file = (path: string) => join(project.directory, path);
  for (const n of numbers) {
    const previous =
      n > 1 ? `previous Kind${n - 1}? @relation(fields: [previousId], references: [id])\n  previousId Int?` : '';
    const next = n < types ? `next Kind${n + 1}[]` : '';
    appendFileSync(
      file('prisma/schema/content.prisma'),
      `
model Kind${n} {
  id Int @id @default(autoincrement())
  documentId String @unique @default(cuid(2))
  name String
  code String? @unique
  text String?
  amount Int @default(0)
  price Float?
  active Boolean @default(true)
  since DateTime? @db.Timestamptz(3)
  createdAt DateTime @default(now()) @db.Timestamptz(3)
  updatedAt DateTime @updatedAt @db.Timestamptz(3)
  ${previous}
  ${next}
  ${n > 1 ? '@@index([previousId])' : ''}
  @@map("kind${n}s")
}
`,
    );
    const relations = [...(n > 1 ? ["'previous'"] : []), ...(n < types ? ["'next'"] : [])].join(', ');
    writeFileSync(
      file(`src/app/content/kind${n}.ts`),
      `import { contentType } from 'gatehouse';
export const kind${n} = contentType('Kind${n}', {
  read: ['name', 'code', 'text', 'amount', 'price', 'active', 'since', 'createdAt', 'updatedAt', ${relations}],
  write: ['name', 'code', 'text', 'amount', 'price', 'active', 'since', ${relations}],
});
`,
    );
    appendFileSync(file('src/app/content/index.ts'), `export { kind${n} } from './kind${n}.ts';\n`);
  }
}

async function figuresOfRequests(url: string, types: number) {
  const adminUrl = url.replace(/graphql$/, 'admin/graphql');
  const login = { query: `mutation { login(email: "${DEMO_ADMIN}", password: "${DEMO_PASSWORD}") { jwt } }` };
  const admin = ((await dataOf(adminUrl, login)) as { login: { jwt: string } }).login.jwt;
  const userLogin = {
    query: `mutation { login(input: { identifier: "editor@example.com", password: "${DEMO_PASSWORD}" }) { jwt } }`,
  };
  const token = ((await dataOf(url, userLogin)) as { login: { jwt: string } }).login.jwt;

  // The editor gets all there is to be given.
  const everything =
    '{ roles(filters: { type: { eq: "editor" } }) { documentId version } actions { actions { action } } }';
  const {
    roles: [role],
    actions,
  } = (await dataOf(adminUrl, { query: everything, token: admin })) as {
    readonly roles: readonly [{ readonly documentId: string; readonly version: number }];
    readonly actions: readonly { readonly actions: readonly { readonly action: string }[] }[];
  };
  let { version } = role;
  const set = async (change: { readonly add?: readonly string[]; readonly remove?: readonly string[] }) => {
    const query = `mutation ($role: ID!, $version: Int!, $add: [String!], $remove: [String!]) {
      setPermissions(role: $role, version: $version, add: $add, remove: $remove) { version }
    }`;
    const variables = { role: role.documentId, version, ...change };
    const data = (await dataOf(adminUrl, { query, variables, token: admin })) as {
      setPermissions: { version: number };
    };
    version = data.setPermissions.version;
  };
  await set({ add: actions.flatMap((group) => group.actions.map(({ action }) => action)) });

  const asked = (question: Question, where = url) => timeOf(REQUESTS, () => expectData(where, question));
  await asked({ query: '{ posts { title } }', token }); // it is warm
  return {
    me: await asked({ query: '{ me { username role { name } } }', token }),
    posts: await asked({ query: '{ posts { title author { name } category { name } } }', token }),
    create: await asked({
      query: `mutation { createKind${types}(data: { name: "One of many" }) { documentId } }`,
      token,
    }),
    list: await asked({ query: `{ kind${types}s(sort: "name") { name previous { name } } }`, token }),
    roles: await timeOf(20, () =>
      expectData(adminUrl, {
        query: '{ actions { label actions { action label } } roles { name permissions } }',
        token: admin,
      }),
    ),
    change: await timeOf(20, async () => {
      await set(version % 2 === 0 ? { remove: ['tag.create'] } : { add: ['tag.create'] });
    }),
    introspection: await timeOf(5, () => expectData(url, { query: getIntrospectionQuery() })),
  };
}

/** The median, in milliseconds. */
function timeOf(times: number, act: () => Promise<void>): Promise<number> {
  return timesOf(Array.from({ length: times }), act);
}

await main();
