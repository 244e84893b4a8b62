import type { GraphQLSchema } from 'graphql';
import { permissionsTo } from '../../administration/permission-row.ts';
import { givesToPublic } from '../../administration/roles/gives-to-public.ts';
import type { AdminViewer } from '../../authentication/viewer.ts';
import type { Permission } from '../../authorization/grants.ts';
import { documentKey } from '../../database/document-key.ts';
import type { IsSensitive } from '../plugins/check-proof.ts';
import { expectActions } from '../plugins/expect-actions.ts';
import { type ActionGrantsInput, readGrantsOfActions } from './grant-input.ts';
import type { AdminServices } from './services.ts';

type Services = Pick<AdminServices, 'prisma' | 'rules'>;

/** The arguments of a field, as its declaration says, coerced. */
// biome-ignore lint/suspicious/noExplicitAny: the schema has checked them; each entry below reads those of its own field
type Arguments = any;

/** Every act on an administrator, also one that is added one day. */
const ON_ADMINISTRATORS = 'admin.';

/** Acts of other actions, with what makes them sensitive. */
const SENSITIVE: Readonly<Record<string, (services: Services, args: Arguments) => boolean | Promise<boolean>>> = {
  'self.changeSecondFactors': () => true,
  'self.changePasskeys': () => true,
  // Before the browser makes one that could not be added.
  'auth.loginWithPasskey': (_services, { purpose }) => purpose === 'REGISTER',
  'user.impersonate': () => true,
  'user.resetSecondFactor': () => true,
  // Who says who somebody is can be anybody.
  'loginProvider.set': () => true,
  'loginProvider.delete': () => true,
  'apiToken.create': (_services, { data }) => data.kind === 'FULL_ACCESS',
  'apiToken.update': (_services, { data }) => data.kind === 'FULL_ACCESS',
  'apiToken.regenerate': async ({ prisma }, { documentId }) =>
    (await prisma.apiToken.findUnique({ where: { documentId }, select: { kind: true } }))?.kind === 'FULL_ACCESS',
  'role.update': (services, { documentId, data }) =>
    givesToPublic(services, documentKey(documentId), { includes: (data.includes ?? []).map(documentKey) }),
  'role.setPermissions': (services, { role, add, grants }) =>
    givesToPublic(services, documentKey(role), { permissions: [...permissionsTo(add ?? []), ...givenBy(grants)] }),
  'role.setGrants': (services, { role, action, grants }) =>
    givesToPublic(services, documentKey(role), { permissions: givenBy([{ action, grants }]) }),
};

/** Invalid grants count as given: the act refuses them, after the proof. */
function givenBy(input: readonly ActionGrantsInput[] | null | undefined): Permission[] {
  return readGrantsOfActions(input).grants.map(({ action, grants }) => [action, grants]);
}

/**
 * Which acts need a recent proof of who the administrator is: those that lead to access which outlives the session.
 *
 * @throws Error at start for an action that the schema does not have: an act must not become harmless by another name.
 */
export function sensitiveActs(services: Services, schema: GraphQLSchema): IsSensitive<AdminViewer> {
  expectActions(schema, Object.keys(SENSITIVE));
  return async (action, args) =>
    action.startsWith(ON_ADMINISTRATORS) || (await SENSITIVE[action]?.(services, args)) === true;
}
