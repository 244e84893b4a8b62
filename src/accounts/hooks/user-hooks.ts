import type { Logger } from 'pino';
import type { Origin } from '../../audit/origin.ts';
import { type Account, type AccountRole, rolesOf } from '../../authentication/viewer.ts';
import type { Background } from '../../common/background.ts';
import { copyOf } from '../../common/copy-of.ts';
import type { HookRunner, HookTools } from '../../common/hook-runner.ts';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import type { AdminRow, UserRow } from '../account-rows.ts';
import type { UserFields, UserFieldValues, UserFieldWriter } from '../user-fields.ts';
import { faultsOfForeignEmail, faultsOfUsername } from '../usernames.ts';
import type { AccountHookContext, AccountHooks, AccountWay, Claims, HookUser, LoginRefusal } from './account-hooks.ts';
import { checkedExport } from './checked-export.ts';
import { createRefusalQueue } from './refusal-queue.ts';
import { checkedClaims } from './token-claims.ts';

/** The operation that runs a hook. */
export interface HookedOperation {
  readonly way: AccountWay;
  readonly requestId: string | null;
  readonly origin: Pick<Origin, 'address'> | undefined;
  readonly deadline?: AbortSignal | undefined;
}

/** A user as it was read. Other properties are not passed on. */
export interface HookedAccount extends Pick<Account, 'id' | 'documentId' | 'username' | 'email' | 'confirmed'> {
  readonly role: HookedRole;
  readonly furtherRoles: readonly { readonly role: HookedRole }[];
  /** The application's own fields, of a user who is not there anymore; others are read where a hook asks for them. */
  readonly fields?: UserFieldValues | undefined;
}

type HookedRole = Pick<AccountRole, 'id' | 'type'>;

/** The hooks that logins of one realm run. */
export interface LoginHooks<Account> {
  /** @throws ApiError as the hook refuses the login. */
  beforeLogin(account: Account, operation: HookedOperation): Promise<void>;
  onLoginRefused(reason: LoginRefusal['reason'], account: Account | undefined, operation: HookedOperation): void;
}

/** An account to create, as its hook sees it. */
export interface RegisteredAccount {
  readonly username: string;
  readonly email: string;
  readonly fields: UserFieldValues;
}

/** The hooks of an app for the accounts of users, each within its time limit. */
export interface UserHooks extends LoginHooks<UserRow> {
  readonly hasBeforeRegister: boolean;
  /**
   * Returns the username and the own fields of the account to create.
   *
   * @throws ApiError as the hook refuses it.
   */
  beforeRegister(
    account: RegisteredAccount,
    writer: UserFieldWriter,
    operation: HookedOperation,
  ): Promise<Pick<RegisteredAccount, 'username' | 'fields'>>;
  afterRegister(user: HookedAccount, operation: HookedOperation): void;
  tokenClaims(user: HookedAccount, operation: HookedOperation): Promise<Claims>;
  /** What the application keeps about a user, as JSON; undefined where there is no such hook. */
  exportUser(user: HookedAccount, operation: HookedOperation): Promise<unknown>;
  afterDelete(user: HookedAccount, operation: HookedOperation): void;
}

/** Administrators log in without hooks. */
export const NO_LOGIN_HOOKS: LoginHooks<AdminRow> = { beforeLogin: async () => {}, onLoginRefused: () => {} };

const NAMES: readonly string[] = [
  'beforeRegister',
  'afterRegister',
  'beforeLogin',
  'onLoginRefused',
  'tokenClaims',
  'exportUser',
  'afterDelete',
] satisfies (keyof AccountHooks)[];

