import type { Attempts } from '../../accounts/attempts.ts';
import type { AdministrationServices } from '../../administration/administration.ts';
import { DEFAULT_EXPIRY, inviteUser } from '../../administration/users/invite-user.ts';
import { documentKey } from '../../database/document-key.ts';
import type { DynamicBuilder } from '../content-type/content-schema.ts';
import { byViewer } from './by-viewer.ts';

export const EXPIRES_IN = 'Seconds that the invitation is good for, 600 to 2592000. Seven days where it is absent.';

/** Adds `inviteUser`, for users and API tokens that hold `user.invite`. */
export function addInviteUser(
  builder: DynamicBuilder,
  services: AdministrationServices,
  attempts: Pick<Attempts, 'count'>,
): void {
  builder.mutationField('inviteUser', (t) =>
    t.field({
      type: 'UsersPermissionsPasswordPayload',
      nullable: true,
      description: 'Mails an invitation, if there is no account with this e-mail. The response is the same either way.',
      authScopes: { action: 'user.invite' },
      args: {
        email: t.arg.string({ required: true }),
        role: t.arg.id({
          description:
            'Its id or its documentId; not a role with more permissions than the viewer. Absent: the default role.',
        }),
        expiresIn: t.arg.int({ description: EXPIRES_IN }),
      },
      resolve: async (_root, { email, role, expiresIn }, context) => {
        const { viewer, origin } = context;
        const account = viewer.kind === 'user' ? viewer.account.documentId : viewer.kind;
        await attempts.count('inviteUser', { address: origin.address, account });
        const input = {
          email,
          role: role == null ? undefined : documentKey(role),
          expiresIn: expiresIn ?? DEFAULT_EXPIRY,
        };
        await inviteUser(services, byViewer(context, services), input, { tells: false });
        return { ok: true };
      },
    }),
  );
}
