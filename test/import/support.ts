import bcrypt from 'bcrypt';
import type { TestServer } from '../support/start.ts';
import type { ArchiveDescription } from '../support/strapi-archive.ts';

/** Empties a database of its users and content, as one that never had any. */
export async function withoutUsers({ database }: Pick<TestServer, 'database'>): Promise<void> {
  await database.query(
    'TRUNCATE "posts", "authors", "categories", "tags", "site_settings" RESTART IDENTITY CASCADE',
    [],
  );
  await database.query('DELETE FROM "users"', []);
  await database.query('ALTER SEQUENCE "users_id_seq" RESTART', []);
}

/** A hash of the rows of each table. */
export async function tablesOf({ database }: Pick<TestServer, 'database'>): Promise<Record<string, unknown>> {
  const tables = await database.query<{ readonly name: string }>(
    `SELECT tablename AS "name" FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename`,
    [],
  );
  const hashes: Record<string, unknown> = {};
  for (const { name } of tables) {
    const [row] = await database.query(
      `SELECT md5(string_agg(row::text, E'\\n' ORDER BY row::text)) AS "hash" FROM "${name}" AS row`,
      [],
    );
    hashes[name] = row?.['hash'];
  }
  return hashes;
}

/** The password of the users below. */
export const PASSWORD = 'Old-Pass-1!';
const HASH = bcrypt.hashSync(PASSWORD, 4);

const AT = { createdAt: '2026-01-02T03:04:05.678Z', updatedAt: '2026-01-02T03:04:05.678Z' };
const ACCOUNTS = 'plugin::users-permissions';

/** A role, as an archive has it. */
export function role(id: number, type: string, data: object = {}) {
  return { type: `${ACCOUNTS}.role`, id, data: { name: `Role ${type}`, type, ...AT, ...data } };
}

/** A user, as an archive has it. */
export function user(id: number, data: object) {
  const defaults = { provider: 'local', password: HASH, confirmed: true, blocked: false, ...AT };
  return { type: `${ACCOUNTS}.user`, id, data: { ...defaults, ...data } };
}

/** The link of a user to a role, as an archive has it. */
export function roleOf(userId: number, roleId: number) {
  return {
    kind: 'relation.basic',
    relation: 'manyToOne',
    left: { type: `${ACCOUNTS}.user`, field: 'role', ref: userId },
    right: { type: `${ACCOUNTS}.role`, field: 'users', ref: roleId, pos: 1 },
  };
}

/** An action of a role with its link, as an archive has them. */
export function permission(id: number, roleId: number, action: string) {
  const type = `${ACCOUNTS}.permission`;
  return {
    entity: { type, id, data: { action, ...AT } },
    link: {
      kind: 'relation.basic',
      relation: 'manyToOne',
      left: { type, field: 'role', ref: id },
      right: { type: `${ACCOUNTS}.role`, field: 'permissions', ref: roleId, pos: id },
    },
  };
}

/** Settings of Users & Permissions, as an archive has them. */
export function setting(name: 'advanced' | 'email' | 'grant', value: object) {
  return { type: 'core-store', value: { key: `plugin_users-permissions_${name}`, value, type: 'object' } };
}

/** A project with many users, each with a role, and nothing that would be lost. */
export function manyUsers(count: number): ArchiveDescription {
  const roles = [role(1, 'authenticated'), role(2, 'public')];
  const ids = function* () {
    for (let id = 1; id <= count; id++) yield id;
  };
  return {
    entities: (function* () {
      yield* roles;
      for (const id of ids()) yield user(id, { username: `person ${id}`, email: `person${id}@example.com` });
    })(),
    links: (function* () {
      for (const id of ids()) yield roleOf(id, 1);
    })(),
    configuration: [setting('advanced', { default_role: 'authenticated' })],
  };
}
