import { TICKET_LIFE } from '../accounts/providers/flow.ts';
import { faultOfIssuer, faultOfProviderName, type Linking, missingOf } from '../accounts/providers/login-provider.ts';
import { readRedirect } from '../accounts/providers/redirects.ts';
import { difference, type Target } from '../audit/audit.ts';
import { applicationError, badInput, type Fault, notFound, refuse } from '../common/errors.ts';
import { charactersIn } from '../common/text-length.ts';
import type { LoginProvider as Row } from '../generated/prisma/client.ts';
import { type AdministrationServices, administer, type By } from './administration.ts';

/** What is absent stays as it is; null is what is usual. */
export interface ProviderChange {
  readonly enabled?: boolean | null | undefined;
  readonly label?: string | null | undefined;
  readonly issuer?: string | null | undefined;
  readonly clientId?: string | null | undefined;
  /** Null removes it. */
  readonly clientSecret?: string | null | undefined;
  readonly scopes?: string | null | undefined;
  readonly linking?: Linking | null | undefined;
  readonly redirect?: string | null | undefined;
}

type Services = Pick<
  AdministrationServices,
  'prisma' | 'audit' | 'providers' | 'sealProviderSecret' | 'serverInfo' | 'clock'
>;

const LONGEST = {
  label: 100,
  issuer: 500,
  clientId: 1_000,
  clientSecret: 1_000,
  scopes: 500,
  redirect: 1_000,
} as const;

/**
 * Sets up a login provider, or changes it.
 *
 * @throws ApiError BAD_USER_INPUT with every fault; APPLICATION_ERROR for one of the environment, without a key for secrets, or
 * when something is missing of one that is to be enabled.
 */
export async function setLoginProvider(
  services: Services,
  by: By,
  name: string,
  change: ProviderChange,
): Promise<void> {
  const { prisma, audit, sealProviderSecret } = services;
  await refuseConfigured(services, name);
  const fault = faultOfProviderName(name);
  refuse([...(fault ? [{ path: ['name'], message: fault }] : []), ...faultsOf(services, change)]);
  const { clientSecret, enabled, ...given } = change;
  if (clientSecret != null && !sealProviderSecret)
    throw applicationError('Set ENCRYPTION_KEY before a secret is stored');
  const texts = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as Partial<Settings>; // without those that are absent
  await administer(prisma, by, async (transaction) => {
    const before = (await transaction.loginProvider.findUnique({ where: { name } })) ?? undefined;
    const sealedSecret = clientSecret == null ? clientSecret : (sealProviderSecret?.(clientSecret, name) ?? null);
    const data = {
      ...texts,
      ...(enabled != null && { enabled }),
      ...(sealedSecret !== undefined && { sealedSecret }),
    };
    const after = await transaction.loginProvider.upsert({ where: { name }, create: { name, ...data }, update: data });
    const missing = missingOf({ ...after, linking: null }, after.sealedSecret === null ? undefined : 'sealed');
    if (after.enabled && missing.length > 0) throw badInput(`Before it is enabled, it needs: ${missing.join(', ')}`);
    const newSecret = clientSecret === undefined ? {} : { newSecret: true };
    const changed = difference(before ? settingsOf(before) : {}, { ...settingsOf(after), ...newSecret });
    if (changed)
      await audit.record(transaction, by.actor, { event: 'loginProvider.set', target: targetOf(name), ...changed });
  });
}

type Settings = Pick<Row, 'label' | 'issuer' | 'clientId' | 'scopes' | 'linking' | 'redirect'>;

/** Removes a login provider. The identities stay: who logs in with it can do so again when it is back. */
export async function deleteLoginProvider(services: Services, by: By, name: string): Promise<void> {
  const { prisma, audit } = services;
  await refuseConfigured(services, name);
  await administer(prisma, by, async (transaction) => {
    const before = await transaction.loginProvider.findUnique({ where: { name } });
    if (!before) throw notFound('Login provider not found');
    await transaction.loginProvider.delete({ where: { name } });
    const event = { event: 'loginProvider.delete', target: targetOf(name), before: settingsOf(before) } as const;
    await audit.record(transaction, by.actor, event);
  });
}

/**
 * Returns the address at which an administrator tries a provider, also before it is enabled: it shows what the provider says, and
 * logs nobody in.
 */
export async function tryLoginProvider(
  { providers, clock }: Services,
  name: string,
): Promise<{ readonly url: string }> {
  if (!(await providers.list.findToTry(name)))
    throw notFound('There is no login provider of this name that is complete');
  const until = clock().getTime() + TICKET_LIFE;
  const ticket = providers.flows.sealTicket({ provider: name, purpose: { kind: 'try' }, redirect: null, until });
  return { url: `${providers.publicUrl}/connect/${name}?ticket=${ticket}` };
}

async function refuseConfigured({ providers }: Services, name: string): Promise<void> {
  const listed = await providers.list.list();
  if (listed.some(({ settings, isFromEnvironment }) => isFromEnvironment && settings.name === name))
    throw applicationError('This provider is set up by the environment of the server');
}

function faultsOf({ serverInfo }: Services, change: ProviderChange): Fault[] {
  const faults: Fault[] = [];
  for (const [name, longest] of Object.entries(LONGEST)) {
    const value = change[name as keyof typeof LONGEST]; // entries lose the type of their names
    if (value == null) continue;
    if (value.trim() === '') faults.push({ path: [name], message: `${name} must not be blank` });
    if (charactersIn(value, longest) > longest)
      faults.push({ path: [name], message: `${name} must be at most ${longest} characters` });
    if (/\p{Cc}/u.test(value)) faults.push({ path: [name], message: `${name} must not contain control characters` });
  }
  const issuer = change.issuer == null ? undefined : faultOfIssuer(change.issuer, serverInfo);
  if (issuer) faults.push({ path: ['issuer'], message: issuer });
  if (change.redirect != null && !readRedirect(change.redirect))
    faults.push({ path: ['redirect'], message: 'expected an address such as https://app.example.com/login' });
  return faults;
}

function settingsOf({ enabled, label, issuer, clientId, scopes, linking, redirect }: Row) {
  return { enabled, label, issuer, clientId, scopes, linking, redirect };
}

function targetOf(name: string): Target {
  return { kind: 'loginProvider', documentId: null, name };
}
