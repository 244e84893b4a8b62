import {
  DEFAULT_EXPIRY,
  type InvitationRow,
  inviteUser,
  listInvitations,
  revokeInvitation,
} from '../../administration/users/invite-user.ts';
import { documentKey } from '../../database/document-key.ts';
import type { DynamicBuilder } from '../content-type/content-schema.ts';
import { EXPIRES_IN } from '../users-permissions/invite-user.ts';
import type { OkType } from './ok-payload.ts';
import { type AdminServices, byAdmin } from './services.ts';

/** Adds the invitations of users: to send, to list and to revoke them. */
export function addInvitations(builder: DynamicBuilder, services: AdminServices, ok: OkType): void {
  const invitation = builder.objectRef<InvitationRow>('Invitation').implement({
    description: 'An invitation of a user that waits for its answer.',
    fields: (t) => ({
      documentId: t.exposeID('documentId', { nullable: false }),
      email: t.exposeString('email', { nullable: false }),
      role: t.field({
        type: 'Role',
        nullable: true,
        description: 'The role that the user will have.',
        resolve: ({ roleId }) => ({ id: roleId }),
      }),
      invitedBy: t.exposeString('invitedBy', { nullable: false, description: 'The name of the inviter at that time.' }),
      createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false }),
      expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: false }),
    }),
  });
  builder.queryField('invitations', (t) =>
    t.field({
      type: [invitation],
      nullable: true,
      description: 'The invitations that wait for their answer, the newest first: a thousand at most.',
      authScopes: { action: 'invitation.find' },
      resolve: () => listInvitations(services),
    }),
  );
  builder.mutationField('inviteUser', (t) =>
    t.field({
      type: invitation,
      nullable: true,
      description: 'Mails an invitation to somebody, who chooses a username and a password.',
      authScopes: { action: 'user.invite' },
      args: {
        email: t.arg.string({ required: true }),
        role: t.arg.id({ description: 'Its id or its documentId. Absent: the default role.' }),
        expiresIn: t.arg.int({ description: EXPIRES_IN }),
      },
      resolve: (_root, { email, role, expiresIn }, context) => {
        const input = {
          email,
          role: role == null ? undefined : documentKey(role),
          expiresIn: expiresIn ?? DEFAULT_EXPIRY,
        };
        return inviteUser(services, byAdmin(context), input, { tells: true });
      },
    }),
  );
  builder.mutationField('revokeInvitation', (t) =>
    t.field({
      type: ok,
      nullable: true,
      description: 'Revokes an invitation: its code no longer works.',
      authScopes: { action: 'invitation.revoke' },
      args: { documentId: t.arg.id({ required: true }) },
      resolve: async (_root, { documentId }, context) => {
        await revokeInvitation(services, byAdmin(context), documentId);
        return { ok: true };
      },
    }),
  );
}
