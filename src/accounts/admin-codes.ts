import { randomBytes } from 'node:crypto';
import type { Clock } from '../common/clock.ts';
import { badInput } from '../common/errors.ts';
import { hashOf } from '../common/hash.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { ADMIN, type AdminRow } from './account-rows.ts';
import { NO_PASSWORD } from './public-password.ts';

/** Lifetimes of codes, in milliseconds. */
const LIFE = { adminInvitation: 7 * 86_400_000, adminResetPassword: 3_600_000, first: 86_400_000 };

export interface AdminCode {
  /** `adminInvitation` when the administrator has never had a password. */
  readonly purpose: 'adminInvitation' | 'adminResetPassword';
  readonly code: string;
}

/** The client, or a transaction of it. */
type AdminCodes = Pick<Prisma.TransactionClient, 'admin' | 'adminCode'>;

/** Issues a code for choosing a password and revokes the previous one. Only the hash is stored. */
export async function issueAdminCode(database: AdminCodes, adminId: number, now: Date): Promise<AdminCode> {
  const { passwordHash } = await database.admin.findUniqueOrThrow({
    where: { id: adminId },
    select: { passwordHash: true },
  });
  const purpose = passwordHash === NO_PASSWORD ? 'adminInvitation' : 'adminResetPassword';
  const code = newCode();
  const values = { hash: hashOf(code), expiresAt: new Date(now.getTime() + LIFE[purpose]) };
  await database.adminCode.upsert({ where: { adminId }, create: { adminId, ...values }, update: values });
  return { purpose, code };
}

/** Finds the owner of a code without using it; undefined if the code is wrong, used, replaced or expired. */
export async function ownerOfAdminCode(database: AdminCodes, code: string, now: Date): Promise<AdminRow | undefined> {
  const found = await database.adminCode.findFirst({ where: living(code, now), select: { admin: { select: ADMIN } } });
  return found?.admin ?? undefined;
}

/** Uses a code and returns whether it was valid. Of two concurrent uses exactly one succeeds. */
export async function useAdminCode(database: AdminCodes, code: string, now: Date): Promise<boolean> {
  const { count } = await database.adminCode.deleteMany({ where: living(code, now) });
  return count === 1;
}

/** Issues the code that registers the first administrator. It is only printed at startup. */
export async function issueFirstCode({
  prisma,
  clock,
}: {
  readonly prisma: AdminCodes;
  readonly clock: Clock;
}): Promise<string> {
  const code = newCode();
  const expiresAt = new Date(clock().getTime() + LIFE.first);
  await prisma.adminCode.create({ data: { hash: hashOf(code), expiresAt }, select: { hash: true } });
  return code;
}

/** @throws ApiError BAD_USER_INPUT for an invalid code. */
export async function useFirstCode(database: AdminCodes, code: string, now: Date): Promise<void> {
  const where = { hash: hashOf(code), adminId: null, expiresAt: { gt: now } };
  const { count } = await database.adminCode.deleteMany({ where });
  if (count === 0) throw badInput('Incorrect code provided');
}

function living(code: string, now: Date) {
  return { hash: hashOf(code), adminId: { not: null }, expiresAt: { gt: now } };
}

function newCode(): string {
  return randomBytes(32).toString('base64url');
}
