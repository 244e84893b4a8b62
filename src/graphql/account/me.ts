import { askedByUser } from '../../authentication/asked-by.ts';
import type { Builder } from '../builder.ts';
import type { AccountTypes } from './types.ts';

export function addMe(builder: Builder, { me }: AccountTypes): void {
  builder.queryField('me', (t) =>
    t.field({
      type: me,
      nullable: true,
      description: 'The user of the token.',
      authScopes: { action: 'user.me' },
      resolve: (_root, _args, context) => askedByUser(context, 'user.me').viewer.account,
    }),
  );
}
