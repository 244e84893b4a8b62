import type { SealProviderSecret } from '../accounts/providers/provider-secret.ts';
import type { Transaction } from '../administration/administration.ts';
import { permissionRow, permissionsTo } from '../administration/permission-row.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { ImportedAccounts, ImportedApiToken, ImportedProvider, WrittenAccounts } from './accounts.ts';
import { writeRoles } from './write-roles.ts';
import { writeUsers } from './write-users.ts';

export interface WriteOptions {
  /** Seals the secret of a login provider. Undefined: secrets are left out. */
  readonly sealSecret?: SealProviderSecret | undefined;
  /** Called after each batch with the number of users that are written. */
  readonly onProgress?: ((users: number) => void) | undefined;
}

/**
 * Writes accounts of another system, also into a database that has users. Nothing is checked any more: names have to be valid and
 * free (`takenIdentifiers` finds those that are not), and hashes of a form that a login can compare.
 *
 * Call it in a transaction of `administer`, with the checks. Writes no audit event.
 */
export async function writeAccounts(
  transaction: Transaction,
  accounts: ImportedAccounts,
  { sealSecret, onProgress = () => {} }: WriteOptions = {},
): Promise<WrittenAccounts> {
  const idOf = await writeRoles(transaction, accounts.roles);
  const { defaultRoleId } = await transaction.settings.update({
    where: { id: 1 },
    data: {
      ...accounts.settings,
      ...(accounts.defaultRole !== undefined && { defaultRole: { connect: { type: accounts.defaultRole } } }),
    },
    select: { defaultRoleId: true },
  });
  const users = await writeUsers(transaction, accounts.users, { idOf, defaultRole: defaultRoleId, onProgress });
  for (const { purpose, ...words } of accounts.mailTemplates) {
    await transaction.mailTemplate.upsert({ where: { purpose }, create: { purpose, ...words }, update: words });
  }
  for (const provider of accounts.providers) await writeProvider(transaction, provider, sealSecret);
  for (const token of accounts.apiTokens) await writeApiToken(transaction, token);
  return {
    roles: accounts.roles.length,
    users,
    apiTokens: accounts.apiTokens.length,
    mailTemplates: accounts.mailTemplates.length,
    providers: accounts.providers.length,
  };
}

/** Disabled, until an administrator has looked at it. */
async function writeProvider(
  transaction: Transaction,
  { name, clientId, clientSecret, redirect, details }: ImportedProvider,
  sealSecret: WriteOptions['sealSecret'],
): Promise<void> {
  const sealedSecret = clientSecret === null || !sealSecret ? null : sealSecret(clientSecret, name);
  const data = { clientId, sealedSecret, redirect, details: details as Prisma.InputJsonObject, enabled: false }; // it was JSON
  await transaction.loginProvider.upsert({ where: { name }, create: { name, ...data }, update: data });
}

async function writeApiToken(
  transaction: Transaction,
  { documentId, name, description, kind, actions, hash, lifespan, expiresAt, lastUsedAt, createdAt }: ImportedApiToken,
): Promise<void> {
  await transaction.apiToken.create({
    data: {
      ...(documentId !== undefined && { documentId }),
      name,
      description,
      kind,
      prefix: '',
      hash,
      importedFrom: 'strapi',
      lifespan,
      expiresAt,
      lastUsedAt,
      createdAt,
      permissions: { create: permissionsTo([...new Set(actions)]).map(permissionRow) },
    },
    select: { id: true },
  });
}
