import type { Origin } from './origin.ts';

/** Who made a change, for the audit log. */
export interface Actor {
  readonly kind: 'admin' | 'user' | 'token' | 'commandLine' | 'server' | 'anonymous';
  readonly documentId: string | null;
  /** An e-mail, a username, a token's name, or the account of the operating system. */
  readonly name: string | null;
  readonly origin: Origin | undefined;
  readonly requestId: string | null;
  /** The administrator who acts as this user. */
  readonly impersonator?: ActingAdmin | undefined;
}

/** An administrator who acts as somebody else. */
export interface ActingAdmin {
  readonly documentId: string;
  readonly email: string;
}

/** The origin of a request, and its id. */
export interface Sent {
  readonly origin: Origin;
  readonly requestId: string;
  /** The administrator who acts as the user who sent it. */
  readonly impersonator?: ActingAdmin | undefined;
  /** When the operation has taken too long. */
  readonly deadline?: AbortSignal | undefined;
}

/** A user who is authenticated by the request itself instead of a token, for example at a login. */
export function byUser(
  { documentId, username }: { readonly documentId: string; readonly username: string },
  { origin, requestId, impersonator }: Sent,
): Actor {
  return { kind: 'user', documentId, name: username, origin, requestId, impersonator };
}

/** The server itself, without a request. */
export const SERVER: Actor = { kind: 'server', documentId: null, name: null, origin: undefined, requestId: null };
