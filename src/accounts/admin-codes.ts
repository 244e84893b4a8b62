import { randomBytes } from 'node:crypto';
import type { Clock } from '../common/clock.ts';
import { badInput } from '../common/errors.ts';
import { hashOf } from '../common/hash.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { ADMIN, type AdminRow } from './account-rows.ts';
import { NO_PASSWORD } from './public-password.ts';

/** Milliseconds that a code lives: of an invitation, of who forgot a password, and of the first administrator. */
const LIFE = { adminInvitation: 7 * 86_400_000, adminResetPassword: 3_600_000, first: 86_400_000 };

export interface AdminCode {
  /** An invitation is for who never had a password. */
  readonly purpose: 'adminInvitation' | 'adminResetPassword';
  readonly code: string;
}

/** The client, or a transaction of it. */
type AdminCodes = Pick<Prisma.TransactionClient, 'admin' | 'adminCode'>;

/** A new code to choose a password, of which only the hash is kept. It ends the older one. */
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

/** Whose code this is, without using it up; undefined for a wrong, used, replaced or expired one. */
export async function ownerOfAdminCode(database: AdminCodes, code: string, now: Date): Promise<AdminRow | undefined> {
  const found = await database.adminCode.findFirst({ where: living(code, now), select: { admin: { select: ADMIN } } });
  return found?.admin ?? undefined;
}

/** Uses the code up, and tells whether it was good: of two uses at the same moment, one is. */
export async function useAdminCode(database: AdminCodes, code: string, now: Date): Promise<boolean> {
  const { count } = await database.adminCode.deleteMany({ where: living(code, now) });
  return count === 1;
}

/** A code for who is to be the first administrator. Only whoever reads the start's output has it. */
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

/** @throws ApiError BAD_USER_INPUT for a code that is not good. */
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
