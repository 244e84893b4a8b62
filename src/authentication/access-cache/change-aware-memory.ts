import type { Change, ChangeFeed } from '../../database/notifications/changes.ts';

/** A value that was read from the database. */
export interface Remembered<T> {
  readonly value: T;
  /** When it was read: milliseconds of `performance.now()`. */
  readonly readAt: number;
}

/** How a value is looked up in memory, read from the database, and put into memory. */
export interface Lookup<T> {
  readonly recall: () => Remembered<T> | undefined;
  readonly read: () => Promise<T>;
  /** Keeps what was read, and answers it. */
  readonly keep: (read: Remembered<T>) => T;
}

/** Answers from memory for as long as the database notifies of changes. */
export interface ChangeAwareMemory {
  get<T>(lookup: Lookup<T>): Promise<T>;
  /** Calls `forget` with each change; with undefined where anything may have changed. */
  onChange(forget: (change: Change | undefined) => void): void;
  /** Resolves when nothing is remembered any more that was changed before this call. */
  forgetChanged(): Promise<void>;
  /** How often a value was in memory, and how often it was read. */
  readonly hits: number;
  readonly misses: number;
}

/** Milliseconds that a value is used without notifications of its changes, where the database cannot send them. */
export const MAX_STALENESS = 1_000;

/**
 * Keeps what was read for as long as the database notifies of changes. Where that is not certain, nothing is taken from
 * memory: everything is read, as if there were no memory.
 *
 * A value is not kept when any notification arrived while it was read: it may have been read before the change.
 */
export function createChangeAwareMemory(feed: ChangeFeed): ChangeAwareMemory {
  const listeners: ((change: Change | undefined) => void)[] = [];
  /** Grows with every notification. */
  let changes = 0;
  let turn: Promise<void> | undefined;
  let hits = 0;
  let misses = 0;

  function forget(change: Change | undefined): void {
    changes += 1;
    for (const listener of listeners) listener(change);
  }
  feed.onChange(forget);

  /**
   * Notifications that have already arrived are handled before memory is asked: a process that was suspended finds both at
   * once, the request and the notification.
   */
  function arrivedNotifications(): Promise<void> {
    turn ??= new Promise((resolve) => {
      setImmediate(() => {
        turn = undefined;
        resolve();
      });
    });
    return turn;
  }

  /** Whether memory holds what the database holds. */
  async function isReliable(): Promise<boolean> {
    await arrivedNotifications();
    return feed.state === 'unsupported' || feed.isCurrent() || withinPatience(feed.catchUp());
  }

  function isFresh({ readAt }: Remembered<unknown>): boolean {
    return feed.state === 'live' || (feed.state === 'unsupported' && performance.now() - readAt <= MAX_STALENESS);
  }

  return {
    async get({ recall, read, keep }) {
      if (await isReliable()) {
        const found = recall();
        if (found && isFresh(found)) {
          hits += 1;
          return found.value;
        }
      }
      misses += 1;
      const before = changes;
      const readAt = performance.now();
      const value = await read();
      return feed.state !== 'disconnected' && changes === before ? keep({ value, readAt }) : value;
    },
    onChange: (listener) => void listeners.push(listener),
    async forgetChanged() {
      if (!(await withinPatience(feed.catchUp()))) forget(undefined);
    },
    get hits() {
      return hits;
    },
    get misses() {
      return misses;
    },
  };
}

/** Milliseconds that an answer waits for notifications. After that, the database is read. */
const PATIENCE = 50;

function withinPatience(caughtUp: Promise<boolean>): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(false), PATIENCE);
    caughtUp.finally(() => clearTimeout(timer)).then(resolve, reject);
  });
}
