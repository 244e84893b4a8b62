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

/** Everything in an operation that these permissions do not allow, in the order of the document, each path once. */
export function refusalsOf(checked: CheckedOperation, permissions: Permissions): Refusal[] {
  const root = checked.schema.getRootType(checked.operation.operation);
  if (!root) return [];
  const refusals = new Map<string, Refusal>();
  const fragments = fragmentsOf(checked.document);

  function visit(
    selections: SelectionSetNode,
    type: GraphQLObjectType,
    path: readonly string[],
    granted: readonly string[],
  ) {
    for (const { node, field } of fieldsOf(selections, type)) {
      const here = [...path, node.alias?.value ?? node.name.value];
      for (const action of neededFor(field, node, type, granted)) {
        const key = here.join('.');
        if (!permissions.allows(action) && !refusals.has(key)) refusals.set(key, { path: here, node, action });
      }
      if (node.selectionSet) {
        for (const possible of possibleTypes(field)) visit(node.selectionSet, possible, here, grantsOf(field));
      }
    }
  }

  /** The actions a field needs: its own, what its arguments use, and what guards the type it is on, unless granted. */
  function neededFor(
    field: GraphQLField<unknown, unknown>,
    node: FieldNode,
    type: GraphQLObjectType,
    granted: readonly string[],
  ): readonly string[] {
    const own = actionNamedBy(field);
    const guard = granted.includes(type.name) ? undefined : guardOf(type);
    const used = field.extensions[USED_ACTIONS] as UsedActions | undefined; // only content types set it
    return [
      ...(own === undefined ? [] : [own]),
      ...(guard === undefined ? [] : [guard]),
      ...(used?.(getArgumentValues(field, node, checked.variableValues)) ?? []),
    ];
  }

  function* fieldsOf(
    { selections }: SelectionSetNode,
    type: GraphQLObjectType,
  ): Generator<{ node: FieldNode; field: GraphQLField<unknown, unknown> }> {
    for (const selection of selections) {
      if (!isIncluded(selection, checked.variableValues)) continue;
      if (selection.kind === Kind.FIELD) {
        const field = type.getFields()[selection.name.value]; // __typename has no definition here, and needs no right
        if (field) yield { node: selection, field };
        continue;
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      if (fragment && appliesTo(fragment.typeCondition?.name.value, type)) yield* fieldsOf(fragment.selectionSet, type);
    }
  }

  function appliesTo(condition: string | undefined, type: GraphQLObjectType): boolean {
    if (condition === undefined || condition === type.name) return true;
    const conditional = checked.schema.getType(condition);
    return isAbstractType(conditional) && checked.schema.isSubType(conditional, type);
  }

  function possibleTypes(field: GraphQLField<unknown, unknown>): readonly GraphQLObjectType[] {
    const type = getNamedType(field.type);
    if (isObjectType(type)) return [type];
    return isAbstractType(type) ? checked.schema.getPossibleTypes(type) : [];
  }

  visit(checked.operation.selectionSet, root, [], []);
  return [...refusals.values()];
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
