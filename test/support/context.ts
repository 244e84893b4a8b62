import type { Permissions } from '../../src/authorization/permissions.ts';
import { type Context, createContext } from '../../src/graphql/context.ts';

/** What a resolver is handed, for a schema that is asked without a server: somebody with these permissions asks. */
export function contextOf(permissions: Permissions): Context {
  return createContext({
    viewer: { kind: 'public', roles: ['public'], permissions },
    origin: { address: '127.0.0.1', userAgent: undefined },
    refreshCookie: { token: undefined, set: () => {}, clear: () => {} },
    requestId: 'test',
    deadline: new AbortController().signal,
  });
}
