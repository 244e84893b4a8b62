import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { DEMO_PASSWORD } from '../../src/accounts/public-password.ts';
import { codeBlocksIn } from '../support/documents.ts';
import { folderOfCommands, hardLinkPackages, type ProjectCopy, waysToTheRegistry } from '../support/project-copy.ts';
import { send } from '../support/start.ts';

/** What `npm pack` makes of Gatehouse and of create-gatehouse, as somebody uses it who has nothing else of Gatehouse. */

if (inject('databaseKind') === 'embedded') {
  describe('an application of the packages', () => {
    let packages: string;
    let newer: string;
    let project: ProjectCopy;
    let url: string;
    const inProject = (file: string) => join(project.directory, file);
    const read = (file: string) => readFileSync(inProject(file), 'utf8');
    const change = (file: string, from: string | RegExp, to: string) => {
      const text = read(file);
      expect(text).toMatch(from);
      writeFileSync(inProject(file), text.replace(from, to));
    };
    async function done(command: string): Promise<string> {
      const { code, output } = await project.run(command);
      expect(code, `${command}\n${output}`).toBe(0);
      return output;
    }
    const start = async () => {
      url = await project.start('exec npm start', /ready at (\S+)/);
    };

    beforeAll(async () => {
      packages = mkdtempSync(join(tmpdir(), 'gatehouse-packages-'));
      const pack = (directory: string, ...words: string[]) =>
        execFileSync('npm', ['pack', '--silent', '--pack-destination', packages, ...words], {
          cwd: directory,
          encoding: 'utf8',
        }).trim();
      const gatehouse = pack('.');
      const create = pack('create-gatehouse');
      newer = join(packages, asNewerVersion(join(packages, gatehouse), join(packages, 'newer'), pack));

      project = folderOfCommands(join(packages, 'app'), { PORT: '0', ...waysToTheRegistry() });
      const made = execFileSync(
        'npm',
        [
          'exec',
          '--yes',
          '--offline',
          `--package=${join(packages, create)}`,
          '--',
          'create-gatehouse',
          'app',
          '--yes',
        ].concat('--no-install', `--gatehouse=${join(packages, gatehouse)}`),
        { cwd: packages, encoding: 'utf8' },
      );
      expect(made).toContain('app is ready');
      // Nearly all that it needs is here already, so that npm has little to get.
      hardLinkPackages('node_modules', inProject('node_modules'));
      rmSync(inProject('node_modules/.package-lock.json')); // npm looks at what is there
      await done('npm install --no-audit --no-fund');
    });
    afterEach(() => project.stop());
    afterAll(async () => {
      await project?.remove();
      if (packages) rmSync(packages, { recursive: true, force: true });
    });

    test('compiles, and a misspelt column in it does not', async () => {
      await done('npm run typecheck');
      change('src/app/content/post.ts', "'title'", "'titel'");
      const { code, output } = await project.run('npm run typecheck');
      change('src/app/content/post.ts', "'titel'", "'title'");
      expect(code).toBe(1);
      expect(output).toMatch(/src\/app\/content\/post\.ts.*"titel"/);
    });

    test('has no file of Gatehouse, and its packages neither sources nor an application', async () => {
      expect(
        (await done('git status --porcelain --untracked-files=all')).split('\n').filter(Boolean).toSorted(),
      ).toEqual(expect.arrayContaining(['?? package.json', '?? src/app/app.ts', '?? prisma/schema/content.prisma']));
      const packed = (await done('ls node_modules/gatehouse node_modules/gatehouse/dist')).split('\n');
      expect(packed).toEqual(expect.arrayContaining(['dist', 'index.js', 'index.d.ts']));
      for (const name of ['src', 'app', 'test', 'panel', '.env']) expect(packed).not.toContain(name);
    });

    test('gets a type of its own and a role', async () => {
      writeFileSync(
        inProject('prisma/schema/content.prisma'),
        `${read('prisma/schema/content.prisma')}
model Note {
  id         Int    @id @default(autoincrement())
  documentId String @unique @default(cuid(2))
  text       String
  owner      User?  @relation(fields: [ownerId], references: [id], onDelete: Cascade)
  ownerId    Int?

  @@map("notes")
}
`,
      );
      writeFileSync(
        inProject('src/app/content/note.ts'),
        `import { contentType } from 'gatehouse';

export const note = contentType('Note', { read: ['text'], write: ['text'] });
`,
      );
      change('src/app/content/index.ts', /$/, "export { note } from './note.ts';\n");
      expect(await done('npm run migrate:new -- add-notes')).toMatch(
        /prisma\/migrations\/\d+_add_notes\/migration\.sql/,
      );
      await done('npm run schema');
      expect(read('schema.graphql')).toMatch(/^ {2}notes\(/m);
      await done('npm run gatehouse -- role create Writer');
      await done('npm run permissions -- grant writer note.create note.find note.findOne');
      await done('npm run gatehouse -- user role reader@example.com writer --by email');
    });

    test('has tests, which start servers of their own', async () => {
      expect(await done('npm test')).toMatch(/^. pass 2$/m);
    });

    test('serves people: who has the role, and who has not', async () => {
      await start();
      const token = await tokenOf('reader@example.com');
      const note = 'mutation { createNote(data: { text: "kept" }) { text } }';
      expect((await send(url, note, { token })).data).toEqual({ createNote: { text: 'kept' } });
      const other = await tokenOf('editor@example.com');
      expect((await send(url, note, { token: other })).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
      const wrong = await send(url, login, { variables: { i: 'reader@example.com', p: 'not the password' } });
      expect(wrong.errors?.[0]?.message).toBe('Invalid identifier or password');
      const page = await fetch(new URL('/admin/', url), { headers: { accept: 'text/html' } });
      expect(page.status).toBe(200);
    });

    test('serves from a program of its own, too', async () => {
      const page = 'docs/new-application.md';
      const program = codeBlocksIn(page).find(({ label }) => label === 'file=server.ts');
      writeFileSync(inProject('server.ts'), program?.text ?? '');
      const address = await project.start('node server.ts', /^(http\S+)/m);
      expect((await send(`${address}/graphql`, '{ __typename }')).data).toEqual({ __typename: 'Query' });
      rmSync(inProject('server.ts'));
    });

    test('is updated by npm: a newer Gatehouse migrates, and what was there is there', async () => {
      const before = await done(
        'git add --all && git -c user.name=x -c user.email=x@example.com commit --quiet -m before && git status --porcelain',
      );
      expect(before).toBe('');
      await done(`npm install --no-audit --no-fund ${newer}`);
      await start();
      const token = await tokenOf('reader@example.com');
      expect((await send(url, '{ notes { text } }', { token })).data).toEqual({ notes: [{ text: 'kept' }] });
      const admin = await send(
        url.replace(/graphql$/, 'admin/graphql'),
        'mutation { login(email: "admin@example.com", password: "gatehouse-demo") { jwt } }',
      );
      const { data } = await send(
        url.replace(/graphql$/, 'admin/graphql'),
        '{ serverInfo { version } roles { name } }',
        { token: admin.data.login.jwt },
      );
      expect(data.serverInfo.version).toBe(NEWER);
      expect(data.roles).toContainEqual({ name: 'Writer' });
      expect(read('src/generated/prisma/client.ts')).toContain('NewerThing');
      // npm wrote the version, and nothing else changed.
      expect((await done('git status --porcelain')).split('\n').filter(Boolean)).toEqual([
        ' M package-lock.json',
        ' M package.json',
      ]);
      await done('npm run typecheck');
    });

    async function tokenOf(identifier: string): Promise<string> {
      const { data, text } = await send(url, login, { variables: { i: identifier, p: DEMO_PASSWORD } });
      if (!data?.login?.jwt) throw new Error(text);
      return data.login.jwt;
    }
  });
}

const login = 'mutation ($i: String!, $p: String!) { login(input: { identifier: $i, password: $p }) { jwt } }';

const NEWER = '0.1.1';

/** The same package as the next version of it, with a migration of Gatehouse's own. Returns the name of its file. */
function asNewerVersion(
  packed: string,
  directory: string,
  pack: (directory: string, ...words: string[]) => string,
): string {
  mkdirSync(directory);
  execFileSync('tar', ['-xzf', packed, '--strip-components=1', '-C', directory]);
  const edit = (file: string, work: (text: string) => string) =>
    writeFileSync(join(directory, file), work(readFileSync(join(directory, file), 'utf8')));
  edit('package.json', (text) => JSON.stringify({ ...JSON.parse(text), version: NEWER }));
  edit(
    'prisma/schema/gatehouse.prisma',
    (text) => `${text}\nmodel NewerThing {\n  id Int @id @default(autoincrement())\n\n  @@map("newer_things")\n}\n`,
  );
  const migration = join(directory, 'prisma/gatehouse-migrations/20991231000000_newer_things');
  mkdirSync(migration);
  writeFileSync(
    join(migration, 'migration.sql'),
    'CREATE TABLE "newer_things" ("id" SERIAL NOT NULL, CONSTRAINT "newer_things_pkey" PRIMARY KEY ("id"));\n',
  );
  return pack(directory, '--ignore-scripts');
}
