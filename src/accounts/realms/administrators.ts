import type { Actor, Sent } from '../../audit/actor.ts';
import type { Target } from '../../audit/audit.ts';
import type { AdminAccount, AdminViewer } from '../../authentication/viewer.ts';
import { forbidden } from '../../common/errors.ts';
import { ADMIN, type AdminRow } from '../account-rows.ts';
import { issueAdminCode, ownerOfAdminCode, useAdminCode } from '../admin-codes.ts';
import { normalEmail } from '../emails.ts';
import { lockAdmin, lockAdministrator } from '../lock-account.ts';
import { endCredentialsOfAdmin } from '../revoke-credentials.ts';
import { cannotBeStored, type Realm } from './realm.ts';

function namesOf({ email, name }: Pick<AdminAccount, 'email' | 'name'>): string[] {
  return [email, name];
}

/** The administrators of this server, at `/admin/graphql`. */
export const ADMINISTRATORS: Realm<AdminRow, AdminViewer> = {
  name: 'administrators',
  audience: 'gatehouse:admins',
  mailsStepUpCodes: false,
  attempts: {
    logIn: 'admin.login',
    logInWithPasskey: 'admin.loginWithPasskey',
    forgotPassword: 'admin.forgotPassword',
    resetPassword: 'admin.resetPassword',
    changePassword: 'admin.changePassword',
    stepUp: 'admin.stepUp',
    completeLogin: 'admin.completeLogin',
    secondFactors: 'admin.secondFactors',
    passkeyOptions: 'admin.passkeyOptions',
    passkeys: 'admin.passkeys',
  },
  events: {
    refusedLogin: 'admin.login',
    changePassword: 'admin.changePassword',
    requestPassword: 'admin.requestPassword',
    resetPassword: 'admin.resetPassword',
    refusedStepUp: 'admin.stepUp',
    refusedFactor: 'admin.refuseFactor',
    addFactor: 'admin.addFactor',
    removeFactor: 'admin.removeFactor',
    replaceBackupCodes: 'admin.replaceBackupCodes',
    addPasskey: 'admin.addPasskey',
    renamePasskey: 'admin.renamePasskey',
    removePasskey: 'admin.removePasskey',
  },
  mails: { forgotPassword: 'adminForgotPassword' },
  passwordCodes: {
    issue: ({ clock }, transaction, id) => issueAdminCode(transaction, id, clock()),
    ownerOf: ({ clock }, database, code) => ownerOfAdminCode(database, code, clock()),
    use: ({ clock }, transaction, code) => useAdminCode(transaction, code, clock()),
  },

  countedAs: normalEmail,
  faultsOfIdentifier: () => [],
  ownAccount: ({ admin }) => {
    const { id, documentId, email } = admin;
    return { id, documentId, email, names: namesOf(admin) };
  },
  amrOf: ({ amr }) => amr,
  namesOf,
  minLength: ({ adminPasswordMinLength }) => adminPasswordMinLength,
  isBlocked: () => false,
  refusalOf: () => undefined, // administrators cannot be blocked

  async requiresFactor({ settings }) {
    return (await settings.findFirst({ select: { adminSecondFactor: true } }))?.adminSecondFactor === true;
  },

  isLastWayIn: async () => false, // administrators always have a password
  mailAccount: (adminId) => ({ adminId }),
  target: (admin) => (admin ? adminTarget(admin) : { kind: 'admin', documentId: null, name: null }),
  actor: byAdministrator,

  async find({ admin }, email) {
    if (cannotBeStored(email)) return undefined;
    const where = { email: normalEmail(email) };
    return (await admin.findUnique({ where, select: { ...ADMIN, passwordHash: true } })) ?? undefined;
  },
  findById: async ({ admin }, id) => (await admin.findUnique({ where: { id }, select: ADMIN })) ?? undefined,
  findByEmail: async ({ admin }, email) => (await admin.findUnique({ where: { email }, select: ADMIN })) ?? undefined,
  passwordHashOf: async ({ admin }, id) =>
    (await admin.findUnique({ where: { id }, select: { passwordHash: true } }))?.passwordHash,
  lock: lockAdmin,
  async lockViewer(transaction, viewer) {
    const admin = await lockAdministrator(transaction, viewer);
    if (admin.role !== viewer.admin.role) throw forbidden(); // the role changed since the request was authenticated
    return admin;
  },
  async proveSession({ adminSession }, { session: documentId }, provenAt) {
    await adminSession.update({ where: { documentId }, data: { provenAt }, select: { id: true } });
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

/** The actor for an administrator who authenticates in this request. */
export function byAdministrator(
  { documentId, email }: Pick<AdminRow, 'documentId' | 'email'>,
  { origin, requestId }: Sent,
): Actor {
  return { kind: 'admin', documentId, name: email, origin, requestId };
}
