import type { Account, Viewer } from '../../authentication/viewer.ts';
import { forbidden } from '../../common/errors.ts';
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
 * The account of the person who asks.
 *
 * @throws ApiError FORBIDDEN for who is no person, even where the role was given the action.
 */
export function personOf(viewer: Viewer, action: string): Account {
  return userOf(viewer, action).account;
}

/** The same, with the session of the token. */
export function userOf(viewer: Viewer, action: string): Extract<Viewer, { kind: 'user' }> {
  if (viewer.kind !== 'user') throw forbidden(action);
  return viewer;
}
