import { LRUCache } from 'lru-cache';
import type { Change } from '../../database/notifications/changes.ts';
import type { ChangeAwareMemory, Remembered } from './change-aware-memory.ts';
import type { AccessReader, ApiTokenAccess, RoleUnion, UserAccess } from './read-access.ts';

/** How many are kept: the latest. */
const USERS = 10_000;
const UNIONS = 10_000;
const API_TOKENS = 2_000;
/** Sessions of one user. */
const SESSIONS = 20;
/** Permissions in all unions together: what takes the memory. */
const PERMISSIONS = 1_000_000;

/** Reads users, roles and API tokens, from memory while they did not change. */
export function createAccessCache(reader: AccessReader, memory: ChangeAwareMemory): AccessReader {
  const users = new LRUCache<number, Map<string, Remembered<UserAccess>>>({ max: USERS });
  // By the versions of their roles and never by a user: most users share a few.
  const unions = new LRUCache<string, RoleUnion>({
    max: UNIONS,
    maxSize: PERMISSIONS,
    sizeCalculation: ({ size }) => size + 1,
  });
  const tokens = new LRUCache<string, Remembered<ApiTokenAccess>>({ max: API_TOKENS });
  let ofPublic: Remembered<RoleUnion> | undefined;

  memory.onChange((change) => {
    if (change === undefined) {
      users.clear();
      unions.clear();
      tokens.clear();
      ofPublic = undefined;
    } else forget(change);
  });

  function forget({ kind, ids }: Change): void {
    switch (kind) {
      case 'user':
        if (ids === 'all') users.clear();
        else for (const id of ids) users.delete(id);
        return;
      case 'role':
        // Users are used from memory only together with the union that they were read with.
        if (ids === 'all') unions.clear();
        else for (const [key, union] of unions) if (ids.some((id) => union.ids.has(id))) unions.delete(key);
        return;
      case 'token':
        if (ids === 'all') tokens.clear();
        else for (const [hash, { value }] of tokens) if (ids.includes(value.id)) tokens.delete(hash);
        return;
      case 'settings':
      case 'key':
        return;
    }
  }

  /** One object for all users with the same roles: it takes its memory once. */
  function shared(union: RoleUnion): RoleUnion {
    const known = unions.get(union.key);
    if (known) return known;
    unions.set(union.key, union);
    return union;
  }

  const isCached = (union: RoleUnion) => unions.get(union.key) === union;

  return {
    user: (id, sessionId) =>
      memory.get<UserAccess | undefined>({
        recall() {
          const found = users.get(id)?.get(sessionId);
          return found && isCached(found.value.union) ? found : undefined;
        },
        read: () => reader.user(id, sessionId),
        keep({ value, readAt }) {
          if (!value?.session) return value; // strangers can ask for any number of users and sessions that do not exist
          const access = { ...value, union: shared(value.union) };
          const sessions = users.get(id) ?? new Map<string, Remembered<UserAccess>>();
          if (sessions.size >= SESSIONS) sessions.clear();
          sessions.set(sessionId, { value: access, readAt });
          users.set(id, sessions);
          return access;
        },
      }),
    publicUnion: () =>
      memory.get({
        recall: () => (ofPublic && isCached(ofPublic.value) ? ofPublic : undefined),
        read: () => reader.publicUnion(),
        keep({ value, readAt }) {
          ofPublic = { value: shared(value), readAt };
          return ofPublic.value;
        },
      }),
    apiToken: (hash) =>
      memory.get<ApiTokenAccess | undefined>({
        recall: () => tokens.get(hash),
        read: () => reader.apiToken(hash),
        keep({ value, readAt }) {
          if (value) tokens.set(hash, { value, readAt });
          return value;
        },
      }),
  };
}
