import { API_TOKEN } from '../accounts/read-api-token.ts';
import { ImportRefused, type StrapiRecord } from '../source.ts';
import { type NamingVersion, snakeCase } from './names.ts';
import type { Tables } from './tables.ts';
import { archiveValue, rowIdOf } from './values.ts';

const TABLE = 'strapi_api_tokens';
const PERMISSIONS = 'strapi_api_token_permissions';

/** What is read of a token. Its encrypted secret stays where it is. */
const ATTRIBUTES: readonly (readonly [attribute: string, type: string])[] = [
  ['documentId', 'string'],
  ['name', 'string'],
  ['description', 'string'],
  ['kind', 'string'],
  ['type', 'string'],
  ['accessKey', 'string'],
  ['lastUsedAt', 'datetime'],
  ['expiresAt', 'datetime'],
  ['lifespan', 'biginteger'],
  ['createdAt', 'datetime'],
  ['updatedAt', 'datetime'],
];

const MAXIMUM_PERMISSIONS = 1_000_000;

/** API tokens with the actions of each, which no archive has. */
export async function* apiTokensOf(tables: Tables, version: NamingVersion): AsyncGenerator<StrapiRecord> {
  const present = tables.catalogue.get(TABLE);
  if (!present?.has('id') || !present.has('access_key')) return; // before Strapi 4.0, or without its panel
  const permissions = await permissionsOf(tables, version);
  const attributes = ATTRIBUTES.map(([attribute, type]) => ({ attribute, type, column: snakeCase(attribute) }));
  const known = attributes.filter(({ column }) => present.has(column));
  const selection = { table: TABLE, columns: ['id', ...known.map(({ column }) => column)], orderBy: ['id'] };
  for await (const [rawId, ...values] of tables.rows(selection)) {
    const id = rowIdOf(rawId);
    if (!id) throw new ImportRefused('API tokens: a row has an id that is not a positive whole number.');
    const data: Record<string, unknown> = {};
    for (const [index, { attribute, type }] of known.entries()) {
      const found = archiveValue(type, values[index]);
      if ('problem' in found) throw new ImportRefused(`API token ${id}: the column "${attribute}" ${found.problem}.`);
      data[attribute] = found.value;
    }
    yield { kind: 'entity', type: API_TOKEN, id, data: { ...data, permissions: permissions.get(id) ?? [] } };
  }
}

async function permissionsOf(tables: Tables, version: NamingVersion): Promise<ReadonlyMap<number, string[]>> {
  const links = `${PERMISSIONS}_token_${version === 5 ? 'lnk' : 'links'}`;
  const ofTokens = new Map<number, string[]>();
  const linked = ['api_token_permission_id', 'api_token_id'];
  if (!linked.every((column) => tables.catalogue.get(links)?.has(column))) return ofTokens;
  if (!tables.catalogue.get(PERMISSIONS)?.has('action')) return ofTokens;
  const tokens = new Map<number, number>();
  for await (const [permission, token] of tables.rows({ table: links, columns: linked, orderBy: linked })) {
    const [id, tokenId] = [rowIdOf(permission), rowIdOf(token)];
    if (id && tokenId) tokens.set(id, tokenId);
    if (tokens.size > MAXIMUM_PERMISSIONS)
      throw new ImportRefused(`API tokens have more than ${MAXIMUM_PERMISSIONS} permissions.`);
  }
  for await (const [permission, action] of tables.rows({
    table: PERMISSIONS,
    columns: ['id', 'action'],
    orderBy: ['id'],
  })) {
    const id = rowIdOf(permission);
    const token = id ? tokens.get(id) : undefined;
    if (token !== undefined && typeof action === 'string')
      ofTokens.set(token, [...(ofTokens.get(token) ?? []), action]);
  }
  return ofTokens;
}
