import { difference } from '../../audit/audit.ts';
import { type AdministrationServices, administer, type By, type Transaction } from '../administration.ts';
import { findToken, noSuchToken, recordOf, TOKEN, type TokenRow, targetOf } from './token-row.ts';

export async function changeApiToken(
  { prisma, audit }: AdministrationServices,
  by: By,
  documentIdOrName: string,
  event: 'apiToken.regenerate' | 'apiToken.update' | 'apiToken.revoke',
  change: (transaction: Transaction, token: TokenRow) => Promise<void>,
): Promise<TokenRow> {
  return administer(prisma, by, async (transaction) => {
    const before = await findToken(transaction, documentIdOrName);
    if (!before) throw noSuchToken();
    await change(transaction, before);
    const after = await transaction.apiToken.findUniqueOrThrow({ where: { id: before.id }, select: TOKEN });
    const changed = difference(recordOf(before), recordOf(after));
    if (changed) await audit.record(transaction, by.actor, { event, target: targetOf(after), ...changed });
    return after;
  });
}
