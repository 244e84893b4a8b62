import type { GivenFields } from '../../accounts/user-fields.ts';
import { blockUser, unblockUser } from '../../administration/users/block-user.ts';
import { createUser } from '../../administration/users/create-user.ts';
import { deleteUser } from '../../administration/users/delete-user.ts';
import { endSessionsOfUser } from '../../administration/users/end-sessions.ts';
import { rolesIn } from '../../administration/users/given-roles.ts';
import { requestPasswordOfUser } from '../../administration/users/request-password.ts';
import { resetSecondFactorOfUser } from '../../administration/users/reset-second-factor.ts';
import { updateUser } from '../../administration/users/update-user.ts';
import { rejectNull } from '../../common/reject-null.ts';
import { documentKey } from '../../database/document-key.ts';
import type { DynamicBuilder } from '../content-type/content-schema.ts';
import { inputFieldsFor } from '../user-fields/add-user-fields.ts';
import { otherValues } from '../user-fields/create-user-fields.ts';
import type { ResolvedUserFields } from '../user-fields/resolve-user-fields.ts';
import { given } from './given.ts';
import { type AdminServices, byAdmin } from './services.ts';

interface CreateUserInput {
  readonly username: string;
  readonly email: string;
  readonly password?: string | null | undefined;
  readonly role?: string | null | undefined;
  readonly roles?: readonly string[] | null | undefined;
  readonly confirmed?: boolean | null | undefined;
}

interface UpdateUserInput {
  readonly username?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly password?: string | null | undefined;
  readonly role?: string | null | undefined;
  readonly roles?: readonly string[] | null | undefined;
  readonly confirmed?: boolean | null | undefined;
}

/** What is Gatehouse's of an input. */
const OWN = ['username', 'email', 'password', 'role', 'roles', 'confirmed'] as const;

const ROLES = 'All roles. The first is the main one, unless `role` names it.';

