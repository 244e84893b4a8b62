import type { ContentType } from '../../graphql/content-type/content-type.ts';
import type { StrapiData } from './source.ts';

/** What can be granted here. */
export interface OurActions {
  readonly known: ReadonlySet<string>;
  readonly contentTypes: readonly Pick<ContentType, 'singular' | 'plural' | 'actions'>[];
  /** The schemas of the project, by uid. */
  readonly schemas: ReadonlyMap<string, StrapiData>;
}

/** Which of Strapi's actions are which here, and which are none. */
export interface MappedActions {
  /** In alphabetical order. */
  readonly actions: readonly string[];
  /** In Strapi's words. */
  readonly unknown: readonly string[];
}

/** Maps actions of Strapi: `api::post.post.find` to `post.find`, `plugin::users-permissions.auth.callback` to `auth.login`. */
export function mapActions(actions: readonly string[], ours: OurActions): MappedActions {
  const mapped = new Set<string>();
  const unknown: string[] = [];
  for (const action of actions) {
    const name = actionOf(action, ours);
    if (name !== undefined && ours.known.has(name)) mapped.add(name);
    else unknown.push(action);
  }
  // The number of users is part of every list of them.
  const isPartOfList = (action: string) => action === `${ACCOUNTS}user.count` && mapped.has('user.find');
  return { actions: [...mapped].sort(), unknown: unknown.filter((action) => !isPartOfList(action)) };
}

const ACCOUNTS = 'plugin::users-permissions.';

/** Controllers and their methods. */
const OF_ACCOUNTS: Readonly<Record<string, string>> = {
  'auth.callback': 'auth.login',
  'auth.local': 'auth.login',
  'auth.connect': 'auth.connect',
  'auth.register': 'auth.register',
  'auth.local.register': 'auth.register',
  'auth.forgotPassword': 'auth.forgotPassword',
  'auth.resetPassword': 'auth.resetPassword',
  'auth.emailConfirmation': 'auth.emailConfirmation',
  'auth.sendEmailConfirmation': 'auth.sendEmailConfirmation',
  'auth.changePassword': 'auth.changePassword',
  'auth.refresh': 'auth.refresh',
  'auth.logout': 'auth.logout',
  'auth.getSessions': 'user.sessions',
  'auth.revokeSession': 'user.revokeSession',
  'user.me': 'user.me',
  'user.find': 'user.find',
  'user.findOne': 'user.findOne',
  'user.create': 'user.create',
  'user.update': 'user.update',
  'user.destroy': 'user.delete',
  'role.find': 'role.find',
  'role.findOne': 'role.findOne',
  'role.createRole': 'role.create',
  'role.updateRole': 'role.update',
  'role.deleteRole': 'role.delete',
};

const OF_CONTENT = ['find', 'findOne', 'create', 'update', 'delete'];

function actionOf(action: string, { contentTypes, schemas }: OurActions): string | undefined {
  if (action.startsWith(ACCOUNTS)) {
    const name = action.slice(ACCOUNTS.length);
    return Object.hasOwn(OF_ACCOUNTS, name) ? OF_ACCOUNTS[name] : undefined;
  }
  const [, uid = '', controller = '', verb = ''] = /^(api::[\w-]+\.([\w-]+))\.(\w+)$/.exec(action) ?? [];
  if (!OF_CONTENT.includes(verb)) return undefined;
  const info = infoOf(schemas.get(uid));
  const singular = camelCase(info.singularName ?? controller);
  const plural = info.pluralName === undefined ? undefined : camelCase(info.pluralName);
  const type = contentTypes.find((one) => one.singular === singular || one.plural === plural);
  return type && `${type.actions}.${verb}`;
}

function infoOf(schema: StrapiData | undefined): { readonly singularName?: string; readonly pluralName?: string } {
  const info = schema?.['info'];
  if (typeof info !== 'object' || info === null) return {};
  const { singularName, pluralName } = info as StrapiData; // any JSON object has unknown values
  return {
    ...(typeof singularName === 'string' && { singularName }),
    ...(typeof pluralName === 'string' && { pluralName }),
  };
}

/** `site-setting` → `siteSetting`. */
function camelCase(name: string): string {
  return name.replaceAll(/[-_]+(.)/g, (_, letter: string) => letter.toUpperCase());
}
