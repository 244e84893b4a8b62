import type { ConnectionShares } from '../../database/connection-shares.ts';
import { wrappedAround } from './execution.ts';

/** Keeps each operation within the share of the database that its client has. */
export function shareDatabase(shares: Pick<ConnectionShares, 'within'>) {
  return wrappedAround((execute, { contextValue: { origin, deadline } }) =>
    shares.within({ address: origin.address, deadline }, execute),
  );
}
