import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { badInput } from '../../common/errors.ts';
import { hashOf } from '../../common/hash.ts';
import type { LoginCode, Prisma } from '../../generated/prisma/client.ts';

/** The time in which a front end exchanges its code, in milliseconds. */
const LIFE = 60_000;

/** What a code is good for. */
export type NewLoginCode = Omit<Prisma.LoginCodeUncheckedCreateInput, 'hash' | 'expiresAt'>;

/**
 * Issues a code of 256 random bits.
 *
 * @throws a unique violation when the flow has ended already.
 */
export async function issueLoginCode(database: LoginCodeTable, code: NewLoginCode, now: Date): Promise<string> {
  const text = randomBytes(32).toString('base64url');
  const expiresAt = new Date(now.getTime() + LIFE);
  await database.loginCode.create({ data: { ...code, hash: hashOf(text), expiresAt }, select: { hash: true } });
  return text;
}

/**
 * Uses a code, with the verifier of the front end that began. Of two concurrent uses exactly one succeeds, since only one can
 * delete the row. A use with a wrong verifier is one, too.
 *
 * @throws ApiError BAD_USER_INPUT, with one message for a wrong, used and expired code and a wrong verifier.
 */
export async function useLoginCode(
  database: Pick<Prisma.TransactionClient, '$queryRaw'>,
  text: string,
  verifier: string | undefined,
  now: Date,
): Promise<LoginCode> {
  const [code] = await database.$queryRaw<LoginCode[]>`
    DELETE FROM "login_codes" WHERE "hash" = ${hashOf(text)} RETURNING *`;
  if (!code || code.expiresAt <= now || !isAnswered(code.challenge, verifier)) throw badInput('Invalid code');
  return code;
}

/** Whether the verifier is that of the challenge (RFC 7636, 4.6). One without a challenge is somebody else's. */
function isAnswered(challenge: string | null, verifier: string | undefined): boolean {
  if (challenge === null) return verifier === undefined;
  if (verifier === undefined || verifier.length > 128) return false;
  const answer = createHash('sha256').update(verifier).digest('base64url');
  return answer.length === challenge.length && timingSafeEqual(Buffer.from(answer), Buffer.from(challenge));
}

/** The client, or a transaction of it. */
type LoginCodeTable = Pick<Prisma.TransactionClient, 'loginCode'>;
