import type { Actor, Sent } from '../audit/actor.ts';
import type { Viewer } from './viewer.ts';

/** A request and its viewer. */
export interface Asked extends Sent {
  readonly viewer: Viewer;
}

/** A request of this kind of viewer. */
export type AskedBy<Kind extends Viewer> = Asked & { readonly viewer: Kind };

/** The viewer of a request, for the audit log. */
export function actorOf({ viewer, origin, requestId }: Asked): Actor {
  return { ...identityOf(viewer), origin, requestId };
}

function identityOf(viewer: Viewer): Pick<Actor, 'kind' | 'documentId' | 'name' | 'impersonator'> {
  switch (viewer.kind) {
    case 'user':
      return {
        kind: 'user',
        documentId: viewer.account.documentId,
        name: viewer.account.username,
        impersonator: viewer.impersonator,
      };
    case 'token':
      return { kind: 'token', documentId: viewer.token.documentId, name: viewer.token.name };
    case 'admin':
      return { kind: 'admin', documentId: viewer.admin.documentId, name: viewer.admin.email };
    case 'public':
    case 'guest':
      return { kind: 'anonymous', documentId: null, name: null };
  }
}
