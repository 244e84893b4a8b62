import type { PrismaClient, LoginProvider as Row } from '../../generated/prisma/client.ts';
import {
  faultOfIssuer,
  faultOfProviderName,
  type Linking,
  type LoginProvider,
  labelOf,
  missingOf,
  type ProviderSettings,
  providerOf,
} from './login-provider.ts';
import { openProviderSecret } from './provider-secret.ts';

/** A provider that the environment sets up. */
export interface ConfiguredProvider extends ProviderSettings {
  readonly clientSecret: string;
}

/** A provider as administrators see it. */
export interface ListedProvider {
  readonly settings: ProviderSettings;
  readonly enabled: boolean;
  readonly hasSecret: boolean;
  /** Those of the environment cannot be changed at run time. */
  readonly isFromEnvironment: boolean;
  /** What is missing or wrong before anybody can log in with it: names of settings. */
  readonly problems: readonly string[];
}

/** The login providers: those of the environment, and those that administrators have set up. */
export interface LoginProviders {
  /** Those that users can log in with, in alphabetical order. */
  usable(): Promise<LoginProvider[]>;
  /** One of these; undefined if there is none of the name. */
  find(name: string): Promise<LoginProvider | undefined>;
  /** One that is set up, also before it is enabled. */
  findToTry(name: string): Promise<LoginProvider | undefined>;
  /** The name on buttons, also of a provider that is not there any more. */
  labelOf(name: string): Promise<string>;
  /** All, with what is missing. */
  list(): Promise<ListedProvider[]>;
}

export interface LoginProvidersOptions {
  readonly prisma: PrismaClient;
  readonly configured: readonly ConfiguredProvider[];
  readonly encryptionKeys: readonly [string, ...string[]] | undefined;
  readonly production: boolean;
}

/** More providers than anybody has. */
const MOST = 100;

export function createLoginProviders({
  prisma,
  configured,
  encryptionKeys,
  production,
}: LoginProvidersOptions): LoginProviders {
  /** Those of the database whose names the environment has not taken. */
  async function stored(): Promise<Row[]> {
    const name = { notIn: configured.map((one) => one.name) };
    return prisma.loginProvider.findMany({ where: { name }, orderBy: { name: 'asc' }, take: MOST });
  }

  function secretOf({ name, sealedSecret }: Row): string | undefined {
    return sealedSecret && encryptionKeys ? openProviderSecret(encryptionKeys, sealedSecret, name) : undefined;
  }

  function listed(row: Row): ListedProvider & { readonly provider: LoginProvider | undefined } {
    const settings = settingsOf(row);
    const secret = secretOf(row);
    const isUnreadable = row.sealedSecret !== null && secret === undefined;
    const problems = [
      ...missingOf(settings, isUnreadable ? '' : secret),
      // Another key than the one that sealed it.
      ...(isUnreadable ? ['encryptionKey'] : []),
      // It was written for another mode, or by SQL.
      ...(settings.issuer !== null && faultOfIssuer(settings.issuer, { production }) ? ['issuer'] : []),
    ];
    return {
      settings,
      enabled: row.enabled,
      hasSecret: row.sealedSecret !== null,
      isFromEnvironment: false,
      problems,
      provider: problems.length === 0 ? providerOf(settings, secret) : undefined,
    };
  }

  const fromEnvironment = configured.map((settings) => ({
    settings,
    enabled: true,
    hasSecret: true,
    isFromEnvironment: true,
    problems: [] as readonly string[],
    provider: providerOf(settings, settings.clientSecret),
  }));

  async function all() {
    const providers = [...fromEnvironment, ...(await stored()).map(listed)];
    return providers.sort((one, other) => (one.settings.name < other.settings.name ? -1 : 1));
  }

  async function findToTry(name: string) {
    const known = fromEnvironment.find(({ settings }) => settings.name === name);
    if (known || faultOfProviderName(name)) return known;
    const row = await prisma.loginProvider.findUnique({ where: { name } });
    return row ? listed(row) : undefined;
  }

  return {
    usable: async () => (await all()).flatMap(({ enabled, provider }) => (enabled && provider ? [provider] : [])),
    async find(name) {
      const found = await findToTry(name);
      return found?.enabled ? found.provider : undefined;
    },
    findToTry: async (name) => (await findToTry(name))?.provider,
    labelOf: async (name) => labelOf((await findToTry(name))?.settings ?? { name, label: null }),
    list: all,
  };
}

function settingsOf({ name, label, issuer, clientId, scopes, linking, redirect }: Row): ProviderSettings {
  return { name, label, issuer, clientId, scopes, redirect, linking: readLinking(linking) };
}

/** Anything else that was written there links nothing. */
function readLinking(linking: string | null): Linking | null {
  return linking === null || linking === 'verified' ? linking : 'never';
}
