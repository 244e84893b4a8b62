import type { Logger } from 'pino';
import type { Clock } from '../../common/clock.ts';
import { applicationError } from '../../common/errors.ts';
import { createSeal } from '../../common/seal.ts';
import { newDocumentId } from '../../database/document-key.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import { createBackupCodeHash, newBackupCodes } from './backup-codes.ts';
import type { FactorOwner } from './factor-owner.ts';
import { newTotpSecret, stepOfTotp } from './totp.ts';

/** The kinds of second factors, as `methods` lists them. Each is a field of `CompleteLoginInput`. */
export type FactorMethod = 'totp' | 'backupCode' | 'passkey';

/** The second factors of an account. */
export interface FactorState {
  /** Since when there is an app; undefined without one. */
  readonly totpSince: Date | undefined;
  /** How many backup codes are left. */
  readonly backupCodes: number;
  /** How many passkeys there are. */
  readonly passkeys: number;
}

/** The client, or a transaction of it. */
export type FactorTables = Pick<Prisma.TransactionClient, 'totpSecret' | 'backupCode' | 'passkey'>;

/**
 * The kinds of second factors that a login asks for, the usual one first. Nobody is asked for a passkey because they have one: it is
 * another way to log in, and some are on a single device.
 *
 * @param isRequired whether a role, or the administration, requires a second factor.
 */
export function methodsIn(
  { totpSince, backupCodes, passkeys }: FactorState,
  isRequired: boolean,
): readonly FactorMethod[] {
  const passkey = passkeys > 0 ? (['passkey'] as const) : [];
  if (totpSince === undefined) return isRequired ? passkey : [];
  return ['totp', ...(backupCodes > 0 ? (['backupCode'] as const) : []), ...passkey];
}

/** Stores and checks second factors. Call what writes in a transaction with the account locked. */
export interface SecondFactors {
  stateOf(database: FactorTables, owner: FactorOwner): Promise<FactorState>;
  /** Makes a secret that waits for its first code, in place of another one that waits. @throws ApiError without a key. */
  start(transaction: FactorTables, owner: FactorOwner): Promise<string>;
  /**
   * Makes the waiting secret the one that counts, if this is a code of it, in place of the one before.
   *
   * @returns new backup codes; undefined for a wrong code, or if nothing waits.
   */
  confirm(transaction: FactorTables, owner: FactorOwner, code: string): Promise<readonly string[] | undefined>;
  /** Uses a code, and returns whether it was right. A code works once: of two uses at once, one. */
  use(transaction: FactorTables, owner: FactorOwner, method: 'totp' | 'backupCode', code: string): Promise<boolean>;
  /** Replaces the backup codes. */
  replaceBackupCodes(transaction: FactorTables, owner: FactorOwner): Promise<readonly string[]>;
  /** Removes the app and the backup codes, and returns whether there was an app. */
  remove(transaction: FactorTables, owner: FactorOwner): Promise<boolean>;
  /** Removes the passkeys, too, and returns whether there was anything. For somebody who lost them, or whose they are not. */
  removeAll(transaction: FactorTables, owner: FactorOwner): Promise<boolean>;
}

/** Milliseconds in which a new secret has to be confirmed. */
const SETUP_LIFESPAN = 30 * 60_000;

/**
 * @param encryptionKeys the first seals and hashes; the others are accepted. Undefined: there are no second factors, and those
 * in the database cannot be used.
 */
