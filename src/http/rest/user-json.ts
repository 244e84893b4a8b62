import type { UserAccounts } from '../../accounts/accounts.ts';
import { isBlocked } from '../../authentication/viewer.ts';
import { invalidCredential } from '../../common/errors.ts';
import type { Prisma } from '../../generated/prisma/client.ts';

const SHOWN = {
  id: true,
  documentId: true,
  username: true,
  email: true,
  provider: true,
  confirmed: true,
  blocked: true,
  blockedUntil: true,
  createdAt: true,
  updatedAt: true,
  role: {
    select: {
      id: true,
      documentId: true,
      name: true,
      description: true,
      type: true,
      createdAt: true,
      updatedAt: true,
    },
  },
} as const;

type ShownUser = Prisma.UserGetPayload<{ select: typeof SHOWN }>;

/**
 * The own account as Strapi's REST API returns it, with the fields that are the application's own unless it is somebody without a session,
 * and with the role on request.
 *
 * @throws ApiError UNAUTHENTICATED when the account no longer exists.
 */
export async function userJson(
  { prisma, userFields, clock }: Pick<UserAccounts, 'prisma' | 'userFields' | 'clock'>,
  id: number,
  {
    withRole = false,
    withoutOwnFields = false,
  }: { readonly withRole?: boolean; readonly withoutOwnFields?: boolean } = {},
) {
  const user = await prisma.user.findUnique({ where: { id }, select: SHOWN });
  if (!user) throw invalidCredential('revoked');
  const own = withoutOwnFields ? {} : await userFields.readByOwner(prisma, id);
  return { ...own, ...shown(user, clock(), withRole) };
}

function shown({ blockedUntil, role, ...user }: ShownUser, now: Date, withRole: boolean) {
  return {
    ...user,
    blocked: isBlocked({ ...user, blockedUntil }, now),
    // Users have no drafts.
    publishedAt: user.createdAt,
    ...(withRole && { role: { ...role, publishedAt: role.createdAt } }),
  };
}
