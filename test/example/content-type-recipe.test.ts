import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../../src/accounts/public-password.ts';
import { codeBlocksIn } from '../support/documents.ts';
import { createPlace, type Place } from '../support/process.ts';
import { copyProject, type ProjectCopy } from '../support/project-copy.ts';
import { send } from '../support/start.ts';

// A block without a label shows a part of something, and is no step of the recipe.
const blocks = codeBlocksIn('docs/extending.md').filter(({ label }) => label !== '');

let place: Place;
let project: ProjectCopy;
let url: string;

// Follows the page to the letter: writes the files it shows, and runs its commands.
beforeAll(async () => {
  place = await createPlace();
  project = copyProject({ ...place.environment, PORT: '0' });
  for (const { label, text } of blocks) {
    const file = /^file=(\S+)$/.exec(label)?.[1];
    if (file !== undefined) appendFileSync(join(project.directory, file), text);
  }
  for (const { label, text } of blocks) {
    if (label === 'run') for (const command of text.trim().split('\n')) await succeed(command);
  }
  url = await project.start('npm start', /ready at (\S+)/);
});

afterAll(async () => {
  await project?.remove();
  await place?.remove();
});

async function succeed(command: string): Promise<void> {
  const { code, output } = await project.run(command);
  expect(code, `${command}\n${output}`).toBe(0);
}

test('the recipe has its files, commands and operation', () => {
  const kinds = blocks.map(({ language, label }) => `${language} ${label.replace(/=.*/, '')}`.trim());
  expect(kinds).toEqual(['prisma file', 'ts file', 'ts file', 'sh run', 'graphql recipe']);
});

test('only a viewer with the permission can write the new type, and everyone can read it', async () => {
  const create = blocks.find(({ language }) => language === 'graphql')?.text ?? '';
  const products = '{ products { documentId name sku price inStock } }';

  const refused = await send(url, create);
  expect(refused.data).toEqual({ createProduct: null });
  expect(refused.errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
  expect((await send(url, products)).data).toEqual({ products: [] });

  const login = await send(url, 'mutation ($i: UsersPermissionsLoginInput!) { login(input: $i) { jwt } }', {
    variables: { i: { identifier: 'editor@example.com', password: DEMO_PASSWORD } },
  });
  const created = await send(url, create, { token: login.data.login.jwt });
  expect(created.errors).toBeUndefined();
  const { documentId, name } = created.data.createProduct;
  expect(name).toBe('Lantern');
  expect((await send(url, products)).data).toEqual({
    products: [{ documentId, name, sku: 'L-1', price: 19.5, inStock: true }],
  });

  const wrong = create.replace('L-1', 'lantern').replace('19.5', '-1');
  const { errors } = await send(url, wrong, { token: login.data.login.jwt });
  const faults = errors?.[0]?.extensions.error.details.errors;
  expect(faults?.map(({ path, message }) => `${path}: ${message}`)).toEqual([
    'sku: sku must match the following: "/[A-Z]+-\\d+/"',
    'price: price must be greater than or equal to 0',
  ]);
});

test('it compiles, and appears in the committed schema', async () => {
  await succeed('npm run typecheck');
  await succeed('npm run schema');
  const schema = readFileSync(join(project.directory, 'schema.graphql'), 'utf8');
  expect(schema).toMatch(/createProduct\(\s+"{3}The values of the product\."{3}\s+data: ProductInput!\s+\): Product/);
  expect(schema).toContain('"""Stock number"""');
});

test('a misspelt column does not compile', async () => {
  const file = join(project.directory, 'src/app/content/product.ts');
  const declaration = readFileSync(file, 'utf8');
  writeFileSync(file, declaration.replace("'price'", "'prise'"));
  const { code, output } = await project.run('npm run typecheck');
  writeFileSync(file, declaration);
  expect(code).not.toBe(0);
  expect(output).toMatch(/src\/app\/content\/product\.ts.*"prise"/);
});
