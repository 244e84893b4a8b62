import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { createPlace, type Launched, launch, type Place, SECRETS } from '../support/process.ts';
import { copyProject, type ProjectCopy, waysToTheRegistry } from '../support/project-copy.ts';
import { send } from '../support/start.ts';

const MAIN = 'src/main.ts';

if (inject('databaseKind') === 'embedded') {
  describe('a project with its packages installed', () => {
    let place: Place;
    let project: ProjectCopy;
    const running: Launched[] = [];
    beforeAll(async () => {
      place = await createPlace({ used: true });
      project = copyProject({ ...place.environment, PORT: '0' }, { made: false });
      cpSync('src/generated', join(project.directory, 'src/generated'), { recursive: true });
    });
    afterEach(async () => {
      for (const { child } of running.splice(0)) await end(child, 'SIGTERM', 'first');
    });
    afterAll(async () => {
      await project?.remove();
      await place?.remove();
    });
    const read = (file: string) => readFileSync(join(project.directory, file), 'utf8');
    const write = (file: string, text: string) => writeFileSync(join(project.directory, file), text);
    const npm = (...words: string[]) => {
      const launched = launch({ ...place.environment, HOME: project.directory }, ['npm', ...words], project.directory);
      running.push(launched);
      return launched;
    };

    test('is not built when a type is wrong', async () => {
      const before = read(MAIN);
      write(MAIN, `${before}export const wrong: string = 1;\n`);
      const { code, output } = await project.run('npm run build');
      write(MAIN, before);
      expect(output).toContain("error TS2322: Type 'number' is not assignable to type 'string'");
      expect(code).toBe(1);
      expect(existsSync(join(project.directory, 'dist/main.js'))).toBe(false);
    });

    test('starts as its sources are now, and removes what has no source', async () => {
      expect((await project.run('npm run build')).code).toBe(0);
      const before = read(MAIN);
      write('dist/left-over.js', '');
      write(MAIN, `${before}process.stdout.write('changed\\n');\n`);
      await printed(npm('start'), /^changed$/m);
      write(MAIN, before);
      expect(existsSync(join(project.directory, 'dist/left-over.js'))).toBe(false);
    });

    test('is not built again when nothing changed', async () => {
      expect((await project.run('npm run build')).code).toBe(0);
      write('dist/main.js', `${read('dist/main.js')}process.stdout.write('as it was\\n');\n`);
      await printed(npm('start'), /^as it was$/m);
    });

    test.each([
      ['SIGTERM', 'first'],
      ['SIGINT', 'all'],
    ] as const)(
      'is restarted by npm run dev when a source changes, and %s to the %s ends it',
      async (signal, receiver) => {
        const dev = npm('run', 'dev');
        await answers(await printed(dev, /ready at (\S+)/));
        const file = 'src/app/content/index.ts';
        const before = read(file);
        write(file, `${before}// changed\n`);
        try {
          const url = await printed(dev, /ready at [\s\S]*ready at (\S+)/);
          await answers(url);
          await end(dev.child, signal, receiver);
          await expect.poll(() => fetch(url).then(Boolean, () => false)).toBe(false);
        } finally {
          // Not before the end: that is a change, too, and restarts the server once more.
          write(file, before);
        }
      },
    );
  });

  test('a first start with NODE_ENV=production installs what it builds with', async () => {
    const place = await createPlace();
    const project = copyProject(
      {
        ...place.environment,
        ...SECRETS,
        NODE_ENV: 'production',
        PORT: '0',
        ...waysToTheRegistry(),
      },
      { packages: false, made: false },
    );
    try {
      const url = await project.start('exec npm start', /ready at (\S+)/);
      await answers(url);
    } finally {
      await project.remove();
      await place.remove();
    }
  });
}

async function answers(url: string): Promise<void> {
  expect((await send(url, '{ __typename }')).data).toEqual({ __typename: 'Query' });
}

/** What a process printed: the group of the pattern, once that is there. */
async function printed({ child, output }: Launched, pattern: RegExp): Promise<string> {
  for (;;) {
    const found = pattern.exec(output());
    if (found) return found[1] ?? found[0];
    if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}:\n${output()}`);
    await wait(50);
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals, receiver: 'first' | 'all'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  process.kill(receiver === 'all' ? -Number(child.pid) : Number(child.pid), signal);
  await exit;
}
