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

export type Assigned =
  /** `value` can be a Variable. */
  | { readonly kind: 'value'; readonly value: unknown }
  /** The key of a document, which the statement itself looks up: it must be there, and be found, when it is linked. */
  | ({ readonly kind: 'document'; readonly documentId: string } & Targets);

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
