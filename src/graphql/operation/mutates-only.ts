import { type DocumentNode, getOperationAST, Kind, OperationTypeNode, type SelectionSetNode } from 'graphql';

/**
 * Whether the operation is a mutation that selects only these root fields, under any alias and in any fragment. `__typename` is
 * allowed too: clients add it to fragments, and it reveals nothing.
 */
export function mutatesOnly(
  fields: readonly string[],
  document: DocumentNode,
  operationName: string | undefined,
): boolean {
  const operation = getOperationAST(document, operationName);
  if (operation?.operation !== OperationTypeNode.MUTATION) return false;
  const seen = new Set<string>();
  let entries = 0;

  function only({ selections }: SelectionSetNode): boolean {
    return selections.every((selection) => {
      if (selection.kind === Kind.FIELD) {
        const isEntry = fields.includes(selection.name.value);
        if (isEntry) entries += 1;
        return isEntry || selection.name.value === '__typename';
      }
      if (selection.kind === Kind.INLINE_FRAGMENT) return only(selection.selectionSet);
      const name = selection.name.value;
      if (seen.has(name)) return true; // already checked
      seen.add(name);
      const fragment = document.definitions.find(
        (definition) => definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name,
      );
      return fragment?.kind === Kind.FRAGMENT_DEFINITION && only(fragment.selectionSet);
    });
  }

  return only(operation.selectionSet) && entries > 0;
}
