import type { ServerInfo } from '../../administration/server-info.ts';
import type { Builder } from '../builder.ts';
import type { AdminServices } from './services.ts';

/** How this server is set up. */
export function addServerInfo(builder: Builder, { serverInfo }: AdminServices): void {
  const info = builder.objectRef<ServerInfo>('ServerInfo').implement({
    description: 'How this server is set up.',
    fields: (t) => ({
      production: t.exposeBoolean('production', {
        nullable: false,
        description: 'Whether it runs in production, and not in development.',
      }),
      publicUrl: t.exposeString('publicUrl', { nullable: false, description: 'The URL under which clients reach it.' }),
      mailServer: t.exposeBoolean('mailServer', {
        nullable: false,
        description:
          'Whether it has a mail server. Without one, mails are written to the mail folder and sent to nobody.',
      }),
      playground: t.exposeBoolean('playground', { nullable: false, description: 'Whether it serves GraphiQL.' }),
      version: t.exposeString('version', { nullable: false, description: 'Its version.' }),
    }),
  });
  builder.queryField('serverInfo', (t) =>
    t.field({
      type: info,
      nullable: true,
      description: 'How this server is set up.',
      authScopes: { action: 'serverInfo.find' },
      resolve: () => serverInfo,
    }),
  );
}
