import type { LoginProvider } from '../../generated/prisma/client.ts';
import type { Builder } from '../builder.ts';
import type { AdminServices } from './services.ts';

/** More providers than anybody has. */
const MOST = 100;

/** Adds the login providers that were imported. Their secrets cannot be read. */
export function addLoginProviders(builder: Builder, { prisma }: AdminServices): void {
  const provider = builder.objectRef<LoginProvider>('LoginProvider').implement({
    description: 'A login provider, as another system was set up for it. None is used yet.',
    fields: (t) => ({
      name: t.exposeString('name', { nullable: false, description: 'Its name, such as `github`.' }),
      clientId: t.exposeString('clientId', {
        nullable: true,
        description: 'What the provider calls this application.',
      }),
      redirect: t.exposeString('redirect', {
        nullable: true,
        description: 'Where the front end waits for users who come back from the provider.',
      }),
      enabled: t.exposeBoolean('enabled', { nullable: false, description: 'Whether users can log in with it.' }),
      hasSecret: t.boolean({
        nullable: false,
        description: 'Whether its client secret is stored, encrypted. Nobody can read it here.',
        resolve: ({ sealedSecret }) => sealedSecret !== null,
      }),
    }),
  });
  builder.queryField('loginProviders', (t) =>
    t.field({
      type: [provider],
      nullable: true,
      description: 'The login providers, in alphabetical order.',
      authScopes: { action: 'loginProvider.find' },
      resolve: () => prisma.loginProvider.findMany({ orderBy: { name: 'asc' }, take: MOST }),
    }),
  );
}
