import { inOneLine, readIntrospected, type Table } from './introspected.ts';
import { keyOfTable, unfitIn } from './key-of-table.ts';
import { nameContent, nameTables } from './named-tables.ts';
import { type ContentFile, contentFileOf } from './write-content-type.ts';
import { modelsAsPrisma } from './write-models.ts';

/** What is read of a database besides its introspection. */
export interface Catalogue {
  /** The columns that are computed by the database, by table. */
  readonly generated: ReadonlyMap<string, ReadonlySet<string>>;
  /** Materialized views and foreign tables, which the introspection leaves out: what each is, by its name. */
  readonly others: ReadonlyMap<string, string>;
}

/** What Gatehouse itself has. */
export interface OwnNames {
  /** The names of its models. */
  readonly models: ReadonlySet<string>;
  /** The names of its tables, where they stand in the schema that is read. */
  readonly tables: ReadonlySet<string>;
}

/** What an existing database becomes. */
export interface Adoption {
  /** The text of `prisma/schema/content.prisma`. */
  readonly models: string;
  readonly files: readonly ContentFile[];
  /** Tables and columns that clients do not get, each with the reason. */
  readonly leftOut: readonly string[];
}

/** Names the tables of an introspection and declares them as content types. */
export function planAdoption(introspection: string, { generated, others }: Catalogue, own: OwnNames): Adoption {
  const { tables, enums } = readIntrospected(introspection);
  const adopted = tables.filter((table) => reasonAgainst(table, own) === undefined);
  const withoutDangling = adopted.map((table) => ({
    ...table,
    fields: table.fields.filter(
      ({ type }) => !tables.some(({ name }) => name === type) || adopted.some(({ name }) => name === type),
    ),
  }));
  const named = nameTables(withoutDangling, own.models);
  const names = new Set(withoutDangling.map(({ name }) => name));
  const files = [...nameContent(named)]
    .map(([one, content]) => contentFileOf(one, content, names, generated.get(one.table.table) ?? new Set()))
    .toSorted((one, other) => (one.file < other.file ? -1 : 1));
  return {
    models: named.length > 0 ? `${HEAD}\n\n${modelsAsPrisma(named, enums, own.models)}\n` : `${HEAD}\n`,
    files,
    leftOut: [
      ...tables.flatMap((table) => {
        const reason = reasonAgainst(table, own);
        return reason === undefined ? [] : [`${table.table}: ${reason}`];
      }),
      ...[...others].map(
        ([name, what]) => `${name}: ${what}, which Prisma does not read. Declare a view over it by hand`,
      ),
      ...files.flatMap(({ leftOut }) => leftOut),
    ].map(inOneLine),
  };
}

const HEAD = `// Yours: the models of your content types. They are the tables of a database that was there before: npm run gatehouse -- adopt wrote them.
// After a change: npm run migrate:new -- what-changed`;

function reasonAgainst(one: Table, own: OwnNames): string | undefined {
  const { table, kind, ignored } = one;
  if (kind === 'view') return 'is a view, and nothing says which columns tell its rows apart. Declare it by hand';
  if (ignored) return 'has no primary key and no unique columns that are never null, so its rows cannot be told apart';
  if (own.tables.has(table)) return 'has the name of a table of Gatehouse, which stands in the same schema';
  if (!keyOfTable(one))
    return `has no key that a documentId can be made of: ${unfitIn(one).join(' and ')} cannot be part of one. Add a unique column of integers, texts or UUIDs to the table`;
  return undefined;
}
