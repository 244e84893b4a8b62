import { isDeepStrictEqual } from 'node:util';
import type { Fault } from '../../../common/errors.ts';
import type { ContentType } from '../content-type.ts';
import type { Relation } from '../model.ts';
import type { SetValue } from '../rules/compiled-grant.ts';
import { type AssignedValue, type Columns, relationOf, valuesOf } from './assignments.ts';
import { columnsOf, isTouched } from './stamps.ts';

/*
 * Foreign keys of several columns can have one in common. Whoever sets one relation sets a column of the other, too, which could
 * then lead to a document that nobody named, and that the viewer perhaps cannot find. So what is set must agree on each column,
 * and a relation that is not set must lead to the same document as before.
 */

/** What must hold of the columns that a write sets, and what the client is told otherwise. */
export type Agreement = { readonly fault: Fault } & (
  | { readonly kind: 'never' }
  /** The column is set to this, too. */
  | { readonly kind: 'equal'; readonly column: string; readonly other: AssignedValue }
  /** The relation is as it was: these of its columns have the value that they are set to, or one that is not set is null. */
  | { readonly kind: 'kept'; readonly columns: readonly string[]; readonly untouched: readonly string[] }
);

export function agreementsOf(
  type: ContentType,
  columns: Columns,
  set: readonly SetValue[],
  { creating }: { readonly creating: boolean },
): Agreement[] {
  const equal = [...columns].flatMap(([column, assigned]) =>
    (assigned.agreeing ?? []).map((other): Agreement => {
      const path = pathOf(type, relationOf(other) ?? relationOf(assigned));
      return { kind: 'equal', column, other, fault: { path, message: 'The related documents do not belong together' } };
    }),
  );
  const kept = type.sharedKeys.flatMap((relation): Agreement[] => {
    const checked = sideEffectsOn(type, relation, columns);
    const canBeSent = type.write.some(({ name }) => name === relation.name) && !isTouched(relation, set);
    if (checked.length === 0 || (!canBeSent && follows(relation, columns))) return [];
    const fault = canBeSent ? mustBeSent(relation) : wouldChange(type, columns, checked);
    if (!creating) {
      const untouched = columnsOf(relation).filter((column) => !columns.has(column));
      return [{ kind: 'kept', columns: checked, untouched, fault }];
    }
    return leadsNowhere(relation, columns) ? [] : [{ kind: 'never', fault }];
  });
  return [...equal, ...kept];
}

/** The columns whose values from before are asked for. */
export function keptIn(agreements: readonly Agreement[]): string[] {
  return [...new Set(agreements.flatMap((one) => (one.kind === 'kept' ? [...one.columns, ...one.untouched] : [])))];
}

/** A condition that is true or false, and never unknown. */
export function agreementSql(
  agreement: Agreement,
  columns: Columns,
  sql: { readonly set: (assigned: AssignedValue) => string; readonly was: (column: string) => string },
): string {
  const set = (column: string) => {
    const assigned = columns.get(column);
    if (!assigned) throw new Error(`${column} is not set`);
    return assigned;
  };
  if (agreement.kind === 'never') return 'FALSE';
  if (agreement.kind === 'equal') {
    const assigned = set(agreement.column);
    const { other } = agreement;
    if (assigned.kind === 'value' && other.kind === 'value') {
      return isDeepStrictEqual(assigned.value, other.value) ? 'TRUE' : 'FALSE';
    }
    return `(${sql.set(other)} = ${sql.set(assigned)}) IS TRUE`;
  }
  const same = agreement.columns.map((column) => `${sql.set(set(column))} IS NOT DISTINCT FROM ${sql.was(column)}`);
  const nulls = agreement.untouched.map((column) => `${sql.was(column)} IS NULL`);
  return `(${[same.join(' AND '), ...nulls].join(' OR ')})`;
}

/** The columns of a relation that the write sets without naming what the relation leads to. */
function sideEffectsOn(type: ContentType, relation: Relation, columns: Columns): string[] {
  const all = columnsOf(relation);
  const set = all.filter((column) => columns.has(column));
  if (set.some((column) => isSetBy(relation.name, columns, column))) return [];
  const others = type.sharedKeys.filter(({ name }) => name !== relation.name).flatMap(columnsOf);
  const own = all.filter((column) => !others.includes(column));
  // Whoever sets the columns that only this relation has means this relation.
  const isMeant = (own.length > 0 ? own : all).every((column) => isSetBy(undefined, columns, column));
  return isMeant ? set.filter((column) => !isSetBy(undefined, columns, column)) : set;
}

/** Whether a column is set by this relation, or as itself. */
function isSetBy(relation: string | undefined, columns: Columns, column: string): boolean {
  const assigned = columns.get(column);
  return assigned !== undefined && valuesOf(assigned).some((value) => relationOf(value) === relation);
}

/** Whether all columns of a relation are those of another one, which is set: the document that is named there decides both. */
function follows(relation: Relation, columns: Columns): boolean {
  const all = columnsOf(relation);
  const first = columns.get(all[0] ?? '');
  const leaders = first ? valuesOf(first).map(relationOf) : [];
  return leaders.some((leader) => leader !== undefined && all.every((column) => isSetBy(leader, columns, column)));
}

/** In a new row. */
function leadsNowhere({ link }: Relation, columns: Columns): boolean {
  if (link.kind !== 'here') return false;
  return link.pairs.some(({ column, nullable }) => {
    const assigned = columns.get(column);
    return assigned ? assigned.kind === 'value' && assigned.value === null : nullable;
  });
}

function mustBeSent({ name }: Relation): Fault {
  return { path: [name], message: `${name} would lead to another document, so it must be sent, too` };
}

/** Of a relation that clients cannot send: it is not named. */
function wouldChange(type: ContentType, columns: Columns, checked: readonly string[]): Fault {
  const names = checked.flatMap((column) => {
    const assigned = columns.get(column);
    return assigned ? valuesOf(assigned).map(relationOf) : [];
  });
  const name = names.find((one) => pathOf(type, one).length > 0);
  return { path: pathOf(type, name), message: 'Another relation of the document would change with this' };
}

function pathOf({ write }: ContentType, name: string | undefined): string[] {
  return name !== undefined && write.some((member) => member.name === name) ? [name] : [];
}
