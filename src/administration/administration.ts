import type { Codes } from '../accounts/codes.ts';
import type { UserHooks } from '../accounts/hooks/user-hooks.ts';
import type { Passwords } from '../accounts/passwords.ts';
import type { SealProviderSecret } from '../accounts/providers/provider-secret.ts';
import type { ProviderServices } from '../accounts/providers/provider-services.ts';
import type { SecondFactors } from '../accounts/second-factors/second-factors.ts';
import type { UserFields } from '../accounts/user-fields.ts';
import { type Actor, SERVER } from '../audit/actor.ts';
import type { Audit } from '../audit/audit.ts';
import type { TokenActions } from '../authentication/authenticate.ts';
import type { SigningKeys } from '../authentication/signing-keys/signing-keys.ts';
import type { Tokens } from '../authentication/tokens.ts';
import type { CountRows, ListRows, Rules } from '../authorization/rules.ts';
import type { Clock } from '../common/clock.ts';
import { lock } from '../database/lock.ts';
import { inTransaction } from '../database/retry.ts';
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts';
import type { AccountMails } from '../mail/account-mails.ts';
import type { Outbox } from '../mail/outbox/outbox.ts';
import type { SendNow } from '../mail/send-now.ts';
import { type Ceiling, type CeilingOf, NO_CEILING } from './permission-ceiling.ts';
import type { ServerInfo } from './server-info.ts';

/** What the functions of the administration work with, for both schemas and the command line. */
export interface AdministrationServices {
  readonly prisma: PrismaClient;
  readonly passwords: Passwords;
  readonly codes: Codes;
  readonly secondFactors: SecondFactors;
  readonly audit: Audit;
  readonly mails: AccountMails;
  readonly outbox: Outbox;
  readonly sendNow: SendNow;
  readonly clock: Clock;
  /** The tokens of users, for administrators who act as one. */
  readonly userTokens: Tokens;
  readonly signingKeys: SigningKeys;
  readonly userHooks: UserHooks;
  /** The fields of users that are the application's own. */
  readonly userFields: UserFields;
  /** The actions of the public schema, which can be granted. */
  readonly tokenActions: TokenActions;
  /** What the grants of permissions mean. */
  readonly rules: Rules;
  readonly countRows: CountRows;
  readonly listRows: ListRows;
  readonly serverInfo: ServerInfo;
  /** Seals the secrets of login providers; undefined where there is no key: then none can be stored. */
  readonly sealProviderSecret: SealProviderSecret | undefined;
  readonly providers: ProviderServices;
}

/** Who makes a change, and how far their permissions reach. */
export interface By {
  readonly actor: Actor;
  /** What the actor can give to others, and whom it can change; nothing when its credential was revoked meanwhile. */
  readonly ceiling: CeilingOf;
}

/** The server itself, without a request. */
export const BY_SERVER: By = { actor: SERVER, ceiling: NO_CEILING };

export type Transaction = Prisma.TransactionClient;

/**
 * Runs one change of the administration: all of it or nothing, and one after the other across all processes. So what was
 * checked before a write (the viewer, their actions, the last administrator) is still true when it is written.
 *
 * @param timeout milliseconds that it can take.
 */
export function administer<T>(
  prisma: PrismaClient,
  by: By,
  work: (transaction: Transaction, ceiling: Ceiling) => Promise<T>,
  { timeout = 20_000 }: { readonly timeout?: number } = {},
): Promise<T> {
  return inTransaction(
    prisma,
    async (transaction) => {
      await lock(transaction, 'administration');
      return work(transaction, await by.ceiling(transaction));
    },
    { maxWait: 10_000, timeout },
  );
}
