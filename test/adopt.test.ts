import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { readIntrospected } from '../src/adopt/introspected.ts';
import { fieldName, modelName } from '../src/adopt/names.ts';
import { planAdoption } from '../src/adopt/plan-adoption.ts';
import { looksSecret } from '../src/adopt/secret-columns.ts';
import { FIELDS, isTakenName, TYPES } from '../src/adopt/taken-names.ts';
import { runCommand } from '../src/command-line/run-command.ts';
import { buildSchemas } from '../src/project/build-schemas.ts';
import { asExisting } from '../src/project/existing-tables.ts';
import { models } from './blog/models.ts';
import { ask } from './support/administer.ts';
import { createServerDatabase } from './support/database.ts';
import { copyProject } from './support/project-copy.ts';
import { send } from './support/start.ts';

/** Every column of what is not Gatehouse's, and what each table has. */
const OF_OTHERS = `
  SELECT c.oid::int AS "oid", c.relname, c.relfilenode::int AS "file", a.attname, format_type(a.atttypid, a.atttypmod) AS "type",
    (SELECT count(*)::int FROM pg_trigger t WHERE t.tgrelid = c.oid) AS "triggers"
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
  WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'gatehouse') ORDER BY 1, a.attnum`;

const SQL = readFileSync(join(import.meta.dirname, 'fixtures/adopt/film-rental.sql'), 'utf8');

async function gatehouse(...words: string[]): Promise<{ readonly code: number; readonly output: string }> {
  let output = '';
  const print = (text: string) => {
    output += text;
  };
  const open = () => Promise.reject(new Error('no server is opened'));
  const code = await runCommand(words, {
    verify: () => Promise.reject(new Error('not asked for')),
    open,
    askPassword: async () => '',
    confirm: undefined,
    print,
    printError: print,
  });
  return { code, output };
}

test.each([
  ['film_actors', 'FilmActor'],
  ['Categories', 'Category'],
  ['tbl-Order Items', 'TblOrderItem'],
  ['status', 'Status'],
  ['address', 'Address'],
  ['boxes', 'Box'],
  ['series', 'Series'],
  ['2fa', 'Table2fa'],
  ['größe', 'GroE'],
])('the table %s is the model %s', (table, model) => {
  expect(modelName(table)).toBe(model);
});

test.each([
  ['original_language_id', 'originalLanguageId'],
  ['URLPath', 'urlPath'],
  ['2nd try', 'column2ndTry'],
  ['createdAt', 'createdAt'],
])('the column %s is the field %s', (column, field) => {
  expect(fieldName(column)).toBe(field);
});

test('columns whose names say so are taken for secret, and no others', () => {
  const secret = ['password_digest', 'apiKey', 'API_KEY', 'resetToken', 'salt', 'pin', 'private_key', 'card_number'];
  const open = [
    'shipping_address',
    'pinned',
    'hashtag',
    'token_count_label'.replace('token', 'item'),
    'key',
    'passenger',
    'assault',
  ];
  expect(secret.filter((name) => !looksSecret(name))).toEqual([]);
  expect(open.filter(looksSecret)).toEqual([]);
});

test('a table is left out where no documentId can be made of its key, unless other columns are unique', () => {
  const { models, files, leftOut } = planAdoption(
    `model payment {
  payment_id BigInt @default(autoincrement())
  paid_at DateTime @default(now()) @db.Timestamptz(6)
  rental_id Int
  rental rental @relation(fields: [rental_id], references: [rental_id])
  @@id([payment_id, paid_at])
}
model rental {
  rental_id Int @id @default(autoincrement())
  payment payment[]
}
model reading {
  at DateTime @id @db.Timestamptz(6)
  series String
  number Int
  note String? @unique
  @@unique([series, number])
}
model visit {
  at DateTime @unique @db.Timestamptz(6)
}
`,
    { generated: new Map(), others: new Map() },
    { models: new Set(), tables: new Set() },
  );
  expect(leftOut).toEqual([
    expect.stringMatching(/^payment: has no key that a documentId can be made of: paid_at cannot be part of one\./),
    expect.stringMatching(/^visit: has no key that a documentId can be made of: at cannot be part of one\./),
  ]);
  expect(models).not.toMatch(/payment/i);
  expect(files.map(({ file }) => file)).toEqual(['reading.ts', 'rental.ts']);
  expect(files[0]?.text).toContain("key: ['series', 'number'],");
  expect(files[1]?.text).not.toMatch(/key|payment/);
});

