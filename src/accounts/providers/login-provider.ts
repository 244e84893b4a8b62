/** When an identity may be linked to an account that has the same e-mail. */
export type Linking =
  /** When the provider has verified the address, and the account's owner has confirmed it. */
  | 'verified'
  /** Only by its owner, who is logged in. */
  | 'never';

/** How a provider is spoken to. GitHub knows no OpenID Connect. */
export type ProviderKind = 'openid' | 'microsoft' | 'github';

/** The settings of a login provider, wherever they come from. */
export interface ProviderSettings {
  /** In addresses and in the database: `google`, `our-company`. */
  readonly name: string;
  readonly label: string | null;
  readonly issuer: string | null;
  readonly clientId: string | null;
  readonly scopes: string | null;
  readonly linking: Linking | null;
  /** The page of a front end that logins return to where none is named. */
  readonly redirect: string | null;
}

/** A provider that is set up. */
export interface LoginProvider {
  readonly name: string;
  readonly label: string;
  readonly kind: ProviderKind;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: string;
  readonly linking: Linking;
  readonly redirect: string | null;
}

/** What is known of a provider before anybody sets it up. */
interface Preset {
  readonly label: string;
  readonly issuer: string;
  readonly kind?: ProviderKind;
  readonly scopes?: string;
  /** Whether it links by default, at this issuer. */
  readonly links?: (issuer: string) => boolean;
}

const MICROSOFT = 'https://login.microsoftonline.com';

export const PRESETS: Readonly<Record<string, Preset>> = {
  google: { label: 'Google', issuer: 'https://accounts.google.com', links: () => true },
  microsoft: {
    label: 'Microsoft',
    issuer: `${MICROSOFT}/common/v2.0`,
    kind: 'microsoft',
    links: (issuer) => tenantOf(issuer) !== undefined,
  },
  github: { label: 'GitHub', issuer: 'https://github.com', kind: 'github', scopes: 'read:user user:email' },
  gitlab: { label: 'GitLab', issuer: 'https://gitlab.com', links: (issuer) => issuer === 'https://gitlab.com' },
  discord: { label: 'Discord', issuer: 'https://discord.com', scopes: 'openid identify email' },
};

/** The tenant of an issuer of Microsoft; undefined for one that anybody's account is of. */
function tenantOf(issuer: string): string | undefined {
  const tenant = new URL(issuer).pathname.split('/')[1];
  return tenant === undefined || ['', 'common', 'organizations', 'consumers'].includes(tenant) ? undefined : tenant;
}

/** What sessions and addresses call something else by these names. */
const RESERVED: readonly string[] = ['local', 'pwd', 'otp', 'hwk', 'mail', 'callback'];

/** Why a name cannot be that of a provider; undefined if it can. */
export function faultOfProviderName(name: string): string | undefined {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 40)
    return 'expected at most 40 lower-case letters, digits and hyphens, beginning with a letter';
  return RESERVED.includes(name) ? 'expected another name: this one has a meaning of its own' : undefined;
}

/** Why an issuer cannot be used; undefined if it can. */
export function faultOfIssuer(text: string, { production }: { readonly production: boolean }): string | undefined {
  const url = URL.parse(text);
  const hasMore = url && (url.username || url.password || url.search || url.hash);
  if (!url || hasMore || !/^https?:$/.test(url.protocol))
    return 'expected an address such as https://login.example.com';
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol === 'http:' && (production || !isHere))
    return 'expected https: (http: only on this machine, and not in production)';
  return undefined;
}

/** What is missing before anybody can log in with a provider; none if it can be used. */
export function missingOf(settings: ProviderSettings, secret: string | undefined): string[] {
  return [
    ...((settings.issuer ?? PRESETS[settings.name]?.issuer) === undefined ? ['issuer'] : []),
    ...(settings.clientId === null ? ['clientId'] : []),
    ...(secret === undefined ? ['clientSecret'] : []),
  ];
}

/** The provider of these settings; undefined if something is missing. */
export function providerOf(settings: ProviderSettings, clientSecret: string | undefined): LoginProvider | undefined {
  const { name, clientId, redirect } = settings;
  const preset = PRESETS[name];
  const issuer = settings.issuer ?? preset?.issuer;
  if (issuer === undefined || clientId === null || clientSecret === undefined) return undefined;
  return {
    name,
    label: labelOf(settings),
    kind: preset?.kind ?? 'openid',
    issuer,
    clientId,
    clientSecret,
    scopes: settings.scopes ?? preset?.scopes ?? 'openid profile email',
    linking: settings.linking ?? defaultLinking(name, issuer),
    redirect,
  };
}

/** The name on buttons. */
export function labelOf({ name, label }: Pick<ProviderSettings, 'name' | 'label'>): string {
  return label ?? PRESETS[name]?.label ?? name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', ' ');
}

/** How a provider links without a setting. */
export function defaultLinking(name: string, issuer: string | undefined): Linking {
  const preset = PRESETS[name];
  return preset?.links?.(issuer ?? preset.issuer) ? 'verified' : 'never';
}
