import type { Authenticate } from '../../src/authentication/authenticate.ts';
import { ACCOUNT } from '../../src/authentication/viewer.ts';
import type { Permissions } from '../../src/authorization/permissions.ts';
import type { PrismaClient } from '../../src/generated/prisma/client.ts';
import { ScopeAuth } from '../../src/graphql/scope-auth.ts';

const EVERYTHING: Permissions = { of: 'user', allows: () => true, grants: () => 'all' as const };

/** Authorization taken out of the schema: what is built from now on has no guards, and nothing is asked at any field. */
export function buildWithoutGuards(): void {
  ScopeAuth.prototype.wrapResolve = (resolver) => resolver;
}

/** And out of the request: whoever asks is the same person, and may everything. Nothing is read, verified or compared. */
export async function openToAll(prisma: PrismaClient): Promise<Authenticate> {
  const account = await prisma.user.findUniqueOrThrow({ where: { email: 'reader@example.com' }, select: ACCOUNT });
  const viewer = {
    kind: 'user',
    account,
    session: 'none',
    amr: [],
    provenAt: null,
    roles: [],
    permissions: EVERYTHING,
  } as const;
  return async () => viewer;
}
