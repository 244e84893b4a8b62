import { appendFileSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { copyProject, type ProjectCopy } from './support/project-copy.ts';

// The recipes of docs/permissions.md need organizations, teams and more, which the blog does not have. recipes/ holds the models,
// content types and tests of a project that has them; the tests run in that project, and take the grants from the page.

const fixture = (name: string) => join(import.meta.dirname, 'recipes', name);

let project: ProjectCopy;
beforeAll(() => {
  const url = process.env['TEST_DATABASE_URL'];
  project = copyProject(url ? { TEST_DATABASE_URL: url } : {});
  const inProject = (path: string) => join(project.directory, path);
  for (const schema of ['prisma/schema/content.prisma', 'test/blog/content.prisma']) {
    appendFileSync(inProject(schema), readFileSync(fixture('models.prisma')));
  }
  const content = readFileSync(fixture('content.txt'), 'utf8');
  writeFileSync(inProject('test/blog/content/office.ts'), content);
  const types = [...content.matchAll(/^export const (\w+)/gm)].map(([, name]) => name);
  appendFileSync(inProject('test/blog/content/index.ts'), `export { ${types.join(', ')} } from './office.ts';\n`);
  copyFileSync(fixture('recipes.txt'), inProject('test/office.test.ts'));
});
afterAll(() => project?.remove());

test('the recipes of docs/permissions.md do what the page says', async () => {
  for (const command of [
    'npm run migrate:new -- office',
    `npx vitest run --project ${inject('databaseKind')} test/office.test.ts`,
  ]) {
    const { code, output } = await project.run(command);
    expect(code, output).toBe(0);
  }
});
