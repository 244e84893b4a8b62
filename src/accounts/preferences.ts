import type { AskedBy } from '../authentication/actor-of.ts';
import type { AdminViewer } from '../authentication/viewer.ts';
import { type Fault, refuse } from '../common/errors.ts';
import { inTransaction } from '../database/retry.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { lockAdministrator } from './lock-account.ts';

/** Bytes of the JSON. The database has the same limit. */
const MAX_BYTES = 32 * 1024;

/**
 * Replaces what clients keep for the administrator. It is no change of the account: no audit event, the same `updatedAt`.
 *
 * @throws ApiError BAD_USER_INPUT for anything but an object of at most 32 KB.
 */
export async function setPreferences(
  prisma: PrismaClient,
  preferences: unknown,
  { viewer }: AskedBy<AdminViewer>,
): Promise<void> {
  refuse(faultsOf(preferences));
  const text = JSON.stringify(preferences);
  await inTransaction(prisma, async (transaction) => {
    const { id } = await lockAdministrator(transaction, viewer);
    await transaction.$executeRaw`UPDATE "admins" SET "preferences" = ${text}::json WHERE "id" = ${id}`;
  });
}

function faultsOf(preferences: unknown): Fault[] {
  const path = ['preferences'];
  if (typeof preferences !== 'object' || preferences === null || Array.isArray(preferences)) {
    return [{ path, message: 'preferences must be an object' }];
  }
  const isTooLarge = Buffer.byteLength(JSON.stringify(preferences)) > MAX_BYTES;
  return isTooLarge ? [{ path, message: 'preferences must have at most 32 KB' }] : [];
}
