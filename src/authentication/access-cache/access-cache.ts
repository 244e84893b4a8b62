import { LRUCache } from 'lru-cache';
import type { Change, ChangeFeed } from '../../database/notifications/changes.ts';
import type { Settings } from '../../database/settings.ts';
import type { KnownRole, KnownToken, Who, WhoReader } from './read-access.ts';

/** Who asked lately, and the settings of accounts, in memory. */
export interface RememberedWho extends WhoReader {
  /** Resolves when nothing is remembered any more that was changed before this call. */
  forgetChanged(): Promise<void>;
  /** How often an answer was there, and how often it was read. */
  readonly hits: number;
  readonly misses: number;
}

/** Milliseconds that something is believed without being told of its changes, where the database cannot tell them. */
export const MOST_STALE = 1_000;

/** As many are remembered, the latest. */
const USERS = 10_000;
const ROLES = 2_000;
const API_TOKENS = 2_000;
/** Sessions of one user. */
const SESSIONS = 20;

interface Remembered<T> {
  readonly value: T;
  /** When it was read: milliseconds of `performance.now()`. */
  readonly readAt: number;
}

/**
 * Remembers what was read of users, roles, API tokens and settings for as long as the database tells what changes of them. Where
 * that is not certain, nothing is taken from memory: everything is read, as if there were none.
 *
 * A row is not kept when anything at all was told while it was read: it may have been read before that, and come after it.
 */
export function rememberWho(reader: WhoReader, feed: ChangeFeed): RememberedWho {
  const users = new LRUCache<number, Map<string, Remembered<Who>>>({ max: USERS });
  const roles = new LRUCache<number, KnownRole>({ max: ROLES });
  const tokens = new LRUCache<string, Remembered<KnownToken>>({ max: API_TOKENS });
  let publicRole: Remembered<KnownRole> | undefined;
  let settings: Remembered<Settings> | undefined;
  /** Grows with everything that is forgotten. */
  let forgotten = 0;
  let turn: Promise<void> | undefined;
  let hits = 0;
  let misses = 0;

  function forgetAll(): void {
    forgotten += 1;
    users.clear();
    roles.clear();
    tokens.clear();
    publicRole = undefined;
    settings = undefined;
  }

  function forget(change: Change | undefined): void {
    if (change === undefined) {
      forgetAll();
      return;
    }
    forgotten += 1;
    const { kind, ids } = change;
    switch (kind) {
      case 'user':
        if (ids === 'all') users.clear();
        else for (const id of ids) users.delete(id);
        return;
      case 'role':
        // Whoever was read with a role is remembered only as long as the role is.
        if (ids === 'all') roles.clear();
        else for (const id of ids) roles.delete(id);
        return;
      case 'token':
        if (ids === 'all') tokens.clear();
        else for (const [hash, { value }] of tokens) if (ids.includes(value.id)) tokens.delete(hash);
        return;
      case 'settings':
        settings = undefined;
        return;
    }
  }
  feed.onChange(forget);

  /**
   * What has already come in from the database is heard before memory is asked: a process that was stopped for a while
   * finds both at once, the question and the news.
   */
  function everythingHeard(): Promise<void> {
    turn ??= new Promise((resolve) => {
      setImmediate(() => {
        turn = undefined;
        resolve();
      });
    });
    return turn;
  }

  /** Whether what is remembered is what the database has. */
  async function isReliable(): Promise<boolean> {
    await everythingHeard();
    return feed.state === 'deaf' || feed.isCurrent() || soon(feed.catchUp());
  }

  function isGood({ readAt }: Remembered<unknown>): boolean {
    return feed.state === 'live' || (feed.state === 'deaf' && performance.now() - readAt <= MOST_STALE);
  }

  /** The same role that others were read with is the same object: it takes its place in memory once. */
  function shared(role: KnownRole): KnownRole {
    const known = roles.get(role.id);
    if (known?.version === role.version) return known;
    roles.set(role.id, role);
    return role;
  }

  async function remembered<T>(
    recall: () => Remembered<T> | undefined,
    read: () => Promise<T>,
    keep: (remembered: Remembered<T>) => T,
  ): Promise<T> {
    if (await isReliable()) {
      const found = recall();
      if (found && isGood(found)) {
        hits += 1;
        return found.value;
      }
    }
    misses += 1;
    const before = forgotten;
    const readAt = performance.now();
    const value = await read();
    return feed.state !== 'lost' && forgotten === before ? keep({ value, readAt }) : value;
  }

  const isKnown = (role: KnownRole) => roles.get(role.id) === role;

  return {
    user: (id, sessionId) =>
      remembered<Who | undefined>(
        () => {
          const found = users.get(id)?.get(sessionId);
          return found && isKnown(found.value.role) ? found : undefined;
        },
        () => reader.user(id, sessionId),
        ({ value, readAt }) => {
          if (!value?.session) return value; // who is nobody is asked for by strangers: there is no end of them
          const who = { ...value, role: shared(value.role) };
          const sessions = users.get(id) ?? new Map<string, Remembered<Who>>();
          if (sessions.size >= SESSIONS) sessions.clear();
          sessions.set(sessionId, { value: who, readAt });
          users.set(id, sessions);
          return who;
        },
      ),
    publicRole: () =>
      remembered(
        () => (publicRole && isKnown(publicRole.value) ? publicRole : undefined),
        () => reader.publicRole(),
        ({ value, readAt }) => {
          publicRole = { value: shared(value), readAt };
          return publicRole.value;
        },
      ),
    apiToken: (hash) =>
      remembered<KnownToken | undefined>(
        () => tokens.get(hash),
        () => reader.apiToken(hash),
        ({ value, readAt }) => {
          if (value) tokens.set(hash, { value, readAt });
          return value;
        },
      ),
    settings: () =>
      remembered(
        () => settings,
        () => reader.settings(),
        (read) => {
          settings = read;
          return read.value;
        },
      ),
    async forgetChanged() {
      if (!(await soon(feed.catchUp()))) forgetAll();
    },
    get hits() {
      return hits;
    },
    get misses() {
      return misses;
    },
  };
}

/** Milliseconds that an answer waits for what the database may tell: after that, it is asked. */
const SOON = 50;

function soon(told: Promise<boolean>): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(false), SOON);
    told.finally(() => clearTimeout(timer)).then(resolve, reject);
  });
}
