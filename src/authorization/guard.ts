import { type GraphQLField, type GraphQLObjectType, type GraphQLSchema, isObjectType } from 'graphql';

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

/** The literal action of a field's `authScopes: { action }`; undefined when it has none or computes it. */
export function actionNamedBy(field: GraphQLField<unknown, unknown> | undefined): string | undefined {
  const scopes = optionsOf(field)?.authScopes;
  return literalAction(scopes);
}

/** The declared description of a field, without what the schema adds, such as the action. */
export function descriptionIn(field: GraphQLField<unknown, unknown>): string | undefined {
  return optionsOf(field)?.description;
}

/** The action that guards a type, however it was reached: `authScopes: { $any: { $granted, action } }`. */
export function guardOf(type: GraphQLObjectType): string | undefined {
  const scopes = optionsOf(type)?.authScopes;
  return literalAction(isRecord(scopes) ? (scopes['$any'] ?? scopes) : undefined);
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

function literalAction(scopes: unknown): string | undefined {
  const action = isRecord(scopes) ? scopes['action'] : undefined;
  return typeof action === 'string' && action !== '' ? action : undefined;
}

/** The action of scopes that consist of it alone. */
export function onlyActionOf(scopes: unknown): string | undefined {
  return hasOnly(scopes, ['action']) ? literalAction(scopes) : undefined;
}

/** The action of a content type's guard, which accepts that action or a grant of the type's own name. */
export function onlyGuardOf(scopes: unknown, type: string): string | undefined {
  if (!hasOnly(scopes, ['$any'])) return onlyActionOf(scopes);
  const any = scopes['$any'];
  return hasOnly(any, ['$granted', 'action']) && any['$granted'] === type ? literalAction(any) : undefined;
}

function hasOnly(value: unknown, names: readonly string[]): value is Record<string, unknown> {
  return isRecord(value) && Object.keys(value).every((name) => names.includes(name));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
