import type { CaseFolding } from '../../../database/case-folding.ts';

/**
 * A SQL statement under construction: its values, in the order of their placeholders, and its table aliases. Values that are
 * variables of the viewer get theirs when the statement is sent.
 */
export class Statement {
  readonly values: unknown[] = [];
  readonly fold: CaseFolding;
  #aliases = 0;

  constructor(fold: CaseFolding) {
    this.fold = fold;
  }

  /** A new table alias. */
  alias(): string {
    return `t${this.#aliases++}`;
  }

  /** Adds a value and returns its placeholder. Values never become part of the SQL text. */
  value(value: unknown, type: string): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
  }
}
