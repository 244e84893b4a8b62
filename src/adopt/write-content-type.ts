import { inOneLine, relationKeyOf, type Table } from './introspected.ts';
import { keyOfTable } from './key-of-table.ts';
import type { ContentNames, NamedTable } from './named-tables.ts';
import { wordsOf } from './names.ts';
import { looksSecret } from './secret-columns.ts';

/** Seen from `src/app/content/`. */

/** A file of `src/app/content/`. */
export interface ContentFile {
  /** `film-actor.ts`. */
  readonly file: string;
  /** Its line in index.ts. */
  readonly line: string;
  readonly text: string;
  /** Columns that it names neither to read nor to write, each with the reason. */
  readonly leftOut: readonly string[];
}

/**
 * Declares a table as a content type: clients can read every column and relation and write those that the database does not make by
 * itself, once a role allows it. What looks like a secret is in neither list. Where such a column must have a value, nothing is written.
 *
 * @param tables the names of all tables that become content types, as the introspection has them.
 * @param generated the columns that only the database writes.
 */
export function contentFileOf(
  { table, model, names }: NamedTable,
  { constant, file }: ContentNames,
  tables: ReadonlySet<string>,
  generated: ReadonlySet<string>,
): ContentFile {
  const read: string[] = [];
  const write: string[] = [];
  const leftOut: string[] = [];
  const withoutValue: string[] = [];
  const inRelations = new Set(table.fields.flatMap((field) => relationKeyOf(field)?.fields ?? []));
  for (const field of table.fields) {
    const name = names.get(field.name) ?? field.name;
    const place = `${table.table}.${field.column}`;
    const isRelation = tables.has(field.type);
    const needsValue =
      field.arity === '' && !/@default\(/.test(field.attributes) && !generated.has(field.column) && !isRelation;
    if (field.type.startsWith('Unsupported')) {
      leftOut.push(`${place}: PostgreSQL's type ${/"(.*)"/.exec(field.type)?.[1]} has no counterpart in GraphQL`);
      if (needsValue) withoutValue.push(field.column);
    } else if (!isRelation && looksSecret(field.column)) {
      leftOut.push(`${place}: its name says that it is secret. Add it to the lists if clients may have it`);
      if (needsValue) withoutValue.push(field.column);
    } else if (!isRelation && inRelations.has(field.name)) {
    } else if (name === 'documentId') {
    } else {
      read.push(name);
      const isOtherSide = isRelation && !relationKeyOf(field);
      if (!isOtherSide && !isMadeByDatabase(field.column, field.attributes) && !generated.has(field.column))
        write.push(name);
    }
  }
  if (withoutValue.length > 0) {
    leftOut.push(
      `${table.table}: can only be read, since ${withoutValue.join(' and ')} must have a value. With a hook that sets it, clients can write the rest (docs/own-logic.md)`,
    );
  }
  return {
    file,
    line: `export { ${constant} } from './${file}';`,
    text: `import { contentType } from 'gatehouse';

// The table ${inOneLine(table.table)}.
export const ${constant} = contentType('${model}', {${keyLine(table, names)}
  read: ${listOf(read)},
  write: ${listOf(withoutValue.length > 0 ? [] : write)},
});
`,
    leftOut,
  };
}

/** Of a table whose primary key no documentId can be made of. */
function keyLine(table: Table, names: NamedTable['names']): string {
  const key = keyOfTable(table);
  if (!key || key.isPrimary) return '';
  const written = key.fields.map((name) => `'${names.get(name) ?? name}'`);
  return `\n  key: ${written.length === 1 ? written[0] : `[${written.join(', ')}]`},`;
}

/** Keys that the database counts or makes, and the times that it notes. */
function isMadeByDatabase(column: string, attributes: string): boolean {
  if (/@default\((autoincrement|sequence)\(/.test(attributes)) return true;
  if (/@id\b/.test(attributes) && /@default\(/.test(attributes)) return true;
  return /@default\((now\(\)|dbgenerated\()/.test(attributes) && wordsOf(column).some((word) => NOTED.has(word));
}

const NOTED = new Set([
  'created',
  'updated',
  'modified',
  'inserted',
  'changed',
  'update',
  'change',
  'modification',
  'creation',
]);

/** In lines of at most 120 characters, as the formatter has them. */
function listOf(names: readonly string[]): string {
  const one = `[${names.map((name) => `'${name}'`).join(', ')}]`;
  return one.length <= 110 ? one : `[\n${names.map((name) => `    '${name}',`).join('\n')}\n  ]`;
}
