import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { digestOf } from './digest.mjs';
import { versionOf } from './packages.mjs';
import { nodeToRun, run } from './run.mjs';

const MADE_FROM = 'src/generated/.schema';

/** What src/generated/ is made from. */
export function digestOfSchema() {
  return digestOf(['prisma/schema', 'scripts/models-generator.mjs'], [versionOf('prisma-cli')]);
}

/** Generates the Prisma client, and what is generated beside it, when its schema changed. */
export function generate() {
  const digest = digestOfSchema();
  if (existsSync(MADE_FROM) && readFileSync(MADE_FROM, 'utf8') === digest) return;
  const node = nodeToRun();
  run(node, ['node_modules/prisma-cli/build/index.js', 'generate'], {
    // Generating needs no engine of its own, but looks for one, and would download it.
    PRISMA_SCHEMA_ENGINE_BINARY: node,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  });
  writeFileSync(MADE_FROM, digest);
}
