import { byUser } from '../../audit/actor.ts';
import { userTarget } from '../../audit/audit.ts';
import { type Account, isBlocked, type UserViewer } from '../../authentication/viewer.ts';
import { ApiError, applicationError } from '../../common/errors.ts';
import { USER, type UserRow } from '../account-rows.ts';
import { identifierKey } from '../identifiers.ts';
import { isLastWayIn } from '../last-way-in.ts';
import { lockPerson, lockUser } from '../lock-account.ts';
import { NO_PASSWORD } from '../public-password.ts';
import { faultsOfBlank } from '../required-texts.ts';
import { endCredentialsOfUser } from '../revoke-credentials.ts';
import { verifyEmail } from '../verify-email.ts';
import { cannotBeStored, type Realm } from './realm.ts';

/** `provider` of users with a password. */
const LOCAL = 'local';

/** The purposes of codes that can set a password. */
const CHOOSING = ['resetPassword', 'invitation'] as const;

function namesOf({ username, email }: Pick<Account, 'username' | 'email'>): string[] {
  return [username, email];
}

/** The users of the API at `/graphql` and `/api`. */
export const USERS: Realm<UserRow, UserViewer> = {
  name: 'users',
  audience: 'gatehouse:users',
  mailsStepUpCodes: true,
  attempts: {
    logIn: 'login',
    logInWithPasskey: 'loginWithPasskey',
    forgotPassword: 'forgotPassword',
    resetPassword: 'resetPassword',
    changePassword: 'changePassword',
    stepUp: 'stepUp',
    completeLogin: 'completeLogin',
    secondFactors: 'secondFactors',
    passkeyOptions: 'passkeyOptions',
    passkeys: 'passkeys',
  },
  // Failed logins are not audited: anybody could flood the log.
  events: {
    refusedLogin: undefined,
    changePassword: 'password.change',
    requestPassword: 'password.request',
    resetPassword: 'password.reset',
    refusedStepUp: 'user.stepUp',
    refusedFactor: 'user.refuseFactor',
    addFactor: 'user.addFactor',
    removeFactor: 'user.removeFactor',
    replaceBackupCodes: 'user.replaceBackupCodes',
    addPasskey: 'user.addPasskey',
    renamePasskey: 'user.renamePasskey',
    removePasskey: 'user.removePasskey',
  },
  mails: { forgotPassword: 'forgotPassword' },
  passwordCodes: {
    issue: async ({ codes }, transaction, id) => ({
      purpose: 'resetPassword',
      code: await codes.issue(transaction, id, 'resetPassword'),
    }),
    async ownerOf({ codes }, database, code) {
      const found = await codes.find(database, code, ...CHOOSING);
      const user = found && (await database.user.findUnique({ where: { id: found.userId }, select: USER }));
      return user ?? undefined;
    },
    async use({ codes, clock }, transaction, code) {
      const used = await codes.use(transaction, code, ...CHOOSING);
      // The code was mailed to the address, so its reader has it.
      if (used) await verifyEmail(transaction, used.userId, clock());
      return used !== undefined;
    },
  },

  countedAs: (identifier) => identifier,
  faultsOfIdentifier: (identifier) => faultsOfBlank({ identifier }),
  ownAccount: ({ account }) => {
    const { id, documentId, email } = account;
    return { id, documentId, email, names: namesOf(account) };
  },
  amrOf: ({ amr }) => amr,
  namesOf,
  minLength: ({ passwordMinLength }) => passwordMinLength,
  isBlocked,
  refusalOf(user, { emailConfirmation }, now) {
    if (isBlocked(user, now))
      return new ApiError('UNAUTHENTICATED', 'Your account has been blocked by an administrator');
    if (!user.confirmed && emailConfirmation) return applicationError('Your account email is not confirmed');
    return undefined;
  },

  async requiresFactor(database, id) {
    const [found] = await database.$queryRaw<{ required: boolean | null }[]>`
      WITH RECURSIVE "held"("id") AS (
        SELECT m."roleId" FROM "roles_of_users" m WHERE m."userId" = ${id}
        UNION SELECT i."includedId" FROM "held" h JOIN "role_includes" i ON i."roleId" = h."id"
      )
      SELECT bool_or(r."requiresSecondFactor") AS "required" FROM "held" h JOIN "roles" r ON r."id" = h."id"`;
    return found?.required === true;
  },

  isLastWayIn,
  mailAccount: (userId) => ({ userId }),
  target: (user) => (user ? userTarget(user) : { kind: 'user', documentId: null, name: null }),
  actor: byUser,

  async find({ identifier }, typed) {
    if (cannotBeStored(typed)) return undefined;
    const where = { key: identifierKey(typed) };
    const select = { user: { select: { ...USER, passwordHash: true } } } as const;
    return (await identifier.findUnique({ where, select }))?.user;
  },
  findById: async ({ user }, id) => (await user.findUnique({ where: { id }, select: USER })) ?? undefined,
  findByEmail: async ({ user }, email) => (await user.findUnique({ where: { email }, select: USER })) ?? undefined,
  passwordHashOf: async ({ user }, id) =>
    (await user.findUnique({ where: { id }, select: { passwordHash: true } }))?.passwordHash,
  lock: lockUser,
  lockViewer: lockPerson,
  async proveSession({ session }, { session: documentId }, provenAt) {
    await session.update({ where: { documentId }, data: { provenAt }, select: { id: true } });
  },
  async writePassword(transaction, id, data) {
    await endCredentialsOfUser(transaction, id, 'newPassword');
    const provider = data.passwordHash === NO_PASSWORD ? undefined : { provider: LOCAL };
    return transaction.user.update({ where: { id }, data: { ...data, ...provider }, select: USER });
  },
  async renewHash({ user }, { id, passwordHash }, data) {
    await user.updateMany({ where: { id, passwordHash }, data });
  },
  endCredentials: endCredentialsOfUser,
};
