import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEMO_ADMIN, DEMO_PASSWORD } from '../../src/accounts/public-password.ts';
import { codeBlocksIn } from '../support/documents.ts';
import { createPlace, type Place } from '../support/process.ts';
import { copyProject, type ProjectCopy } from '../support/project-copy.ts';
import { send } from '../support/start.ts';

let place: Place;
let project: ProjectCopy;

// Follows the page to the letter, from top to bottom: the blog goes, a type of its own comes.
beforeAll(async () => {
  place = await createPlace();
  project = copyProject({ ...place.environment, PORT: '0' });
  for (const { label, text } of codeBlocksIn('docs/your-app.md')) {
    const file = /^write=(\S+)$/.exec(label)?.[1];
    if (file !== undefined) {
      mkdirSync(dirname(join(project.directory, file)), { recursive: true });
      writeFileSync(join(project.directory, file), text);
    }
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

test('a project without the blog compiles, starts, and serves what it has instead', async () => {
  await succeed('npm run typecheck');
  const started = await project.start('npm start', /(ready at \S+[\s\S]*Demo administrator: .*)/);
  const url = /ready at (\S+)/.exec(started)?.[1] ?? '';
  expect(started).toContain(`reader@example.com`);
  expect(started).not.toContain('editor@example.com');
  expect(started).toContain(DEMO_ADMIN);

  const created = await send(url, 'mutation { createNote(data: { text: "first" }) { text } }');
  expect(created.data).toEqual({ createNote: { text: 'first' } });
  expect((await send(url, 'query Notes { notes { text } memberCount }')).data).toEqual({
    notes: [{ text: 'first' }],
    memberCount: 1,
  });
  expect((await send(url, '{ posts { title } }')).errors?.[0]?.message).toMatch(/Cannot query field "posts"/);
  const login = `mutation { login(input: { identifier: "reader", password: "${DEMO_PASSWORD}" }) { user { username } } }`;
  expect((await send(url, login)).data).toEqual({ login: { user: { username: 'reader' } } });
});

test('the tests of Gatehouse run there, on a blog of their own', async () => {
  const files = ['guard', 'content', 'accounts'].map((name) => `test/${name}.test.ts`);
  await succeed(`node_modules/.bin/vitest run --project embedded ${files.join(' ')}`);
});
