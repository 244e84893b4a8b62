import { defaultLinking, labelOf, PRESETS } from '../../accounts/providers/login-provider.ts';
import type { ListedProvider } from '../../accounts/providers/provider-list.ts';
import { deleteLoginProvider, setLoginProvider, tryLoginProvider } from '../../administration/login-providers.ts';
import { notFound } from '../../common/errors.ts';
import type { Builder } from '../builder.ts';
import type { OkType } from './ok-payload.ts';
import { type AdminServices, byAdmin } from './services.ts';

const DESCRIPTIONS = {
  enabled: 'Whether users can log in with it.',
  label: 'Its name on buttons.',
  issuer: 'The issuer, as its discovery document names it. Known providers have one.',
  clientId: 'What the provider calls this application.',
  scopes: 'The scopes to ask for, with a space between; null: what a login needs.',
  linking: 'When an identity is linked to the account with the same e-mail.',
  redirect: 'The page of a front end that logins return to where none is named.',
} as const;

const described = (name: keyof typeof DESCRIPTIONS) => ({ description: DESCRIPTIONS[name] });

/** Adds login providers: list, set, delete and try. Their secrets cannot be read. */
export function addLoginProviders(builder: Builder, services: AdminServices, ok: OkType): void {
  const { providers } = services;
  const linking = builder.enumType('ProviderLinking', {
    description: 'When an identity is linked to the account with the same e-mail.',
    values: {
      VERIFIED: {
        value: 'verified',
        description: 'When the provider has verified the address, and the user has confirmed it here.',
      },
      NEVER: { value: 'never', description: 'Only by the user, who is logged in.' },
    } as const,
  });
  const provider = builder.objectRef<ListedProvider>('LoginProvider').implement({
    description: 'A login provider.',
    fields: (t) => ({
      name: t.string({
        nullable: false,
        description: 'Its name in addresses, such as `github`.',
        resolve: ({ settings }) => settings.name,
      }),
      label: t.string({
        nullable: false,
        ...described('label'),
        resolve: ({ settings }) => labelOf(settings),
      }),
      issuer: t.string({
        nullable: true,
        description: 'The issuer that is set, or the one that is known of the name.',
        resolve: ({ settings: { name, issuer } }) => issuer ?? PRESETS[name]?.issuer,
      }),
      clientId: t.string({
        nullable: true,
        ...described('clientId'),
        resolve: ({ settings }) => settings.clientId,
      }),
      hasSecret: t.exposeBoolean('hasSecret', {
        nullable: false,
        description: 'Whether its client secret is stored, encrypted. Nobody can read it here.',
      }),
      scopes: t.string({ nullable: true, ...described('scopes'), resolve: ({ settings }) => settings.scopes }),
      linking: t.field({
        type: linking,
        nullable: false,
        ...described('linking'),
        resolve: ({ settings: { name, issuer, linking } }) => linking ?? defaultLinking(name, issuer ?? undefined),
      }),
      redirect: t.string({
        nullable: true,
        ...described('redirect'),
        resolve: ({ settings }) => settings.redirect,
      }),
      enabled: t.exposeBoolean('enabled', { nullable: false, ...described('enabled') }),
      fromEnvironment: t.exposeBoolean('isFromEnvironment', {
        nullable: false,
        description: 'Whether variables of the environment set it up. Then it cannot be changed here.',
      }),
      problems: t.stringList({
        nullable: false,
        description: 'The names of the settings that are missing or not valid. With any, nobody can log in with it.',
        resolve: ({ problems }) => [...problems],
      }),
      callbackUrls: t.stringList({
        nullable: false,
        description:
          'The addresses to register at the provider, exactly so: the first for front ends that begin at `/connect`, the second for those of Strapi.',
        resolve: ({ settings: { name } }) =>
          ['/connect', '/api/connect'].map((front) => `${providers.publicUrl}${front}/${name}/callback`),
      }),
    }),
  });
  const input = builder.inputType('LoginProviderInput', {
    description: 'An absent field stays as it is, and null is what is usual.',
    fields: (t) => ({
      enabled: t.boolean(described('enabled')),
      label: t.string(described('label')),
      issuer: t.string(described('issuer')),
      clientId: t.string(described('clientId')),
      clientSecret: t.string({ description: 'Stored encrypted. Null removes it.' }),
      scopes: t.string(described('scopes')),
      linking: t.field({ type: linking, ...described('linking') }),
      redirect: t.string(described('redirect')),
    }),
  });
  const start = builder.objectRef<{ readonly url: string }>('ProviderTry').implement({
    description: 'Where an administrator tries a login provider.',
    fields: (t) => ({
      url: t.exposeString('url', { nullable: false, description: 'The address to open, within five minutes.' }),
    }),
  });

  builder.queryField('loginProviders', (t) =>
    t.field({
      type: [provider],
      nullable: true,
      description: 'The login providers, in alphabetical order.',
      authScopes: { action: 'loginProvider.find' },
      resolve: () => providers.list.list(),
    }),
  );
  builder.mutationField('setLoginProvider', (t) =>
    t.field({
      type: provider,
      nullable: true,
      description: 'Sets up a login provider, or changes it.',
      authScopes: { action: 'loginProvider.set' },
      args: {
        name: t.arg.string({
          required: true,
          description: '`google`, `microsoft`, `github`, `gitlab`, `discord`, or a new name.',
        }),
        data: t.arg({ type: input, required: true }),
      },
      resolve: async (_root, { name, data }, context) => {
        await setLoginProvider(services, byAdmin(context), name, data);
        const listed = await providers.list.list();
        return listed.find(({ settings }) => settings.name === name) ?? notFoundProvider();
      },
    }),
  );
  builder.mutationField('deleteLoginProvider', (t) =>
    t.field({
      type: ok,
      nullable: true,
      description: 'Removes a login provider. Who logged in with it stays a user, and its identities stay.',
      authScopes: { action: 'loginProvider.delete' },
      args: { name: t.arg.string({ required: true }) },
      resolve: async (_root, { name }, context) => {
        await deleteLoginProvider(services, byAdmin(context), name);
        return { ok: true };
      },
    }),
  );
  builder.mutationField('tryLoginProvider', (t) =>
    t.field({
      type: start,
      nullable: true,
      description: 'Begins a login with a provider that shows what the provider says, and logs nobody in.',
      authScopes: { action: 'loginProvider.try' },
      args: { name: t.arg.string({ required: true }) },
      resolve: (_root, { name }) => tryLoginProvider(services, name),
    }),
  );
}

function notFoundProvider(): never {
  throw notFound('Login provider not found');
}
