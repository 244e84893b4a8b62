import type { ConnectionShares } from '../../database/connection-shares.ts';
import { wrappedAround } from './execution.ts';

/** Limits each operation to its client's share of the connection pool. */
export function shareDatabase(shares: Pick<ConnectionShares, 'within'>) {
  return wrappedAround((execute, { contextValue: { origin, deadline } }) =>
    shares.within({ address: origin.address, deadline }, execute),
  );
}
