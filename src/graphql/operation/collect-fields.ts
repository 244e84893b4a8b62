import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  isAbstractType,
  Kind,
  type SelectionSetNode,
  type VariableValues,
} from 'graphql';

/** Everything that the meaning of a selection depends on. */
export interface Reading {
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly variableValues: VariableValues;
}

/** The nodes of one response name, which select the same field. `__typename` has no field. */
export interface Collected {
  readonly field: GraphQLField<unknown, unknown> | undefined;
  readonly nodes: [FieldNode, ...FieldNode[]];
}

/**
 * The fields of selections on a type by response name, in document order, merged as the executor merges them (GraphQL
 * specification, 6.3.2). Each fragment is read once, so the work depends on the shape of the answer, not on how the document is
 * written.
 */
export function collectFields(
  { schema, fragments, variableValues }: Reading,
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
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments[selection.name.value];
      if (fragment && appliesTo(schema, fragment.typeCondition?.name.value, type)) add(fragment.selectionSet);
    }
  }

  for (const set of sets) add(set);
  return collected;
}

/** The selections beneath the nodes of one field. */
export function selectionsOf(nodes: readonly FieldNode[]): SelectionSetNode[] {
  return nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
}

function appliesTo(schema: GraphQLSchema, condition: string | undefined, type: GraphQLObjectType): boolean {
  if (condition === undefined || condition === type.name) return true;
  const conditional = schema.getType(condition);
  return isAbstractType(conditional) && schema.isSubType(conditional, type);
}

function isIncluded(node: SelectionSetNode['selections'][number], variables: VariableValues): boolean {
  if (!node.directives?.length) return true;
  const skip = getDirectiveValues(GraphQLSkipDirective, node, variables);
  const include = getDirectiveValues(GraphQLIncludeDirective, node, variables);
  return skip?.['if'] !== true && include?.['if'] !== false;
}
