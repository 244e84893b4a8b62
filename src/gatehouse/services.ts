import type { AdminAccounts, UserAccounts } from '../accounts/accounts.ts';
import { createAttempts } from '../accounts/attempts.ts';
import { createCodes } from '../accounts/codes.ts';
import { createUserHooks, NO_LOGIN_HOOKS } from '../accounts/hooks/user-hooks.ts';
import { createLoginRefusals } from '../accounts/login-refusals.ts';
import { createNewDevices } from '../accounts/new-devices.ts';
import { createPasskeys } from '../accounts/passkeys/passkeys.ts';
import { relyingPartyOf } from '../accounts/passkeys/relying-party.ts';
import { createPasswordThreads } from '../accounts/password-threads.ts';
import { createPasswords } from '../accounts/passwords.ts';
import { sealProviderSecret } from '../accounts/providers/provider-secret.ts';
import { createProviderServices } from '../accounts/providers/provider-services.ts';
import { ADMINISTRATORS } from '../accounts/realms/administrators.ts';
import { USERS } from '../accounts/realms/users.ts';
import { createChallenges } from '../accounts/second-factors/challenges.ts';
import { createFactorAttempts } from '../accounts/second-factors/factor-attempts.ts';
import { createNextStep } from '../accounts/second-factors/next-step.ts';
import { createSecondFactors } from '../accounts/second-factors/second-factors.ts';
import { createAdminSessions } from '../accounts/sessions/admin-sessions.ts';
import { createUserSessions } from '../accounts/sessions/user-sessions.ts';
import { createShortCodes } from '../accounts/short-codes.ts';
import type { AdministrationServices } from '../administration/administration.ts';
import { readVersion } from '../administration/server-info.ts';
import { createAudit } from '../audit/audit.ts';
import { createAuthenticateUser } from '../authentication/authenticate-user.ts';
import { createKeyPairs } from '../authentication/signing-keys/key-pair.ts';
import { createSigningKeys } from '../authentication/signing-keys/signing-keys.ts';
import { createTokens } from '../authentication/tokens.ts';
import { createBackground } from '../common/background.ts';
import { systemClock } from '../common/clock.ts';
import { createHookRunner } from '../common/hook-runner.ts';
import { createSendNow } from '../mail/send-now.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import type { Caches } from './caches.ts';
import { createMail, createMailDelivery } from './mail.ts';
import type { GatehouseOptions } from './options.ts';

/** The services that the schemas and endpoints of one server use. */
export type Services = Awaited<ReturnType<typeof createServices>>;

