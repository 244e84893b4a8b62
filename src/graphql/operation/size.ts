import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';

/** How large an operation is once every fragment stands where it is spread. */
export interface OperationSize {
  readonly fields: number;
  readonly depth: number;
}

/**
 * The size of the largest operation of a document, in time proportional to the text: fragments that spread fragments
 * can stand for exponentially many fields, so they are counted and never written out. Infinite where they go in circles.
 */
export function sizeOf(document: DocumentNode): OperationSize {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const known = new Map<string, OperationSize>();

  function ofFragment(name: string): OperationSize {
    const before = known.get(name);
    if (before) return before;
    known.set(name, { fields: Number.POSITIVE_INFINITY, depth: Number.POSITIVE_INFINITY }); // while it is being counted
    const fragment = fragments.get(name);
    const size = fragment ? ofSelections(fragment.selectionSet) : { fields: 0, depth: 0 };
    known.set(name, size);
    return size;
  }

  function ofSelections({ selections }: SelectionSetNode): OperationSize {
    let fields = 0;
    let depth = 0;
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const inner = selection.selectionSet ? ofSelections(selection.selectionSet) : { fields: 0, depth: 0 };
        fields += 1 + inner.fields;
        depth = Math.max(depth, 1 + inner.depth);
        continue;
      }
      const inner =
        selection.kind === Kind.INLINE_FRAGMENT
          ? ofSelections(selection.selectionSet)
          : ofFragment(selection.name.value);
      fields += inner.fields;
      depth = Math.max(depth, inner.depth);
    }
    return { fields, depth };
  }

  const sizes = document.definitions
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .map(({ selectionSet }) => ofSelections(selectionSet));
  return {
    fields: Math.max(0, ...sizes.map(({ fields }) => fields)),
    depth: Math.max(0, ...sizes.map(({ depth }) => depth)),
  };
}
