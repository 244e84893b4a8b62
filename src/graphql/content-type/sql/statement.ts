import type { CaseFolding } from '../../../database/case-folding.ts';

/** One SQL statement while it is being written: its values, in the order of their placeholders, and its aliases. */
export class Statement {
  readonly values: unknown[] = [];
  readonly fold: CaseFolding;
  #aliases = 0;

  constructor(fold: CaseFolding) {
    this.fold = fold;
  }

  /** A name for a table that no other one in the statement has. */
  alias(): string {
    return `t${this.#aliases++}`;
  }

  /** A placeholder. Values are never written into the text of a statement. */
  value(value: unknown, type: string): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
  }
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
