/** A row whose columns are known already, by their names: of a document that is gone, say. A related row is its `id`. */
export class InMemoryRow {
  readonly id: number;
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(id: number, values: Readonly<Record<string, unknown>>) {
    this.id = id;
    this.#values = values;
  }

  get(name: string): unknown {
    return this.#values[name] ?? null;
  }
}
