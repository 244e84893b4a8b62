import { parseJson } from '../bounded-json.ts';
import { isData, isUid } from '../shapes.ts';
import { ImportRefused, type StrapiData, type StrapiRecord } from '../source.ts';
import { apiTokensOf } from './api-tokens.ts';
import { entitiesOf } from './entities.ts';
import { layoutsOf } from './layout.ts';
import { linksOf } from './links.ts';
import type { NamingVersion } from './names.ts';
import type { Tables } from './tables.ts';

const SETTINGS = 'strapi_core_store_settings';
const SCHEMAS = 'strapi_content_types_schema';

/** Everything in a Strapi database as the records of an archive, with its API tokens, which an archive does not have. */
export async function* recordsOfTables(tables: Tables): AsyncGenerator<StrapiRecord> {
  const version = versionOf(tables);
  const schemas = new Map<string, StrapiData>();
  for await (const record of settingsOf(tables)) {
    if (record.kind === 'setting' && record.key === SCHEMAS) collect(schemas, record.value);
    yield record;
  }
  for (const [uid, schema] of schemas) yield { kind: 'schema', uid, schema };
  const layouts = layoutsOf(schemas, tables.catalogue, version);
  for (const layout of layouts.values()) {
    for await (const record of entitiesOf(layout, tables, version)) {
      yield record;
      if (layout.uid === 'plugin::upload.file') yield { kind: 'asset' };
    }
  }
  yield* apiTokensOf(tables, version);
  for (const layout of layouts.values()) yield* linksOf(layout, layouts, tables, version);
}

/** Each version has another name for the table that links users with roles. */
function versionOf({ catalogue }: Tables): NamingVersion {
  if (catalogue.has('users-permissions_user'))
    throw new ImportRefused('This is a database of Strapi 3. Those of Strapi 4 and 5 can be imported.');
  if (catalogue.has('up_users') && catalogue.has(SETTINGS)) {
    if (catalogue.has('up_users_role_lnk')) return 5;
    if (catalogue.has('up_users_role_links')) return 4;
  }
  throw new ImportRefused(
    'This is not a database of Strapi 4 or 5: it does not have the tables of users, roles and settings.',
  );
}

async function* settingsOf(tables: Tables): AsyncGenerator<StrapiRecord> {
  for await (const [id, key, text] of tables.rows({
    table: SETTINGS,
    columns: ['id', 'key', 'value'],
    orderBy: ['id'],
  })) {
    const place = `${SETTINGS}, the row with the id ${Number(id)}`;
    if (typeof key !== 'string' || key.length > 512) throw new ImportRefused(`${place}: it has no key.`);
    const json = typeof text === 'string' ? parseJson(text) : { value: text };
    if ('problem' in json) throw new ImportRefused(`${place}: its value ${json.problem}.`);
    yield { kind: 'setting', key, value: json.value };
  }
}

function collect(schemas: Map<string, StrapiData>, value: unknown): void {
  for (const [uid, schema] of Object.entries(isData(value) ? value : {})) {
    if (!isUid(uid) || !isData(schema)) throw new ImportRefused(`The setting ${SCHEMAS} is damaged.`);
    schemas.set(uid, schema);
  }
}
