import type { PrismaClient } from '../../generated/prisma/client.ts';
import type { Realm } from '../realms/realm.ts';
import { type FactorMethod, type FactorState, methodsIn, type SecondFactors } from './second-factors.ts';

/** The second factors of an account, and those that a login of it asks for. */
export interface OwnFactors extends FactorState {
  /** Empty: a login asks for none. */
  readonly methods: readonly FactorMethod[];
}

export async function factorsOf(
  {
    realm,
    prisma,
    secondFactors,
  }: {
    // biome-ignore lint/suspicious/noExplicitAny: whoever views makes no difference here
    readonly realm: Pick<Realm<any, any>, 'mailAccount' | 'requiresFactor'>;
    readonly prisma: PrismaClient;
    readonly secondFactors: Pick<SecondFactors, 'stateOf'>;
  },
  accountId: number,
): Promise<OwnFactors> {
  const state = await secondFactors.stateOf(prisma, realm.mailAccount(accountId));
  // Only a passkey alone depends on it.
  const depends = state.totpSince === undefined && state.passkeys > 0;
  return { ...state, methods: methodsIn(state, depends && (await realm.requiresFactor(prisma, accountId))) };
}
