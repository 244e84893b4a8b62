import { createApiToken } from '../administration/api-tokens/create-api-token.ts';
import { LIFESPANS, type Lifespan } from '../administration/api-tokens/lifespan.ts';
import { revokeApiToken } from '../administration/api-tokens/revoke-api-token.ts';
import { type Arguments, byCommandLine, type Command, oneWord, Refused, table } from './command.ts';

const KINDS = { 'read-only': 'READ_ONLY', 'full-access': 'FULL_ACCESS', custom: 'CUSTOM' } as const;

/** API tokens, for scripts that set up a server. */
export const API_TOKENS: readonly Command[] = [
  {
    usage: 'token create NAME [--kind read-only|full-access|custom] [--actions a.b,c.d] [--days 7|30|90]',
    description: 'makes an API token and prints its secret, this once; without --days it does not end',
    async run(given, { gatehouse }) {
      const name = oneWord(given);
      const { secret } = await createApiToken(gatehouse.administration, byCommandLine(), {
        name,
        description: given.options['description'] ?? null,
        kind: kindOf(given),
        actions: (given.options['actions'] ?? '').split(',').flatMap((action) => action.trim() || []),
        lifespan: lifespanOf(given),
      });
      return secret;
    },
  },
  {
    usage: 'token revoke NAME',
    description: 'ends an API token, by its name or its documentId',
    async run(given, { gatehouse }) {
      const name = oneWord(given);
      await revokeApiToken(gatehouse.administration, byCommandLine(), name);
      return `${name} is good for nothing any more.`;
    },
  },
  {
    usage: 'token list',
    description: 'every API token',
    async run(_given, { database }) {
      const tokens = await database.prisma.apiToken.findMany({ orderBy: { id: 'asc' } });
      if (tokens.length === 0) return 'There is none.';
      const day = (date: Date | null, otherwise: string) => date?.toISOString().slice(0, 10) ?? otherwise;
      return table([
        ['name', 'kind', 'begins with', 'ends', 'last used'],
        ...tokens.map(({ name, kind, prefix, expiresAt, revokedAt, lastUsedAt }) => [
          name,
          kind,
          prefix,
          revokedAt ? 'revoked' : day(expiresAt, 'never'),
          day(lastUsedAt, 'never'),
        ]),
      ]);
    },
  },
];

function kindOf({ options }: Arguments): (typeof KINDS)[keyof typeof KINDS] {
  const { kind = 'read-only' } = options;
  if (!Object.hasOwn(KINDS, kind)) throw new Refused(`--kind takes ${Object.keys(KINDS).join(', ')}`);
  return KINDS[kind as keyof typeof KINDS];
}

function lifespanOf({ options: { days } }: Arguments): Lifespan | null {
  if (days === undefined) return null;
  const lifespan = LIFESPANS.find((one) => String(one) === days);
  if (lifespan === undefined) throw new Refused(`--days takes ${LIFESPANS.join(', ')}`);
  return lifespan;
}
