import type { CodePurpose } from '../../generated/prisma/client.ts';
import type { AdministrationServices, Transaction } from '../administration.ts';

/** The code is as good as a password: it goes out by mail, and nowhere else. */
export async function mailCode(
  transaction: Transaction,
  { codes, outbox }: AdministrationServices,
  user: { readonly id: number; readonly email: string },
  purpose: Extract<CodePurpose, 'resetPassword' | 'invitation'>,
): Promise<void> {
  const code = await codes.issue(transaction, user.id, purpose);
  await outbox.enqueue(transaction, { purpose, to: user.email, account: { userId: user.id }, code });
}
