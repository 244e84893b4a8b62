import type { PreparedMail } from '../../mail/delivery.ts';
import type { Mail } from '../../mail/mailer.ts';
import type { AccountServices } from './services.ts';

/** A mail that is wanted as long as the code in it is good. */
export function codedMail({ prisma, codes }: AccountServices, mail: Mail, code: string): PreparedMail {
  const wanted = async () =>
    (await codes.find(prisma, code, 'confirmEmail', 'resetPassword', 'changeEmail', 'invitation')) !== undefined;
  return { mail, wanted };
}
