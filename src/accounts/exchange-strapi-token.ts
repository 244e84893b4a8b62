import { jwtVerify } from 'jose';
import type { Asked } from '../authentication/actor-of.ts';
import { type ApiError, badInput } from '../common/errors.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { UserRow } from './account-rows.ts';
import type { UserAccounts } from './accounts.ts';
import { completeLogin, type LoginResult } from './complete-login.ts';
import { refuseClosed } from './refuse-closed.ts';

/** Tokens of users that Strapi issued, and that are exchanged until a time. */
export interface StrapiTokens {
  /** Strapi's `JWT_SECRET`. */
  readonly secret: string;
  readonly until: Date;
}

/**
 * Logs in with a token that Strapi issued before the import.
 *
 * @throws ApiError BAD_USER_INPUT for every token that is not one of this user, with the same message; otherwise as `logIn`.
 */
export async function exchangeStrapiToken(
  accounts: UserAccounts,
  token: string,
  asked: Asked,
): Promise<LoginResult<UserRow>> {
  const { attempts } = accounts;
  await attempts.count('exchangeStrapiToken', { address: asked.origin.address, account: token });
  const user = await userOf(accounts, token);
  accounts.onLogin(user ? 'accepted' : 'refused');
  if (!user) {
    accounts.loginRefusals?.count();
    accounts.hooks.onLoginRefused('credential', undefined, { ...asked, way: WAY });
    throw invalidToken();
  }
  const settings = await accounts.settings();
  refuseClosed(accounts, user, settings, asked, WAY);
  // With the version that was checked: when the password is changed meanwhile, the session is none.
  return completeLogin(accounts, user, settings, asked, WAY, ['strapi']);
}

const WAY = 'exchangeStrapiToken';

function invalidToken(): ApiError {
  return badInput('Invalid token');
}

/** The user for whom Strapi issued a token; undefined if it is no such token, or no longer good. */
async function userOf(
  { strapiTokens, prisma, realm, clock }: UserAccounts,
  token: string,
): Promise<UserRow | undefined> {
  if (!strapiTokens || clock() >= strapiTokens.until) return undefined;
  const claims = await claimsOf(token, strapiTokens.secret, clock());
  const imported = claims && (await importedAt(prisma));
  // Who became a user after the import may have the id of somebody who became one of Strapi.
  if (!imported || claims.issuedAt > secondsOf(imported)) return undefined;
  const made = await prisma.user.findUnique({ where: { id: claims.id }, select: { createdAt: true } });
  if (!made || secondsOf(made.createdAt) > claims.issuedAt) return undefined;
  const user = await realm.findById(prisma, claims.id);
  // A changed password, a block and ended sessions raise the version.
  return user?.tokenVersion === IMPORTED_VERSION ? user : undefined;
}

/** The token version of a user whose credentials were never ended here. */
const IMPORTED_VERSION = 1;

interface StrapiClaims {
  readonly id: number;
  /** Seconds since 1970. */
  readonly issuedAt: number;
}

/** Longer than any token of Strapi. */
const LONGEST = 2_000;

/** Everything that Strapi puts into a token of a user. One with another claim, such as an audience, is for something else. */
const CLAIMS: readonly string[] = ['id', 'iat', 'exp'];

async function claimsOf(token: string, secret: string, now: Date): Promise<StrapiClaims | undefined> {
  if (token.length > LONGEST) return undefined;
  try {
    const key = new TextEncoder().encode(secret);
    const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'], currentDate: now });
    const { id, iat, exp } = payload;
    if (Object.keys(payload).some((claim) => !CLAIMS.includes(claim))) return undefined;
    if (exp === undefined || !isRowNumber(id) || !Number.isInteger(iat)) return undefined;
    return { id, issuedAt: Number(iat) };
  } catch {
    return undefined; // jose's errors say no more than that
  }
}

function isRowNumber(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) < 2 ** 31;
}

/** When this database was imported from Strapi: the audit log knows it, and nobody can change that. */
async function importedAt({ auditEntry }: PrismaClient): Promise<Date | undefined> {
  const where = { event: 'import.strapi', outcome: 'done' };
  return (await auditEntry.findFirst({ where, orderBy: { at: 'desc' }, select: { at: true } }))?.at;
}

function secondsOf(date: Date): number {
  return Math.floor(date.getTime() / 1_000);
}
