import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { digestOf } from './digest.mjs';
import { versionOf } from './packages.mjs';
import { nodeToRun, run } from './run.mjs';

const MADE_FROM = 'src/generated/.schema';
const CORE = 'prisma/schema/gatehouse.prisma';

/** The models of the blog that the tests work with, and where its schema is put together and generated from. */
const TESTS = {
  content: 'test/blog/content.prisma',
  root: 'test/blog/generated',
  madeFrom: 'test/blog/generated/.schema',
};

/** What src/generated/ is made from. */
export function digestOfSchema() {
  return digestOf(['prisma/schema', 'scripts/models-generator.mjs'], [versionOf('prisma-cli')]);
}

/** Generates the Prisma client, and what is generated beside it, when its schema changed. */
export function generate() {
  const digest = digestOfSchema();
  if (existsSync(MADE_FROM) && readFileSync(MADE_FROM, 'utf8') === digest) return;
  runPrisma([]);
  writeFileSync(MADE_FROM, digest);
}

/** The same of the blog that the tests work with, where they are: its models beside Gatehouse's own. */
export function generateForTests() {
  if (!existsSync(TESTS.content)) return;
  const digest = digestOf(
    [CORE, TESTS.content, 'scripts/models-generator.mjs', 'scripts/generated.mjs'],
    [versionOf('prisma-cli')],
  );
  if (existsSync(TESTS.madeFrom) && readFileSync(TESTS.madeFrom, 'utf8') === digest) return;
  const content = readFileSync(TESTS.content, 'utf8');
  // In folders as in the project, since the generators' outputs are relative: they come to test/blog/generated/src/generated/.
  const schema = `${TESTS.root}/prisma/schema`;
  mkdirSync(schema, { recursive: true });
  writeFileSync(`${schema}/gatehouse.prisma`, withRelationsOf(content, readFileSync(CORE, 'utf8')));
  writeFileSync(`${schema}/content.prisma`, content);
  runPrisma(['--schema', schema]);
  writeFileSync(TESTS.madeFrom, digest);
}

/** Gatehouse's models with the other sides of the relations of these models to them, instead of those of src/app/. */
function withRelationsOf(content, core) {
  const own = new Set([...core.matchAll(/^(?:model|enum) (\w+)/gm)].map(([, name]) => name));
  const isForeign = (line) => {
    const type = /^ +\w+ +(\w+)(?:\[\]|\?)/.exec(line)?.[1];
    return type !== undefined && !SCALARS.has(type) && !own.has(type);
  };
  let schema = core
    .split('\n')
    .filter((line) => !isForeign(line))
    .join('\n');
  for (const [, model, body] of content.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm)) {
    for (const [, field, type, more] of body.matchAll(/^ +(\w+) +(\w+)\b(.*)$/gm)) {
      const name = /@relation\((?:name: *)?"(\w+)"/.exec(more)?.[1];
      const many = `${model[0].toLowerCase()}${model.slice(1)}s`;
      const opposite = name ? `${many}_${field} ${model}[] @relation("${name}")` : `${many} ${model}[]`;
      // Enums are no models, and are not found.
      if (own.has(type)) schema = schema.replace(`model ${type} {\n`, `$&  ${opposite}\n`);
    }
  }
  return schema;
}

const SCALARS = new Set(['String', 'Boolean', 'Int', 'BigInt', 'Float', 'Decimal', 'DateTime', 'Json', 'Bytes']);

function runPrisma(words) {
  const node = nodeToRun();
  run(node, ['node_modules/prisma-cli/build/index.js', 'generate', ...words], {
    // Generating needs no engine of its own, but looks for one, and would download it.
    PRISMA_SCHEMA_ENGINE_BINARY: node,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  });
}
