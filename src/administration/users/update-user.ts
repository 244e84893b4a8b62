import { keepIdentifiers, usernameAfter } from '../../accounts/claim-identifiers.ts';
import { faultsOfEmail, normalEmail } from '../../accounts/emails.ts';
import { faultsOfNewPassword } from '../../accounts/passwords.ts';
import { writtenPassword } from '../../accounts/public-password.ts';
import { endCredentialsOfUser } from '../../accounts/revoke-credentials.ts';
import type { GivenFields } from '../../accounts/user-fields.ts';
import { faultsOfUsername } from '../../accounts/usernames.ts';
import { userTarget } from '../../audit/audit.ts';
import type { AuditEvent } from '../../audit/events.ts';
import { isBlocked } from '../../authentication/viewer.ts';
import { refuse } from '../../common/errors.ts';
import type { DocumentKey } from '../../database/document-key.ts';
import type { AdministrationServices, By } from '../administration.ts';
import { effectivePermissions } from '../roles/effective-permissions.ts';
import { changeUser } from './change-user.ts';
import { givenRoles, type RolesInput, writeFurtherRoles } from './given-roles.ts';
import { uniquelyNamed } from './uniquely-named.ts';
import { USER } from './user-row.ts';

/** What is absent stays as it is. */
export interface UserChange extends RolesInput {
  readonly username?: string | undefined;
  readonly email?: string | undefined;
  readonly password?: string | undefined;
  readonly confirmed?: boolean | undefined;
  readonly blocked?: boolean | undefined;
  /** Fields that are the application's own. */
  readonly fields?: GivenFields;
}

/** Changes what is given: all of it or nothing. @returns the user's id. */
export async function updateUser(
  services: AdministrationServices,
  by: By,
  key: DocumentKey,
  change: UserChange,
): Promise<number> {
  const { prisma, passwords, outbox, clock, userFields } = services;
  const username = change.username?.trim();
  const email = change.email === undefined ? undefined : normalEmail(change.email);
  const { passwordMinLength } = await prisma.settings.findUniqueOrThrow({ where: { id: 1 } });
  const given = [username, email].filter((name) => name !== undefined);
  const faultsOfPassword = (names: readonly string[]) =>
    change.password === undefined
      ? []
      : faultsOfNewPassword(change.password, { path: ['password'], minLength: passwordMinLength, names });
  refuse([
    ...(username === undefined ? [] : faultsOfUsername(username)),
    ...(change.email === undefined ? [] : faultsOfEmail(change.email)),
    ...faultsOfPassword(given),
    ...(change.fields ? userFields.faultsOf(change.fields, { creating: false }) : []),
  ]);
  const written = change.password === undefined ? undefined : await writtenPassword(passwords, change.password);

  const { after } = await uniquelyNamed(services, { username, email }, key, () =>
    changeUser(services, by, key, async (transaction, user, ceiling) => {
      const { main = user.role, further } = await givenRoles(transaction, change);
      if (change.role || change.roles) {
        ceiling.covers(await effectivePermissions(transaction, [main, ...(further ?? [])]), 'user.update');
        await writeFurtherRoles(transaction, user.id, main.id, further);
      }
      const changed = await transaction.user.update({
        where: { id: user.id },
        data: {
          username: username ?? (email === undefined ? user.username : usernameAfter(user, email)),
          ...(email !== undefined && { email }),
          roleId: main.id,
          ...(change.confirmed !== undefined && { confirmed: change.confirmed }),
          // Without an end; and a user who is not blocked has neither a reason nor an end of a block.
          ...(change.blocked !== undefined &&
            change.blocked !== isBlocked(user, clock()) && {
              blocked: change.blocked,
              blockedUntil: null,
              blockReason: null,
            }),
          ...written,
        },
        select: USER,
      });
      if (change.fields) await userFields.write(transaction, user.id, change.fields.values);
      // Only now it is certain that the actor is allowed to know them.
      refuse(faultsOfPassword([changed.username, changed.email]));
      if (username !== undefined || email !== undefined) await keepIdentifiers(transaction, user.id, user, changed);
      const events: AuditEvent[] = [];
      const account = { userId: user.id };
      if (changed.email !== user.email) {
        await endCredentialsOfUser(transaction, user.id, 'newEmail');
        const notice = { to: user.email, newEmail: changed.email, account };
        await outbox.enqueue(transaction, { purpose: 'emailChanged', ...notice });
      }
      if (isBlocked(changed, clock()) && !isBlocked(user, clock())) {
        await endCredentialsOfUser(transaction, user.id, 'block');
      }
      if (written) {
        await endCredentialsOfUser(transaction, user.id, 'newPassword');
        await outbox.enqueue(transaction, { purpose: 'passwordChanged', to: changed.email, account });
        events.push({ event: 'user.setPassword', target: userTarget(changed) });
      }
      return events;
    }),
  );
  return after.id;
}