test('a table that has the name of a model of Gatehouse gets another one, and one of its tables is left out', () => {
  const introspection =
    'model sessions {\n  id Int @id\n}\n\nmodel users {\n  id Int @id\n}\n\nmodel Session {\n  id Int @id\n}\n';
  const { models, leftOut } = planAdoption(
    introspection,
    { generated: new Map(), others: new Map() },
    { models: new Set(['Session']), tables: new Set(['users']) },
  );
  expect(readIntrospected(models).tables.map(({ name, table }) => [name, table])).toEqual([
    ['SessionRecord', 'sessions'],
    ['SessionRecord2', 'Session'],
  ]);
  expect(leftOut).toEqual([expect.stringMatching(/^users: has the name of a table of Gatehouse/)]);
});

const planOf = (introspection: string) =>
  planAdoption(
    introspection,
    { generated: new Map(), others: new Map() },
    { models: new Set(['Role']), tables: new Set() },
  );

test('no name of a database is code in what is written, or a line of what is printed', () => {
  const breaks = 'a\\u2028process.exit(7)\\u2029}\\u0085\\u001b[2J'.replaceAll(/\\u(....)/g, (_, hex) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  const { files, leftOut } = planOf(`model a {
  id     Int    @id
  secret String @map("secret ${breaks}")
  a      String @default(" @map(") @map(") the column")

  @@index([a], map: "x, a, id]")
  @@map("${breaks}")
}
`);
  const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
  expect(files).toHaveLength(1);
  expect(files[0]?.text.split('\n').filter((line) => unsafe.test(line))).toEqual([]);
  expect(leftOut).toHaveLength(2);
  expect(leftOut.filter((line) => unsafe.test(line))).toEqual([]);
});

test('a text of the database that looks like an attribute is none', () => {
  const { models } = planOf(`model things {
  id  Int    @id
  a_b String @default(" @map(") @map(") the column")

  @@index([a_b], map: "x, a_b, id]")
}
`);
  expect(models).toMatch(/^ {2}theColumn +String +@default\(" @map\("\) @map\("\) the column"\)$/m);
  expect(models).toContain('@@index([theColumn], map: "x, a_b, id]")');
});

test('tables whose names have the same words, or are words of TypeScript, each get a file and a constant', () => {
  const tables = ['a_b', 'ab', 'index', 'classes', 'class_types', 'packages'];
  const { files } = planOf(tables.map((name) => `model ${name} {\n  id Int @id\n}\n`).join('\n'));
  expect(files.map(({ line }) => line)).toEqual([
    "export { ab } from './ab-type.ts';",
    "export { aB } from './ab.ts';",
    "export { classType } from './class-type.ts';",
    "export { classType2 } from './class.ts';",
    "export { index } from './index-type.ts';",
    "export { packageType } from './package.ts';",
  ]);
  expect(files.find(({ file }) => file === 'class.ts')?.text).toContain(
    "export const classType2 = contentType('Class',",
  );
});

test('an enum gets no name that a model or another enum has', () => {
  const { models } = planOf(`model books {
  id Int   @id
  a  book
  b  book_
  c  role
}

enum book {
  x
}

enum book_ {
  x
}

enum role {
  x
}
`);
  expect([...models.matchAll(/^(?:enum|model) \w+/gm)].map(String)).toEqual([
    'enum BookEnum',
    'enum BookEnum2',
    'enum RoleEnum',
    'model Book',
  ]);
  expect(models).toMatch(/^ {2}c +RoleEnum$/m);
});

test('a migration of existing tables has each default value as it is, whatever it looks like', async () => {
  const values = ['$existing$; DROP TABLE t; --', 'a;\n-- b\nCREATE TABLE x;\n  c', "it's"];
  const columns = values.map((value, index) => `    "c${index}" TEXT DEFAULT '${value.replaceAll("'", "''")}'`);
  const sql = asExisting(`-- CreateTable\nCREATE TABLE "t" (\n    "id" INTEGER NOT NULL,\n${columns.join(',\n')},

    CONSTRAINT "t_pkey" PRIMARY KEY ("id")\n);\n\n-- CreateIndex\nCREATE INDEX "t;\ni" ON "t"("c0");`);
  const pglite = await PGlite.create();
  await pglite.exec(sql);
  await pglite.exec('INSERT INTO t VALUES (1)');
  await pglite.exec(sql); // where the tables are, it does nothing
  expect((await pglite.query('SELECT * FROM t')).rows).toEqual([
    { id: 1, c0: values[0], c1: values[1], c2: values[2] },
  ]);
  await pglite.close();
});

test('no table gets the name of a type or a root field of Gatehouse', async () => {
  const { schema, adminSchema } = await buildSchemas({ models, contentTypes: [] });
  const fields = [schema, adminSchema].flatMap((one) =>
    [one.getQueryType(), one.getMutationType()].flatMap((type) => Object.keys(type?.getFields() ?? {})),
  );
  const types = Object.keys({ ...schema.getTypeMap(), ...adminSchema.getTypeMap() }).filter(
    (name) => !name.startsWith('__'),
  );
  expect([...FIELDS].sort()).toEqual([...new Set(fields)].sort());
  expect([...TYPES].filter((name) => !OF_COLUMNS.includes(name)).sort()).toEqual(
    types.filter((name) => !OF_COLUMNS.includes(name)).sort(),
  );
  const names = ['settings', 'references', 'grants', 'api_tokens', 'mail_templates', 'films'];
  expect(names.map(modelName).filter((name) => !isTakenName(name))).toEqual(['Film']);
});

/** Scalars that only content types bring. */
const OF_COLUMNS = ['Bytes', 'Date', 'Decimal', 'JSON', 'Long', 'Time'];

test('without a project or a database nothing is written, and the reason is a line', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'gatehouse-adopt-'));
  const url = 'postgresql://nobody@127.0.0.1:1/nothing';
  expect(await gatehouse('adopt', url, '--into', empty)).toEqual({
    code: 1,
    output: expect.stringMatching(/^There is no prisma.schema here\. .*\n$/),
  });
  expect(readdirSync(empty)).toEqual([]);
  rmSync(empty, { recursive: true });
});

