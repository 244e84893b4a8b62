import type { Target } from '../../audit/audit.ts';
import type { Recorded } from '../../audit/events.ts';
import { type ApiError, notFound } from '../../common/errors.ts';
import type { Transaction } from '../administration.ts';

export const TOKEN = {
  id: true,
  documentId: true,
  name: true,
  description: true,
  kind: true,
  prefix: true,
  lifespan: true,
  expiresAt: true,
  revokedAt: true,
  permissions: { select: { action: true }, orderBy: { action: 'asc' } },
} as const;

export type TokenRow = NonNullable<Awaited<ReturnType<typeof findToken>>>;

/** A token by its documentId or its name. */
export function findToken(transaction: Pick<Transaction, 'apiToken'>, documentIdOrName: string) {
  const where = { OR: [{ documentId: documentIdOrName }, { name: documentIdOrName }] };
  return transaction.apiToken.findFirst({ where, select: TOKEN });
}

/** The prefix is no secret: forty digits are missing to be one. */
export function recordOf({
  name,
  description,
  kind,
  prefix,
  expiresAt,
  revokedAt,
  permissions,
}: TokenRow): Recorded<'apiToken.create'> {
  const actions = permissions.map(({ action }) => action);
  return { name, description, kind, prefix, expiresAt, revokedAt, actions };
}

export function targetOf({ documentId, name }: Pick<TokenRow, 'documentId' | 'name'>): Target {
  return { kind: 'apiToken', documentId, name };
}

export function noSuchToken(): ApiError {
  return notFound('API token not found');
}
