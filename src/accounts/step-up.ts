import { type AskedBy, actorOf } from '../authentication/actor-of.ts';
import { PROOF_LIFESPAN } from '../authentication/proof.ts';
import type { Viewer } from '../authentication/viewer.ts';
import { type Fault, invalidInput, refuse } from '../common/errors.ts';
import { onlyGiven } from '../common/only-given.ts';
import { inTransaction } from '../database/retry.ts';
import type { Accounts } from './accounts.ts';
import { PASSKEY_REFUSED } from './passkeys/passkey-refused.ts';
import { faultsOfGivenPassword } from './passwords.ts';
import type { Person } from './realms/realm.ts';
import { type StepUpMethod, stepUpMethods } from './step-up-methods.ts';

/** One proof. What is null is not given. */
export type StepUpInput = { readonly [Method in Exclude<StepUpMethod, 'passkey'>]?: string | null | undefined } & {
  /** What the browser returned for the options of a step-up. */
  readonly passkey?: unknown;
};

/**
 * Proves again that the viewer is the owner of the account, and returns until when that counts, in this session.
 *
 * @throws ApiError BAD_USER_INPUT for a wrong proof, which is counted and audited, and for one of a kind that does not count.
 */
export async function stepUp<Account extends Person, Me extends Viewer>(
  accounts: Accounts<Account, Me>,
  input: StepUpInput,
  asked: AskedBy<Me>,
): Promise<{ readonly until: Date }> {
  const { realm, prisma, attempts, audit, clock } = accounts;
  const { id, documentId } = realm.ownAccount(asked.viewer);
  await attempts.count(realm.attempts.stepUp, { address: asked.origin.address, account: documentId });
  const given = onlyGiven(input, 'proof');
  const method = given.name;
  const methods = await stepUpMethods(accounts, asked.viewer);
  const fault: Fault | undefined = methods.includes(method)
    ? given.name === 'passkey'
      ? await checkPasskey(accounts, { id, documentId }, given.value)
      : await CHECKS[given.name](accounts, id, given.value)
    : {
        path: [method],
        message:
          methods.length > 0 ? `This does not count here: use ${methods.join(' or ')}` : 'This does not count here',
      };
  if (fault) {
    const target = realm.target(await realm.findById(prisma, id));
    await audit.record(prisma, actorOf(asked), { event: realm.events.refusedStepUp, outcome: 'refused', target });
    throw invalidInput([fault]);
  }
  const provenAt = clock();
  await inTransaction(prisma, async (transaction) => {
    // A change of what was proven ends the session, so what was checked still holds.
    await realm.lockViewer(transaction, asked.viewer, provenAt);
    await realm.proveSession(transaction, asked.viewer, provenAt);
  });
  return { until: new Date(provenAt.getTime() + PROOF_LIFESPAN) };
}

/** Checks a proof, and returns what is wrong with it. */
type Check = <Account extends Person, Me extends Viewer>(
  accounts: Accounts<Account, Me>,
  accountId: number,
  value: string,
) => Promise<Fault | undefined>;

const CHECKS: Readonly<Record<Exclude<StepUpMethod, 'passkey'>, Check>> = {
  async password({ realm, prisma, passwords }, id, password) {
    refuse(faultsOfGivenPassword(password, ['password']));
    if (await passwords.matches(password, await realm.passwordHashOf(prisma, id))) return undefined;
    return { path: ['password'], message: 'The password is not correct' };
  },
  async totp({ realm, prisma, secondFactors, factorAttempts }, id, code) {
    const owner = realm.mailAccount(id);
    await factorAttempts.count(owner);
    if (!(await secondFactors.use(prisma, owner, 'totp', code))) return { path: ['totp'], message: WRONG_CODE };
    await factorAttempts.forget(owner);
    return undefined;
  },
  // Five tries end it, in the database.
  async code({ prisma, shortCodes }, id, code) {
    return (await shortCodes.use(prisma, id, 'stepUp', code)) ? undefined : { path: ['code'], message: WRONG_CODE };
  },
};

async function checkPasskey<Account extends Person, Me extends Viewer>(
  { realm, prisma, passkeys }: Accounts<Account, Me>,
  { id, documentId: handle }: { readonly id: number; readonly documentId: string },
  response: unknown,
): Promise<Fault | undefined> {
  const shown = await passkeys.verify(response, 'stepUp', { of: realm.mailAccount(id), handle });
  if (shown && (await passkeys.use(prisma, shown))) return undefined;
  return { path: ['passkey'], message: PASSKEY_REFUSED };
}

const WRONG_CODE = 'The code is not correct';
