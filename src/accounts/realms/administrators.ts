import type { Actor, Sent } from '../../audit/actor.ts';
import type { Target } from '../../audit/audit.ts';
import type { AdminAccount, AdminViewer } from '../../authentication/viewer.ts';
import { forbidden } from '../../common/errors.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import { normalEmail } from '../emails.ts';
import { lockAdministrator } from '../lock-account.ts';
import { endCredentialsOfAdmin } from '../revoke-credentials.ts';
import type { Realm } from './realm.ts';

/** The columns of an administrator's account, with the version of its tokens, for a query's `select`. */
export const ADMIN = { id: true, documentId: true, email: true, name: true, role: true, tokenVersion: true } as const;

export type AdminRow = Prisma.AdminGetPayload<{ select: typeof ADMIN }>;

function namesOf({ email, name }: Pick<AdminAccount, 'email' | 'name'>): string[] {
  return [email, name];
}

/** Who runs this server, at `/admin/graphql`. */
export const ADMINISTRATORS: Realm<AdminRow, AdminViewer> = {
  name: 'administrators',
  audience: 'gatehouse:admins',
  attempts: { logIn: 'admin.login', changePassword: 'admin.changePassword' },
  events: { refusedLogin: 'admin.login', changePassword: 'admin.changePassword' },

  countedAs: normalEmail,
  faultsOfIdentifier: () => [],
  ownAccount: ({ admin }) => ({ id: admin.id, documentId: admin.documentId, names: namesOf(admin) }),
  namesOf,
  minLength: ({ adminPasswordMinLength }) => adminPasswordMinLength,
  refusalOf: () => undefined, // nobody blocks one

  mailAccount: (adminId) => ({ adminId }),
  target: (admin) => (admin ? adminTarget(admin) : { kind: 'admin', documentId: null, name: null }),
  actor: byAdministrator,

  async find({ admin }, email) {
    const where = { email: normalEmail(email) };
    return (await admin.findUnique({ where, select: { ...ADMIN, passwordHash: true } })) ?? undefined;
  },
  passwordHashOf: async ({ admin }, id) =>
    (await admin.findUnique({ where: { id }, select: { passwordHash: true } }))?.passwordHash,
  async lockViewer(transaction, viewer) {
    const admin = await lockAdministrator(transaction, viewer);
    if (admin.role !== viewer.admin.role) throw forbidden(); // the request was let in with the other
    return admin;
  },
  async writePassword(transaction, id, data) {
    await endCredentialsOfAdmin(transaction, id, 'newPassword');
    return transaction.admin.update({ where: { id }, data, select: ADMIN });
  },
  async renewHash({ admin }, { id, passwordHash }, data) {
    await admin.updateMany({ where: { id, passwordHash }, data });
  },
  endCredentials: endCredentialsOfAdmin,
};

export function adminTarget({ documentId, email }: Pick<AdminRow, 'documentId' | 'email'>): Target {
  return { kind: 'admin', documentId, name: email };
}

/** An administrator who proved to be that in the request. */
export function byAdministrator(
  { documentId, email }: Pick<AdminRow, 'documentId' | 'email'>,
  { origin, requestId }: Sent,
): Actor {
  return { kind: 'admin', documentId, name: email, origin, requestId };
}
