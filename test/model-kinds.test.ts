import { appendFileSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { copyProject, type ProjectCopy } from './support/project-copy.ts';

// Kinds of columns and relations that the blog does not have. model-kinds/ holds the models, content types and tests of a
// project that has them, in src/app/ and in the blog of its tests; the tests run in that project.

const fixture = (name: string) => join(import.meta.dirname, 'model-kinds', name);

let project: ProjectCopy;
beforeAll(() => {
  const url = process.env['TEST_DATABASE_URL'];
  project = copyProject(url ? { TEST_DATABASE_URL: url } : {});
  const inProject = (path: string) => join(project.directory, path);
  for (const schema of ['prisma/schema/content.prisma', 'test/blog/content.prisma']) {
    appendFileSync(inProject(schema), readFileSync(fixture('models.prisma')));
  }
  const content = readFileSync(fixture('content.txt'), 'utf8');
  writeFileSync(inProject('src/app/content/people.ts'), content);
  writeFileSync(inProject('test/blog/content/people.ts'), content.replace("'gatehouse'", "'../declare.ts'"));
  for (const types of ['src/app/content/index.ts', 'test/blog/content/index.ts']) {
    appendFileSync(inProject(types), "export { apple, badge, fresh, person, thing } from './people.ts';\n");
  }
  copyFileSync(fixture('model-kinds.txt'), join(project.directory, 'test/kinds.test.ts'));
});
afterAll(() => project?.remove());

test('every kind of column and relation works as a content type', async () => {
  for (const command of [
    'npm run migrate:new -- kinds',
    `npx vitest run --project ${inject('databaseKind')} test/kinds.test.ts`,
  ]) {
    const { code, output } = await project.run(command);
    expect(code, output).toBe(0);
  }
});
