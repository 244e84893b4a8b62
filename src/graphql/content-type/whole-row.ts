/**
 * A row that its field shows with every column, whatever its viewer can find: the answer of a write by who has the action of that
 * write without restriction. Its columns are loaded by the id.
 */
export class WholeRow {
  readonly id: number;

  constructor(id: number) {
    this.id = id;
  }
}
