import { faultsOfName, faultsOfText, textOrNull } from '../../administration/validate-texts.ts';
import type { ApiTokenKind } from '../../generated/prisma/client.ts';
import type { ImportedApiToken } from '../accounts.ts';
import { counted, type PlanNotes, shown } from '../plan-notes.ts';
import { mapActions, type OurActions } from './map-actions.ts';
import { documentIdFor } from './map-roles.ts';
import type { StrapiProject } from './project.ts';

/** Tokens of Strapi's own administration are not among them. */
const KINDS: Readonly<Record<string, ApiTokenKind>> = {
  'read-only': 'READ_ONLY',
  'full-access': 'FULL_ACCESS',
  custom: 'CUSTOM',
};

const DAY = 86_400_000;

/** The API tokens of a project, which keep their secrets. */
export function mapApiTokens(
  { apiTokens }: Pick<StrapiProject, 'apiTokens'>,
  ours: OurActions,
  present: readonly string[],
  notes: PlanNotes,
): ImportedApiToken[] {
  const names = new Set(present);
  const documentIds = new Set<string>();
  const tokens = apiTokens.flatMap((token): ImportedApiToken[] => {
    const kind = Object.hasOwn(KINDS, token.type) ? KINDS[token.type] : undefined;
    if (kind === undefined) {
      notes.lose(`the API token ${token.id}, which is not one of read-only, full-access and custom`);
      return [];
    }
    const { actions, unknown } = kind === 'CUSTOM' ? mapActions(token.actions, ours) : { actions: [], unknown: [] };
    notes.lose(
      `actions of the API token ${token.id}: there are no such actions here: ${unknown.slice(0, 10).map(shown).join(', ')}`,
      unknown.length,
    );
    const own = faultsOfName(token.name).length === 0 ? token.name.trim() : `Strapi ${token.id}`;
    let name = own;
    for (let number = 2; names.has(name); number++) name = `${own} ${number}`;
    if (name !== token.name) notes.say(`The API token ${token.id} is called ${shown(name)}: its name cannot be kept.`);
    names.add(name);
    const description = faultsOfText(token.description, ['description']).length === 0 ? token.description : null;
    return [
      {
        documentId: documentIdFor(token.documentId, documentIds),
        name,
        description: textOrNull(description),
        kind,
        actions,
        hash: `strapi:${token.accessKey}`,
        lifespan: token.lifespan === null ? null : Math.max(1, Math.round(token.lifespan / DAY)),
        expiresAt: token.expiresAt,
        lastUsedAt: token.lastUsedAt,
        createdAt: token.createdAt,
      },
    ];
  });
  if (tokens.length === 0) return tokens;
  notes.say(
    `${counted(tokens.length, 'API token')} with ${tokens.length === 1 ? 'its' : 'their'} secret. Set STRAPI_API_TOKEN_SALT to Strapi's API_TOKEN_SALT: without it they are refused.`,
  );
  if (tokens.some(({ kind }) => kind === 'READ_ONLY')) {
    notes.say('API tokens that only read read content. In Strapi they also read users and roles.');
  }
  return tokens;
}
