import { endImpersonation, type Impersonation, impersonateUser } from '../../administration/users/impersonate-user.ts';
import { type RunningImpersonation, runningImpersonations } from '../../administration/users/running-impersonations.ts';
import { askedByAdministrator } from '../../authentication/asked-by.ts';
import { documentKey } from '../../database/document-key.ts';
import type { DynamicBuilder } from '../content-type/content-schema.ts';
import type { OkType } from './ok-payload.ts';
import { type AdminServices, byAdmin } from './services.ts';

/** Adds `impersonations`, `impersonateUser` and `endImpersonation`. */
export function addImpersonation(builder: DynamicBuilder, ok: OkType, services: AdminServices): void {
  const impersonation = builder.objectRef<Impersonation>('Impersonation').implement({
    description: 'A session in which an administrator acts as a user.',
    fields: (t) => ({
      documentId: t.exposeID('documentId', { nullable: false, description: 'The documentId of the session.' }),
      jwt: t.exposeString('jwt', { nullable: false, description: 'A token of the user, for `/graphql`.' }),
      expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: false }),
      user: t.field({
        type: 'User',
        nullable: false,
        description: 'The user.',
        grantScopes: ['User'],
        resolve: ({ user }) => ({ id: user.id }),
      }),
    }),
  });
  const running = builder.objectRef<RunningImpersonation>('RunningImpersonation').implement({
    description: 'A session in which an administrator acts as a user, without its token, which nobody is shown again.',
    fields: (t) => ({
      documentId: t.exposeID('documentId', { nullable: false, description: 'The documentId of the session.' }),
      createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false }),
      expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: false }),
      user: t.field({
        type: 'User',
        nullable: false,
        description: 'The user.',
        grantScopes: ['User'],
        resolve: ({ userId }) => ({ id: userId }),
      }),
    }),
  });
  builder.queryField('impersonations', (t) =>
    t.field({
      type: [running],
      nullable: { list: true, items: false },
      description:
        'The sessions in which the administrator of the token acts as users, wherever they began, oldest first: a hundred at most.',
      authScopes: { action: 'self.impersonations' },
      resolve: (_root, _args, context) =>
        runningImpersonations(services, askedByAdministrator(context).viewer.admin.id),
    }),
  );
  builder.mutationField('impersonateUser', (t) =>
    t.field({
      type: impersonation,
      nullable: true,
      description:
        'Returns a token with which the administrator acts as a user on `/graphql`, for an hour at most, and no longer than the session of the administrator. It is not allowed the operations on the account. The user sees the session and can end it. Every audit event that it causes names the administrator.',
      authScopes: { action: 'user.impersonate' },
      args: {
        documentId: t.arg.id({ required: true }),
        reason: t.arg.string({
          required: true,
          description: 'Why, for the audit log: 1 to 500 characters. The user does not see it.',
        }),
      },
      resolve: (_root, { documentId, reason }, context) =>
        impersonateUser(services, byAdmin(context), documentKey(documentId), reason, askedByAdministrator(context)),
    }),
  );
  builder.mutationField('endImpersonation', (t) =>
    t.field({
      type: ok,
      nullable: true,
      description: 'Ends a session in which an administrator acts as a user.',
      authScopes: { action: 'user.endImpersonation' },
      args: { documentId: t.arg.id({ required: true }) },
      resolve: async (_root, { documentId }, context) => {
        await endImpersonation(services, byAdmin(context), documentId);
        return { ok: true };
      },
    }),
  );
}
