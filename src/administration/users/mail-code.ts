import type { CodePurpose } from '../../generated/prisma/client.ts';
import type { AdministrationServices } from '../administration.ts';

/** The code is as good as a password: it goes out by mail, and nowhere else. */
export function mailCode(
  { prisma, codes, mails, delivery }: AdministrationServices,
  user: { readonly email: string },
  purpose: Extract<CodePurpose, 'resetPassword' | 'invitation'>,
  code: string,
): void {
  const wanted = async () => (await codes.find(prisma, code, purpose)) !== undefined;
  delivery.later(purpose, async () => ({ mail: await mails[purpose](user, code), wanted }));
}
