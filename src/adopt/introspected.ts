import { type Enum, readValue } from './enums.ts';
import { textIn } from './prisma-text.ts';

/** A table, as the Prisma schema of an introspection describes it: every name is the database's. */
export interface Table {
  readonly kind: 'model' | 'view';
  /** Its name in the introspection. */
  readonly name: string;
  /** Its name in the database. */
  readonly table: string;
  readonly fields: readonly Field[];
  /** `@@id([a, b])`, `@@unique(…)`, `@@index(…)`. */
  readonly attributes: readonly string[];
  /** It has no key that Prisma can use. */
  readonly ignored: boolean;
  /** Columns that cannot be read, each with the reason. */
  readonly lost: readonly string[];
}

export interface Field {
  readonly name: string;
  /** Its name in the database; of a relation, its name in the introspection. */
  readonly column: string;
  /** `String`, `Unsupported("tsvector")`, or the name of an enum or a table. */
  readonly type: string;
  /** `?`, `[]`, or nothing. */
  readonly arity: '' | '?' | '[]';
  /** `@id @default(autoincrement())`, without `@map`. */
  readonly attributes: string;
}

export interface Introspected {
  readonly tables: readonly Table[];
  readonly enums: readonly Enum[];
  /** What has no name that can be told from others, or that Prisma could not write down: each with the reason. */
  readonly lost: readonly string[];
}

/** Reads the Prisma schema of an introspection. */
export function readIntrospected(schema: string): Introspected {
  const tables: Table[] = [];
  const enums: Enum[] = [];
  const lost: string[] = [];
  // Of a name without a Latin letter nothing is left, and the lines of such a model are not moved in.
  for (const [, kind, name = '', body = ''] of inLines(schema).matchAll(/^(model|view|enum) (\w*) ?\{\n(.*?)^\}/gms)) {
    const lines = body.split('\n').map((line) => line.trim());
    const written = lines.filter((line) => line !== '' && !line.startsWith('//'));
    const map = written.flatMap((line) => /^@@map\(("(?:[^"\\]|\\.)*")\)/.exec(line)?.[1] ?? []).map(textIn)[0];
    if (kind === 'enum')
      enums.push({ name, type: map ?? name, values: lines.flatMap((line) => readValue(line) ?? []) });
    else if (map?.includes('"')) lost.push(`${map}: Prisma cannot write a name with a quotation mark`);
    else if (name === '') lost.push(`${map}: Prisma can read no name without Latin letters`);
    else tables.push(readTable(kind === 'view' ? 'view' : 'model', name, map ?? name, lines));
  }
  const isAlone = ({ name }: Table, index: number) => tables.every((other, at) => at === index || other.name !== name);
  for (const [index, table] of tables.entries())
    if (!isAlone(table, index)) lost.push(`${table.table}: Prisma takes its name for that of another table`);
  return {
    tables: tables.filter(isAlone),
    enums,
    lost: [...lost, ...tables.filter(isAlone).flatMap(({ lost }) => lost)],
  };
}

function readTable(kind: Table['kind'], name: string, table: string, lines: readonly string[]): Table {
  const fields: Field[] = [];
  const lost: string[] = [];
  // An index over some of the rows makes nothing unique, and the client can be generated without it. The database has it as before.
  const attributes = lines.filter(
    (line) => line.startsWith('@@') && !/^@@(map|ignore)\b|\bwhere: raw\(|^@@index.*\\"/.test(line),
  );
  for (const line of lines.filter((line) => line !== '' && !line.startsWith('@@') && !line.startsWith('///'))) {
    const field = readField(line, () => `column_${fields.length}`);
    if (!field) lost.push(`${table}: Prisma cannot read ${line.replace(/^\/\/ /, '')}`);
    else if (field.column.includes('"'))
      lost.push(`${table}.${field.column}: Prisma cannot write a name with a quotation mark`);
    // Two columns can have one name for Prisma: `2nd try` and `2nd-try`.
    else if (fields.every((other) => other.name !== field.name)) fields.push(field);
    else if ([...attributes, ...lines].some((one) => isNamedIn(one, field.name)))
      lost.push(`${table}.${field.column}: Prisma takes its name for that of another column`);
    else fields.push({ ...field, name: `${field.name}_${fields.length}` });
  }
  return { kind, name, table, fields, attributes, ignored: lines.includes('@@ignore'), lost };
}

/** Whether a key, an index or a relation is about a field. */
function isNamedIn(line: string, name: string): boolean {
  const lists = /^@@|@relation\(/.test(line) ? line.replaceAll(/"(?:[^"\\]|\\.)*"/g, '').matchAll(/\[([^\]]*)\]/g) : [];
  return [...lists].some(([, list = '']) => list.split(/[^\w]+/).includes(name));
}

const FIELD = /^(\w+)\s+(Unsupported\("(?:[^"\\]|\\.)*"\)|\w+)(\?|\[\])?\s*(.*)$/;
/** A name can hold what ends a line for JavaScript and its patterns, and not for Prisma, whose texts can have it escaped. */
function inLines(schema: string): string {
  return schema.replaceAll(/[\r\u2028\u2029]/g, (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A text may hold what looks like the attribute: it is stepped over as a whole. */
const TEXT_OR_MAP = /"(?:[^"\\]|\\.)*"|\s*@map\(("(?:[^"\\]|\\.)*")\)/g;

/** A field whose name has no Latin letter is in a comment, under the name of its column. */
function readField(line: string, unusedName: () => string): Field | undefined {
  const [, named] = /^\/\/ .*@map\(("(?:[^"\\]|\\.)*")\)$/.exec(line) ?? [];
  const start = named && `// ${textIn(named)} `;
  const text = start && line.startsWith(start) ? `${unusedName()} ${line.slice(start.length)}` : line;
  const [, name, type, arity = '', rest = ''] = FIELD.exec(text) ?? [];
  if (name === undefined || type === undefined) return undefined;
  let column = name;
  const attributes = rest.replaceAll(TEXT_OR_MAP, (found, mapped?: string) => {
    if (mapped === undefined) return found;
    column = textIn(mapped);
    return '';
  });
  return {
    name,
    column,
    type,
    arity: arity as Field['arity'], // the pattern has no other
    attributes: attributes.replace(/\s*@unique\([^@]*\bwhere: raw\("(?:[^"\\]|\\.)*"\)\)/, '').trim(),
  };
}

/** A name of the database for a line of a file or a terminal: it can hold ends of lines, also JavaScript's own, and control characters. */
export function inOneLine(name: string): string {
  return name.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
}

/** The type of PostgreSQL that a column names, as `@db.VarChar(80)` does; null for the ordinary one. */
export function nativeTypeOf({ attributes }: Field): string | null {
  return /@db\.(\w+)/.exec(attributes.replaceAll(/"(?:[^"\\]|\\.)*"/g, ''))?.[1] ?? null;
}

/** The key of a relation, on the side that has it. */
export interface RelationKey {
  readonly fields: readonly string[];
  readonly references: readonly string[];
}

/** Undefined for a column, and on the side of a relation that has no key. */
export function relationKeyOf({ attributes }: Field): RelationKey | undefined {
  const [, fields, references] =
    /^@relation\((?:.*?)fields: \[([^\]]*)\], references: \[([^\]]*)\]/.exec(attributes) ?? [];
  return fields === undefined || references === undefined
    ? undefined
    : { fields: fields.split(', '), references: references.split(', ') };
}

/** The name of a relation that both of its sides have; undefined where it needs none. */
export function relationNameOf({ attributes }: Field): string | undefined {
  return /^@relation\("([^"]*)"/.exec(attributes)?.[1];
}
