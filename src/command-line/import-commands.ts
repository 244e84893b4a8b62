import { Option } from '@commander-js/extra-typings';
import { carryOutPlan } from './carry-out-plan.ts';
import type { AddCommands, CommandContext } from './command.ts';

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
            return carryOutPlan(plan, { onlyPlan, acceptLosses }, () => carryOut(plan, context));
          });
        },
        { demo: false },
      ),
    );

  group
    .command('users')
    .description('Import users of any other system from a file with one JSON object a line: all of them or none')
    .argument('<file>')
    .option('--plan', 'only print what would come, and what would not; exit code 1 when something would be lost')
    .option('--accept-losses', 'import although something does not come as it was')
    .addOption(
      new Option('--on-conflict <what>', 'what to do with a user whose names cannot be kept')
        .choices(['fail', 'skip', 'rename'] as const)
        .default('fail' as const),
    )
    .action((file, { plan: onlyPlan = false, acceptLosses = false, onConflict }) =>
      run(
        async ({ gatehouse, by, report }) => {
          const { importUsers, planUsers } = await import('../import/users/import-users.ts');
          const plan = await planUsers(gatehouse.administration, file, onConflict);
          const total = plan.users.length;
          const onProgress = (users: number) => report(`${users} of ${total} users`);
          return carryOutPlan(plan, { onlyPlan, acceptLosses }, () =>
            importUsers(gatehouse.administration, by, plan, { onProgress }),
          );
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
  const total = plan.accounts.users.ids.size;
  const onProgress = (users: number) => report(`${users} of ${total} users`);
  await importStrapi(gatehouse.administration, by, plan, { onProgress });
}