export function createSecondFactors({
  encryptionKeys,
  clock,
  log,
}: {
  readonly encryptionKeys: readonly [string, ...string[]] | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}): SecondFactors {
  const keys = encryptionKeys && {
    seal: createSeal(encryptionKeys, 'second-factors'),
    hash: createBackupCodeHash(encryptionKeys),
  };

  function withKeys(): NonNullable<typeof keys> {
    if (keys) return keys;
    log.error('second factors need ENCRYPTION_KEY, which is not set');
    throw applicationError('This server is not set up for second factors');
  }

  /** @throws ApiError for a secret that no key of now opens. */
  function opened({ id, sealed }: { readonly id: string; readonly sealed: Uint8Array }, owner: FactorOwner): string {
    const secret = withKeys().seal.open(sealed, placeOf(id, owner));
    if (secret !== undefined) return secret;
    log.error({ id }, 'a second factor cannot be opened with ENCRYPTION_KEY: is an older key missing in its list?');
    throw applicationError('Second factors cannot be checked now');
  }

  async function useTotp({ totpSecret }: FactorTables, owner: FactorOwner, code: string): Promise<boolean> {
    const found = await totpSecret.findFirst({ where: { ...owner, confirmed: true } });
    const step = found ? stepOfTotp(opened(found, owner), code, clock()) : undefined;
    if (!found || step === undefined) return false;
    // Compared and set in one statement, so that a code works once, whoever else holds it.
    const where = { id: found.id, lastStep: { lt: step } };
    const { count } = await totpSecret.updateMany({ where, data: { lastStep: step } });
    return count === 1;
  }

  async function useBackupCode({ backupCode }: FactorTables, owner: FactorOwner, code: string): Promise<boolean> {
    const hash = { in: [...withKeys().hash(code, owner)] };
    const { count } = await backupCode.deleteMany({ where: { ...owner, hash } });
    return count === 1;
  }

  async function replaceBackupCodes({ backupCode }: FactorTables, owner: FactorOwner): Promise<readonly string[]> {
    const { hash } = withKeys();
    const codes = newBackupCodes();
    await backupCode.deleteMany({ where: owner });
    await backupCode.createMany({ data: codes.map((code) => ({ ...owner, hash: hash(code, owner)[0] })) });
    return codes;
  }

  async function remove({ totpSecret, backupCode }: FactorTables, owner: FactorOwner): Promise<boolean> {
    const { count } = await totpSecret.deleteMany({ where: { ...owner, confirmed: true } });
    await totpSecret.deleteMany({ where: owner });
    await backupCode.deleteMany({ where: owner });
    return count > 0;
  }

  return {
    async stateOf({ totpSecret, backupCode, passkey }, owner) {
      const where = { ...owner, confirmed: true };
      const totp = await totpSecret.findFirst({ where, select: { createdAt: true } });
      const backupCodes = totp ? await backupCode.count({ where: owner }) : 0;
      return { totpSince: totp?.createdAt, backupCodes, passkeys: await passkey.count({ where: owner }) };
    },
    async start({ totpSecret }, owner) {
      const { seal } = withKeys();
      const secret = newTotpSecret();
      const id = newDocumentId();
      await totpSecret.deleteMany({ where: { ...owner, confirmed: false } });
      const sealed = seal.seal(secret, placeOf(id, owner));
      await totpSecret.create({ data: { id, ...owner, sealed, createdAt: clock() }, select: { id: true } });
      return secret;
    },
    async confirm(transaction, owner, code) {
      const { totpSecret } = transaction;
      const createdAt = { gt: new Date(clock().getTime() - SETUP_LIFESPAN) };
      const found = await totpSecret.findFirst({ where: { ...owner, confirmed: false, createdAt } });
      const step = found ? stepOfTotp(opened(found, owner), code, clock()) : undefined;
      if (!found || step === undefined) return undefined;
      await totpSecret.deleteMany({ where: { ...owner, confirmed: true } });
      const data = { confirmed: true, lastStep: step, createdAt: clock() };
      await totpSecret.update({ where: { id: found.id }, data, select: { id: true } });
      return replaceBackupCodes(transaction, owner);
    },
    use(transaction, owner, method, code) {
      return method === 'totp' ? useTotp(transaction, owner, code) : useBackupCode(transaction, owner, code);
    },
    replaceBackupCodes,
    remove,
    async removeAll(transaction, owner) {
      const hadApp = await remove(transaction, owner);
      const { count } = await transaction.passkey.deleteMany({ where: owner });
      return hadApp || count > 0;
    },
  };
}

function placeOf(id: string, owner: FactorOwner): readonly (string | number)[] {
  return ['totp_secrets', id, ...Object.entries(owner).flat()];
}
