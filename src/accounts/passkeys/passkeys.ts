import type { Logger } from 'pino';
import type { Clock } from '../../common/clock.ts';
import { applicationError } from '../../common/errors.ts';
import { newDocumentId } from '../../database/document-key.ts';
import type { Passkey, Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import type { OwnAccount, RealmName } from '../realms/realm.ts';
import type { FactorOwner } from '../second-factors/factor-owner.ts';
import { CHALLENGE_LIFESPAN, createPasskeyChallenges, type PasskeyPurpose } from './passkey-challenges.ts';
import { readAssertion, readRegistration } from './read-response.ts';
import type { RelyingParty } from './relying-party.ts';
import {
  ALGORITHMS,
  decoyKey,
  type NewPasskey,
  type Signed,
  verifyAssertion,
  verifyRegistration,
  webauthn,
} from './verify-response.ts';

/** What has proven to have a passkey. `use` it. */
export interface ShownPasskey extends Signed {
  readonly id: string;
  readonly accountId: number;
  readonly owner: FactorOwner;
  /** The owner's documentId, as the authenticator says; undefined where it does not. */
  readonly userHandle: string | undefined;
}

/** Stores and checks the passkeys of one realm. */
export interface Passkeys {
  /** For `navigator.credentials.create()`. @throws ApiError on a server that no passkey can belong to. */
  optionsToRegister(owner: FactorOwner, account: Pick<OwnAccount, 'documentId' | 'email'>): Promise<object>;
  /** For `navigator.credentials.get()`: with any passkey, or with one of the owner's. @throws ApiError as above. */
  options(purpose: 'login' | 'stepUp', owner?: FactorOwner): Promise<object>;
  /** Verifies a new passkey, and uses its challenge up. Undefined for one that is not good. */
  verifyNew(response: unknown, owner: FactorOwner): Promise<NewPasskey | undefined>;
  /** Writes a new passkey; undefined if somebody has it. */
  add(transaction: Tables, owner: FactorOwner, made: NewPasskey, name: string): Promise<Passkey | undefined>;
  /**
   * Verifies who has a passkey, and uses the challenge up. One result for everything that is wrong, in even time.
   *
   * @param of whose it has to be.
   * @param handle that owner's documentId, which the authenticator must not contradict.
   * @param challenge the one that was asked for; that of the response where undefined.
   */
  verify(
    response: unknown,
    purpose: 'login' | 'stepUp',
    expected: { readonly of?: FactorOwner; readonly handle?: string; readonly challenge?: string },
  ): Promise<ShownPasskey | undefined>;
  /** Writes a use, and returns whether it was good: of a passkey that is on one device, the counter has to rise. */
  use(transaction: Tables, shown: ShownPasskey): Promise<boolean>;
}

export type Tables = Pick<Prisma.TransactionClient, 'passkey' | '$executeRaw'>;

export interface PasskeyOptions {
  readonly realm: RealmName;
  readonly prisma: PrismaClient;
  readonly relyingParty: RelyingParty | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

export function createPasskeys({ realm, prisma, relyingParty: configured, clock, log }: PasskeyOptions): Passkeys {
  const relyingParty = configured && partyFor(realm, configured);
  const challenges = createPasskeyChallenges({ realm, prisma, clock });

  function party(): RelyingParty {
    if (relyingParty) return relyingParty;
    log.error('passkeys need a name in PUBLIC_URL: browsers have none for an address');
    throw applicationError('This server is not set up for passkeys');
  }

  const descriptors = async (owner: FactorOwner) =>
    (await prisma.passkey.findMany({ where: owner, select: { credentialId: true, transports: true } })).map(
      ({ credentialId: id, transports }) => ({ id, transports }),
    );

  /** What is wrong is for the log: a wrong origin is most often a mistake of the configuration. */
  async function orRefused<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await work();
    } catch (error) {
      log.info({ reason: String(error).slice(0, MAX_REASON) }, 'a passkey was refused');
      return undefined;
    }
  }

  const useUp = (purpose: PasskeyPurpose, owner: FactorOwner | undefined, challenge: string | undefined) =>
    challenge === undefined ? false : challenges.take(purpose, owner, challenge);

  return {
    async optionsToRegister(owner, { documentId, email }) {
      const { id, name } = party();
      // Browsers offer all passkeys of a domain: those of users at the log-in of administrators, too.
      const shown = realm === 'administrators' ? `${email} (administrator)` : email;
      return (await webauthn()).generateRegistrationOptions({
        ...{ rpID: id, rpName: name, userName: shown, userDisplayName: shown, timeout: CHALLENGE_LIFESPAN },
        userID: new Uint8Array(Buffer.from(documentId)),
        challenge: new Uint8Array(Buffer.from(await challenges.issue('register', owner), 'base64url')),
        attestationType: 'none',
        excludeCredentials: await descriptors(owner),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        supportedAlgorithmIDs: ALGORITHMS,
      });
    },
    async options(purpose, owner) {
      const { id } = party();
      return (await webauthn()).generateAuthenticationOptions({
        ...{ rpID: id, userVerification: 'required', timeout: CHALLENGE_LIFESPAN },
        challenge: new Uint8Array(Buffer.from(await challenges.issue(purpose, owner), 'base64url')),
        ...(owner && { allowCredentials: await descriptors(owner) }),
      });
    },
    async verifyNew(response, owner) {
      const read = readRegistration(response);
      if (!(await useUp('register', owner, read?.challenge)) || !read || !relyingParty) return undefined;
      return orRefused(() => verifyRegistration(read, relyingParty));
    },
    async add({ passkey }, owner, made, name) {
      const data = {
        id: newDocumentId(),
        ...owner,
        ...made,
        transports: [...made.transports],
        name,
        createdAt: clock(),
      };
      // Not an error: that would end the transaction.
      const { count } = await passkey.createMany({ data, skipDuplicates: true });
      return count === 1 ? passkey.findUniqueOrThrow({ where: { id: data.id } }) : undefined;
    },
    async verify(response, purpose, { of, handle, challenge: asked }) {
      const read = readAssertion(response);
      const challenge = asked ?? read?.challenge;
      const isOurs = await useUp(purpose, purpose === 'stepUp' ? of : undefined, challenge);
      if (!read || !relyingParty) return undefined;
      const where = { credentialId: read.response.id };
      const found = await prisma.passkey.findUnique({ where });
      const signed = await orRefused(() => verifyAssertion(read, relyingParty, found?.publicKey ?? decoyKey()));
      if (!isOurs || challenge !== read.challenge || !found || !signed) return undefined;
      const owner = ownerOf(found, realm);
      if (!owner || (of && !isSame(owner, of))) return undefined;
      if (handle !== undefined && read.userHandle !== undefined && read.userHandle !== handle) return undefined;
      return { ...signed, id: found.id, owner, accountId: idOf(owner), userHandle: read.userHandle };
    },
    async use(transaction, { id, counter, backedUp, backupEligible }) {
      // Compared and set in one statement. Of a passkey that is on several devices each may count for itself.
      const count = await transaction.$executeRaw`
        UPDATE "passkeys" SET "counter" = ${counter}::int8, "backedUp" = ${backedUp}, "lastUsedAt" = ${clock()}::timestamptz
        WHERE "id" = ${id} AND "backupEligible" = ${backupEligible} AND ("backedUp" OR ${backedUp}
          OR "counter" < ${counter}::int8 OR ("counter" = 0 AND ${counter}::int8 = 0))`;
      return count === 1;
    },
  };
}

/**
 * The pages of the administration are this server's own. A front end elsewhere, however much it is trusted with users, cannot ask an
 * administrator for a passkey.
 */
function partyFor(realm: RealmName, party: RelyingParty): RelyingParty {
  return realm === 'administrators' ? { ...party, origins: [party.own] } : party;
}

/** Characters of what the client sent, in the log. */
const MAX_REASON = 200;

function ownerOf({ userId, adminId }: Passkey, realm: RealmName): FactorOwner | undefined {
  if (realm === 'users') return userId === null ? undefined : { userId };
  return adminId === null ? undefined : { adminId };
}

function idOf(owner: FactorOwner): number {
  return 'userId' in owner ? owner.userId : owner.adminId;
}

function isSame(one: FactorOwner, other: FactorOwner): boolean {
  return 'userId' in one === 'userId' in other && idOf(one) === idOf(other);
}
