/** A row whose values are already known, by column name: a deleted document, for example. A related row is its `id`. */
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
