import {
  createAdmin,
  deleteAdmin,
  endAdminSessions,
  requestAdminPassword,
  resetSecondFactorOfAdmin,
  updateAdmin,
} from '../../administration/admins.ts';
import { rejectNull } from '../../common/reject-null.ts';
import type { AdminRole } from '../../generated/prisma/client.ts';
import type { DynamicBuilder } from '../content-type/content-schema.ts';
import { given } from './given.ts';
import { type AdminServices, byAdmin } from './services.ts';

interface CreateAdminInput {
  readonly email: string;
  readonly name?: string | null | undefined;
  readonly role: AdminRole;
  readonly password?: string | null | undefined;
}

interface UpdateAdminInput {
  readonly email?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly role?: AdminRole | null | undefined;
}

/** The mutations of administrators on each other. The last one with full access cannot be removed or demoted. */
export function addAdmins(builder: DynamicBuilder, services: AdminServices): void {
  const createInput = builder.inputRef<CreateAdminInput>('CreateAdminInput').implement({
    fields: (t) => ({
      email: t.string({ required: true }),
      name: t.string({ description: 'As the e-mail, where it is absent.' }),
      role: t.field({ type: 'AdminRole', required: true }),
      password: t.string({ description: 'Without one, a mail asks the administrator to choose it.' }),
    }),
  });
  const updateInput = builder.inputRef<UpdateAdminInput>('UpdateAdminInput').implement({
    description: 'Absent fields stay as they are.',
    fields: (t) => ({
      email: t.string(),
      name: t.string(),
      role: t.field({ type: 'AdminRole' }),
    }),
  });
  builder.mutationField('createAdmin', (t) =>
    t.field({
      type: 'Admin',
      nullable: true,
      authScopes: { action: 'admin.create' },
      args: { data: t.arg({ type: createInput, required: true }) },
      resolve: (_root, { data }, context) => {
        const { email, role } = data;
        const input = { email, role, name: given(data.name), password: given(data.password) };
        return createAdmin(services, byAdmin(context), input);
      },
    }),
  );
  builder.mutationField('updateAdmin', (t) =>
    t.field({
      type: 'Admin',
      nullable: true,
      authScopes: { action: 'admin.update' },
      args: { documentId: t.arg.id({ required: true }), data: t.arg({ type: updateInput, required: true }) },
      resolve: (_root, { documentId, data }, context) => {
        rejectNull(data, ['email', 'name', 'role']);
        const change = { email: given(data.email), name: given(data.name), role: given(data.role) };
        return updateAdmin(services, byAdmin(context), documentId, change);
      },
    }),
  );
  builder.mutationField('sendAdminPasswordMail', (t) =>
    t.field({
      type: 'Admin',
      nullable: true,
      description: 'Sends an administrator a mail with a link to choose a password.',
      authScopes: { action: 'admin.sendPasswordMail' },
      args: { documentId: t.arg.id({ required: true }) },
      resolve: (_root, { documentId }, context) => requestAdminPassword(services, byAdmin(context), documentId),
    }),
  );
  builder.mutationField('endAdminSessions', (t) =>
    t.field({
      type: 'Admin',
      nullable: true,
      description: 'Ends every session of an administrator: all tokens are revoked.',
      authScopes: { action: 'admin.endSessions' },
      args: { documentId: t.arg.id({ required: true }) },
      resolve: (_root, { documentId }, context) => endAdminSessions(services, byAdmin(context), documentId),
    }),
  );
  builder.mutationField('resetAdminSecondFactor', (t) =>
    t.field({
      type: 'Admin',
      nullable: true,
      description:
        'Removes the second factor of an administrator who lost it. All tokens are revoked, and the administrator gets a mail.',
      authScopes: { action: 'admin.resetSecondFactor' },
      args: {
        documentId: t.arg.id({ required: true }),
        reason: t.arg.string({ required: true, description: 'Why, for the audit log.' }),
      },
      resolve: (_root, { documentId, reason }, context) =>
        resetSecondFactorOfAdmin(services, byAdmin(context), documentId, reason),
    }),
  );
  const deleted = builder.objectRef<{ readonly documentId: string }>('DeletedAdmin').implement({
    fields: (t) => ({ documentId: t.exposeID('documentId', { nullable: false }) }),
  });
  builder.mutationField('deleteAdmin', (t) =>
    t.field({
      type: deleted,
      nullable: true,
      authScopes: { action: 'admin.delete' },
      args: { documentId: t.arg.id({ required: true }) },
      resolve: (_root, { documentId }, context) => deleteAdmin(services, byAdmin(context), documentId),
    }),
  );
}