if (inject('databaseKind') === 'server')
  describe('an existing database', () => {
    let database: Awaited<ReturnType<typeof createServerDatabase>>;
    let project: string;
    const name = () => new URL(database.url).pathname.slice(1);
    beforeAll(async () => {
      database = await createServerDatabase();
      await ask(SQL, name());
      project = mkdtempSync(join(tmpdir(), 'gatehouse-adopt-'));
      mkdirSync(join(project, 'prisma/schema'), { recursive: true });
      cpSync('prisma/schema/gatehouse.prisma', join(project, 'prisma/schema/gatehouse.prisma'));
    });
    afterAll(async () => {
      await database?.drop();
      rmSync(project, { recursive: true, force: true });
    });
    const read = (file: string) => readFileSync(join(project, file), 'utf8');
    const files = () =>
      readdirSync(project, { recursive: true })
        .map(String)
        .filter((file) => file.endsWith('.ts'));
    const catalogue = () =>
      ask(
        `SELECT c.oid, c.relname, c.relfilenode, n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE n.nspname NOT LIKE 'pg_%' ORDER BY 1`,
        name(),
      );

    test('a plan says what would be written and what is left out, and writes nothing', async () => {
      const { code, output } = await gatehouse('adopt', database.url, '--plan', '--into', project);
      expect(code, output).toBe(0);
      expect(output).toContain('12 tables become content types. The database was only read.');
      expect(output).toContain('Would be written:');
      for (const reason of [
        'log_line: has no primary key',
        'users: can only be read, since password_digest must have a value',
        'sales_by_store: is a view',
        'films_by_year: is a materialized view',
        "film.search_text: PostgreSQL's type tsvector has no counterpart in GraphQL",
      ]) {
        expect(output).toContain(`  ${reason}`);
      }
      expect(output).not.toContain('salary'); // in another schema
      expect(files()).toEqual([]);
    });

    test('its tables become models and content types, and nothing in it changes', async () => {
      const before = await catalogue();
      const { code, output } = await gatehouse('adopt', database.url, '--into', project);
      expect(code, output).toBe(0);
      expect(await catalogue()).toEqual(before);
      const models = read('prisma/schema/content.prisma');
      for (const line of [
        /^ {2}originalLanguage +Language\? +@relation\("\w+", fields: \[originalLanguageId\], references: \[languageId\]/m,
        /^ {2}filmsByOriginalLanguage +Film\[\]/m,
        /^ {2}categoriesByParentCategory +Category\[\]/m,
        /^ {2}column2ndTry +Boolean +@default\(false\) @map\("2nd try"\)$/m,
        /^ {2}@@id\(\[actorId, filmId\]\)$/m,
        /^ {2}inventory +Inventory +@relation\(fields: \[storeId, copyNumber\], references: \[storeId, copyNumber\]/m,
        /^ {2}PG_13 @map\("PG-13"\)$/m,
      ]) {
        expect(models).toMatch(line);
      }
      expect(read('src/app/content/payment.ts')).toContain(
        `contentType('Payment', {
  read: ['paymentId', 'amount', 'tax', 'paidAt', 'order', 'column2ndTry', 'rental'],
  write: ['amount', 'paidAt', 'order', 'column2ndTry', 'rental'],
});`,
      );
      expect(read('src/app/content/index.ts')).toContain("export { filmActor } from './film-actor.ts';\n");
    });

    test('models that are there are not lost, and edited files stay', async () => {
      const again = await gatehouse('adopt', database.url, '--into', project);
      expect(again.code).toBe(1);
      expect(again.output).toContain('has models already. With --replace');
      writeFileSync(join(project, 'src/app/content/actor.ts'), '// edited\n');
      writeFileSync(join(project, 'src/app/content/gone.ts'), '// of a table that is gone\n');
      const { code, output } = await gatehouse('adopt', database.url, '--replace', '--into', project);
      expect(code, output).toBe(0);
      expect(read('src/app/content/actor.ts')).toBe('// edited\n');
      expect(files().some((file) => file.endsWith('gone.ts'))).toBe(false);
    });

    test('what was written compiles, and its server serves the tables', { timeout: 300_000 }, async () => {
      const copy = copyProject({ DATABASE_URL: database.url, PORT: '0' });
      try {
        for (const folder of ['src/app/content', 'prisma/migrations']) {
          rmSync(join(copy.directory, folder), { recursive: true });
        }
        const { code, output } = await gatehouse('adopt', database.url, '--replace', '--into', copy.directory);
        expect(code, output).toBe(0);
        const roles = `import { type NewRole, OWN_ACCOUNT, SIGN_IN } from 'gatehouse';
export const roles: readonly NewRole[] = [
  { type: 'authenticated', name: 'Authenticated', description: 'Users.', actions: OWN_ACCOUNT },
  { type: 'public', name: 'Public', description: 'Others.', actions: SIGN_IN },
];
`;
        writeFileSync(join(copy.directory, 'src/app/roles.ts'), roles);
        writeFileSync(
          join(copy.directory, 'src/app/seed.ts'),
          `export const demoUsers = [];\nexport async function seed(): Promise<void> {}\n`,
        );
        await ask(
          `INSERT INTO language (name) VALUES ('English'); INSERT INTO film (title, language_id, special_features)
             VALUES ('Alien', 1, '{Trailers}'), ('Brazil', 1, '{}');
           INSERT INTO users (email, full_name, password_digest) VALUES ('ellen@example.org', 'Ellen', 'x')`,
          name(),
        );
        const tables = () => ask(OF_OTHERS, name());
        const before = await tables();
        for (const command of [
          'node scripts/prepare.mjs',
          'npm run schema',
          'npm run migrate:new -- adopted --existing',
          'npm run permissions -- grant public userRecord.find film.find',
        ]) {
          const result = await copy.run(command);
          expect(result.code, `${command}\n${result.output}`).toBe(0);
          // timestamptz is timestamptz(6), and a column of a type that Prisma does not know is none of the database only.
          expect(result.output).not.toMatch(/The database differs/);
        }
        const schema = readFileSync(join(copy.directory, 'schema.graphql'), 'utf8');
        expect(schema).toMatch(/^type FilmActor \{.*?^ {2}film: Film\n/ms);
        expect(schema).toContain('rentalRate: Decimal');
        expect(schema).not.toMatch(/searchText|password_?digest/i);
        const url = await copy.start('npm start', /ready at (\S+)/);
        const { data, text } = await send(
          `${new URL(url).origin}/graphql`,
          // The filter of docs/existing-database.md
          '{ films(filters: { specialFeatures: { has: "Trailers" } }) { title } userRecords { documentId } films_connection { pageInfo { total } } }',
        );
        expect(data, text).toMatchObject({ films: [{ title: 'Alien' }], userRecords: [{}] });
        expect(await tables()).toEqual(before);
      } finally {
        await copy.remove();
      }
    });
  });
