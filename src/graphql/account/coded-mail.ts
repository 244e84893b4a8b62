import type { UserAccounts } from '../../accounts/accounts.ts';
import type { PreparedMail } from '../../mail/delivery.ts';
import type { Mail } from '../../mail/mailer.ts';

/** A mail that is wanted as long as the code in it is good. */
export function codedMail({ prisma, codes }: UserAccounts, mail: Mail, code: string): PreparedMail {
  const wanted = async () =>
    (await codes.find(prisma, code, 'confirmEmail', 'resetPassword', 'changeEmail', 'invitation')) !== undefined;
  return { mail, wanted };
}
