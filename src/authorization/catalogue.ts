import type { GraphQLSchema } from 'graphql';
import { actionNamedBy, descriptionIn } from './guard.ts';

/** The actions of one type, with labels. */
export interface ActionGroup {
  /** The first half of its actions: `post`. */
  readonly type: string;
  /** `Post`. */
  readonly label: string;
  readonly actions: readonly GrantableAction[];
}

/** An action that a role or a token can have. */
export interface GrantableAction {
  /** `post.create`. */
  readonly action: string;
  /** `Create posts`. */
  readonly label: string;
  readonly description: string;
  /** The root fields that need it. */
  readonly rootFields: readonly string[];
  /** Whether any of them is a mutation. */
  readonly writes: boolean;
}

/** Every action that a schema's root fields need, grouped by type, in alphabetical order. */
export function catalogueOf(schema: GraphQLSchema): ActionGroup[] {
  const groups = new Map<string, Map<string, RootField[]>>();
  for (const [type, writes] of [
    [schema.getQueryType(), false],
    [schema.getMutationType(), true],
  ] as const) {
    for (const field of Object.values(type?.getFields() ?? {})) {
      const action = actionNamedBy(field);
      if (action === undefined) continue; // cannot happen in a guarded schema
      const [first = ''] = action.split('.', 1);
      const group = groups.get(first) ?? new Map<string, RootField[]>();
      groups.set(first, group);
      const { name } = field;
      group.set(action, [...(group.get(action) ?? []), { name, writes, description: descriptionIn(field) }]);
    }
  }
  return [...groups].sort(byName).map(([type, actions]) => ({
    type,
    label: type === 'auth' ? 'Logging in' : words(type),
    actions: [...actions].sort(byName).map(([action, fields]) => described(action, fields)),
  }));
}

interface RootField {
  readonly name: string;
  readonly writes: boolean;
  readonly description: string | undefined;
}

function described(action: string, fields: readonly RootField[]): GrantableAction {
  const [type = '', verb = ''] = action.split('.');
  const rootFields = fields.map(({ name }) => name);
  const writes = fields.some((field) => field.writes);
  const described = fields.flatMap(({ description }) => description ?? []).join(' ');
  const label = VERBS[verb]?.(words(type).toLowerCase()) ?? words(verb);
  const description = described || `Allows ${rootFields.join(', ')}.`;
  return { action, label, description, rootFields, writes };
}

const VERBS: Readonly<Record<string, (type: string) => string>> = {
  find: (type) => `List, filter and follow to: ${type}`,
  findOne: (type) => `Read by id: ${type}`,
  create: (type) => `Create: ${type}`,
  update: (type) => `Change: ${type}`,
  delete: (type) => `Delete: ${type}`,
};

/** `siteSetting` → `Site setting`. */
function words(name: string): string {
  const spaced = name.replaceAll(/(?<=[a-z\d])(?=[A-Z])/g, ' ').toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}
