import type { Sent } from '../../audit/actor.ts';
import { type ApiError, applicationError } from '../../common/errors.ts';
import type { UserAccounts } from '../accounts.ts';

/** Why `login` does not log in with this provider, which is not `local`: a password is not the way. */
export async function refusedProvider(
  { attempts, providers }: UserAccounts,
  name: string,
  { origin }: Sent,
): Promise<ApiError> {
  await attempts.count('login', { address: origin.address });
  const provider = await providers.list.find(name);
  return applicationError(
    provider
      ? `Log in with ${provider.name} at ${providers.publicUrl}/connect/${provider.name}`
      : 'This provider is disabled',
  );
}
