import { identifierKey } from '../../accounts/identifiers.ts';
import { type ApiError, invalidInput } from '../../common/errors.ts';
import { uniquely } from '../../database/write-errors.ts';
import type { Transaction } from '../administration.ts';

/** @throws ApiError BAD_USER_INPUT for a name that looks like another token's. */
export async function refuseTakenName(transaction: Transaction, name: string, own?: number): Promise<void> {
  const tokens = await transaction.apiToken.findMany({ select: { id: true, name: true } });
  const isSame = (other: string) => identifierKey(other) === identifierKey(name);
  if (tokens.some((token) => token.id !== own && isSame(token.name))) throw nameTaken();
}

/** Runs a write of a token's name. @throws ApiError when another token was given it at the same moment. */
export function uniquelyNamed<T>(write: () => Promise<T>): Promise<T> {
  return uniquely(write, nameTaken);
}

function nameTaken(): ApiError {
  return invalidInput([{ path: ['name'], message: 'This attribute must be unique' }]);
}
