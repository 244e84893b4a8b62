import type { UserViewer, Viewer } from '../../authentication/viewer.ts';
import { forbidden } from '../../common/errors.ts';
import type { Builder } from '../builder.ts';
import type { Context } from '../context.ts';
import type { AccountTypes } from './types.ts';

export function addMe(builder: Builder, { me }: AccountTypes): void {
  builder.queryField('me', (t) =>
    t.field({
      type: me,
      nullable: true,
      description: 'The user of the token.',
      authScopes: { action: 'user.me' },
      resolve: (_root, _args, { viewer }) => userOf(viewer, 'user.me').account,
    }),
  );
}

/**
 * The request, as one of a user.
 *
 * @throws ApiError FORBIDDEN for a viewer who is no person, even where the role was given the action.
 */
export function askedByUser(context: Context, action: string): Context & { readonly viewer: UserViewer } {
  return { ...context, viewer: userOf(context.viewer, action) };
}

function userOf(viewer: Viewer, action: string): UserViewer {
  if (viewer.kind !== 'user') throw forbidden(action);
  return viewer;
}
