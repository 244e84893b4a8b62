import { IDENTIFIER_RULE, identifierKey, identifierKeys } from '../accounts/identifiers.ts';
import { isForeignEmail } from '../accounts/usernames.ts';
import { lock } from '../database/lock.ts';
import { isWriteConflict } from '../database/write-errors.ts';
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts';

const CONCURRENCY = 500;

interface Row {
  readonly id: number;
  readonly username: string;
  readonly email: string;
}

/**
 * Recomputes the identifiers of an older rule. If two accounts get the same identifier, it goes to the account whose e-mail it is,
 * or else to the older account; the username of the other is marked as disputed, like a username that is another account's
 * e-mail. Runs at each start, safely in several processes at once.
 */
export async function renewIdentifiers(prisma: PrismaClient): Promise<void> {
  const where = { rule: { lt: IDENTIFIER_RULE } };
  while (await prisma.identifier.findFirst({ where, select: { key: true } })) {
    try {
      await prisma.$transaction(renewSome, { timeout: 60_000, maxWait: 60_000 });
    } catch (error) {
      // A deadlock with an account that changes its name at the same time.
      if (!isWriteConflict(error)) throw error;
    }
  }
}

async function renewSome(transaction: Prisma.TransactionClient): Promise<void> {
  await lock(transaction, 'identifiers');
  // The same lock as for a change of an account, so that nothing read here changes.
  const users = await transaction.$queryRaw<Row[]>`
    SELECT "id", "username", "email" FROM "users" WHERE "id" IN (
      SELECT DISTINCT "userId" FROM "identifiers" WHERE "rule" < ${IDENTIFIER_RULE} ORDER BY "userId" LIMIT ${CONCURRENCY}
    ) ORDER BY "id" FOR NO KEY UPDATE`;
  const userId = { in: users.map(({ id }) => id) };
  const rows = await transaction.identifier.findMany({ where: { userId } });
  const keysOf = Map.groupBy(rows, (row) => row.userId);
  for (const user of users) {
    const keys = identifierKeys(user);
    const before = keysOf.get(user.id)?.map(({ key }) => key) ?? [];
    const isSame = before.length === keys.length && keys.every((key) => before.includes(key));
    if (!isSame) await renew(transaction, user, keys);
    else if (isForeignEmail(user)) await dispute(transaction, user.id);
  }
  await transaction.identifier.updateMany({ where: { userId }, data: { rule: IDENTIFIER_RULE } });
}

async function renew(transaction: Prisma.TransactionClient, user: Row, keys: readonly string[]): Promise<void> {
  await transaction.identifier.deleteMany({ where: { userId: user.id, key: { notIn: [...keys] } } });
  for (const key of keys) {
    const data = [{ key, userId: user.id, rule: IDENTIFIER_RULE }];
    await transaction.identifier.createMany({ data, skipDuplicates: true });
    const select = { user: { select: { id: true, username: true, email: true } } };
    const { user: holder } = await transaction.identifier.findUniqueOrThrow({ where: { key }, select });
    if (holder.id === user.id) continue;
    if (!comesBefore(user, holder, key)) {
      await dispute(transaction, user.id);
      continue;
    }
    await transaction.identifier.update({ where: { key }, data: { userId: user.id, rule: IDENTIFIER_RULE } });
    // By the new rule, the identifier may no longer belong to the holder.
    if (identifierKeys(holder).includes(key)) await dispute(transaction, holder.id);
  }
  if (isForeignEmail(user)) await dispute(transaction, user.id);
}

function comesBefore(user: Row, holder: Row, key: string): boolean {
  if (identifierKey(user.email) === key) return true;
  return identifierKey(holder.email) !== key && user.id < holder.id;
}

async function dispute(transaction: Prisma.TransactionClient, id: number): Promise<void> {
  await transaction.user.update({ where: { id }, data: { usernameDisputed: true }, select: { id: true } });
}
