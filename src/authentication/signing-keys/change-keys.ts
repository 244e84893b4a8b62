import { type Actor, SERVER } from '../../audit/actor.ts';
import type { Audit } from '../../audit/audit.ts';
import type { Clock } from '../../common/clock.ts';
import { newDocumentId } from '../../database/document-key.ts';
import { lock } from '../../database/lock.ts';
import { inTransaction } from '../../database/retry.ts';
import type { Prisma, PrismaClient, SigningKey } from '../../generated/prisma/client.ts';
import { isKeyAlgorithm, type KeyAlgorithm, type TokenAlgorithm } from './algorithms.ts';
import type { KeyPairs } from './key-pair.ts';
import { AHEAD, BEYOND, isPublished, lastOf, signsAt, waitsAt } from './key-times.ts';

export interface KeyChangeOptions {
  readonly prisma: PrismaClient;
  readonly pairs: KeyPairs;
  readonly algorithm: TokenAlgorithm;
  /** The maximum lifetime of a token, in seconds. */
  readonly expiresIn: number;
  readonly audit: Audit;
  readonly clock: Clock;
}

/** Changes the signing keys of the database: one change at a time, across all processes, each with its audit event. */
export interface KeyChanges {
  /** Makes a key where none signs; with HS256, ends those that sign. Does nothing where all is as it should be. */
  provide(): Promise<void>;
  /**
   * Publishes the next key, which signs after `AHEAD`. Returns it, or the one that is published and waits already.
   *
   * @param isDue asked of the last key under the lock; undefined is answered when it is not due.
   */
  rotate(by: Actor, isDue?: (last: SigningKey) => boolean): Promise<SigningKey | undefined>;
  /**
   * Ends a key at once and erases its private key. Returns whether it was published.
   *
   * @param provides whether another one is made to sign where none does.
   */
  revoke(by: Actor, kid: string, provides: boolean): Promise<boolean>;
  /** Deletes the keys of which every token is expired, also if they were revoked. */
  deleteEnded(): Promise<void>;
}

export function createKeyChanges({ prisma, pairs, algorithm, expiresIn, audit, clock }: KeyChangeOptions): KeyChanges {
  type Transaction = Prisma.TransactionClient;

  function alone<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return inTransaction(prisma, async (transaction) => {
      await lock(transaction, 'signingKeys');
      return work(transaction);
    });
  }

  async function publishedIn({ signingKey }: Transaction): Promise<readonly SigningKey[]> {
    const keys = await signingKey.findMany({ orderBy: { signsFrom: 'desc' } });
    return keys.filter((key) => isPublished(key, clock()));
  }

  /** Ends the others at a time: they stay published until their last token is expired. */
  async function endOthers({ signingKey }: Transaction, kid: string | undefined, at: Date): Promise<void> {
    const publishedUntil = new Date(at.getTime() + expiresIn * 1_000 + BEYOND);
    await signingKey.updateMany({
      where: {
        ...NOT_REVOKED,
        ...(kid !== undefined && { kid: { not: kid } }),
        OR: [{ signsUntil: null }, { signsUntil: { gt: clock() } }],
      },
      data: { signsUntil: at, publishedUntil },
    });
  }

  async function create(
    transaction: Transaction,
    by: Actor,
    algorithm: KeyAlgorithm,
    signsFrom: Date,
  ): Promise<SigningKey> {
    const kid = newDocumentId();
    const { publicJwk, privateJwkEncrypted } = await pairs.make(kid, algorithm);
    await endOthers(transaction, kid, signsFrom);
    const key = await transaction.signingKey.create({
      data: { kid, algorithm, publicJwk: { ...publicJwk }, privateJwkEncrypted, createdAt: clock(), signsFrom },
    });
    const after = { algorithm, signsFrom: signsFrom.toISOString() };
    await audit.record(transaction, by, { event: 'signingKey.create', target: targetOf(kid), after });
    return key;
  }

  /** From now on where nothing signs, and otherwise once others have read it. */
  function firstSignature(keys: readonly SigningKey[]): Date {
    const now = clock();
    return keys.some((key) => signsAt(key, now)) ? new Date(now.getTime() + AHEAD) : now;
  }

  async function provideIn(transaction: Transaction, by: Actor): Promise<void> {
    const keys = await publishedIn(transaction);
    if (!isKeyAlgorithm(algorithm)) {
      // Processes with another setting may sign for some time, in a deployment.
      if (keys.some(({ signsUntil }) => signsUntil === null)) {
        await endOthers(transaction, undefined, new Date(clock().getTime() + AHEAD));
      }
      return;
    }
    const signsFrom = firstSignature(keys);
    const last = lastOf(keys, algorithm);
    if (!last) await create(transaction, by, algorithm, signsFrom);
    else if (last.signsFrom > signsFrom) {
      await transaction.signingKey.update({ where: { kid: last.kid }, data: { signsFrom }, select: { kid: true } });
    }
  }

  return {
    provide: () => alone((transaction) => provideIn(transaction, SERVER)),
    rotate: (by, isDue = () => true) =>
      alone(async (transaction) => {
        if (!isKeyAlgorithm(algorithm)) return undefined;
        const keys = await publishedIn(transaction);
        const last = lastOf(keys, algorithm);
        if (last && waitsAt(last, clock())) return last;
        return last && !isDue(last) ? undefined : create(transaction, by, algorithm, firstSignature(keys));
      }),
    revoke: (by, kid, provides) =>
      alone(async (transaction) => {
        const now = clock();
        // The row stays: tokens of a revoked key are told from those of a key that never was.
        const { count } = await transaction.signingKey.updateMany({
          where: { ...NOT_REVOKED, kid, OR: [{ publishedUntil: null }, { publishedUntil: { gt: now } }] },
          data: { signsUntil: now, publishedUntil: now, privateJwkEncrypted: ERASED },
        });
        if (count === 0) return false;
        await audit.record(transaction, by, { event: 'signingKey.revoke', target: targetOf(kid) });
        if (provides && isKeyAlgorithm(algorithm)) await provideIn(transaction, by);
        return true;
      }),
    async deleteEnded() {
      const ended = { publishedUntil: { lte: new Date(clock().getTime() - expiresIn * 1_000 - BEYOND) } };
      // Every deletion notifies all processes, also that of nothing.
      if ((await prisma.signingKey.count({ where: ended })) > 0) await prisma.signingKey.deleteMany({ where: ended });
    },
  };
}

const ERASED = new Uint8Array();
const NOT_REVOKED = { privateJwkEncrypted: { not: ERASED } };

function targetOf(kid: string) {
  return { kind: 'signingKey', documentId: kid, name: null } as const;
}
