import { InvalidArgumentError } from '@commander-js/extra-typings';
import type { AddCommands } from './command.ts';

/** What is made of the files of an application. Nothing here opens a server or its database. */
export const addProjectCommands: AddCommands = (program, _run, print) => {
  program
    .command('generate')
    .description('Generate the Prisma client and the types of your models, if prisma/schema/ changed')
    .action(async () => {
      await generate();
    });

  program
    .command('schema')
    .description('Write schema.graphql and schema.admin.graphql: what /graphql and /admin/graphql serve')
    .action(async () => {
      await generate();
      const { loadApp } = await import('../start/load-app.ts');
      const { writeSchemas } = await import('../project/print-schema.ts');
      print(`Wrote ${(await writeSchemas(await loadApp())).join(' and ')}.\n`);
    });

  program
    .command('migrate')
    .description('Migrations of your tables. A start applies them')
    .command('new')
    .description(
      'Write the SQL that leads from the migrations so far to prisma/schema/. No database of yours is touched',
    )
    .argument('<name>', 'what changes: add-products', readName)
    .option('--existing', 'for tables that a database has already: where they are, the migration does nothing')
    .action(async (name, { existing = false }) => {
      await generate();
      const { loadApp } = await import('../start/load-app.ts');
      const { writeMigration } = await import('../project/new-migration.ts');
      const written = await writeMigration(await loadApp(), name, existing);
      for (const { file, sql } of written) {
        print(`Wrote ${file}. Read it, then start the server: it is applied at start.\n\n${sql}\n`);
      }
      if (written.length === 0) print('Nothing changed: the migrations already lead to prisma/schema/.\n');
    });
};

/** Generates what is missing or older than the schema. */
async function generate(): Promise<void> {
  (await import('../project/generate.ts')).generate();
}

function readName(text: string): string {
  const name = text
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_');
  if (!/[a-z0-9]/.test(name)) throw new InvalidArgumentError('Name what changes, such as add-products.');
  return name;
}
