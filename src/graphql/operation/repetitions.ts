import { type DocumentNode, type FieldNode, Kind, type SelectionSetNode } from 'graphql';
import { fragmentsOf } from './document-size.ts';

/**
 * The number of comparisons that validation of a document takes: one for each pair of fields that merge under one name, and for each
 * pair of fragments whose fields merge, level by level. Stops as soon as it exceeds `atMost`. Check the other limits first: the
 * work grows with the number of fields.
 */
export function repetitionsIn(document: DocumentNode, atMost: number): number {
  const fragments = fragmentsOf(document);
  let repetitions = 0;

  function merge(sets: readonly SelectionSetNode[]): void {
    const fields = new Map<string, FieldNode[]>();
    const spread = new Set<string>();
    for (const set of sets) collect(set, fields, spread);
    repetitions += pairsOf(spread.size);
    for (const nodes of fields.values()) {
      repetitions += pairsOf(nodes.length);
      if (repetitions > atMost) return;
      const inner = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
      if (inner.length > 0) merge(inner);
      if (repetitions > atMost) return;
    }
  }

  function collect({ selections }: SelectionSetNode, fields: Map<string, FieldNode[]>, spread: Set<string>): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const name = (selection.alias ?? selection.name).value;
        const before = fields.get(name);
        if (before) before.push(selection);
        else fields.set(name, [selection]);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        collect(selection.selectionSet, fields, spread);
      } else if (!spread.has(selection.name.value)) {
        spread.add(selection.name.value);
        const fragment = fragments.get(selection.name.value);
        if (fragment) collect(fragment.selectionSet, fields, spread);
      }
    }
  }

  for (const definition of document.definitions) {
    if ('selectionSet' in definition) merge([definition.selectionSet]);
    if (repetitions > atMost) break;
  }
  return repetitions;
}

function pairsOf(count: number): number {
  return (count * (count - 1)) / 2;
}
