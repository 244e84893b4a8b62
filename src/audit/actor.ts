import type { Origin } from '../authentication/origin.ts';
import type { Viewer } from '../authentication/viewer.ts';

/** Who did something, for the audit log. */
export interface Actor {
  readonly kind: 'admin' | 'user' | 'token' | 'commandLine' | 'server' | 'anonymous';
  readonly documentId: string | null;
  /** What people call them: an e-mail, a username, a token's name, the account of the operating system. */
  readonly name: string | null;
  readonly origin: Origin | undefined;
  readonly requestId: string | null;
}

/** What a request knows of who sent it. */
export interface Asked {
  readonly viewer: Viewer;
  readonly origin: Origin;
  readonly requestId: string;
}

/** Whoever sent a request. */
export function actorOf({ viewer, origin, requestId }: Asked): Actor {
  return { ...identityOf(viewer), origin, requestId };
}

/** A person who proved to be this user in the request, without having sent a token: at a login, say. */
export function byUser(
  { documentId, username }: { readonly documentId: string; readonly username: string },
  { origin, requestId }: Pick<Asked, 'origin' | 'requestId'>,
): Actor {
  return { kind: 'user', documentId, name: username, origin, requestId };
}

/** The server itself, which nobody asked. */
export const SERVER: Actor = { kind: 'server', documentId: null, name: null, origin: undefined, requestId: null };

function identityOf(viewer: Viewer): Pick<Actor, 'kind' | 'documentId' | 'name'> {
  switch (viewer.kind) {
    case 'user':
      return { kind: 'user', documentId: viewer.account.documentId, name: viewer.account.username };
    case 'token':
      return { kind: 'token', documentId: viewer.token.documentId, name: viewer.token.name };
    case 'admin':
      return { kind: 'admin', documentId: viewer.admin.documentId, name: viewer.admin.email };
    case 'public':
    case 'guest':
      return { kind: 'anonymous', documentId: null, name: null };
  }
}
