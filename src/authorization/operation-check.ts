import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  isAbstractType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type VariableValues,
} from 'graphql';
import { actionNamedBy, grantsOf, guardOf } from './guard.ts';
import type { Permissions } from './permissions.ts';

/** Something selected in an operation that its viewer may not use. */
export interface Refusal {
  /** Response names from the root, without list positions: `["createPost", "author"]`. */
  readonly path: readonly string[];
  readonly node: FieldNode;
  readonly action: string;
}

export interface CheckedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variableValues: VariableValues;
}

/**
 * A root field may need more actions than its own, depending on its arguments: relations that are set through an input
 * need their target's `find`. It says so in its extensions, under this name.
 */
export const USED_ACTIONS = 'gatehouseUsedActions';

/** The actions that a field's arguments use, beside the field's own. */
export type UsedActions = (args: Readonly<Record<string, unknown>>) => readonly string[];

/**
 * Everything in an operation that these permissions do not allow, in the order of the document, each path once.
 *
 * Fields of one name are merged the way the executor merges them (GraphQL specification, 6.3.2), and each fragment is
 * read once for each selection, so that the work grows with the answer's shape and not with the ways to write it.
 *
 * @throws GraphQLError when the value of an argument only turns out wrong once its variables are in it.
 */
export function refusalsOf(checked: CheckedOperation, permissions: Permissions): Refusal[] {
  const { schema, variableValues } = checked;
  const root = schema.getRootType(checked.operation.operation);
  if (!root) return [];
  const refusals: Refusal[] = [];
  const fragments = fragmentsOf(checked.document);

  function visit(
    sets: readonly SelectionSetNode[],
    type: GraphQLObjectType,
    path: readonly string[],
    granted: readonly string[],
  ): void {
    for (const [name, { field, nodes }] of collect(checked, fragments, sets, type)) {
      if (!field) continue; // __typename has no definition, and needs no right
      const here = [...path, name];
      const [node] = nodes;
      const action = neededFor(field, node, type, granted).find((needed) => !permissions.allows(needed));
      if (action !== undefined) refusals.push({ path: here, node, action });
      const inner = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
      if (inner.length === 0) continue;
      for (const possible of possibleTypes(field)) visit(inner, possible, here, grantsOf(field));
    }
  }

  /** The actions a field needs: its own, what guards the type it is on unless that was granted, what its arguments use. */
  function neededFor(
    field: GraphQLField<unknown, unknown>,
    node: FieldNode,
    type: GraphQLObjectType,
    granted: readonly string[],
  ): string[] {
    const guard = granted.includes(type.name) ? undefined : guardOf(type);
    const used = field.extensions[USED_ACTIONS] as UsedActions | undefined; // only content types set it
    const byArguments = used?.(getArgumentValues(field, node, variableValues)) ?? [];
    return [actionNamedBy(field), guard, ...byArguments].filter((action) => action !== undefined);
  }

  function possibleTypes(field: GraphQLField<unknown, unknown>): readonly GraphQLObjectType[] {
    const type = getNamedType(field.type);
    if (isObjectType(type)) return [type];
    return isAbstractType(type) ? schema.getPossibleTypes(type) : [];
  }

  visit([checked.operation.selectionSet], root, [], []);
  return refusals;
}

/** What an operation answers when it is refused whole: each of its root fields null. */
export function refusedData(checked: CheckedOperation): Record<string, string | null> {
  const root = checked.schema.getRootType(checked.operation.operation);
  if (!root) return {};
  const fields = collect(checked, fragmentsOf(checked.document), [checked.operation.selectionSet], root);
  return Object.fromEntries([...fields].map(([name, { field }]) => [name, field ? null : root.name]));
}

/** The nodes of one response name, which ask for the same field; for `__typename`, no field. */
interface Collected {
  readonly field: GraphQLField<unknown, unknown> | undefined;
  readonly nodes: [FieldNode, ...FieldNode[]];
}

/** The fields that selections on a type come to, by response name, in the order of the document. */
function collect(
  { schema, variableValues }: CheckedOperation,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  sets: readonly SelectionSetNode[],
  type: GraphQLObjectType,
): ReadonlyMap<string, Collected> {
  const collected = new Map<string, Collected>();
  const spread = new Set<string>();

  function add({ selections }: SelectionSetNode): void {
    for (const selection of selections) {
      if (!isIncluded(selection, variableValues)) continue;
      if (selection.kind === Kind.FIELD) {
        const name = selection.alias?.value ?? selection.name.value;
        const before = collected.get(name);
        if (before) before.nodes.push(selection);
        else collected.set(name, { field: type.getFields()[selection.name.value], nodes: [selection] });
        continue;
      }
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        if (spread.has(selection.name.value)) continue;
        spread.add(selection.name.value);
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      if (fragment && appliesTo(schema, fragment.typeCondition?.name.value, type)) add(fragment.selectionSet);
    }
  }

  for (const set of sets) add(set);
  return collected;
}

function appliesTo(schema: GraphQLSchema, condition: string | undefined, type: GraphQLObjectType): boolean {
  if (condition === undefined || condition === type.name) return true;
  const conditional = schema.getType(condition);
  return isAbstractType(conditional) && schema.isSubType(conditional, type);
}

function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  return new Map(
    document.definitions
      .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  );
}

function isIncluded(node: SelectionSetNode['selections'][number], variables: VariableValues): boolean {
  if (!node.directives?.length) return true;
  const skip = getDirectiveValues(GraphQLSkipDirective, node, variables);
  const include = getDirectiveValues(GraphQLIncludeDirective, node, variables);
  return skip?.['if'] !== true && include?.['if'] !== false;
}
