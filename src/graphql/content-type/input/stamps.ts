import { assignedValue } from '../column-values.ts';
import type { Pairs } from '../link.ts';
import type { Member, Relation } from '../model.ts';
import type { SetValue } from '../rules/compiled-grant.ts';
import type { Assigned, Targets } from './assignments.ts';

/** What a grant sets in a written row, by column. */
export function stampsOf(set: readonly SetValue[]): (readonly [column: string, Assigned])[] {
  return set.flatMap(assignedBy);
}

/** Whether a grant sets a column, or the whole key of a relation, under whichever of its names. */
export function isStamped(member: Member, set: readonly SetValue[]): boolean {
  const stamped = stampedColumns(set);
  const columns = columnsOf(member);
  return columns.length > 0 && columns.every((column) => stamped.includes(column));
}

/** Whether a grant sets any of the columns that the member would set. */
export function isTouched(member: Member, set: readonly SetValue[]): boolean {
  const stamped = stampedColumns(set);
  return columnsOf(member).some((column) => stamped.includes(column));
}

/** The columns of the table that a member is, or has its key in; none if its key is in another table. */
export function columnsOf(member: Member): readonly string[] {
  if (member.kind === 'column') return [member.column];
  return member.link.kind === 'here' ? member.link.pairs.map(({ column }) => column) : [];
}

function stampedColumns(set: readonly SetValue[]): readonly string[] {
  return set.flatMap((stamp) => columnsOf(stamp.member));
}

function assignedBy(stamp: SetValue): (readonly [column: string, Assigned])[] {
  if ('value' in stamp) return [[stamp.member.column, assignedValue(stamp.member, stamp.value)]];
  if ('key' in stamp) {
    if (stamp.key === null) return clearedKey(stamp.member);
    return pairsOf(stamp.member).map(({ column }) => [
      column,
      { kind: 'value', value: stamp.key, of: stamp.member.name },
    ]);
  }
  const { member: relation, documentId, target, column } = stamp;
  // The administrator named it, so it is linked whether or not the viewer can find it.
  const rows = { type: target, rule: undefined, gates: [] };
  return assignedKey({ relation, documentId, column, rows });
}

/** The columns of the key of a relation, set to that of a document; or to nothing. */
export function assignedKey(document: Targets & { readonly documentId: string }): (readonly [string, Assigned])[] {
  return pairsOf(document.relation).map(({ column, references }) => [
    column,
    { kind: 'document', references, ...document },
  ]);
}

/**
 * The columns of the key of a relation, set so that it leads to nothing. One null is enough for that: columns that other relations
 * have, too, are left where there is one that is its own.
 */
export function clearedKey(relation: Relation): (readonly [string, Assigned])[] {
  const nullable = pairsOf(relation).filter((pair) => pair.nullable);
  const own = nullable.filter((pair) => !pair.shared);
  const cleared = own.length > 0 ? own : nullable;
  return cleared.map(({ column }) => [column, { kind: 'value', value: null, of: relation.name }]);
}

function pairsOf({ name, link }: Relation): Pairs {
  if (link.kind !== 'here') throw new Error(`${name} has no key in its own table`);
  return link.pairs;
}
