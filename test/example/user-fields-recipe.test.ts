import { appendFileSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeBlocksIn } from '../support/documents.ts';
import { createPlace, type Place } from '../support/process.ts';
import { copyProject, type ProjectCopy } from '../support/project-copy.ts';
import { send } from '../support/start.ts';

const blocks = codeBlocksIn('docs/user-fields.md').filter(({ label }) => label !== '');

let place: Place;
let project: ProjectCopy;
let migrations: readonly string[];

// Follows the page to the letter: writes the files it shows, and runs its commands.
beforeAll(async () => {
  place = await createPlace();
  project = copyProject({ ...place.environment, PORT: '0' });
  migrations = globSync('prisma/migrations/*/migration.sql', { cwd: project.directory });
  for (const { label, text } of blocks) {
    const file = /^file=(\S+)$/.exec(label)?.[1];
    if (file?.endsWith('.prisma')) appendFileSync(join(project.directory, file), text);
    else if (file !== undefined) writeFileSync(join(project.directory, file), text);
  }
  for (const { label, text } of blocks) {
    if (label === 'run') for (const command of text.trim().split('\n')) await succeed(command);
  }
});

afterAll(async () => {
  await project?.remove();
  await place?.remove();
});

async function succeed(command: string): Promise<void> {
  const { code, output } = await project.run(command);
  expect(code, `${command}\n${output}`).toBe(0);
}

test('the recipe has its files, commands and operation, and its migration only adds columns to users', () => {
  const kinds = blocks.map(({ language, label }) => `${language} ${label.replace(/=.*/, '')}`.trim());
  expect(kinds).toEqual(['prisma file', 'ts file', 'sh run', 'graphql recipe']);
  const [added = '', ...more] = globSync('prisma/migrations/*/migration.sql', { cwd: project.directory }).filter(
    (file) => !migrations.includes(file),
  );
  expect(more).toEqual([]);
  const sql = readFileSync(join(project.directory, added), 'utf8').replaceAll(/^--.*\n/gm, '');
  expect(sql.trim()).toMatch(
    /^ALTER TABLE "gatehouse"\."users" ADD COLUMN +"birthday" DATE,\nADD COLUMN +"firstName" TEXT,\nADD COLUMN +"newsletter" BOOLEAN NOT NULL DEFAULT false,\nADD COLUMN +"points" INTEGER NOT NULL DEFAULT 0;$/,
  );
});

test('a wrong name does not compile, nor does a column of Gatehouse, a reader or a writer that there is not', async () => {
  const file = join(project.directory, 'src/app/user.ts');
  const right = readFileSync(file, 'utf8');
  const wrong = [
    `userFields({ firstNam: { read: [], write: [] } });`,
    `userFields({ passwordHash: { read: ['me'], write: [] } });`,
    `userFields({ email: { read: ['me'], write: ['me'] } });`,
    `userFields({ firstName: { read: ['everybody'], write: [] } });`,
    `userFields({ firstName: { read: [], write: ['public'] } });`,
    `userFields({ firstName: { read: [], wrote: [] } });`,
    `userFields({ points: { read: [], write: [], validate: (points) => points.trim() } });`,
  ];
  writeFileSync(file, `${right}${wrong.join('\n')}\n`);
  const { output } = await project.run('node_modules/.bin/tsc --pretty false');
  writeFileSync(file, right);
  const errors = [...output.matchAll(/^(.+?)\((\d+),\d+\): error/gm)].map(([, at, line]) => `${at} ${line}`);
  const first = right.split('\n').length;
  expect([...new Set(errors)], output).toEqual(wrong.map((_, index) => `src/app/user.ts ${first + index}`));
});

