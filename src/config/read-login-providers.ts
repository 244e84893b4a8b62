import { z } from 'zod';
import {
  faultOfIssuer,
  faultOfProviderName,
  missingOf,
  type ProviderSettings,
} from '../accounts/providers/login-provider.ts';
import type { ConfiguredProvider } from '../accounts/providers/provider-list.ts';
import { loginProviderVariables } from './variables/login-providers.ts';

/** The login providers of the environment, and the problems of their variables. */
export interface ReadLoginProviders {
  readonly providers: readonly ConfiguredProvider[];
  readonly problems: readonly [variable: string, message: string][];
}

/** Reads the variables `OIDC_NAME_ISSUER` and so on. */
export function readLoginProviders(
  given: Readonly<Record<string, string | undefined>>,
  { production }: { readonly production: boolean },
): ReadLoginProviders {
  const providers: ConfiguredProvider[] = [];
  const problems: [string, string][] = [];
  for (const [prefix, variables] of byProvider(given)) {
    const parsed = z.object(loginProviderVariables()).safeParse(variables);
    for (const { path, message } of parsed.error?.issues ?? []) problems.push([`${prefix}_${path.join('.')}`, message]);
    const name = prefix.slice('OIDC_'.length).toLowerCase().replaceAll('_', '-');
    const fault = faultOfProviderName(name);
    if (fault) problems.push([prefix, fault]);
    if (!parsed.success || fault) continue;
    const { ISSUER: issuer = null, CLIENT_ID: clientId = null, CLIENT_SECRET: clientSecret, ...more } = parsed.data;
    const { LABEL: label = null, SCOPES: scopes = null, LINK: linking = null } = more;
    const faultOfUrl = issuer === null ? undefined : faultOfIssuer(issuer, { production });
    if (faultOfUrl) problems.push([`${prefix}_ISSUER`, faultOfUrl]);
    const settings: ProviderSettings = { name, label, issuer, clientId, scopes, linking, redirect: null };
    for (const missing of missingOf(settings, clientSecret))
      problems.push([`${prefix}_${VARIABLES[missing]}`, 'required']);
    if (clientSecret !== undefined) providers.push({ ...settings, clientSecret });
  }
  return { providers, problems };
}

const VARIABLES: Readonly<Record<string, string>> = {
  issuer: 'ISSUER',
  clientId: 'CLIENT_ID',
  clientSecret: 'CLIENT_SECRET',
};

/** The variables of each provider, by the end of their names. */
function byProvider(given: Readonly<Record<string, string | undefined>>): Map<string, Record<string, string>> {
  const providers = new Map<string, Record<string, string>>();
  const ends = Object.keys(loginProviderVariables()).join('|');
  const pattern = new RegExp(`^(OIDC_[A-Z0-9_]+?)_(${ends})$`);
  for (const [name, value] of Object.entries(given)) {
    const [, prefix, end] = pattern.exec(name) ?? [];
    if (prefix === undefined || end === undefined || value === undefined) continue;
    providers.set(prefix, { ...providers.get(prefix), [end]: value });
  }
  return providers;
}
