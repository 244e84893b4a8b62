import { type GraphQLField, type GraphQLObjectType, type GraphQLSchema, isObjectType } from 'graphql';
import { type ApiError, forbidden } from '../common/errors.ts';
import type { Permissions } from './permissions.ts';

/**
 * Returns the schema if every root field names its action, and every type of the database names the action that guards it.
 *
 * @throws UnguardedSchema at start with each field and type that would be open to everybody.
 */
export function guarded(schema: GraphQLSchema): GraphQLSchema {
  const open = [
    ...rootFields(schema)
      .filter(({ field }) => actionNamedBy(field) === undefined)
      .map(({ type, field }) => `${type.name}.${field.name} names no action`),
    ...databaseTypes(schema)
      .filter((type) => guardOf(type) === undefined)
      .map((type) => `type ${type.name} has no guard`),
  ];
  if (open.length > 0) throw new UnguardedSchema(open);
  return schema;
}

/** A schema with a field or type that everybody could use. */
export class UnguardedSchema extends Error {
  constructor(open: readonly string[]) {
    super(
      `The schema is not guarded:\n${open.map((line) => `  ${line}`).join('\n')}\nName the action: authScopes: { action: '<type>.<verb>' }`,
    );
    this.name = 'UnguardedSchema';
  }
}

/** Every action that the root fields of the schema name, in alphabetical order. */
export function actionsOf(schema: GraphQLSchema): string[] {
  const named = rootFields(schema).map(({ field }) => actionNamedBy(field));
  return [...new Set(named.filter((action) => action !== undefined))].sort();
}

/** What a guard needs of a viewer. */
export interface Needed {
  readonly action: string;
  /**
   * Whether the action for some rows is enough, because what is guarded applies the rules of the permission by itself, as the
   * fields of content types do. Else it has to be held without restriction.
   */
  readonly withRules: boolean;
}

/** Whether these permissions have what a guard needs. */
export function has(permissions: Permissions, { action, withRules }: Needed): boolean {
  return withRules ? permissions.allows(action) : permissions.grants(action) === 'all';
}

/** The error for an action that these permissions do not have. */
export function refusalOf(permissions: Permissions, action: string | undefined): ApiError {
  return (action !== undefined && permissions.refusalOf?.(action)) || forbidden(action);
}

/** The literal action of a field's `authScopes: { action }`; undefined when it has none or computes it. */
export function actionNamedBy(field: GraphQLField<unknown, unknown> | undefined): string | undefined {
  return neededBy(field)?.action;
}

/** What the literal `authScopes` of a field need. */
export function neededBy(field: GraphQLField<unknown, unknown> | undefined): Needed | undefined {
  return literal(optionsOf(field)?.authScopes);
}

/** The declared description of a field, without what the schema adds, such as the action. */
export function descriptionIn(field: GraphQLField<unknown, unknown>): string | undefined {
  return optionsOf(field)?.description;
}

/** What guards a type, however it was reached: `authScopes: { $any: { $granted, action } }`. */
export function guardOf(type: GraphQLObjectType): Needed | undefined {
  const scopes = optionsOf(type)?.authScopes;
  return literal(isRecord(scopes) ? (scopes['$any'] ?? scopes) : undefined);
}

/** The names that a field grants to the type it returns. */
export function grantsOf(field: GraphQLField<unknown, unknown>): readonly string[] {
  const grants = optionsOf(field)?.grantScopes;
  return Array.isArray(grants) ? grants : [];
}

interface RootField {
  readonly type: GraphQLObjectType;
  readonly field: GraphQLField<unknown, unknown>;
}

function rootFields(schema: GraphQLSchema): RootField[] {
  return [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
    .filter((type) => type != null)
    .flatMap((type) => Object.values(type.getFields()).map((field) => ({ type, field })));
}

function databaseTypes(schema: GraphQLSchema): GraphQLObjectType[] {
  return Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter((type) => type.extensions['pothosPrismaModel'] !== undefined);
}

/** The options of Pothos, which keeps them in the extensions of the finished schema. */
function optionsOf(
  element: { readonly extensions: Readonly<Record<string | symbol, unknown>> } | undefined,
): { readonly authScopes?: unknown; readonly grantScopes?: unknown; readonly description?: string } | undefined {
  const options = element?.extensions['pothosOptions'];
  return isRecord(options) ? options : undefined;
}

/** Scopes that name two actions need both, or one of them: neither is the one. */
function literal(scopes: unknown): Needed | undefined {
  if (!isRecord(scopes)) return undefined;
  const { action, actionWithRules } = scopes;
  const named = action ?? actionWithRules;
  if (typeof named !== 'string' || named === '' || (action !== undefined && actionWithRules !== undefined)) {
    return undefined;
  }
  return { action: named, withRules: action === undefined };
}

/** What scopes need that consist of an action alone. */
export function onlyActionOf(scopes: unknown): Needed | undefined {
  return hasOnly(scopes, ACTIONS) ? literal(scopes) : undefined;
}

/** What a content type's guard needs, which accepts an action or a grant of the type's own name. */
export function onlyGuardOf(scopes: unknown, type: string): Needed | undefined {
  if (!hasOnly(scopes, ['$any'])) return onlyActionOf(scopes);
  const any = scopes['$any'];
  return hasOnly(any, ['$granted', ...ACTIONS]) && any['$granted'] === type ? literal(any) : undefined;
}

const ACTIONS = ['action', 'actionWithRules'];

function hasOnly(value: unknown, names: readonly string[]): value is Record<string, unknown> {
  return isRecord(value) && Object.keys(value).every((name) => names.includes(name));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
