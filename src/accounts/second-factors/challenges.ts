import { randomBytes } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import type { Clock } from '../../common/clock.ts';
import type { Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import type { LoginWay } from '../complete-login.ts';
import type { Person, RealmName } from '../realms/realm.ts';
import type { Proofs } from '../sessions/sessions.ts';

/** A login that waits for its second factor. */
export interface PendingLogin {
  readonly challengeId: string;
  readonly accountId: number;
  /** The account's documentId. */
  readonly subject: string;
  /** The account's token version at the first proof. What ends sessions raises it, and so ends the challenge. */
  readonly version: number;
  readonly way: LoginWay;
  /** The proofs made so far. */
  readonly proofs: Proofs;
}

/** Issues and checks challenges. Each completes one login of one realm. */
export interface Challenges {
  issue(account: Person, way: LoginWay, proofs: Proofs): Promise<string>;
  /** Undefined for anything but a challenge of ours that has not expired. */
  read(challenge: string): Promise<PendingLogin | undefined>;
  /** Takes one try, and returns whether there was one left. */
  takeTry(challengeId: string): Promise<boolean>;
  /** Ends it, and returns whether it was there: of two logins at once with one challenge, one succeeds. */
  end(database: Pick<Prisma.TransactionClient, 'loginChallenge'>, challengeId: string): Promise<boolean>;
}

/** Milliseconds. */
const LIFESPAN = 5 * 60_000;
/** Codes that can be tried with one challenge. */
const TRIES = 5;

const ALGORITHM = 'HS256';
const ISSUER = 'gatehouse';
/** No token of a session has it, so neither passes for the other. */
const AUDIENCE = 'gatehouse:second-factor';

export interface ChallengeOptions {
  readonly realm: RealmName;
  readonly prisma: PrismaClient;
  /** The secrets of the realm's tokens: the first signs, and all verify. */
  readonly secrets: readonly [string, ...string[]];
  readonly clock: Clock;
}

export function createChallenges({ realm, prisma, secrets, clock }: ChallengeOptions): Challenges {
  const keys = secrets.map((secret) => new TextEncoder().encode(secret));
  const [signing] = keys as [Uint8Array]; // there is one at least

  return {
    async issue({ id, documentId, tokenVersion }, way, proofs) {
      const now = clock();
      const expiresAt = new Date(now.getTime() + LIFESPAN);
      const jti = randomBytes(16).toString('base64url');
      await prisma.loginChallenge.create({ data: { id: jti, expiresAt }, select: { id: true } });
      return new SignJWT({ id, ver: tokenVersion, realm, way, amr: proofs })
        .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
        .setJti(jti)
        .setSubject(documentId)
        .setIssuedAt(seconds(now))
        .setExpirationTime(seconds(expiresAt))
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .sign(signing);
    },
    async read(challenge) {
      for (const key of keys) {
        try {
          const expected = { algorithms: [ALGORITHM], issuer: ISSUER, audience: AUDIENCE, currentDate: clock() };
          const { payload } = await jwtVerify(challenge, key, { ...expected, requiredClaims: ['sub', 'jti', 'exp'] });
          if (payload['realm'] !== realm) return undefined;
          const { jti, sub, id, ver, way, amr } = payload as typeof payload & Claims; // signed by the code above
          return { challengeId: jti, accountId: id, subject: sub, version: ver, way, proofs: amr };
        } catch (error) {
          if (!(error instanceof errors.JOSEError)) throw error;
          // Another secret may have signed it.
          if (!(error instanceof errors.JWSSignatureVerificationFailed)) return undefined;
        }
      }
      return undefined;
    },
    async takeTry(id) {
      const where = { id, tries: { lt: TRIES }, expiresAt: { gt: clock() } };
      const { count } = await prisma.loginChallenge.updateMany({ where, data: { tries: { increment: 1 } } });
      return count === 1;
    },
    async end({ loginChallenge }, id) {
      return (await loginChallenge.deleteMany({ where: { id } })).count === 1;
    },
  };
}

interface Claims {
  readonly jti: string;
  readonly sub: string;
  readonly id: number;
  readonly ver: number;
  readonly way: LoginWay;
  readonly amr: Proofs;
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1_000);
}
