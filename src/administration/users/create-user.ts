import { newIdentity } from '../../accounts/claim-identifiers.ts';
import { faultsOfEmail, normalEmail } from '../../accounts/emails.ts';
import { faultsOfNewPassword } from '../../accounts/passwords.ts';
import { NO_WRITTEN_PASSWORD, writtenPassword } from '../../accounts/public-password.ts';
import { type GivenFields, type UserFieldValues, withUserFields } from '../../accounts/user-fields.ts';
import { faultsOfForeignEmail, faultsOfUsername } from '../../accounts/usernames.ts';
import { userTarget } from '../../audit/audit.ts';
import { refuse } from '../../common/errors.ts';
import { type AdministrationServices, administer, type By } from '../administration.ts';
import { effectivePermissions } from '../roles/effective-permissions.ts';
import { givenRoles, type RolesInput } from './given-roles.ts';
import { hookedBy } from './hooked-by.ts';
import { mailCode } from './mail-code.ts';
import { uniquelyNamed } from './uniquely-named.ts';
import { recordOf, USER } from './user-row.ts';

/** A user to create. Without a role, the user gets the default role. */
export interface NewUser extends RolesInput {
  readonly username: string;
  readonly email: string;
  /** Undefined for a user who chooses it with a mailed link. */
  readonly password: string | undefined;
  readonly confirmed: boolean;
  readonly blocked?: boolean;
  /** Whether a mail asks the user to choose a password. */
  readonly invite: boolean;
  /** Fields that are the application's own. Where nobody sent any, none is required. */
  readonly fields?: GivenFields;
}

/**
 * Creates a user. The hooks for registrations run.
 *
 * @returns the id.
 */
export async function createUser(services: AdministrationServices, by: By, input: NewUser): Promise<number> {
  const { prisma, passwords, audit, userHooks, userFields } = services;
  const { writer, values } = input.fields ?? { writer: 'administrators', values: {} };
  const typed = input.username.trim();
  const email = normalEmail(input.email);
  const { passwordMinLength, defaultRoleId } = await prisma.settings.findUniqueOrThrow({ where: { id: 1 } });
  const faultsOf = (username: string, values: UserFieldValues, options: { readonly creating: boolean }) => [
    ...faultsOfUsername(username),
    ...faultsOfEmail(input.email),
    ...faultsOfForeignEmail({ username, email }),
    ...(input.password === undefined
      ? []
      : faultsOfNewPassword(input.password, {
          path: ['password'],
          minLength: passwordMinLength,
          names: [username, email],
        })),
    ...(input.fields ? userFields.faultsOf({ writer, values }, options) : []),
  ];
  // What is required can be left to the hook.
  refuse(faultsOf(typed, values, { creating: !userHooks.hasBeforeRegister }));
  const operation = hookedBy(by, 'createUser');
  const hooked = await userHooks.beforeRegister({ username: typed, email, fields: values }, writer, operation);
  const { username, fields } = hooked;
  if (userHooks.hasBeforeRegister && (username !== typed || userFields.exist))
    refuse(faultsOf(username, fields, { creating: true }));
  const identity = newIdentity({ username, email });
  const written = input.password === undefined ? NO_WRITTEN_PASSWORD : await writtenPassword(passwords, input.password);

  const user = await uniquelyNamed(services, { username, email }, undefined, () =>
    administer(prisma, by, async (transaction, ceiling) => {
      const { main = { id: defaultRoleId }, further = [] } = await givenRoles(transaction, input);
      ceiling.covers(await effectivePermissions(transaction, [main, ...further]), 'user.create');
      const user = await transaction.user.create({
        data: {
          ...identity,
          ...written,
          confirmed: input.confirmed,
          blocked: input.blocked ?? false,
          roleId: main.id,
          furtherRoles: { create: further.map(({ id }) => ({ roleId: id })) },
        },
        select: USER,
      });
      await userFields.write(transaction, user.id, fields);
      if (input.invite) await mailCode(transaction, services, user, 'invitation');
      await audit.record(transaction, by.actor, {
        event: 'user.create',
        target: userTarget(user),
        after: withUserFields(userFields, recordOf(user), fields),
      });
      return user;
    }),
  );
  userHooks.afterRegister(user, operation);
  return user.id;
}
