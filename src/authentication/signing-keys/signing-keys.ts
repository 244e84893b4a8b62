import type { JWK } from 'jose';
import type { Logger } from 'pino';
import { type Actor, SERVER } from '../../audit/actor.ts';
import { StartRefused } from '../../common/start-refused.ts';
import type { SigningKey } from '../../generated/prisma/client.ts';
import type { ChangeAwareMemory, Remembered } from '../access-cache/change-aware-memory.ts';
import { isKeyAlgorithm } from './algorithms.ts';
import { createKeyChanges, type KeyChangeOptions } from './change-keys.ts';
import type { KeyPair } from './key-pair.ts';
import { isPublished, type KeyTimes, lastOf, signingAt, waitsAt } from './key-times.ts';

/** The key pairs that sign the tokens of users, and those that did. */
export interface SigningKeys {
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
  /** A published key; `ended` for one that was; undefined for one that is unknown. */
  find(kid: string): Promise<KeyPair | 'ended' | undefined>;
  /** The published keys, as others read them. */
  published(): Promise<readonly JWK[]>;
  /**
   * Publishes the next key, or returns the one that waits. Undefined with HS256.
   *
   * @throws KeysNotOpened
   */
  rotate(by: Actor): Promise<SigningKey | undefined>;
  /** Ends a key at once, and sees to it that another one signs. Returns whether it was published. */
  revoke(by: Actor, kid: string): Promise<boolean>;
  /** Every published key, the newest first. */
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
  let kept: Remembered<readonly KnownKey[]> | undefined;
  memory.onChange((change) => {
    if (change === undefined || change.kind === 'key') kept = undefined;
  });
  /** Opened once: only the times of a key change. */
  let opened = new Map<string, Promise<KeyPair | undefined>>();
  let readAt = Number.NEGATIVE_INFINITY;

  const all = () => prisma.signingKey.findMany({ orderBy: [{ signsFrom: 'desc' }, { kid: 'asc' }] });

  async function read(): Promise<readonly KnownKey[]> {
    readAt = performance.now();
    const rows = await all();
    const now = clock();
    const before = opened;
    const published = rows.filter((row) => isPublished(row, now));
    opened = new Map(published.map((row) => [row.kid, before.get(row.kid) ?? pairs.open(row)]));
    const pairOf = opened;
    return Promise.all(rows.map(async (row) => ({ ...row, pair: await pairOf.get(row.kid) })));
  }

  /** For requests, which a start or a command would have refused with the reason. */
  async function readAndLog(): Promise<readonly KnownKey[]> {
    const before = opened;
    const keys = await read();
    for (const kid of closedOf(keys).filter((one) => !before.has(one))) {
      log.error({ kid }, 'a signing key cannot be opened with ENCRYPTION_KEY');
    }
    return keys;
  }

  function known(): Promise<readonly KnownKey[]> {
    return memory.get({
      recall: () => kept,
      read: readAndLog,
      keep(fresh) {
        kept = fresh;
        return fresh.value;
      },
    });
  }

  const withPair = (keys: readonly KnownKey[]) =>
    keys.flatMap(({ pair, ...times }) => (pair ? { ...times, pair } : []));

  function found(keys: readonly KnownKey[], kid: string): KeyPair | 'ended' | undefined {
    const key = keys.find((one) => one.kid === kid);
    return key && !isPublished(key, clock()) ? 'ended' : key?.pair;
  }

  /** @throws KeysNotOpened */
  async function readOpened(): Promise<readonly KnownKey[]> {
    const keys = await read();
    const closed = closedOf(keys);
    if (closed.length > 0) throw new KeysNotOpened(closed);
    return keys;
  }

  function closedOf(keys: readonly KnownKey[]): readonly string[] {
    const now = clock();
    return keys.filter((key) => !key.pair && isPublished(key, now)).map(({ kid }) => kid);
  }

  return {
    areUsed: isKeyAlgorithm(algorithm),
    async prepare() {
      // Before anything is made: with the right ENCRYPTION_KEY all is as it was.
      const keys = await readOpened();
      if (isKeyAlgorithm(algorithm) || keys.some(({ signsUntil }) => signsUntil === null)) await changes.provide();
    },
    async signing() {
      if (!isKeyAlgorithm(algorithm)) return undefined;
      const key = signingAt(withPair(await known()), clock(), algorithm);
      if (key) return key.pair;
      await changes.provide();
      const made = signingAt(withPair(await read()), clock(), algorithm);
      if (!made) throw new Error('No signing key can be opened with ENCRYPTION_KEY');
      return made.pair;
    },
    async find(kid) {
      const key = found(await known(), kid);
      if (key || performance.now() - readAt < LOOK_AGAIN_AFTER) return key;
      // Another process may have made it, and signed with it, a moment ago.
      return found(await read(), kid);
    },
    async published() {
      const now = clock();
      return (await known()).flatMap((key) => (key.pair && isPublished(key, now) ? key.pair.published : []));
    },
    async rotate(by) {
      // Else processes with the right ENCRYPTION_KEY could not sign with the new one.
      await readOpened();
      return changes.rotate(by);
    },
    async revoke(by, kid) {
      return changes.revoke(by, kid, closedOf(await read()).length === 0);
    },
    async list() {
      const now = clock();
      return (await all()).filter((key) => isPublished(key, now));
    },
    async maintain() {
      const isDue = ({ createdAt }: KeyTimes) => createdAt.getTime() + rotateAfter * 1_000 <= clock().getTime();
      const last = lastOf(await all(), algorithm);
      if (last && isDue(last) && !waitsAt(last, clock())) await changes.rotate(SERVER, isDue);
      await changes.deleteEnded();
    },
  };
}

interface KnownKey extends KeyTimes {
  readonly kid: string;
  /** Undefined for one that has ended, and for one that ENCRYPTION_KEY does not open. */
  readonly pair: KeyPair | undefined;
}
