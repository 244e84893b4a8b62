import { faultsOfEmail, normalEmail } from '../../accounts/emails.ts';
import { lockAdmin } from '../../accounts/lock-account.ts';
import { faultsOfGivenPassword, normalPassword } from '../../accounts/passwords.ts';
import { rewrittenPassword } from '../../accounts/public-password.ts';
import {
  type AdminRow,
  adminTarget,
  changeAdminPassword,
  createAdmin,
  requestAdminPassword,
  resetAdminPassword,
} from '../../administration/admins.ts';
import { actorOf } from '../../authentication/actor-of.ts';
import { usedNow } from '../../authentication/sessions.ts';
import type { AdminAccount, Viewer } from '../../authentication/viewer.ts';
import { type ApiError, badInput, type Fault, forbidden, invalidInput, notFound } from '../../common/errors.ts';
import { inTransaction } from '../../database/retry.ts';
import type { Builder } from '../builder.ts';
import { dynamic } from '../content-type/content-schema.ts';
import type { Context } from '../context.ts';
import { given } from './given.ts';
import { type AdminServices, byAdmin, bySomebody } from './services.ts';
import type { Session } from './types.ts';

/** What an administrator asks about themselves, and how somebody comes to be one. */
export function addOneself(typed: Builder, services: AdminServices): void {
  const builder = dynamic(typed);
  const { prisma, passwords, attempts, audit, clock } = services;

  interface Payload {
    readonly jwt: string;
    readonly admin: { readonly id: number };
  }
  const payload = builder.objectRef<Payload>('AdminLoginPayload').implement({
    fields: (t) => ({
      jwt: t.exposeString('jwt', { nullable: false, description: 'For this endpoint only.' }),
      admin: t.field({ type: 'Admin', nullable: false, grantScopes: ['Admin'], resolve: ({ admin }) => admin }),
    }),
  });
  const ok = builder.objectRef<{ readonly ok: boolean }>('AdminOkPayload').implement({
    fields: (t) => ({ ok: t.exposeBoolean('ok', { nullable: false }) }),
  });

  /**
   * A session, and the token that belongs to it, for the administrator as it was when the password was checked: one that
   * was changed, or deleted, while it was compared is not let in by the old one.
   */
  async function begin(
    { id, tokenVersion }: Pick<AdminRow, 'id' | 'tokenVersion'>,
    context: Context,
  ): Promise<Payload> {
    const now = clock();
    const expiresAt = new Date(now.getTime() + services.expiresIn * 1_000);
    const { user, session } = await inTransaction(prisma, async (transaction) => {
      const user = await lockAdmin(transaction, id);
      if (user?.tokenVersion !== tokenVersion) throw notLetIn();
      const session = await transaction.adminSession.create({
        data: { adminId: id, createdAt: now, ...usedNow(now, context.origin), expiresAt },
        select: { documentId: true },
      });
      const actor = { ...actorOf(context), kind: 'admin' as const, documentId: user.documentId, name: user.email };
      const after = { session: session.documentId };
      await audit.record(transaction, actor, { event: 'admin.login', target: adminTarget(user), after });
      return { user, session };
    });
    const jwt = await services.tokens.issue({ user, session: session.documentId, from: now, until: expiresAt });
    return { jwt, admin: { id } };
  }

  builder.mutationField('login', (t) =>
    t.field({
      type: payload,
      nullable: true,
      description: 'A token for who knows an administrator’s password.',
      authScopes: { action: 'auth.login' },
      args: { email: t.arg.string({ required: true }), password: t.arg.string({ required: true }) },
      resolve: async (_root, { email, password }, context) => {
        // As it is looked up: of one account there is one count, whatever is around its address.
        await attempts.count('admin.login', { address: context.origin.address, account: normalEmail(email) });
        const faults = faultsOfGivenPassword(password, ['password']);
        if (faults.length > 0) throw invalidInput(faults);
        const admin = await prisma.admin.findUnique({
          where: { email: normalEmail(email) },
          select: { id: true, documentId: true, email: true, passwordHash: true, tokenVersion: true },
        });
        const { same, outdated } = await passwords.compare(password, admin?.passwordHash);
        services.onLogin(admin && same ? 'accepted' : 'refused');
        if (!admin || !same) {
          // What was typed for an address may be a password: only an address that is known is kept.
          const target = admin ? adminTarget(admin) : ({ kind: 'admin', documentId: null, name: null } as const);
          await audit.record(prisma, actorOf(context), { event: 'admin.login', outcome: 'refused', target });
          throw notLetIn();
        }
        if (outdated) {
          const renewed = await rewrittenPassword(passwords, password);
          const where = { id: admin.id, passwordHash: admin.passwordHash };
          await prisma.admin.updateMany({ where, data: renewed });
        }
        return begin(admin, context);
      },
    }),
  );

  const firstInput = builder.inputType('RegisterFirstAdminInput', {
    fields: (t) => ({
      email: t.string({ required: true }),
      name: t.string(),
      password: t.string({ required: true }),
    }),
  });
  builder.mutationField('registerFirstAdmin', (t) =>
    t.field({
      type: payload,
      nullable: true,
      description: 'Makes the first administrator, who may everything, while there is none.',
      authScopes: { action: 'auth.registerFirstAdmin' },
      args: {
        input: t.arg({ type: firstInput, required: true }),
        code: t.arg.string({ description: 'The one that was printed at start. In production it is needed.' }),
      },
      resolve: async (_root, { input, code }, context) => {
        await attempts.count('admin.registerFirst', context.origin);
        // As if there were no such field: whoever asks learns nothing but that.
        if ((await prisma.admin.count()) > 0) throw forbidden('auth.registerFirstAdmin');
        if (services.firstNeedsCode && code == null) throw badInput('Incorrect code provided');
        const { email, password } = input;
        const admin = await createAdmin(
          services,
          byAdmin(context),
          { email, password, name: given(input.name), role: 'ADMINISTRATOR' },
          { code: given(code) },
        );
        return begin(admin, context);
      },
    }),
  );

  builder.mutationField('forgotPassword', (t) =>
    t.field({
      type: ok,
      nullable: true,
      description:
        'Mails a link to choose a new password, if there is such an administrator. The answer does not tell.',
      authScopes: { action: 'auth.forgotPassword' },
      args: { email: t.arg.string({ required: true }) },
      resolve: async (_root, { email }, context) => {
        await attempts.count('admin.forgotPassword', context.origin);
        const faults = faultsOfEmail(email);
        if (faults.length > 0) throw invalidInput(faults);
        // Looked up after the answer: whatever that takes, and however it ends, the answer is the same.
        services.delivery.later('admin forgotPassword', async () => {
          const admin = await prisma.admin.findUnique({
            where: { email: normalEmail(email) },
            select: { email: true },
          });
          if (!admin || !(await attempts.mayMail(admin.email))) return undefined;
          await requestAdminPassword(services, bySomebody(context), admin.email);
          return undefined; // which mails it
        });
        return { ok: true };
      },
    }),
  );

  builder.mutationField('resetPassword', (t) =>
    t.field({
      type: payload,
      nullable: true,
      description: 'A new password for who holds the mailed code. Every older token of that administrator dies.',
      authScopes: { action: 'auth.resetPassword' },
      args: {
        code: t.arg.string({ required: true }),
        password: t.arg.string({ required: true }),
        passwordConfirmation: t.arg.string({ required: true }),
      },
      resolve: async (_root, { code, password, passwordConfirmation }, context) => {
        await attempts.count('admin.resetPassword', { address: context.origin.address, account: code });
        refuseUnlike(password, passwordConfirmation);
        const admin = await resetAdminPassword(services, bySomebody(context), { code, password });
        return begin(admin, context);
      },
    }),
  );

  builder.mutationField('changePassword', (t) =>
    t.field({
      type: payload,
      nullable: true,
      description:
        'A new password for the administrator of the token. Every older token dies; the answer has a new one.',
      authScopes: { action: 'self.changePassword' },
      args: {
        currentPassword: t.arg.string({ required: true }),
        password: t.arg.string({ required: true }),
        passwordConfirmation: t.arg.string({ required: true }),
      },
      resolve: async (_root, { currentPassword, password, passwordConfirmation }, context) => {
        const admin = administratorOf(context.viewer);
        await attempts.count('admin.changePassword', { address: context.origin.address, account: admin.documentId });
        refuseUnlike(password, passwordConfirmation);
        const checked = await prisma.admin.findUnique({ where: { id: admin.id }, select: { passwordHash: true } });
        if (!(await passwords.matches(currentPassword, checked?.passwordHash))) {
          throw badInput('The provided current password is invalid');
        }
        if (normalPassword(password) === normalPassword(currentPassword)) {
          throw badInput('Your new password must be different than your current password');
        }
        const changed = await changeAdminPassword(services, byAdmin(context), admin, password);
        return begin(changed, context);
      },
    }),
  );

  builder.mutationField('logout', (t) =>
    t.field({
      type: ok,
      nullable: true,
      description: 'Ends the session of the token.',
      authScopes: { action: 'self.logout' },
      resolve: async (_root, _args, context) => {
        const { viewer } = context;
        if (viewer.kind === 'admin') await endSession(context, viewer.admin, viewer.session);
        return { ok: true };
      },
    }),
  );

  async function endSession(context: Context, admin: AdminAccount, documentId: string): Promise<boolean> {
    return inTransaction(prisma, async (transaction) => {
      const where = { adminId: admin.id, documentId };
      const { count } = await transaction.adminSession.deleteMany({ where });
      if (count === 0) return false;
      const before = { session: documentId };
      await audit.record(transaction, actorOf(context), { event: 'admin.logout', target: adminTarget(admin), before });
      return true;
    });
  }

  builder.queryField('me', (t) =>
    t.field({
      type: 'Admin',
      nullable: true,
      description: 'The administrator of the token.',
      authScopes: { action: 'self.me' },
      grantScopes: ['Admin'],
      resolve: (_root, _args, { viewer }) => ({ id: administratorOf(viewer).id }),
    }),
  );
  builder.queryField('sessions', (t) =>
    t.field({
      type: ['LoginSession'],
      nullable: { list: true, items: false },
      description: 'Where the administrator of the token is logged in, the one that was used last first.',
      authScopes: { action: 'self.sessions' },
      resolve: async (_root, _args, { viewer }) => {
        const where = { adminId: administratorOf(viewer).id, expiresAt: { gt: clock() } };
        const orderBy = [{ lastUsedAt: 'desc' as const }, { id: 'desc' as const }];
        const sessions: Session[] = await prisma.adminSession.findMany({ where, orderBy, take: 100 });
        return sessions as unknown as Record<string, unknown>[];
      },
    }),
  );
  builder.mutationField('revokeSession', (t) =>
    t.field({
      type: ok,
      nullable: true,
      description: 'Ends one session of the administrator of the token.',
      authScopes: { action: 'self.revokeSession' },
      args: { documentId: t.arg.id({ required: true }) },
      resolve: async (_root, { documentId }, context) => {
        if (!(await endSession(context, administratorOf(context.viewer), documentId))) {
          throw notFound('Session not found');
        }
        return { ok: true };
      },
    }),
  );
}

/** @throws ApiError FORBIDDEN for a guest. */
function administratorOf(viewer: Viewer): AdminAccount {
  if (viewer.kind !== 'admin') throw forbidden();
  return viewer.admin;
}

function refuseUnlike(password: string, passwordConfirmation: string): void {
  if (password === passwordConfirmation) return;
  const fault: Fault = { path: ['passwordConfirmation'], message: 'Passwords do not match' };
  throw invalidInput([fault]);
}

/** Whether there is such an administrator, is not told. */
function notLetIn(): ApiError {
  return badInput('Invalid identifier or password');
}
