import { Option } from '@commander-js/extra-typings';
import { LIFESPANS } from '../administration/api-tokens/lifespan.ts';
import type { AddCommands } from './command.ts';
import { table } from './table.ts';

const KINDS = { 'read-only': 'READ_ONLY', 'full-access': 'FULL_ACCESS', custom: 'CUSTOM' } as const;

/** API tokens, for scripts that set up a server. */
export const addApiTokenCommands: AddCommands = (program, run) => {
  const group = program.command('token').description('API tokens');

  group
    .command('create')
    .description('Create an API token and print its secret, which is shown only once')
    .argument('<name>')
    .addOption(
      new Option('--kind <kind>', 'what the token is allowed')
        .choices(['read-only', 'full-access', 'custom'] as const)
        .default('read-only' as const),
    )
    .option('--actions <list>', 'the actions of a custom token, separated by commas', actionsIn, [])
    .option('--description <text>', 'what it is for')
    .addOption(
      new Option('--days <days>', 'expires after so many days (default: never)').choices(LIFESPANS.map(String)),
    )
    .action((name, { kind, actions, description = null, days }) =>
      run(async ({ gatehouse, by }) => {
        const { createApiToken } = await import('../administration/api-tokens/create-api-token.ts');
        const { secret } = await createApiToken(gatehouse.administration, by, {
          name,
          description,
          kind: KINDS[kind],
          actions,
          lifespan: LIFESPANS.find((one) => String(one) === days) ?? null,
        });
        return secret;
      }),
    );

  group
    .command('revoke')
    .description('Revoke an API token')
    .argument('<token>', 'its name or its documentId')
    .action((token) =>
      run(async ({ gatehouse, by }) => {
        const { revokeApiToken } = await import('../administration/api-tokens/revoke-api-token.ts');
        await revokeApiToken(gatehouse.administration, by, token);
        return `The token ${token} is revoked.`;
      }),
    );

  group
    .command('list')
    .description('List the API tokens')
    .action(() =>
      run(async ({ database }) => {
        const tokens = await database.prisma.apiToken.findMany({ orderBy: { id: 'asc' } });
        if (tokens.length === 0) return 'There are no API tokens.';
        return table([
          ['name', 'kind', 'begins with', 'expires', 'last used'],
          ...tokens.map(({ name, kind, prefix, importedFrom, expiresAt, revokedAt, lastUsedAt }) => [
            name,
            kind,
            importedFrom === null ? prefix : `(from ${importedFrom})`,
            revokedAt ? 'revoked' : dayOf(expiresAt),
            dayOf(lastUsedAt),
          ]),
        ]);
      }),
    );
};

function actionsIn(list: string): string[] {
  return list.split(',').flatMap((action) => action.trim() || []);
}

function dayOf(date: Date | null): string {
  return date?.toISOString().slice(0, 10) ?? 'never';
}
