import type { StrapiApiToken } from '../project.ts';
import type { StrapiData } from '../source.ts';
import { dates, documentIdOf, optionalDate, optionalNumber, optionalText, own, refused, text } from './row.ts';

export const API_TOKEN = 'admin::api-token';

const MAXIMUM_ACTIONS = 10_000;

/** Reads an API token. One for Strapi's own administration has the type `admin`, whatever it was made as. */
export function readApiToken(id: number, data: StrapiData): StrapiApiToken {
  const row = { name: `API token ${id}`, data };
  const accessKey = text(row, 'accessKey');
  if (!/^[0-9a-f]{128}$/.test(accessKey))
    throw refused(row, 'accessKey', 'is not an HMAC-SHA512 in hexadecimal digits');
  const lifespan = optionalNumber(row, 'lifespan');
  const actions = own(data, 'permissions');
  if (!Array.isArray(actions) || actions.length > MAXIMUM_ACTIONS)
    throw refused(row, 'permissions', 'is not a list of actions');
  return {
    id,
    documentId: documentIdOf(row),
    name: text(row, 'name'),
    description: optionalText(row, 'description'),
    type: optionalText(row, 'kind') === 'admin' ? 'admin' : text(row, 'type'),
    accessKey,
    lifespan,
    expiresAt: optionalDate(row, 'expiresAt'),
    lastUsedAt: optionalDate(row, 'lastUsedAt'),
    actions: actions.map((action: unknown) => text({ name: row.name, data: { action } }, 'action')),
    ...dates(row),
  };
}