/** Creates the services of accounts and administration. `tokenActions` is filled in later, from the schema. */
export async function createServices(
  options: GatehouseOptions,
  { access, memory, settings }: Caches,
  given: Pick<AdministrationServices, 'rules' | 'countRows' | 'listRows' | 'userFields'>,
) {
  const { config, database, log, clock = systemClock } = options;
  const { prisma } = database;
  const mail = createMail(options);
  const upkeep = createBackground({ log, apart: database.shares.apart });
  const hooks = createHookRunner({ log, background: upkeep, timeLimit: options.hookTimeLimit });
  const userHooks = createUserHooks({
    hooks: options.hooks,
    runner: hooks,
    background: upkeep,
    prisma,
    userFields: given.userFields,
    log,
  });
  const audit = createAudit(clock);
  const signingKeys = createSigningKeys({
    ...{ prisma, memory, audit, clock, log },
    pairs: createKeyPairs(config.encryptionKeys),
    algorithm: config.tokenAlgorithm,
    rotateAfter: config.tokenKeyRotation,
    expiresIn: config.jwtExpiresIn,
  });
  const tokens = {
    users: await createTokens({
      audience: USERS.audience,
      secrets: config.jwtSecrets,
      expiresIn: config.jwtExpiresIn,
      clock,
      pairs: { ...signingKeys, issuer: config.publicUrl },
    }),
    administrators: await createTokens({
      audience: ADMINISTRATORS.audience,
      secrets: config.adminJwtSecrets,
      expiresIn: config.adminJwtExpiresIn,
      clock,
    }),
  };
  const attempts = createAttempts({ query: database.query, perMinute: config.authRateLimit });
  const passwordThreads = createPasswordThreads(
    config.passwordThreads === undefined ? {} : { threads: config.passwordThreads },
  );
  const metrics = createMetrics();
  const tokenActions: { reading: readonly string[]; all: readonly string[] } = { reading: [], all: [] };
  const secondFactors = createSecondFactors({ encryptionKeys: config.encryptionKeys, clock, log });
  const administration: AdministrationServices = {
    prisma,
    secondFactors,
    passwords: createPasswords(config.bcryptCost, passwordThreads.run, { refusesPublic: config.production }),
    codes: createCodes(clock),
    audit,
    mails: mail.mails,
    outbox: mail.outbox,
    sendNow: createSendNow(mail.mailer),
    clock,
    userTokens: tokens.users,
    signingKeys,
    userHooks,
    tokenActions,
    sealProviderSecret: sealProviderSecret(config.encryptionKeys),
    providers: createProviderServices({
      prisma,
      configured: config.loginProviders,
      // The page of ours comes last: the first is where a login returns to that names none.
      redirects: [...config.loginRedirects, ...(config.accountPages ? [`${config.publicUrl}/account/login`] : [])],
      encryptionKeys: config.encryptionKeys,
      secrets: config.jwtSecrets,
      publicUrl: config.publicUrl,
      production: config.production,
      clock,
    }),
    serverInfo: {
      production: config.production,
      publicUrl: config.publicUrl,
      mailServer: config.smtpUrl !== undefined,
      playground: !config.production,
      version: readVersion(),
    },
    ...given,
  };
  const authenticateUser = createAuthenticateUser({ prisma, access, settings, tokens: tokens.users, clock });
  const challenges = {
    users: createChallenges({ realm: 'users', prisma, secrets: config.jwtSecrets, clock }),
    administrators: createChallenges({ realm: 'administrators', prisma, secrets: config.adminJwtSecrets, clock }),
  };
  const relyingParty = relyingPartyOf({ publicUrl: config.publicUrl, ...config.webauthn });
  const ofEitherRealm = {
    ...administration,
    attempts,
    settings,
    shortCodes: createShortCodes(config.jwtSecrets, clock),
    factorAttempts: createFactorAttempts(database),
    issuer: new URL(config.publicUrl).host,
    log,
  };
  const accounts: UserAccounts = {
    ...ofEitherRealm,
    realm: USERS,
    passkeys: createPasskeys({ realm: 'users', prisma, relyingParty, clock, log }),
    challenges: challenges.users,
    nextStep: options.nextStep ?? createNextStep({ realm: USERS, prisma, secondFactors, challenges: challenges.users }),
    hooks: userHooks,
    strapiTokens: config.strapi.jwt,
    authenticateUser,
    sessions: createUserSessions({
      prisma,
      newDevices: createNewDevices({ prisma, outbox: mail.outbox, clock }),
      tokens: tokens.users,
      // With HS256 nobody else reads a token.
      rolesInTokens: signingKeys.areUsed ? access : undefined,
      hooks: userHooks,
      expiresIn: config.jwtExpiresIn,
      secrets: config.jwtSecrets,
      audit,
      clock,
      log,
    }),
    onLogin: (outcome) => metrics.login('/graphql', outcome),
    loginRefusals: createLoginRefusals({ prisma, clock, background: upkeep }),
  };
  const adminAccounts: AdminAccounts = {
    ...ofEitherRealm,
    realm: ADMINISTRATORS,
    passkeys: createPasskeys({ realm: 'administrators', prisma, relyingParty, clock, log }),
    challenges: challenges.administrators,
    nextStep:
      options.nextStep ??
      createNextStep({ realm: ADMINISTRATORS, prisma, secondFactors, challenges: challenges.administrators }),
    hooks: NO_LOGIN_HOOKS,
    sessions: createAdminSessions({
      prisma,
      tokens: tokens.administrators,
      expiresIn: config.adminJwtExpiresIn,
      secrets: config.adminJwtSecrets,
      audit,
      clock,
      log,
    }),
    onLogin: (outcome) => metrics.login('/admin/graphql', outcome),
    loginRefusals: undefined,
  };
  return {
    administration,
    accounts,
    adminAccounts,
    tokens,
    authenticateUser,
    signingKeys,
    relyingParty,
    tokenActions,
    attempts,
    audit,
    clock,
    upkeep,
    hooks,
    passwordThreads,
    mailer: mail.mailer,
    delivery: createMailDelivery(options, mail, accounts, adminAccounts, metrics),
    metrics,
  };
}
