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

export interface Enum {
  readonly name: string;
  /** Its name in the database. */
  readonly type: string;
  readonly lines: readonly string[];
}

export interface Introspected {
  readonly tables: readonly Table[];
  readonly enums: readonly Enum[];
}

/** Reads the Prisma schema of an introspection. */
export function readIntrospected(schema: string): Introspected {
  const tables: Table[] = [];
  const enums: Enum[] = [];
  for (const [, kind, name = '', body = ''] of inLines(schema).matchAll(/^(model|view|enum) (\w+) \{\n(.*?)^\}/gms)) {
    const lines = body.split('\n').map((line) => line.trim());
    const written = lines.filter((line) => line !== '' && !line.startsWith('//'));
    const map = written
      .map((line) => /^@@map\("((?:[^"\\]|\\.)*)"\)/.exec(line)?.[1])
      .find((found) => found !== undefined);
    if (kind === 'enum') {
      enums.push({ name, type: map ?? name, lines: written.filter((line) => !line.startsWith('@@')) });
    } else {
      tables.push({
        kind: kind === 'view' ? 'view' : 'model',
        name,
        table: map ?? name,
        fields: written.filter((line) => !line.startsWith('@@')).map(readField),
        attributes: written.filter((line) => line.startsWith('@@') && !/^@@(map|ignore)\b/.test(line)),
        ignored: written.includes('@@ignore'),
      });
    }
  }
  return { tables, enums };
}

const FIELD = /^(\w+)\s+(Unsupported\("(?:[^"\\]|\\.)*"\)|\w+)(\?|\[\])?\s*(.*)$/;
/** A name can hold what ends a line for JavaScript and its patterns, and not for Prisma, whose texts can have it escaped. */
function inLines(schema: string): string {
  return schema.replaceAll(/[\r\u2028\u2029]/g, (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A text may hold what looks like the attribute: it is stepped over as a whole. */
const TEXT_OR_MAP = /"(?:[^"\\]|\\.)*"|\s*@map\("((?:[^"\\]|\\.)*)"\)/g;

function readField(line: string): Field {
  const [, name, type, arity = '', rest = ''] = FIELD.exec(line) ?? [];
  if (name === undefined || type === undefined)
    throw new Error(`The introspection has a line that is no field: ${line}`);
  let column = name;
  const attributes = rest.replaceAll(TEXT_OR_MAP, (found, mapped?: string) => {
    if (mapped === undefined) return found;
    column = mapped;
    return '';
  });
  return {
    name,
    column,
    type,
    arity: arity as Field['arity'], // the pattern has no other
    attributes: attributes.trim(),
  };
}

/** A name of the database for a line of a file or a terminal: it can hold ends of lines, also JavaScript's own, and control characters. */
export function inOneLine(name: string): string {
  return name.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
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
