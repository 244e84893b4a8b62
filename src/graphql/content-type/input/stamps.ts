import type { Member, Relation } from '../model.ts';
import type { SetValue } from '../rules/compiled-grant.ts';
import type { Assigned } from './assignments.ts';

/** What a grant sets in a written row, by column. */
export function stampsOf(set: readonly SetValue[]): (readonly [column: string, Assigned])[] {
  return set.map((stamp) => [stampedColumn(stamp), assignedBy(stamp)]);
}

/** Whether a grant sets a column, or the key of a relation, under whichever of its names. */
export function isStamped(member: Member, set: readonly SetValue[]): boolean {
  const column = columnOf(member);
  return column !== undefined && set.some((stamp) => stampedColumn(stamp) === column);
}

/** The column of the table that a member is, or has its key in; undefined if its key is in another table. */
export function columnOf(member: Member): string | undefined {
  if (member.kind === 'column') return member.column;
  return member.link.kind === 'here' ? member.link.column : undefined;
}

function stampedColumn({ member }: SetValue): string {
  return member.kind === 'column' ? member.column : keyColumnOf(member);
}

function assignedBy(stamp: SetValue): Assigned {
  if ('value' in stamp) return { kind: 'value', value: stamp.value };
  if ('key' in stamp) return { kind: 'value', value: stamp.key };
  const { member: relation, documentId, target, column } = stamp;
  // The administrator named it, so it is linked whether or not the viewer can find it.
  return { kind: 'document', relation, documentId, column, rows: { type: target, rule: undefined, gates: [] } };
}

function keyColumnOf({ name, link }: Relation): string {
  if (link.kind !== 'here') throw new Error(`${name} has no key in its own table, so no grant can set it`);
  return link.column;
}
