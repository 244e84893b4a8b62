import { endCredentialsOfUser } from '../../accounts/revoke-credentials.ts';
import { refuse } from '../../common/errors.ts';
import type { DocumentKey } from '../../database/document-key.ts';
import type { AdministrationServices, By } from '../administration.ts';
import { faultsOfText, textOrNull } from '../validate-texts.ts';
import { changeUser } from './change-user.ts';
import { updateUser } from './update-user.ts';

/**
 * Blocks a user: all tokens are revoked, and the user cannot log in. The reason is for administrators; `until` null: until
 * the block is lifted.
 *
 * @returns the user's id.
 */
export async function blockUser(
  services: AdministrationServices,
  by: By,
  key: DocumentKey,
  { reason, until }: { readonly reason: string | null; readonly until: Date | null },
): Promise<number> {
  refuse([
    ...faultsOfText(reason, ['reason']),
    ...(until && until <= services.clock() ? [{ path: ['until'], message: 'until must be in the future' }] : []),
  ]);
  const { after } = await changeUser(services, by, key, async (transaction, user) => {
    const data = { blocked: true, blockReason: reason && textOrNull(reason), blockedUntil: until };
    await transaction.user.update({ where: { id: user.id }, data, select: { id: true } });
    await endCredentialsOfUser(transaction, user.id, 'block');
    return [];
  });
  return after.id;
}

/** Lifts a block. @returns the user's id. */
export async function unblockUser(services: AdministrationServices, by: By, key: DocumentKey): Promise<number> {
  return updateUser(services, by, key, { blocked: false });
}
