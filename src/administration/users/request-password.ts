import { NO_PASSWORD } from '../../accounts/public-password.ts';
import { userTarget } from '../../audit/audit.ts';
import type { DocumentKey } from '../../database/document-key.ts';
import type { AdministrationServices, By } from '../administration.ts';
import { changeUser } from './change-user.ts';
import { mailCode } from './mail-code.ts';

/** Mails a user a link to choose a password: an invitation, if there was none before. @returns the user's id. */
export async function requestPasswordOfUser(
  services: AdministrationServices,
  by: By,
  key: DocumentKey,
): Promise<number> {
  const { after } = await changeUser(services, by, key, async (transaction, user) => {
    const { passwordHash } = await transaction.user.findUniqueOrThrow({
      where: { id: user.id },
      select: { passwordHash: true },
    });
    await mailCode(transaction, services, user, passwordHash === NO_PASSWORD ? 'invitation' : 'resetPassword');
    return [{ event: 'user.requestPassword', target: userTarget(user) }];
  });
  return after.id;
}
