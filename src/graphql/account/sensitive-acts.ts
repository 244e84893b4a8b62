import type { GraphQLSchema } from 'graphql';
import { normalEmail } from '../../accounts/emails.ts';
import type { UserViewer } from '../../authentication/viewer.ts';
import type { IsSensitive } from '../plugins/check-proof.ts';
import { expectActions } from '../plugins/expect-actions.ts';

/** The arguments of a field, as its declaration says, coerced. */
// biome-ignore lint/suspicious/noExplicitAny: the schema has checked them; each entry below reads those of its own field
type Arguments = any;

/** Acts on the own account, with what makes them sensitive: they change how somebody gets in, or cannot be undone. */
const SENSITIVE: Readonly<Record<string, (args: Arguments, viewer: UserViewer) => boolean>> = {
  'auth.logoutEverywhere': () => true,
  // To link and to unlink. A list has no arguments, and the code of a link is of the session that began it.
  'user.identities': ({ provider, id }) => provider !== undefined || id !== undefined,
  'user.changeSecondFactors': () => true,
  'user.deleteMe': () => true,
  'user.exportMe': () => true,
  'user.changePasskeys': () => true,
  // Before the browser makes one that could not be added.
  'auth.loginWithPasskey': ({ purpose }) => purpose === 'REGISTER',
  // With the current password the act checks that itself.
  'user.updateMe': ({ data }, { account }) =>
    data.email != null && data.currentPassword == null && normalEmail(data.email) !== account.email,
};

/**
 * Which acts need a recent proof of who the user is.
 *
 * @throws Error at start for an action that the schema does not have: an act must not become harmless by another name.
 */
export function sensitiveOwnActs(schema: GraphQLSchema): IsSensitive<UserViewer> {
  expectActions(schema, Object.keys(SENSITIVE));
  return (action, args, viewer) => SENSITIVE[action]?.(args, viewer) === true;
}
