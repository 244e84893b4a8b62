import { Distinct } from './accounts/distinct.ts';
import { API_TOKEN, readApiToken } from './accounts/read-api-token.ts';
import { RoleReader } from './accounts/read-roles.ts';
import { UserReader, type UserToLink } from './accounts/read-user.ts';
import { PERMISSION, ROLE, RoleLinks, USER } from './accounts/role-links.ts';
import type { StrapiApiToken, StrapiProject } from './project.ts';
import { ImportRefused, type StrapiData, type StrapiRecord, type StrapiSource } from './source.ts';

/** About 700 bytes each in memory: more do not fit beside everything else. */
const MAXIMUM_USERS = 5_000_000;
const MAXIMUM_API_TOKENS = 10_000;
const MAXIMUM_TYPES = 10_000;
const MAXIMUM_SETTINGS = 10_000;
const MAXIMUM_LEFT_OUT_FIELDS = 100_000;

/**
 * Reads a project once: all of its accounts, and how much there is of its content.
 *
 * @throws ImportRefused for accounts that contradict each other, or that are not what Strapi writes.
 */
export async function readProject(source: StrapiSource): Promise<StrapiProject> {
  const users = new Distinct<UserToLink>('user', MAXIMUM_USERS);
  const userReader = new UserReader();
  const userRoles = new RoleLinks(USER, 'user', MAXIMUM_USERS);
  const roles = new RoleReader();
  const apiTokens = new Distinct<StrapiApiToken>('API token', MAXIMUM_API_TOKENS);
  const schemas = new Map<string, StrapiData>();
  const settings = new Map<string, unknown>();
  const rows = new Map<string, number>();
  const mediaLinks = new Map<string, number>();
  const unreadLinks = new Map<string, number>();
  let assets = 0;
  let version: string | undefined;

  for await (const record of source.records()) {
    switch (record.kind) {
      case 'schema':
        put(schemas, record.uid, record.schema, MAXIMUM_TYPES, 'schemas');
        break;
      case 'entity':
        count(rows, record.type, MAXIMUM_TYPES, 'types');
        readAccount(record);
        break;
      case 'link':
        userRoles.add(record);
        roles.addLink(record);
        break;
      case 'leftOutLink':
        if (record.link === 'circular') break;
        count(
          record.link === 'morph' ? mediaLinks : unreadLinks,
          `${record.type}.${record.field}`,
          MAXIMUM_LEFT_OUT_FIELDS,
          'fields with links that are left out',
        );
        break;
      case 'setting':
        if (!OF_ITS_PANEL.test(record.key)) put(settings, record.key, record.value, MAXIMUM_SETTINGS, 'settings');
        break;
      case 'asset':
        assets++;
        break;
      case 'version':
        version = record.version;
    }
  }

  function readAccount({ type, id, data }: Extract<StrapiRecord, { kind: 'entity' }>): void {
    if (type === USER) users.add(userReader.read(id, data));
    else if (type === ROLE) roles.addRole(id, data);
    else if (type === PERMISSION) roles.addPermission(id, data);
    else if (type === API_TOKEN) apiTokens.add(readApiToken(id, data));
  }

  userRoles.check(
    (id) => users.get(id) !== undefined,
    (id) => roles.has(id),
  );
  const linked = users.all();
  for (const user of linked) user.role = userRoles.of(user.id);
  return {
    source,
    version,
    schemas,
    roles: roles.all(),
    users: linked,
    apiTokens: apiTokens.all(),
    settings,
    rows,
    assets,
    mediaLinks,
    unreadLinks,
  };
}

/** Layouts of Strapi's panel and the schemas once more: large, and of no use here. */
const OF_ITS_PANEL = /^(?:plugin_content_manager_configuration_|strapi_content_types_schema$)/;

function put<Value>(map: Map<string, Value>, key: string, value: Value, maximum: number, what: string): void {
  if (map.has(key))
    throw new ImportRefused(`Two ${what} have the same name, which Strapi does not write. Delete one in its database.`);
  if (map.size === maximum) throw new ImportRefused(`There are more than ${maximum} ${what}.`);
  map.set(key, value);
}

function count(map: Map<string, number>, key: string, maximum: number, what: string): void {
  const before = map.get(key);
  if (before === undefined && map.size === maximum) throw new ImportRefused(`There are more than ${maximum} ${what}.`);
  map.set(key, (before ?? 0) + 1);
}
