import { IDENTIFIER_RULE, identifierKeys } from '../accounts/identifiers.ts';
import type { Transaction } from '../administration/administration.ts';
import { newDocumentId } from '../database/document-key.ts';
import type { ImportedUser } from './accounts.ts';
import { moveSequenceOn } from './sequences.ts';

/** Rows of one statement. */
const BATCH = 1_000;

/**
 * Writes users and everything that hangs on them, in batches.
 *
 * @param users those with an id first, so that nobody else gets it.
 * @param idOf the ids of roles, by type.
 * @param defaultRole the id of the role of users who name none.
 * @param onProgress called after each batch with the number of users that are written.
 * @returns their number.
 */
export async function writeUsers(
  transaction: Transaction,
  users: Iterable<ImportedUser>,
  {
    idOf,
    defaultRole,
    onProgress,
  }: {
    readonly idOf: ReadonlyMap<string, number>;
    readonly defaultRole: number;
    readonly onProgress: (written: number) => void;
  },
): Promise<number> {
  let written = 0;
  for (const batch of batchesOf(users)) {
    if (batch[0]?.id === undefined) await moveSequenceOn(transaction, 'users');
    await writeBatch(transaction, batch, (user) => rolesOf(user, idOf, defaultRole));
    written += batch.length;
    onProgress(written);
  }
  await moveSequenceOn(transaction, 'users');
  return written;
}

/** Each of users with an id, or of others. */
function* batchesOf(users: Iterable<ImportedUser>): Generator<readonly ImportedUser[]> {
  let batch: ImportedUser[] = [];
  for (const user of users) {
    const isOfBatch = (batch[0]?.id === undefined) === (user.id === undefined);
    if (batch.length > 0 && (batch.length === BATCH || !isOfBatch)) {
      yield batch;
      batch = [];
    }
    batch.push(user);
  }
  if (batch.length > 0) yield batch;
}

/** The ids of a user's roles, the main one first. */
function rolesOf(
  { roles }: ImportedUser,
  idOf: ReadonlyMap<string, number>,
  defaultRole: number,
): readonly [number, ...number[]] {
  const [main = defaultRole, ...further] = [...new Set(roles)].map((type) => {
    const id = idOf.get(type);
    if (id === undefined) throw new Error(`an imported user names the role ${type}, which does not exist`);
    return id;
  });
  return [main, ...further.filter((id) => id !== main)];
}

async function writeBatch(
  transaction: Transaction,
  batch: readonly ImportedUser[],
  roleIdsOf: (user: ImportedUser) => readonly [number, ...number[]],
): Promise<void> {
  const users = [];
  const identifiers = [];
  const identities = [];
  const furtherRoles = [];
  for (const user of batch) {
    const { identities: own, roles: _types, documentId = newDocumentId(), ...row } = user;
    const [roleId, ...further] = roleIdsOf(user);
    users.push({ ...row, documentId, roleId });
    for (const key of identifierKeys(user)) identifiers.push({ documentId, key });
    for (const identity of own) identities.push({ documentId, ...identity });
    for (const id of further) furtherRoles.push({ documentId, roleId: id });
  }
  await transaction.$executeRaw`
    INSERT INTO "users" ("id", "documentId", "username", "email", "provider", "passwordHash", "confirmed", "blocked",
      "blockReason", "roleId", "createdAt", "updatedAt")
    SELECT COALESCE("id", nextval(pg_get_serial_sequence('"users"', 'id'))::int), "documentId", "username", "email", "provider",
      "passwordHash", "confirmed", "blocked", "blockReason", "roleId", "createdAt", "updatedAt"
    FROM json_to_recordset(${JSON.stringify(users)}::json) AS row("id" int, "documentId" text, "username" text, "email" text,
      "provider" text, "passwordHash" text, "confirmed" boolean, "blocked" boolean, "blockReason" text, "roleId" int,
      "createdAt" timestamptz, "updatedAt" timestamptz)`;
  await transaction.$executeRaw`
    INSERT INTO "identifiers" ("key", "userId", "rule")
    SELECT row."key", "users"."id", ${IDENTIFIER_RULE}
    FROM json_to_recordset(${JSON.stringify(identifiers)}::json) AS row("documentId" text, "key" text)
    JOIN "users" USING ("documentId")`;
  if (identities.length > 0) {
    await transaction.$executeRaw`
      INSERT INTO "identities" ("provider", "subject", "userId", "email", "emailVerified")
      SELECT row."provider", row."subject", "users"."id", row."email", row."emailVerified"
      FROM json_to_recordset(${JSON.stringify(identities)}::json)
        AS row("documentId" text, "provider" text, "subject" text, "email" text, "emailVerified" boolean)
      JOIN "users" USING ("documentId")`;
  }
  if (furtherRoles.length > 0) {
    await transaction.$executeRaw`
      INSERT INTO "user_roles" ("userId", "roleId")
      SELECT "users"."id", row."roleId"
      FROM json_to_recordset(${JSON.stringify(furtherRoles)}::json) AS row("documentId" text, "roleId" int)
      JOIN "users" USING ("documentId")`;
  }
}
