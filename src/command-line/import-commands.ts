import { Option } from '@commander-js/extra-typings';
import type { ImportPlan } from '../import/accounts.ts';
import type { AddCommands, CommandContext } from './command.ts';
import { CommandRefused } from './command.ts';

/** Moving in from other systems. */
export const addImportCommands: AddCommands = (program, run) => {
  const group = program.command('import').description('Moving in from other systems');

  group
    .command('strapi')
    .description('Import the accounts of a Strapi project into a database without users: all of it or nothing')
    .argument('<file>', 'what `strapi export --no-encrypt` wrote, or the database of the project')
    .option('--plan', 'only print what would come, and what would not; exit code 1 when something would be lost')
    .option('--accept-losses', 'import although something does not come as it was')
    .option('--content', 'import the documents of content types whose names match, too')
    .option('--tokens <database>', 'the database of the project (a file of SQLite, or a URL), for its API tokens')
    .addOption(
      new Option('--on-conflict <what>', 'what to do with a user whose names cannot be kept')
        .choices(['fail', 'skip', 'rename'] as const)
        .default('fail' as const),
    )
    .action((file, { plan: onlyPlan = false, acceptLosses = false, content = false, tokens, onConflict }) =>
      run(
        async (context) => {
          const { planStrapi } = await import('../import/strapi/import-strapi.ts');
          const { administration, contentTypes } = context.gatehouse;
          const { contentOf } = await import('../import/strapi/content-to-import.ts');
          return withProject(file, tokens, async (project) => {
            const planContent = content ? contentOf(project, context) : undefined;
            const plan = await planStrapi(administration, project, { contentTypes, onConflict, planContent });
            const isLossy = plan.losses.length > 0 && !acceptLosses;
            if (onlyPlan && !isLossy && plan.obstacles.length === 0) return inWords(plan);
            if (onlyPlan) throw new CommandRefused(inWords(plan));
            if (isLossy || plan.obstacles.length > 0) {
              const accept = isLossy ? ['Accept what would be lost with --accept-losses.'] : [];
              throw new CommandRefused([inWords(plan), 'Nothing was imported.', ...accept].join('\n'));
            }
            await carryOut(plan, context);
            return `${inWords(plan)}\nImported.`;
          });
        },
        { demo: false },
      ),
    );
};

type Plan = Awaited<ReturnType<typeof import('../import/strapi/import-strapi.ts').planStrapi>>;
type Project = import('../import/strapi/project.ts').StrapiProject;

/** Reads a project, with the API tokens of its database. */
async function withProject<T>(
  file: string,
  tokens: string | undefined,
  work: (project: Project) => Promise<T>,
): Promise<T> {
  const { openSource } = await import('../import/strapi/open-source.ts');
  const { readProject } = await import('../import/strapi/read-project.ts');
  const source = await openSource(file);
  try {
    const project = await readProject(source);
    if (tokens === undefined) return await work(project);
    const database = await openSource(tokens);
    try {
      const { apiTokens } = await readProject(database);
      return await work({ ...project, apiTokens });
    } finally {
      await database.close();
    }
  } finally {
    await source.close();
  }
}

async function carryOut(plan: Plan, { gatehouse, by, report }: CommandContext): Promise<void> {
  const { importStrapi } = await import('../import/strapi/import-strapi.ts');
  const { databaseFailureOf } = await import('../database/failures.ts');
  const total = plan.accounts.users.length;
  try {
    await importStrapi(gatehouse.administration, by, plan, {
      onProgress: (users) => report(`${users} of ${total} users`),
    });
  } catch (error) {
    if (databaseFailureOf(error) !== 'timeout') throw error;
    throw new CommandRefused(
      'The database did not answer in time. Is another import running, or a long change? Nothing was imported. Start again when it is done.',
    );
  }
}

function inWords({ lines, losses, obstacles }: ImportPlan): string {
  return [
    'What comes:',
    ...lines.map((line) => `  ${line}`),
    ...(losses.length > 0 ? ['What does not come as it was:'] : []),
    ...losses.map(({ what, count }) => `  ${count} × ${what}`),
    ...(obstacles.length > 0 ? ['It cannot be imported:'] : []),
    ...obstacles.map((obstacle) => `  ${obstacle}`),
  ].join('\n');
}
