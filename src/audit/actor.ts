import type { Origin } from './origin.ts';

/** Who did something, for the audit log. */
export interface Actor {
  readonly kind: 'admin' | 'user' | 'token' | 'commandLine' | 'server' | 'anonymous';
  readonly documentId: string | null;
  /** What people call them: an e-mail, a username, a token's name, the account of the operating system. */
  readonly name: string | null;
  readonly origin: Origin | undefined;
  readonly requestId: string | null;
}

/** Where a request came from, and which it was. */
export interface Sent {
  readonly origin: Origin;
  readonly requestId: string;
}

/** A person who proved to be this user in the request, without having sent a token: at a login, say. */
export function byUser(
  { documentId, username }: { readonly documentId: string; readonly username: string },
  { origin, requestId }: Sent,
): Actor {
  return { kind: 'user', documentId, name: username, origin, requestId };
}

/** The server itself, which nobody asked. */
export const SERVER: Actor = { kind: 'server', documentId: null, name: null, origin: undefined, requestId: null };
