import {
  type GivenFields,
  NO_USER_FIELDS,
  type UserFields,
  UserFieldTaken,
  type UserFieldValues,
  type UserFieldWriter,
} from '../../accounts/user-fields.ts';
import { type Fault, refuse } from '../../common/errors.ts';
import { quoted, quotedTable } from '../../database/identifiers.ts';
import { uniquely } from '../../database/write-errors.ts';
import { answeredValue, assignedValue, selectedSql } from '../content-type/column-values.ts';
import { validateColumn } from '../content-type/input/validate-column.ts';
import type { Column } from '../content-type/model.ts';
import { INVALID, valueInJson } from '../scalars/value-in-json.ts';
import type { ResolvedUserField, ResolvedUserFields } from './resolve-user-fields.ts';

/** Characters of a text in the audit log: a user can write a long one again and again. */
const MAX_RECORDED = 1_000;

/** The fields of users for the operations of accounts and of the administration. */
export function createUserFields({ table, fields, columns }: ResolvedUserFields): UserFields {
  if (columns.size === 0) return NO_USER_FIELDS;
  const byName = new Map(fields.map((field) => [field.column.name, field]));
  const all = [...columns.values()];
  const name = quotedTable(table);
  const selected = all.map(
    (column) => `${selectedSql(column, `u.${quoted(column.column)}`)} AS ${quoted(column.name)}`,
  );
  // A row as JSON has each value as clients get it, whatever the driver makes of its type.
  const reading = `SELECT (SELECT row_to_json(r) FROM (SELECT ${selected.join(', ')}) r)::text AS "json" FROM ${name} u WHERE u."id" = $1::int4`;

  function faultsOf({ writer, values }: GivenFields, { creating }: { readonly creating: boolean }): Fault[] {
    return fields
      .filter(({ write }) => write.has(writer))
      .flatMap((field) => {
        const message = faultOf(field, values[field.column.name], creating);
        return message === undefined ? [] : [{ path: [field.column.name], message }];
      });
  }

  async function read(database: Parameters<UserFields['read']>[0], id: number): Promise<UserFieldValues> {
    const [row] = await database.$queryRawUnsafe<{ readonly json: string }[]>(reading, id);
    if (!row) return {};
    const values = JSON.parse(row.json) as Readonly<Record<string, unknown>>; // as the statement makes it
    return Object.fromEntries(all.map((column) => [column.name, answeredValue(column, values[column.name] ?? null)]));
  }

  const ofOwner = fields.filter((field) => field.read.has('me')).map(({ column }) => column.name);
  const writtenBy = (writer: UserFieldWriter) => fields.filter(({ write }) => write.has(writer));

  return {
    exist: true,
    faultsOf,
    checkHooked(values, writer) {
      for (const [name, value] of Object.entries(values)) {
        const column = columns.get(name);
        if (!column) throw new Error(`Users have no field ${name} that a hook can set`);
        const field = byName.get(name);
        // Of what clients do not know, the error is not theirs.
        const fault = field?.write.has(writer) || value === undefined ? undefined : faultOfHooked(column, field, value);
        if (fault !== undefined) throw new Error(`A hook set a field of a user to what it cannot be: ${fault}`);
      }
    },
    uniquesIn: (values) =>
      all.filter((one) => one.inUniqueConstraint && isSet(values[one.name])).map((one) => one.name),
    async write(transaction, id, values) {
      const written = all.filter((column) => values[column.name] !== undefined);
      if (written.length === 0) return;
      const parameters: unknown[] = [];
      const assignments = written.map((column) => {
        const placeholder = (value: unknown) => `$${parameters.push(value)}`;
        return `${quoted(column.column)} = ${valueSql(column, values[column.name], placeholder)}`;
      });
      const sql = `UPDATE ${name} SET ${assignments.join(', ')}, "updatedAt" = now() WHERE "id" = $${parameters.push(id)}::int4`;
      await uniquely(
        () => transaction.$executeRawUnsafe(sql, ...parameters),
        () => new UserFieldTaken(this.uniquesIn(values)),
      );
    },
    read,
    async readByOwner(database, id) {
      if (ofOwner.length === 0) return {};
      const values = await read(database, id);
      return Object.fromEntries(ofOwner.map((name) => [name, values[name]]));
    },
    writtenBy: (writer) => writtenBy(writer).map(({ column }) => column.name),
    fromJson(writer, json) {
      const sent = writtenBy(writer).filter(({ column }) => Object.hasOwn(json, column.name));
      const read = sent.map(({ column }) => [column.name, valueInJson(column, json[column.name])] as const);
      refuse(
        read
          .filter(([, value]) => value === INVALID)
          .map(([name]) => ({ path: [name], message: `${name} is of another type` })),
      );
      return Object.fromEntries(read);
    },
    recorded: (values) =>
      Object.fromEntries(
        Object.entries(values)
          .filter(([name]) => byName.has(name) && !byName.get(name)?.hidden)
          .map(([name, value]) => [name, shortened(value)]),
      ),
  };
}

function faultOf({ column, required, validate }: ResolvedUserField, value: unknown, creating: boolean) {
  const isMissing = value === null || (creating && value === undefined && !column.hasDefault);
  if (required && isMissing) return `${column.name} must be defined.`;
  if (value === undefined || value === null) return undefined;
  return validateColumn(column, value) ?? validate?.(value);
}

function faultOfHooked(column: Column, field: ResolvedUserField | undefined, value: unknown): string | undefined {
  if (value === null) return column.required ? `${column.name} must be defined.` : undefined;
  return validateColumn(column, value) ?? field?.validate?.(value);
}

/** The database takes the type of a value from the column that it is for. */
function valueSql(column: Column, value: unknown, placeholder: (value: unknown) => string): string {
  const assigned = assignedValue(column, value);
  if (assigned.kind !== 'value') throw new Error(`${column.name} is no value`); // cannot happen: columns have values
  const stored = assigned.value instanceof Date ? assigned.value.toISOString() : assigned.value;
  return assigned.encoded ? `decode(${placeholder(stored)}, 'base64')` : placeholder(stored);
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function shortened(value: unknown): unknown {
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? null);
  if (text.length <= MAX_RECORDED) return value;
  return `${text.slice(0, MAX_RECORDED)}…`;
}

/** The values of an input that are neither of these: what was sent for the application's own fields. */
export function otherValues(input: object, ...own: readonly string[]): UserFieldValues {
  return Object.fromEntries(
    Object.entries(input).filter(([name, value]) => value !== undefined && !own.includes(name)),
  );
}