/** @throws Error for a hook that there is not. */
export function createUserHooks({
  hooks = {},
  runner,
  background,
  prisma,
  userFields,
  log,
}: {
  readonly hooks: AccountHooks | undefined;
  readonly runner: HookRunner;
  readonly background: Background;
  readonly prisma: PrismaClient;
  readonly userFields: UserFields;
  readonly log: Logger;
}): UserHooks {
  for (const [name, hook] of Object.entries(hooks)) {
    if (!NAMES.includes(name)) throw new Error(`${name} is not a hook of accounts. The hooks are ${NAMES.join(', ')}`);
    if (hook !== undefined && typeof hook !== 'function') throw new Error(`The hook ${name} is not a function`);
  }
  const contextOf = ({ way, requestId, origin }: HookedOperation, tools: HookTools): AccountHookContext => ({
    ...tools,
    way,
    prisma,
    requestId,
    address: origin?.address,
  });
  const called = (name: keyof AccountHooks, { requestId }: HookedOperation) => ({
    name: `${name} of accounts`,
    requestId,
  });
  const refusals = createRefusalQueue({ background, log });

  function after(name: 'afterRegister' | 'afterDelete', account: HookedAccount, operation: HookedOperation): void {
    if (!hooks[name]) return;
    runner.later(called(name, operation), async (tools) =>
      hooks[name]?.(await seen(account), contextOf(operation, tools)),
    );
  }

  const seen = async (account: HookedAccount) =>
    hookUser(account, account.fields ?? (await userFields.read(prisma, account.id)));

  return {
    hasBeforeRegister: hooks.beforeRegister !== undefined,
    async beforeRegister({ username, email, fields }, writer, operation) {
      if (!hooks.beforeRegister) return { username, fields };
      return runner.now(called('beforeRegister', operation), operation.deadline, async (tools) => {
        // A copy: a variable of the operation can be the data of several registrations.
        const data = { username, email, fields: copyOf({ ...fields }) };
        await hooks.beforeRegister?.(data, contextOf(operation, tools));
        if (data.email !== email) throw new Error('beforeRegister cannot change the e-mail: its owner would not know');
        if (data.username !== username) checkUsername(data);
        userFields.checkHooked(data.fields, writer);
        return { username: data.username, fields: data.fields };
      });
    },
    afterRegister: (account, operation) => after('afterRegister', account, operation),
    async beforeLogin(account, operation) {
      if (!hooks.beforeLogin) return;
      await runner.now(called('beforeLogin', operation), operation.deadline, async (tools) =>
        hooks.beforeLogin?.(await seen(account), contextOf(operation, tools)),
      );
    },
    onLoginRefused(reason, account, operation) {
      if (!hooks.onLoginRefused) return;
      const call = called('onLoginRefused', operation);
      refusals.add(call, () =>
        runner.now(call, undefined, async (tools) => {
          const user = account && (await seen(account));
          return hooks.onLoginRefused?.({ reason, user }, contextOf(operation, tools));
        }),
      );
    },
    async tokenClaims(account, operation) {
      if (!hooks.tokenClaims) return {};
      return runner.now(called('tokenClaims', operation), operation.deadline, async (tools) =>
        checkedClaims(await hooks.tokenClaims?.(await seen(account), contextOf(operation, tools))),
      );
    },
    async exportUser(account, operation) {
      if (!hooks.exportUser) return undefined;
      return runner.now(called('exportUser', operation), operation.deadline, async (tools) =>
        checkedExport(await hooks.exportUser?.(await seen(account), contextOf(operation, tools))),
      );
    },
    afterDelete: (account, operation) => after('afterDelete', account, operation),
  };
}

/** Only these: the row of a login has a hash. */
function hookUser(account: HookedAccount, fields: UserFieldValues): HookUser {
  const { id, documentId, username, email, confirmed } = account;
  return { id, documentId, username, email, confirmed, roles: rolesOf(account).map(({ type }) => type), fields };
}

/** Clients did not choose this name, so its error is not theirs. */
function checkUsername(data: { readonly username: unknown; readonly email: string }): void {
  const { username, email } = data;
  if (typeof username !== 'string') throw new Error('beforeRegister set a username that is no text');
  const trimmed = username === username.trim() ? [] : [{ message: 'it begins or ends with a space' }];
  const faults = [...trimmed, ...faultsOfUsername(username), ...faultsOfForeignEmail({ username, email })];
  const [fault] = faults;
  if (fault) throw new Error(`beforeRegister set a username that cannot be: ${fault.message}`);
}