test('who registers has the fields, and the built server with its panel starts', async () => {
  const url = await project.start('npm start', /ready at (\S+)/);
  const register = blocks.find(({ language }) => language === 'graphql')?.text ?? '';
  const { data, errors } = await send(url, register);
  expect(errors).toBeUndefined();
  expect(data.register.user).toEqual({ firstName: 'Ada', birthday: '1990-12-10', points: 0 });
  const unknown = await send(url, register.replace('firstName: "Ada"', 'firstName: "Ada", points: 1000'));
  expect(unknown.errors?.[0]?.message).toMatch(/unknown field "points"/);
  const panel = await fetch(new URL('/admin/', url), { headers: { accept: 'text/html' } });
  expect(await panel.text()).toContain('<script type="module"');
});

/** Serves the application with each of these declarations, and verifies it by its own: the first difference of each. */
const PLANTED = `
import { userFields } from 'gatehouse';
import { app } from './src/app/app.ts';
import { startTestServer } from './src/testing/start-test-server.ts';
import { NO_LIMITS } from './src/verify/no-limits.ts';
import { verify } from './src/verify/verify.ts';

const { firstName, birthday, newsletter, points } = app.userFields.fields;
const declared = (fields) => ({ ...app, userFields: userFields({ firstName, birthday, newsletter, points, ...fields }) });
const refused = (action) => ({
  ...app,
  plugins: [
    {
      onExecute({ args }) {
        const { viewer } = args.contextValue;
        const { permissions } = viewer;
        const allows = (name) => name !== action && permissions.allows(name);
        const grants = (name) => (name === action ? undefined : permissions.grants(name));
        args.contextValue.viewer = { ...viewer, permissions: { of: permissions.of, allows, grants } };
      },
    },
  ],
});
const others = ({ data, errors }) => ({ data: data?.me?.firstName ? { me: { firstName: 'user-firstname-1' } } : data, errors });
const planted = {
  'others read it': declared({ birthday: { ...birthday, read: ['me', 'users'] } }),
  'nobody reads it': declared({ newsletter: { ...newsletter, read: [] } }),
  'the user writes it': declared({ points: { ...points, write: ['me', 'administrators'] } }),
  'somebody who registers writes it': declared({ points: { ...points, write: ['register', 'administrators'] } }),
  'users cannot be written': refused('user.updateMe'),
  'the own account cannot be read': refused('user.me'),
  "another one's": app,
};
for (const [name, faulty] of Object.entries(planted)) {
  const serve = async () => {
    const server = await startTestServer(faulty, { config: NO_LIMITS });
    const ask = async (...asked) => {
      const answer = await server.ask(...asked);
      return name === "another one's" ? { ...answer, ...others(answer) } : answer;
    };
    return new Proxy(server, {
      get(target, key) {
        const value = key === 'ask' ? ask : Reflect.get(target, key);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  };
  const { findings } = await verify(app, { types: ['User'], roles: ['author'], untilFirst: true, serve });
  const [first] = findings;
  console.log(name + ': ' + first?.document + ' => ' + first?.expected);
}
`;

test('what the fields answer is verified, and planted faults are found', { timeout: 300_000 }, async () => {
  const right = await project.run('npm run --silent gatehouse -- verify --role author');
  expect(right.output).toMatch(/ 0 differences \(seed 1\)/);
  writeFileSync(join(project.directory, 'planted.ts'), PLANTED);
  const { output } = await project.run('npx --no-install node --conditions=gatehouse-source planted.ts');
  expect(output.trim().split('\n')).toEqual([
    'others read it: UsersPermissionsUser.birthday => that nobody declares it there',
    'nobody reads it: UsersPermissionsMe.newsletter => a field, as src/app/user.ts says',
    'the user writes it: UpdateMeInput.points => that nobody declares it there',
    'somebody who registers writes it: UsersPermissionsRegisterInput.points => that nobody declares it there',
    expect.stringMatching(
      /^users cannot be written: mutation \{ updateMe\(data: \{ firstName: .* => no refusal: user\.updateMe is allowed$/,
    ),
    expect.stringMatching(/^the own account cannot be read: \{ me \{ firstName \} \} => user-firstname-0$/),
    "another one's: { me { firstName } } => user-firstname-0",
  ]);
});
