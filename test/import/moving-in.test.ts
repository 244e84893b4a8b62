import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommandOn } from '../support/command.ts';
import { emptyDump } from '../support/database.ts';
import { startServer, type TestServer } from '../support/start.ts';

// docs/moving-in.md: each recipe runs as it stands on the page, on a small sample, and its users log in.

const FIXTURES = 'test/fixtures/users';
const page = readFileSync('docs/moving-in.md', 'utf8');

/** The recipe whose first line is a comment with this name. */
function recipe(name: string): string {
  const found = [...page.matchAll(/^```(?:sql|js)\n([\s\S]*?)^```$/gm)].find(([, code]) =>
    [`-- ${name}\n`, `// ${name}\n`].some((first) => code?.startsWith(first)),
  );
  if (found?.[1] === undefined) throw new Error(`the page has no ${name}`);
  return found[1];
}

let server: TestServer;
let directory: string;
beforeAll(async () => {
  server = await startServer();
  directory = mkdtempSync(join(tmpdir(), 'gatehouse-recipes-'));
});
afterAll(async () => {
  await server?.close();
  rmSync(directory, { recursive: true, force: true });
});

/** What the statement of a recipe returns on the sample, as `psql` prints it. */
async function runSql(name: string): Promise<string> {
  const database = await PGlite.create({ loadDataDir: emptyDump() });
  try {
    await database.exec(readFileSync(`${FIXTURES}/${name}`, 'utf8'));
    const { rows } = await database.query<unknown[]>(recipe(name), [], { rowMode: 'array', parsers: { 114: String } });
    return rows.map(([row]) => String(row)).join('\n');
  } finally {
    await database.close();
  }
}

function runScript(name: string, sample: string, environment: Record<string, string> = {}): string {
  const script = join(directory, name);
  writeFileSync(script, recipe(name));
  return execFileSync(process.execPath, [script, `${FIXTURES}/${sample}`], { env: environment, encoding: 'utf8' });
}

const parameters = () => JSON.parse(readFileSync(`${FIXTURES}/firebase-parameters.json`, 'utf8'));

test.each<[system: string, convert: () => Promise<string> | string, users: number, withPasswords: string[]]>([
  ['Supabase', () => runSql('supabase.sql'), 2, ['sara@supabase.example']],
  ['better-auth', () => runSql('better-auth.sql'), 2, ['bea@better-auth.example']],
  ['Auth0', () => runScript('auth0.mjs', 'auth0.json'), 2, ['olga@auth0.example', 'otto@auth0.example']],
  ['Firebase', () => runScript('firebase.mjs', 'firebase.json', parameters()), 1, ['fia@firebase.example']],
  ['Directus', () => runSql('directus.sql'), 2, ['dora@directus.example']],
  ['Payload', () => runSql('payload.sql'), 1, ['paula@payload.example']],
])('users of %s log in with the old password', async (_system, convert, count, withPasswords) => {
  const file = join(directory, 'users.jsonl');
  writeFileSync(file, await convert());
  const before = await server.database.prisma.user.count();
  const { code, output } = await runCommandOn(server, ['import', 'users', file]);
  expect(code, output).toBe(0);
  expect(await server.database.prisma.user.count()).toBe(before + count);
  const login = async (identifier: string, password: string) => {
    const document = 'mutation ($input: UsersPermissionsLoginInput!) { login(input: $input) { user { username } } }';
    const { data, errors } = await server.ask(document, { variables: { input: { identifier, password } } });
    return data?.login?.user.username ?? errors?.[0]?.message;
  };
  for (const email of withPasswords) {
    const name = email.split('@')[0] ?? '';
    expect(await login(email, `old password of ${name}`)).toBe(name);
    expect(await login(email, `new password of ${name}`)).toBe('Invalid identifier or password');
  }
});

test('identities come with the users whom a provider knows', async () => {
  const { prisma } = server.database;
  const select = { provider: true, subject: true, user: { select: { email: true } } } as const;
  const identities = await prisma.identity.findMany({ select, orderBy: { subject: 'asc' } });
  expect(identities.map(({ provider, subject, user }) => `${provider} ${subject} ${user.email}`)).toEqual([
    'github 4711 github-only@supabase.example',
    'google g-1 fia@firebase.example',
    'google g-815 ben@better-auth.example',
    'keycloak k-42 dan@directus.example',
  ]);
});
