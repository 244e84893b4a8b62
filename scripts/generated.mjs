import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { COMPOSED, composedBeside, composeSchema } from './compose-schema.mjs';
import { withRelationsOf } from './core-schema.mjs';
import { digestOf } from './digest.mjs';
import { placeInSchemas } from './place-in-schemas.mjs';
import { fail, nodeToRun, run } from './run.mjs';

/** A file of this package, from the working directory, which is the application's: other generators and digests name it so. */
const ofPackage = (file) => relative('', fileURLToPath(new URL(`../${file}`, import.meta.url)));
const CORE = 'prisma/schema/gatehouse.prisma';
const require = createRequire(import.meta.url);

const MADE_FROM = 'src/generated/.schema';
const SCHEMA = 'prisma/schema';

/** What a schema is generated with. */
const GENERATORS = ['models-generator', 'compose-schema', 'core-schema', 'place-in-schemas', 'generated'].map(
  (name) => `scripts/${name}.mjs`,
);

/** Models that the tests work with, each with where its schema is put together and generated from: a blog, and a shop. */
const TESTS = ['test/blog', 'test/shop'].map((directory) => ({
  content: `${directory}/content.prisma`,
  user: `${directory}/user.prisma`,
  root: `${directory}/generated`,
  madeFrom: `${directory}/generated/.schema`,
}));

/** Generates the Prisma client of the application here, and what is generated beside it, when its schema changed. */
export function generate() {
  const files = filesOfSchema();
  const digest = digestOfSchema(files);
  if (existsSync(MADE_FROM) && readFileSync(MADE_FROM, 'utf8') === digest) return;
  const texts = files.map((file) => ({ name: basename(file), text: readFileSync(file, 'utf8') }));
  writeSchema(COMPOSED, composedBeside(withGatehouse(texts)));
  runPrisma(COMPOSED);
  writeFileSync(MADE_FROM, digest);
}

/** The application's part of the schema. In Gatehouse's own repository, Gatehouse's stands beside it. */
function filesOfSchema() {
  if (!existsSync(SCHEMA)) fail(`${SCHEMA} is not here: is ${process.cwd()} the folder of your application?`);
  return readdirSync(SCHEMA)
    .filter((name) => name.endsWith('.prisma') && name !== 'gatehouse.prisma')
    .map((name) => join(SCHEMA, name));
}

/** The whole schema: these files, and Gatehouse's models with what belongs to theirs. */
function withGatehouse(files) {
  const content = files.map(({ text }) => text).join('\n');
  const core = { name: 'gatehouse.prisma', text: withRelationsOf(content, readFileSync(ofPackage(CORE), 'utf8')) };
  return placeInSchemas(composeSchema([{ ...core, text: withGenerators(core.text) }, ...files]));
}

/** Prisma runs generators from the working directory. */
function withGenerators(schema) {
  const run = (file) => `"node ${file.replaceAll('\\', '/')}"`;
  return schema
    .replace(
      '"prisma-pothos-types"',
      run(relative('', join(dirname(require.resolve('@pothos/plugin-prisma')), '../bin/generator.js'))),
    )
    .replace('"node scripts/models-generator.mjs"', run(ofPackage('scripts/models-generator.mjs')));
}

function writeSchema(directory, files) {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  for (const { name, text } of files) writeFileSync(join(directory, name), text);
}

/** The same of what the tests work with, where it is: its models beside Gatehouse's own. */
export function generateForTests() {
  for (const models of TESTS) generateBeside(models);
}

function generateBeside({ content: file, user, root, madeFrom }) {
  if (!existsSync(file)) return;
  const sources = [file, ...(existsSync(user) ? [user] : [])];
  const digest = digestOfSchema(sources);
  if (existsSync(madeFrom) && readFileSync(madeFrom, 'utf8') === digest) return;
  // In folders as in the project, since the generators' outputs are relative: they come to generated/src/generated/.
  const schema = `${root}/prisma/schema`;
  const files = sources.map((source) => ({ name: basename(source), text: readFileSync(source, 'utf8') }));
  writeSchema(schema, withGatehouse(files));
  runPrisma(schema);
  writeFileSync(madeFrom, digest);
}

function digestOfSchema(files) {
  const { version } = require('@prisma/client/package.json');
  return digestOf([...[CORE, ...GENERATORS].map(ofPackage), ...files], [version]);
}

function runPrisma(schema) {
  const node = nodeToRun();
  run(
    node,
    [join(dirname(require.resolve('prisma-cli/package.json')), 'build/index.js'), 'generate', '--schema', schema],
    {
      // Generating needs no engine of its own, but looks for one, and would download it.
      PRISMA_SCHEMA_ENGINE_BINARY: node,
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    },
  );
}