/** The mutations of users. Each answers the user as it is now. */
export function addUsers(builder: DynamicBuilder, services: AdminServices, userFields: ResolvedUserFields): void {
  const fieldsIn = (data: object): GivenFields => ({ writer: 'administrators', values: otherValues(data, ...OWN) });

  const createInput = builder.inputRef<CreateUserInput>('CreateUserInput').implement({
    fields: (t) => ({
      username: t.string({ required: true }),
      email: t.string({ required: true }),
      password: t.string({ description: 'Without one, a mail asks the user to choose it.' }),
      role: t.id({ description: 'The main role. Without one: the default role.' }),
      roles: t.idList({ description: ROLES }),
      confirmed: t.boolean({ description: 'Whether the e-mail is known to be the user’s. True where it is absent.' }),
      ...inputFieldsFor(t, userFields, 'administrators'),
    }),
  });
  const updateInput = builder.inputRef<UpdateUserInput>('UpdateUserInput').implement({
    description: 'Absent fields stay as they are.',
    fields: (t) => ({
      username: t.string(),
      email: t.string({ description: 'At once, and without a mail that confirms it.' }),
      password: t.string({ description: 'All older tokens of the user are revoked.' }),
      role: t.id({ description: 'The main role. Alone, it leaves the others as they are.' }),
      roles: t.idList({ description: ROLES }),
      confirmed: t.boolean(),
      ...inputFieldsFor(t, userFields, 'administrators'),
    }),
  });

  builder.mutationField('createUser', (t) =>
    t.field({
      type: 'User',
      nullable: true,
      description: 'Creates a user. Without a password, a mail asks the user to choose one.',
      authScopes: { action: 'user.create' },
      args: { data: t.arg({ type: createInput, required: true }) },
      resolve: async (_root, { data }, context) => {
        const { username, email, confirmed } = data;
        const password = given(data.password);
        const id = await createUser(services, byAdmin(context), {
          username,
          email,
          password,
          ...rolesIn(data),
          confirmed: confirmed ?? true,
          invite: password === undefined,
          fields: fieldsIn(data),
        });
        return { id };
      },
    }),
  );
  builder.mutationField('updateUser', (t) =>
    t.field({
      type: 'User',
      nullable: true,
      description: 'Changes what is given: all of it or nothing.',
      authScopes: { action: 'user.update' },
      args: { documentId: t.arg.id({ required: true }), data: t.arg({ type: updateInput, required: true }) },
      resolve: async (_root, { documentId, data }, context) => {
        rejectNull(data, OWN);
        const change = {
          username: given(data.username),
          email: given(data.email),
          password: given(data.password),
          confirmed: given(data.confirmed),
          fields: fieldsIn(data),
          ...rolesIn(data),
        };
        return { id: await updateUser(services, byAdmin(context), documentKey(documentId), change) };
      },
    }),
  );
  builder.mutationField('blockUser', (t) =>
    t.field({
      type: 'User',
      nullable: true,
      description: 'Blocks a user: all tokens are revoked, and the user cannot log in until the block ends.',
      authScopes: { action: 'user.block' },
      args: {
        documentId: t.arg.id({ required: true }),
        reason: t.arg.string({ description: 'For administrators. The user does not see it.' }),
        until: t.arg({ type: 'DateTime', description: 'When the block expires. Without one, it has to be lifted.' }),
      },
      resolve: async (_root, { documentId, reason, until }, context) => {
        const block = { reason: reason ?? null, until: until ?? null };
        return { id: await blockUser(services, byAdmin(context), documentKey(documentId), block) };
      },
    }),
  );

  const simple = (name: string, action: `user.${string}`, description: string, act: typeof unblockUser) =>
    builder.mutationField(name, (t) =>
      t.field({
        type: 'User',
        nullable: true,
        description,
        authScopes: { action },
        args: { documentId: t.arg.id({ required: true }) },
        resolve: async (_root, { documentId }, context) => ({
          id: await act(services, byAdmin(context), documentKey(documentId)),
        }),
      }),
    );
  simple('unblockUser', 'user.unblock', 'Lifts a block.', unblockUser);
  simple('confirmUser', 'user.confirm', 'Marks the e-mail as confirmed, without a mail.', (services, by, key) =>
    updateUser(services, by, key, { confirmed: true }),
  );
  simple(
    'sendUserPasswordMail',
    'user.sendPasswordMail',
    'Sends the user a mail with a link to choose a password.',
    requestPasswordOfUser,
  );
  simple(
    'endUserSessions',
    'user.endSessions',
    'Ends every session of the user: all tokens are revoked.',
    endSessionsOfUser,
  );

  builder.mutationField('resetUserSecondFactor', (t) =>
    t.field({
      type: 'User',
      nullable: true,
      description:
        'Removes the second factor of a user who lost it. All tokens are revoked, and the user gets a mail. Make sure first that the user asks for it, and not somebody else.',
      authScopes: { action: 'user.resetSecondFactor' },
      args: {
        documentId: t.arg.id({ required: true }),
        reason: t.arg.string({ required: true, description: 'Why, for the audit log.' }),
      },
      resolve: async (_root, { documentId, reason }, context) => ({
        id: await resetSecondFactorOfUser(services, byAdmin(context), documentKey(documentId), reason),
      }),
    }),
  );

  const deleted = builder.objectRef<{ readonly documentId: string }>('DeletedUser').implement({
    fields: (t) => ({ documentId: t.exposeID('documentId', { nullable: false }) }),
  });
  builder.mutationField('deleteUser', (t) =>
    t.field({
      type: deleted,
      nullable: true,
      authScopes: { action: 'user.delete' },
      description: 'Deletes a user. All tokens are revoked. The audit log keeps the name.',
      args: { documentId: t.arg.id({ required: true }) },
      resolve: (_root, { documentId }, context) => deleteUser(services, byAdmin(context), documentKey(documentId)),
    }),
  );
}
