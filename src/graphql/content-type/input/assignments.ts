import type { Rows } from '../filter.ts';
import type { Column, Relation } from '../model.ts';

/** What a write sets. */
export interface Assignments {
  /** By column of the table: its columns, and the keys of relations that are in it. */
  readonly columns: Columns;
  /** Relations whose keys are in another table. */
  readonly links: readonly Links[];
}

export type Columns = ReadonlyMap<string, Assigned>;

export type Assigned = AssignedValue & {
  /** What else the write sets the column to: relations can share one, and all that is set must agree on it. */
  readonly agreeing?: readonly AssignedValue[];
};

export type AssignedValue =
  /** `value` can be a Variable. `encoded`: it is a text that stands for bytes. `of`: the relation whose key it is part of. */
  | { readonly kind: 'value'; readonly value: unknown; readonly encoded?: 'base64'; readonly of?: string }
  /** A column of a document, which the statement itself looks up: it must be there, and be found, when it is linked. */
  | ({ readonly kind: 'document'; readonly documentId: string; readonly references: string } & Targets);

/** The documents that a relation is to have, and no others. */
export interface Links extends Targets {
  readonly documentIds: readonly string[];
}

/** The documents that a relation can lead to. */
export interface Targets {
  readonly relation: Relation;
  readonly rows: Rows;
  /** Their column with the documentId. */
  readonly column: Column;
}

/** A column that is set twice, by relations that share it, is set to what comes last: the write finds out whether they agree. */
export function setColumn(columns: Map<string, Assigned>, column: string, assigned: AssignedValue): void {
  const before = columns.get(column);
  columns.set(column, before ? { ...assigned, agreeing: valuesOf(before) } : assigned);
}

/** All that a column is set to. */
export function valuesOf(assigned: Assigned): readonly AssignedValue[] {
  return [assigned, ...(assigned.agreeing ?? [])];
}

/** The relation whose key a value is part of; undefined if the column is set as itself. */
export function relationOf(assigned: AssignedValue): string | undefined {
  return assigned.kind === 'document' ? assigned.relation.name : assigned.of;
}
