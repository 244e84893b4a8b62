import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** How large a definition is once every fragment stands where it is spread. */
export interface DefinitionSize {
  /** Fields in each other. */
  readonly depth: number;
  /** Fields, inline fragments and spreads in each other. */
  readonly nesting: number;
  readonly fields: number;
  readonly aliases: number;
  readonly rootFields: number;
  /** The most that one field, fragment or operation has. */
  readonly directives: number;
}

/** How large a document is: of each number the greatest of its definitions, whether an operation uses them or not. */
export interface DocumentSize extends DefinitionSize {
  /** Of all definitions together. */
  readonly allFields: number;
}

const NOTHING: DefinitionSize = { depth: 0, nesting: 0, fields: 0, aliases: 0, rootFields: 0, directives: 0 };

/** Fragments that spread each other in a circle, by their names. */
export class FragmentCycle extends Error {
  readonly names: readonly string[];

  constructor(names: readonly string[]) {
    super('Fragments spread each other in a circle');
    this.names = names;
  }
}

/**
 * The size of a document, in time proportional to the text: fragments that spread fragments can stand for exponentially many
 * fields, so they are counted and never written out. Every definition counts, since validation reads every one.
 *
 * @throws FragmentCycle for what would be endless.
 */
export function sizeOf(document: DocumentNode): DocumentSize {
  const fragments = fragmentsOf(document);
  const known = new Map<string, DefinitionSize>();
  const counting = new Set<string>();

  function ofFragment(name: string): DefinitionSize {
    const before = known.get(name);
    if (before) return before;
    const fragment = fragments.get(name);
    // One that does not exist is work for whoever looks for it.
    if (!fragment) return { ...NOTHING, fields: 1 };
    if (counting.has(name)) throw new FragmentCycle([...counting].slice([...counting].indexOf(name)));
    counting.add(name);
    const size = withDirectives([fragment], ofSelections(fragment.selectionSet));
    counting.delete(name);
    known.set(name, size);
    return size;
  }

  function ofSelections({ selections }: SelectionSetNode): DefinitionSize {
    const sum = { ...NOTHING };
    for (const selection of selections) {
      const size = ofSelection(selection);
      sum.depth = Math.max(sum.depth, size.depth);
      sum.nesting = Math.max(sum.nesting, size.nesting + 1);
      sum.fields += size.fields;
      sum.aliases += size.aliases;
      sum.rootFields += size.rootFields;
      sum.directives = Math.max(sum.directives, size.directives, selection.directives?.length ?? 0);
    }
    return sum;
  }

  function ofSelection(selection: SelectionNode): DefinitionSize {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return ofFragment(selection.name.value);
    const inner = selection.selectionSet ? ofSelections(selection.selectionSet) : NOTHING;
    if (selection.kind === Kind.INLINE_FRAGMENT) return inner;
    const aliases = inner.aliases + (selection.alias ? 1 : 0);
    // What is a root field of a field's selection is none of the operation's.
    return { ...inner, depth: inner.depth + 1, fields: inner.fields + 1, aliases, rootFields: 1 };
  }

  const sizes = document.definitions.flatMap((definition) => {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      // Of several with one name each counts as it is written. The first fields of a fragment are no root fields.
      const { name, selectionSet } = definition;
      const isTheOne = fragments.get(name.value) === definition;
      const size = isTheOne ? ofFragment(name.value) : withDirectives([definition], ofSelections(selectionSet));
      return { ...size, rootFields: 0 };
    }
    if (definition.kind !== Kind.OPERATION_DEFINITION) return [];
    return withDirectives(
      [definition, ...(definition.variableDefinitions ?? [])],
      ofSelections(definition.selectionSet),
    );
  });
  const most = (what: keyof DefinitionSize) => sizes.reduce((greatest, size) => Math.max(greatest, size[what]), 0);
  return {
    depth: most('depth'),
    nesting: most('nesting'),
    fields: most('fields'),
    aliases: most('aliases'),
    rootFields: most('rootFields'),
    directives: most('directives'),
    allFields: sizes.reduce((sum, { fields }) => sum + fields, 0),
  };
}

export function fragmentsOf({ definitions }: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  return fragments;
}

function withDirectives(
  nodes: readonly { readonly directives?: readonly unknown[] | undefined }[],
  size: DefinitionSize,
): DefinitionSize {
  const most = nodes.map(({ directives }) => directives?.length ?? 0);
  return { ...size, directives: Math.max(size.directives, ...most) };
}
