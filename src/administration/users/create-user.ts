import { newIdentity } from '../../accounts/claim-identifiers.ts';
import { faultsOfEmail, normalEmail } from '../../accounts/emails.ts';
import { faultsOfNewPassword } from '../../accounts/passwords.ts';
import { NO_WRITTEN_PASSWORD, writtenPassword } from '../../accounts/public-password.ts';
import { faultsOfForeignEmail, faultsOfUsername } from '../../accounts/usernames.ts';
import { userTarget } from '../../audit/audit.ts';
import { refuse } from '../../common/errors.ts';
import { type AdministrationServices, administer, type By } from '../administration.ts';
import { effectivePermissions } from '../roles/effective-permissions.ts';
import { givenRoles, type RolesInput } from './given-roles.ts';
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
}

/** Creates a user. @returns the id. */
export async function createUser(services: AdministrationServices, by: By, input: NewUser): Promise<number> {
  const { prisma, passwords, audit } = services;
  const username = input.username.trim();
  const email = normalEmail(input.email);
  const { passwordMinLength, defaultRoleId } = await prisma.settings.findUniqueOrThrow({ where: { id: 1 } });
  const names = [username, email];
  refuse([
    ...faultsOfUsername(username),
    ...faultsOfEmail(input.email),
    ...faultsOfForeignEmail({ username, email }),
    ...(input.password === undefined
      ? []
      : faultsOfNewPassword(input.password, { path: ['password'], minLength: passwordMinLength, names })),
  ]);
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
      if (input.invite) await mailCode(transaction, services, user, 'invitation');
      await audit.record(transaction, by.actor, {
        event: 'user.create',
        target: userTarget(user),
        after: recordOf(user),
      });
      return user;
    }),
  );
  return user.id;
}
