import { randomUUID } from 'node:crypto';
import type { Sent } from '../../audit/actor.ts';
import { ApiError, badInput, notFound, reasonsOf } from '../../common/errors.ts';
import { isUniqueViolation } from '../../database/write-errors.ts';
import type { UserAccounts } from '../accounts.ts';
import { closedFor } from '../refuse-closed.ts';
import type { Profile } from './conversation.ts';
import { findAccount } from './find-account.ts';
import { FLOW_LIFE, type Flow, type FlowPurpose } from './flow.ts';
import { issueLoginCode } from './login-codes.ts';
import type { LoginProvider } from './login-provider.ts';
import { ProviderFailure } from './provider-failure.ts';
import { allowedRedirect, withParameters } from './redirects.ts';

/** What a front end sends to begin a login with a provider. */
export interface ConnectRequest {
  readonly provider: string;
  /** The page to return to; null for the usual one. */
  readonly redirect: string | null;
  /** Of the front end's own verifier (RFC 7636, S256). */
  readonly challenge: string | null;
  /** The permission for a link or a try. */
  readonly ticket: string | null;
  /** The address at which the provider sends the browser back. */
  readonly callback: string;
}

/** Where the browser goes to log in, and what it keeps until it comes back. */
export interface Begun {
  readonly location: string;
  readonly flow: string;
}

/**
 * Begins a login with a provider.
 *
 * @throws ApiError NOT_FOUND for an unknown provider, BAD_USER_INPUT for a page that is not allowed; ProviderFailure when the
 * provider cannot be asked.
 */
export async function beginConnect(accounts: UserAccounts, asked: ConnectRequest): Promise<Begun> {
  const { clock, providers } = accounts;
  const { purpose, redirect, provider } = await permitted(accounts, asked);
  const challenge = readChallenge(asked.challenge);
  const { url, checks } = await providers.conversations.authorizationUrl(provider, asked.callback);
  const flow: Flow = {
    id: randomUUID(),
    provider: provider.name,
    purpose,
    checks,
    callback: asked.callback,
    redirect,
    challenge,
    until: clock().getTime() + FLOW_LIFE,
  };
  return { location: url, flow: providers.flows.seal(flow) };
}

async function permitted(
  { providers }: UserAccounts,
  asked: ConnectRequest,
): Promise<{ purpose: FlowPurpose; redirect: string | null; provider: LoginProvider }> {
  if (asked.ticket !== null) {
    const ticket = providers.flows.openTicket(asked.ticket);
    if (ticket?.provider !== asked.provider) throw badInput('This link is too old. Begin again where you found it.');
    const { purpose, redirect } = ticket;
    const found = purpose.kind === 'try' ? providers.list.findToTry : providers.list.find;
    return { purpose, redirect, provider: (await found(asked.provider)) ?? unknownProvider() };
  }
  const provider = (await providers.list.find(asked.provider)) ?? unknownProvider();
  const redirect = redirectFor(providers, provider, asked.redirect);
  return { purpose: { kind: 'login' }, redirect, provider };
}

/** @throws ApiError BAD_USER_INPUT for a page that is not allowed. */
export function redirectFor(
  { redirects }: Pick<UserAccounts['providers'], 'redirects'>,
  { redirect: own }: Pick<LoginProvider, 'redirect'>,
  asked: string | null,
): string {
  const url = allowedRedirect(asked, own === null ? redirects : [own, ...redirects]);
  if (url) return url.href;
  throw badInput(
    asked === null
      ? 'Name the page to return to: redirect=https://…'
      : 'This page is not among those that a login may return to (LOGIN_REDIRECTS)',
  );
}

function unknownProvider(): never {
  throw notFound('There is no such login provider');
}

function readChallenge(challenge: string | null): string | null {
  if (challenge !== null && !/^[\w-]{43}$/.test(challenge))
    throw badInput('code_challenge: expected 43 characters, the SHA-256 of a verifier in base64url');
  return challenge;
}

