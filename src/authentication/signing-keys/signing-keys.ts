import type { JWK } from 'jose';
import type { Logger } from 'pino';
import { type Actor, SERVER } from '../../audit/actor.ts';
import { StartRefused } from '../../common/start-refused.ts';
import type { SigningKey } from '../../generated/prisma/client.ts';
import type { ChangeAwareMemory, Remembered } from '../access-cache/change-aware-memory.ts';
import { isKeyAlgorithm } from './algorithms.ts';
import { createKeyChanges, type KeyChangeOptions, type KeyChanges } from './change-keys.ts';
import type { KeyPair } from './key-pair.ts';
import { isPublished, type KeyTimes, lastOf, signingAt, waitsAt } from './key-times.ts';

/** The key pairs that sign the tokens of users, and those that did. */
export interface SigningKeys extends Pick<KeyChanges, 'revoke'> {
  /** Whether this server signs with key pairs. */
  readonly areUsed: boolean;
  /**
   * Makes the first key. Call it before the first request.
   *
   * @throws KeysNotOpened
   */
  prepare(): Promise<void>;
  /** The key that signs now; undefined with HS256. */
  signing(): Promise<KeyPair | undefined>;
  /** A published key; undefined for one that is unknown, revoked or ended. */
  find(kid: string): Promise<KeyPair | undefined>;
  /** The published keys, as others read them. */
  published(): Promise<readonly JWK[]>;
  /** Publishes the next key, or returns the one that waits. Undefined with HS256. */
  rotate(by: Actor): Promise<SigningKey | undefined>;
  /** Every key of the database, the newest first. */
  list(): Promise<readonly SigningKey[]>;
  /** Publishes the next key when it is time, and deletes ended ones. */
  maintain(): Promise<void>;
}

export interface SigningKeyOptions extends KeyChangeOptions {
  readonly memory: Pick<ChangeAwareMemory, 'get' | 'onChange'>;
  /** Seconds after which a key is followed by the next one. */
  readonly rotateAfter: number;
  readonly log: Logger;
}

/** Keys of the database that cannot be opened: tokens that they signed would be refused. */
export class KeysNotOpened extends StartRefused {
  constructor(kids: readonly string[]) {
    super(
      `These signing keys cannot be opened with ENCRYPTION_KEY: ${kids.join(', ')}. Set the ENCRYPTION_KEY that they were made with, or put it behind the new one, separated by a comma. If it is lost, revoke each of them, which ends its tokens: npm run gatehouse -- keys revoke KID`,
    );
  }
}

/** Milliseconds between two readings for the sake of unknown keys, of which strangers can send any number. */
const LOOK_AGAIN_AFTER = 1_000;

export function createSigningKeys(options: SigningKeyOptions): SigningKeys {
  const { prisma, pairs, algorithm, memory, rotateAfter, clock, log } = options;
  const changes = createKeyChanges(options);
  let kept: Remembered<readonly OpenedKey[]> | undefined;
  memory.onChange((change) => {
    if (change === undefined || change.kind === 'key') kept = undefined;
  });
  /** Opened once: only the times of a key change. */
  let opened = new Map<string, Promise<KeyPair | undefined>>();
  let readAt = Number.NEGATIVE_INFINITY;

  const list = () => prisma.signingKey.findMany({ orderBy: [{ signsFrom: 'desc' }, { kid: 'asc' }] });

  async function read(): Promise<readonly OpenedKey[]> {
    readAt = performance.now();
    const rows = (await list()).filter((key) => isPublished(key, clock()));
    const before = opened;
    opened = new Map(rows.map((row) => [row.kid, before.get(row.kid) ?? pairs.open(row)]));
    const found = await Promise.all(rows.map(async (row) => ({ ...row, pair: await opened.get(row.kid) })));
    for (const { kid, pair } of found) {
      if (!pair && !before.has(kid)) log.error({ kid }, 'a signing key cannot be opened with ENCRYPTION_KEY');
    }
    return found;
  }

  function keys(): Promise<readonly OpenedKey[]> {
    return memory.get({
      recall: () => kept,
      read,
      keep(fresh) {
        kept = fresh;
        return fresh.value;
      },
    });
  }

  const withPair = (all: readonly OpenedKey[]) => all.flatMap(({ pair, ...times }) => (pair ? { ...times, pair } : []));

  function publishedOf(all: readonly OpenedKey[], kid: string): KeyPair | undefined {
    const now = clock();
    return all.find((key) => key.kid === kid && isPublished(key, now))?.pair;
  }

  return {
    areUsed: isKeyAlgorithm(algorithm),
    async prepare() {
      const all = await read();
      const closed = all.filter(({ pair }) => !pair);
      // Before anything is made: with the right ENCRYPTION_KEY all is as it was.
      if (closed.length > 0) throw new KeysNotOpened(closed.map(({ kid }) => kid));
      if (isKeyAlgorithm(algorithm) || all.some(({ signsUntil }) => signsUntil === null)) await changes.provide();
    },
    async signing() {
      if (!isKeyAlgorithm(algorithm)) return undefined;
      const found = signingAt(withPair(await keys()), clock(), algorithm);
      if (found) return found.pair;
      await changes.provide();
      const made = signingAt(withPair(await read()), clock(), algorithm);
      if (!made) throw new Error('No signing key can be opened with ENCRYPTION_KEY');
      return made.pair;
    },
    async find(kid) {
      const found = publishedOf(await keys(), kid);
      if (found || performance.now() - readAt < LOOK_AGAIN_AFTER) return found;
      // Another process may have made it, and signed with it, a moment ago.
      return publishedOf(await read(), kid);
    },
    async published() {
      const now = clock();
      return (await keys()).flatMap((key) => (key.pair && isPublished(key, now) ? key.pair.published : []));
    },
    rotate: (by) => changes.rotate(by),
    revoke: changes.revoke,
    list,
    async maintain() {
      const isDue = ({ createdAt }: KeyTimes) => createdAt.getTime() + rotateAfter * 1_000 <= clock().getTime();
      const last = lastOf(await list(), algorithm);
      if (last && isDue(last) && !waitsAt(last, clock())) await changes.rotate(SERVER, isDue);
      await changes.deleteEnded();
    },
  };
}

interface OpenedKey extends KeyTimes {
  readonly kid: string;
  /** Undefined for one that ENCRYPTION_KEY does not open. */
  readonly pair: KeyPair | undefined;
}
