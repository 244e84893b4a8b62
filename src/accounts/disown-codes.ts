import { randomBytes } from 'node:crypto';
import { hashOf } from '../common/hash.ts';
import type { Prisma } from '../generated/prisma/client.ts';

type Database = Pick<Prisma.TransactionClient, 'disownCode'>;

/** A valid code of a mail about a login. */
export interface FoundDisownCode {
  readonly userId: number;
  /** The address that it was mailed to. */
  readonly email: string;
  readonly createdAt: Date;
}

const HOUR = 3_600_000;
/** Of a code, in milliseconds. */
export const DISOWNED_FOR = 7 * 24 * HOUR;

/** Mails about logins of one account in an hour. Each of them has a code that is good, so that no more are needed. */
const MOST_IN_AN_HOUR = 5;

/** A login from a new device. */
export interface DisownableLogin {
  readonly userId: number;
  /** The address of the account now. */
  readonly email: string;
  /** The hash of the device. */
  readonly device: string;
}

/**
 * Issues a code of 256 random bits. Older ones stay good: somebody who logged in would revoke them by logging in again.
 *
 * @returns undefined where this address got enough of them in the last hour. Needs the user's row locked.
 */
export async function issueDisownCode(
  { disownCode }: Database,
  { userId, email, device }: DisownableLogin,
  now: Date,
): Promise<string | undefined> {
  const anHourAgo = new Date(now.getTime() - HOUR);
  if ((await disownCode.count({ where: { userId, email, createdAt: { gt: anHourAgo } } })) >= MOST_IN_AN_HOUR) return;
  const code = randomBytes(32).toString('base64url');
  const expiresAt = new Date(now.getTime() + DISOWNED_FOR);
  await disownCode.create({ data: { hash: hashOf(code), userId, email, device, createdAt: now, expiresAt } });
  return code;
}

/** Finds a code without using it; undefined if it is wrong, used or expired. */
export async function findDisownCode(
  { disownCode }: Database,
  code: string,
  now: Date,
): Promise<FoundDisownCode | undefined> {
  const where = { hash: hashOf(code), expiresAt: { gt: now } };
  const select = { userId: true, email: true, createdAt: true };
  return (await disownCode.findFirst({ where, select })) ?? undefined;
}

/**
 * Uses a code, with those of later logins. Those of earlier ones stay: somebody who moved the account to another address gets
 * codes there, and must not end with them what the owner has.
 *
 * @returns the devices of these logins; undefined if the code is wrong, used or expired.
 */
export async function useDisownCode(
  database: Database,
  code: string,
  now: Date,
): Promise<(FoundDisownCode & { readonly devices: readonly string[] }) | undefined> {
  const found = await findDisownCode(database, code, now);
  if (!found) return undefined;
  const where = { userId: found.userId, createdAt: { gte: found.createdAt } };
  const used = await database.disownCode.findMany({ where, select: { device: true } });
  await database.disownCode.deleteMany({ where });
  return { ...found, devices: used.map(({ device }) => device) };
}
