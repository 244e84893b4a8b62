import type { Filter } from '../filter.ts';
import type { Column, Relation, Table } from '../model.ts';
import type { Variable } from './variables.ts';

/** A grant, read for one content type. */
export interface CompiledGrant {
  /** The rows; undefined: all. */
  readonly where: Filter | undefined;
  /** What can be read or sent; undefined: everything that the type exposes. */
  readonly fields: ReadonlySet<string> | undefined;
  /** What a written row must match; undefined: anything. `where` where the grant itself has none. */
  readonly check: Filter | undefined;
  readonly set: readonly SetValue[];
}

/** What the server sets in a written row. */
export type SetValue =
  /** `value` can be a Variable. */
  | { readonly member: Column; readonly value: unknown }
  /**
   * A to-one relation whose key is in this table. `key` is the value of that key, `documentId` a document of the target, and
   * `column` the target's column with it.
   */
  | { readonly member: Relation; readonly key: Variable | null }
  | { readonly member: Relation; readonly documentId: string; readonly target: Table; readonly column: Column };
