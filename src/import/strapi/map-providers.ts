import { isPage } from '../../administration/update-settings.ts';
import type { ImportedProvider } from '../accounts.ts';
import type { PlanNotes } from '../plan-notes.ts';
import type { StrapiProject } from './project.ts';
import { dataIn, textIn } from './stored-values.ts';

/**
 * The login providers that were set up. They come disabled.
 *
 * @param keepsSecrets whether the server has a key to seal their secrets with.
 */
export function mapProviders(
  { settings }: Pick<StrapiProject, 'settings'>,
  keepsSecrets: boolean,
  notes: PlanNotes,
): ImportedProvider[] {
  const grant = dataIn(settings.get('plugin_users-permissions_grant')) ?? {};
  if (dataIn(grant['email'])?.['enabled'] === false) {
    notes.lose(
      'the setting that nobody logs in with a password (the provider email is off in Strapi): here everybody can',
    );
  }
  const providers = Object.entries(grant).flatMap(([name, value]): ImportedProvider[] => {
    const stored = dataIn(value);
    if (!stored || name === 'email' || !/^[\w-]{1,64}$/.test(name)) return [];
    const [clientId, clientSecret] = [textIn(stored['key']), textIn(stored['secret'])];
    if (clientId === undefined && clientSecret === undefined) return [];
    const pages = [stored['callback'], stored['redirectUri']].map(textIn);
    return [
      {
        name,
        clientId: clientId ?? null,
        clientSecret: clientSecret ?? null,
        redirect: pages.find((page) => page !== undefined && isPage(page)) ?? null,
        details: detailsIn(stored),
      },
    ];
  });
  if (!keepsSecrets) {
    const secrets = providers.filter(({ clientSecret }) => clientSecret !== null).length;
    notes.lose('client secrets of login providers: set ENCRYPTION_KEY, with which they are sealed', secrets);
  }
  if (providers.length > 0) {
    const names = providers.map(({ name }) => name).join(', ');
    notes.say(`Login providers come disabled, to be looked at first: ${names}.`);
  }
  return providers;
}

/** Nothing that could be a secret. */
function detailsIn(stored: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const scope = stored['scope'];
  const subdomain = textIn(stored['subdomain']);
  return {
    ...(Array.isArray(scope) && { scope: scope.filter((one) => textIn(one) !== undefined).slice(0, 100) }),
    ...(subdomain !== undefined && { subdomain }),
  };
}
