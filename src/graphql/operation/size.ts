import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** How large an operation is once every fragment stands where it is spread. */
export interface OperationSize {
  readonly depth: number;
  readonly fields: number;
  readonly aliases: number;
  readonly rootFields: number;
  /** The most that one field, fragment or operation has. */
  readonly directives: number;
  /** Pairs of fields of one name, and of fragments, that stand beside each other as they are written. */
  readonly repetitions: number;
}

const NOTHING: OperationSize = { depth: 0, fields: 0, aliases: 0, rootFields: 0, directives: 0, repetitions: 0 };
const ENDLESS: OperationSize = { ...NOTHING, depth: Number.POSITIVE_INFINITY, fields: Number.POSITIVE_INFINITY };

/**
 * The size of the largest operation of a document, in time proportional to the text: fragments that spread fragments
 * can stand for exponentially many fields, so they are counted and never written out. Endless where they go in circles.
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
    known.set(name, ENDLESS); // while it is being counted
    const fragment = fragments.get(name);
    const size = fragment ? ofSelections(fragment.selectionSet) : NOTHING;
    known.set(name, size);
    return size;
  }

  function ofSelections(set: SelectionSetNode): OperationSize {
    let size: OperationSize = { ...NOTHING, repetitions: repetitionsIn(set) };
    for (const selection of set.selections) {
      size = together(size, { ...NOTHING, directives: selection.directives?.length ?? 0 });
      if (selection.kind === Kind.FIELD) {
        const inner = selection.selectionSet ? ofSelections(selection.selectionSet) : NOTHING;
        const aliases = inner.aliases + (selection.alias ? 1 : 0);
        // What is a root field of a field's selection is none of the operation's.
        size = together(size, { ...inner, depth: inner.depth + 1, fields: inner.fields + 1, aliases, rootFields: 1 });
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        size = together(size, ofSelections(selection.selectionSet));
      } else {
        size = together(size, ofFragment(selection.name.value));
      }
    }
    return size;
  }

  return document.definitions
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .map((operation) => withDirectives(operation, ofSelections(operation.selectionSet)))
    .reduce(larger, NOTHING);
}

function withDirectives({ directives = [], variableDefinitions = [] }: OperationDefinitionNode, size: OperationSize) {
  const most = [directives, ...variableDefinitions.map((variable) => variable.directives ?? [])];
  return { ...size, directives: Math.max(size.directives, ...most.map(({ length }) => length)) };
}

/** How many comparisons of two validation has to make in this selection as it is written. */
function repetitionsIn({ selections }: SelectionSetNode): number {
  const names = new Map<string, number>();
  let fragments = 0;
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      const name = (selection.alias ?? selection.name).value;
      names.set(name, (names.get(name) ?? 0) + 1);
    } else {
      fragments += 1;
    }
  }
  const pairs = (count: number) => count * (count - 1);
  return [...names.values()].reduce((sum, count) => sum + pairs(count), pairs(fragments));
}

/** Of two that stand beside each other. */
function together(one: OperationSize, other: OperationSize): OperationSize {
  return {
    depth: Math.max(one.depth, other.depth),
    fields: one.fields + other.fields,
    aliases: one.aliases + other.aliases,
    rootFields: one.rootFields + other.rootFields,
    directives: Math.max(one.directives, other.directives),
    repetitions: one.repetitions + other.repetitions,
  };
}

function larger(one: OperationSize, other: OperationSize): OperationSize {
  return {
    depth: Math.max(one.depth, other.depth),
    fields: Math.max(one.fields, other.fields),
    aliases: Math.max(one.aliases, other.aliases),
    rootFields: Math.max(one.rootFields, other.rootFields),
    directives: Math.max(one.directives, other.directives),
    repetitions: Math.max(one.repetitions, other.repetitions),
  };
}
