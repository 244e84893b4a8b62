import { LRUCache } from 'lru-cache';
import type { Change } from '../../database/notifications/changes.ts';
import type { ChangeAwareMemory, Remembered } from './change-aware-memory.ts';
import type { AccessReader, ApiTokenAccess, RoleAccess, UserAccess } from './read-access.ts';

/** How many are kept: the latest. */
const USERS = 10_000;
const ROLES = 2_000;
const API_TOKENS = 2_000;
/** Sessions of one user. */
const SESSIONS = 20;

/** Reads users, roles and API tokens, from memory while they did not change. */
export function createAccessCache(reader: AccessReader, memory: ChangeAwareMemory): AccessReader {
  const users = new LRUCache<number, Map<string, Remembered<UserAccess>>>({ max: USERS });
  const roles = new LRUCache<number, RoleAccess>({ max: ROLES });
  const tokens = new LRUCache<string, Remembered<ApiTokenAccess>>({ max: API_TOKENS });
  let publicRole: Remembered<RoleAccess> | undefined;

  memory.onChange((change) => {
    if (change === undefined) {
      users.clear();
      roles.clear();
      tokens.clear();
      publicRole = undefined;
    } else forget(change);
  });

  function forget({ kind, ids }: Change): void {
    switch (kind) {
      case 'user':
        if (ids === 'all') users.clear();
        else for (const id of ids) users.delete(id);
        return;
      case 'role':
        // Users are used from memory only together with the role that they were read with.
        if (ids === 'all') roles.clear();
        else for (const id of ids) roles.delete(id);
        return;
      case 'token':
        if (ids === 'all') tokens.clear();
        else for (const [hash, { value }] of tokens) if (ids.includes(value.id)) tokens.delete(hash);
        return;
      case 'settings':
        return;
    }
  }

  /** One object for all users of a role: it takes its memory once. */
  function shared(role: RoleAccess): RoleAccess {
    const known = roles.get(role.id);
    if (known?.version === role.version) return known;
    roles.set(role.id, role);
    return role;
  }

  const isCached = (role: RoleAccess) => roles.get(role.id) === role;

  return {
    user: (id, sessionId) =>
      memory.get<UserAccess | undefined>({
        recall() {
          const found = users.get(id)?.get(sessionId);
          return found && isCached(found.value.role) ? found : undefined;
        },
        read: () => reader.user(id, sessionId),
        keep({ value, readAt }) {
          if (!value?.session) return value; // strangers can ask for any number of users and sessions that do not exist
          const access = { ...value, role: shared(value.role) };
          const sessions = users.get(id) ?? new Map<string, Remembered<UserAccess>>();
          if (sessions.size >= SESSIONS) sessions.clear();
          sessions.set(sessionId, { value: access, readAt });
          users.set(id, sessions);
          return access;
        },
      }),
    publicRole: () =>
      memory.get({
        recall: () => (publicRole && isCached(publicRole.value) ? publicRole : undefined),
        read: () => reader.publicRole(),
        keep({ value, readAt }) {
          publicRole = { value: shared(value), readAt };
          return publicRole.value;
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
