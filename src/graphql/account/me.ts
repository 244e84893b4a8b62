import type { Account, Viewer } from '../../authentication/viewer.ts';
import { forbidden } from '../../errors.ts';
import type { Builder } from '../builder.ts';
import type { AccountTypes } from './types.ts';

export function addMe(builder: Builder, { me }: AccountTypes): void {
  builder.queryField('me', (t) =>
    t.field({
      type: me,
      nullable: true,
      description: 'The user of the token.',
      authScopes: { action: 'user.me' },
      resolve: (_root, _args, { viewer }) => personOf(viewer, 'user.me'),
    }),
  );
}

/**
 * The person who asks.
 *
 * @throws ApiError FORBIDDEN for who is no person, even where the role was given the action.
 */
export function personOf(viewer: Viewer, action: string): Account {
  if (viewer.kind !== 'user') throw forbidden(action);
  return viewer.account;
}
