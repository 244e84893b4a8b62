import { GATEHOUSE_USER_COLUMNS } from '../../accounts/user-columns.ts';
import type { UserFieldReader, UserFieldWriter } from '../../accounts/user-fields.ts';
import type { GeneratedField, Models } from '../../database/models.ts';
import type { ColumnRules } from '../content-type/column-rules.ts';
import { ContentTypeError } from '../content-type/content-type-error.ts';
import { type Column, fieldsOf, membersOf } from '../content-type/model.ts';
import { faultsOfUserFields, SCHEMA_FILE } from './check-user-fields.ts';
import type { DeclaredUserFields, UserField } from './user-fields.ts';

/** A field of users that is the application's own. */
export interface ResolvedUserField {
  readonly column: Column;
  readonly read: ReadonlySet<UserFieldReader>;
  readonly write: ReadonlySet<UserFieldWriter>;
  readonly hidden: boolean;
  readonly required: boolean;
  readonly validate: ((value: unknown) => string | undefined) | undefined;
}

export interface ResolvedUserFields {
  /** The table of users. */
  readonly table: { readonly schema: string | null; readonly table: string };
  /** The declared fields, in the order of their declaration. */
  readonly fields: readonly ResolvedUserField[];
  /** All columns of the application, also those that are no fields. */
  readonly columns: ReadonlyMap<string, Column>;
}

/**
 * Validates the declared fields of users and looks up their columns.
 *
 * @throws ContentTypeError with a line for each error.
 */
export function resolveUserFields(models: Models, declared: DeclaredUserFields | undefined): ResolvedUserFields {
  const { file, fields } = declared ?? { file: 'src/app/user.ts', fields: {} };
  const own = ownColumnsOf(models);
  const faults = [...faultsOfColumns(own), ...faultsOfUserFields(models, fields).map((fault) => `${file}: ${fault}`)];
  if (faults.length > 0) throw new ContentTypeError(faults.join('\n'));
  const rules = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, rulesIn(field)]));
  const columns = new Map(own.flatMap(([name]) => supported(models, name, rules)).map((one) => [one.name, one]));
  const { schema, table } = models.byName['User'] ?? { schema: null, table: 'users' };
  return {
    table: { schema, table },
    columns,
    fields: Object.entries(fields).flatMap(([name, field]) => {
      const column = columns.get(name);
      return column ? [resolved(column, field)] : [];
    }),
  };
}

function resolved(column: Column, field: UserField): ResolvedUserField {
  const { read, write, hidden = false, required = false, validate } = field;
  return {
    column,
    read: new Set(read),
    write: new Set(write),
    hidden,
    required: required || column.required,
    // The type of its value is that of the column.
    validate: validate as ResolvedUserField['validate'],
  };
}

/** The rules of a column among the options of a field. */
export function rulesIn({
  read: _,
  write: _2,
  hidden: _3,
  required: _4,
  validate: _5,
  ...rules
}: UserField): ColumnRules {
  return rules;
}

function ownColumnsOf(models: Models): readonly (readonly [string, GeneratedField])[] {
  const gatehouse: readonly string[] = GATEHOUSE_USER_COLUMNS; // widened for the check
  return Object.entries(fieldsOf(models, 'User') ?? {}).filter(
    ([name, field]) => field.kind !== 'object' && !gatehouse.includes(name),
  );
}

/** Users are created in many ways, also by imports, and are there before the column is. */
function faultsOfColumns(own: readonly (readonly [string, GeneratedField])[]): string[] {
  return own.flatMap(([name, field]) => {
    if (field.kind === 'object' || !field.required || field.list) return [];
    const hasDefault =
      field.hasDefault && !field.updatedAt && (field.generated === null || field.generated.by === 'now');
    if (hasDefault) return [];
    return [
      `${SCHEMA_FILE}: ${name} is required, and the database has no default for it, but users are there already. Make it optional, or give it a @default`,
    ];
  });
}

/** Left out: a column of a type that clients cannot read. Only what is declared must be of another one. */
function supported(models: Models, name: string, rules: Readonly<Record<string, ColumnRules>>): readonly Column[] {
  try {
    return membersOf(models, 'User', [name], rules).filter((member) => member.kind === 'column');
  } catch {
    return [];
  }
}
