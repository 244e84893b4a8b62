import { setPreferences } from '../../accounts/preferences.ts';
import { askedByAdministrator } from '../../authentication/asked-by.ts';
import type { Builder } from '../builder.ts';
import { dynamic } from '../content-type/content-schema.ts';
import type { AdminServices } from './services.ts';

/** What clients keep for an administrator. Others are not shown it. */
export function addPreferences(builder: Builder, { prisma }: AdminServices): void {
  builder.prismaObjectField('Admin', 'preferences', (t) =>
    t.field({
      type: 'JSON',
      nullable: false,
      description: 'What clients keep for the administrator of the token. Of other administrators always {}.',
      select: { id: true, preferences: true },
      resolve: ({ id, preferences }, _args, { viewer }) =>
        viewer.kind === 'admin' && viewer.admin.id === id ? preferences : {},
    }),
  );
  dynamic(builder).mutationField('setPreferences', (t) =>
    t.field({
      type: 'Admin',
      nullable: true,
      description: 'Replaces what clients keep for the administrator of the token.',
      authScopes: { action: 'self.setPreferences' },
      grantScopes: ['Admin'],
      args: {
        preferences: t.arg({ type: 'JSON', required: true, description: 'An object of at most 32 KB.' }),
      },
      resolve: async (_root, { preferences }, context) => {
        const asked = askedByAdministrator(context);
        await setPreferences(prisma, preferences, asked);
        return { id: asked.viewer.admin.id };
      },
    }),
  );
}