/** What came of a login that came back from a provider. */
export type Connected =
  /** The browser goes on to this page of a front end. */
  | { readonly kind: 'redirect'; readonly location: string }
  /** An administrator reads what the provider said. */
  | { readonly kind: 'tried'; readonly provider: LoginProvider; readonly outcome: Profile | ProviderFailure };

/**
 * Ends a login that came back from a provider: with a code for the front end, or with an error for it.
 *
 * @param returned the callback's address with the query that the provider sent.
 * @throws ApiError BAD_USER_INPUT without a flow of this browser that has not ended.
 */
export async function endConnect(
  accounts: UserAccounts,
  sealedFlow: string | undefined,
  { provider: name, query }: { readonly provider: string; readonly query: string },
  sent: Sent,
): Promise<Connected> {
  const { attempts, providers, log } = accounts;
  const flow = sealedFlow === undefined ? undefined : providers.flows.open(sealedFlow);
  if (flow?.provider !== name)
    throw badInput('This login did not begin in this browser, or took too long. Begin again.');
  // Of the flow, so that an office behind one address has room for all its people.
  await attempts.count('connect', { address: sent.origin.address, account: flow.id });
  // One that was disabled meanwhile lets nobody in.
  const provider = await (flow.purpose.kind === 'try' ? providers.list.findToTry(name) : providers.list.find(name));
  try {
    if (!provider)
      throw new ProviderFailure('provider_unreachable', { detail: 'The provider was disabled or removed meanwhile.' });
    const returned = new URL(`${flow.callback}${query}`);
    const profile = await providers.conversations.profileOf(provider, returned, flow.checks);
    if (flow.purpose.kind === 'try') return { kind: 'tried', provider, outcome: profile };
    const code = await codeFor(accounts, flow, provider, profile, sent);
    return { kind: 'redirect', location: withParameters(redirectOf(flow), { code }) };
  } catch (error) {
    const failure = failureOf(error);
    if (failure.detail !== undefined)
      log.warn({ provider: name, requestId: sent.requestId, reason: failure.detail }, 'a login with a provider failed');
    if (flow.purpose.kind === 'try' && provider) return { kind: 'tried', provider, outcome: failure };
    const parameters = { error: failure.code, error_description: failure.message };
    return { kind: 'redirect', location: withParameters(redirectOf(flow), parameters) };
  }
}

function redirectOf({ redirect }: Flow): string {
  if (redirect === null) throw new Error('a flow without a page to return to');
  return redirect;
}

async function codeFor(
  accounts: UserAccounts,
  { id: flow, purpose, challenge }: Flow,
  provider: LoginProvider,
  profile: Profile,
  sent: Sent,
): Promise<string> {
  const { prisma, clock } = accounts;
  const common = { flow, provider: provider.name, challenge };
  if (purpose.kind === 'link') {
    const { session, userId, tokenVersion } = purpose;
    const { subject, emailVerified, email = null } = profile;
    const link = { session, userId, tokenVersion, subject, email, emailVerified };
    return issued(() => issueLoginCode(prisma, { ...common, ...link }, clock()));
  }
  const user = await findAccount(accounts, provider, profile, sent);
  const closed = closedFor(accounts, user, await accounts.settings(), sent, 'loginWithProvider');
  if (closed) throw new ProviderFailure(closed.reason);
  const { id: userId, tokenVersion } = user;
  return issued(() => issueLoginCode(prisma, { ...common, userId, tokenVersion }, clock()));
}

/** A flow that has ended ends no second time. */
async function issued(issue: () => Promise<string>): Promise<string> {
  try {
    return await issue();
  } catch (error) {
    throw isUniqueViolation(error) ? new ProviderFailure('provider_refused_code') : error;
  }
}

function failureOf(error: unknown): ProviderFailure {
  if (error instanceof ApiError) {
    // A hook, or a rule of accounts, speaks to the client.
    return new ProviderFailure('refused', { words: reasonsOf(error).join('. '), cause: error });
  }
  if (error instanceof ProviderFailure) return error;
  throw error;
}
