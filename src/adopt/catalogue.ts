/** What is read of a database besides its introspection. */
export interface Catalogue {
  /** The columns that are computed by the database, by table. */
  readonly generated: ReadonlyMap<string, ReadonlySet<string>>;
  /** The default of each column of an enum that has one: its label, by table and column. */
  readonly defaults: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Materialized views and foreign tables, which the introspection leaves out: what each is, by its name. */
  readonly others: ReadonlyMap<string, string>;
}
