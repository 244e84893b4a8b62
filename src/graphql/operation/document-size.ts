import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** The size of a definition with all fragments expanded. */
export interface DefinitionSize {
  /** Levels of nested fields. */
  readonly depth: number;
  /** Levels of nested fields, inline fragments and spreads. */
  readonly nesting: number;
  readonly fields: number;
  readonly aliases: number;
  readonly rootFields: number;
  /** The maximum of one field, fragment or operation. */
  readonly directives: number;
}

/** The size of a document: the maximum of each number over all its definitions, used or not. */
export interface DocumentSize extends DefinitionSize {
  /** Of all definitions together. */
  readonly allFields: number;
}

const NOTHING: DefinitionSize = { depth: 0, nesting: 0, fields: 0, aliases: 0, rootFields: 0, directives: 0 };

/** A cycle of fragments that spread each other, by their names. */
export class FragmentCycle extends Error {
  readonly names: readonly string[];

  constructor(names: readonly string[]) {
    super('Fragments spread each other in a cycle');
    this.names = names;
  }
}

/**
 * Measures a document in time proportional to its length: nested fragments can expand to exponentially many fields, so they are
 * counted without expanding them. Unused definitions count too, because validation reads them.
 *
 * @throws FragmentCycle for fragments whose expansion would be infinite.
 */
export function sizeOf(document: DocumentNode): DocumentSize {
  const fragments = fragmentsOf(document);
  const known = new Map<string, DefinitionSize>();
  const counting = new Set<string>();

  function ofFragment(name: string): DefinitionSize {
    const before = known.get(name);
    if (before) return before;
    const fragment = fragments.get(name);
    // A spread of an unknown fragment costs validation as much as a field.
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
    // Fields below this one are not root fields.
    return { ...inner, depth: inner.depth + 1, fields: inner.fields + 1, aliases, rootFields: 1 };
  }

  const sizes = document.definitions.flatMap((definition) => {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      // Several fragments may have the same name: each is counted. The fields of a fragment are not root fields.
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
