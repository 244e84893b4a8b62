import type { Target } from '../../audit/audit.ts';
import type { Recorded } from '../../audit/events.ts';
import { type ApiError, notFound } from '../../common/errors.ts';
import type { Transaction } from '../administration.ts';
import { actionsIn, PERMISSION, permissionsIn } from '../permission-row.ts';
import { grantsByAction } from '../record-grants.ts';

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
  updatedAt: true,
  permissions: { select: PERMISSION },
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
  permissions: rows,
}: TokenRow): Recorded<'apiToken.create'> {
  const permissions = permissionsIn(rows);
  const [actions, grants] = [actionsIn(permissions), grantsByAction(permissions)];
  return { name, description, kind, prefix, expiresAt, revokedAt, actions, grants };
}

export function targetOf({ documentId, name }: Pick<TokenRow, 'documentId' | 'name'>): Target {
  return { kind: 'apiToken', documentId, name };
}

export function noSuchToken(): ApiError {
  return notFound('API token not found');
}
