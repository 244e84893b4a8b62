import type { UserFieldReader, UserFieldValues, UserFieldWriter } from '../../accounts/user-fields.ts';
import type { Account } from '../../authentication/viewer.ts';
import { batched } from '../batched.ts';
import type { Builder } from '../builder.ts';
import type { ColumnRules } from '../content-type/column-rules.ts';
import type { DynamicBuilder } from '../content-type/content-schema.ts';
import { type ContentFieldDescription, describeColumn } from '../content-type/describe-forms.ts';
import type { Column } from '../content-type/model.ts';
import { sentence } from '../content-type/words.ts';
import type { ResolvedUserField, ResolvedUserFields } from './resolve-user-fields.ts';

type InputFields = Parameters<Parameters<ReturnType<DynamicBuilder['inputRef']>['implement']>[0]['fields']>[0];

type Fields = Pick<ResolvedUserFields, 'fields'>;

/** The names of those that somebody reads. */
export function readBy({ fields }: Fields, reader: UserFieldReader | 'administrators'): readonly string[] {
  const isRead = ({ read, hidden }: ResolvedUserField) => (reader === 'administrators' ? !hidden : read.has(reader));
  return fields.filter(isRead).map(({ column }) => column.name);
}

/** Their rules and labels, for a content type. */
export function rulesOfUserFields({ fields }: Fields): Readonly<Record<string, ColumnRules>> {
  return Object.fromEntries(fields.map(({ column }) => [column.name, column.rules]));
}

/** The fields of an input, for those that somebody writes. */
export function inputFieldsFor(t: InputFields, { fields }: Fields, writer: UserFieldWriter) {
  const written = fields.filter(({ write }) => write.has(writer));
  return Object.fromEntries(
    written.map(({ column, required }) => [
      column.name,
      t.field({ type: typeOf(column), description: described(column, required) }),
    ]),
  );
}

/** An account as its owner sees it. */
export interface ShownAccount extends Account {
  /** Whether the fields that are the application's own are null. */
  readonly withoutOwnFields?: boolean;
}

/** Adds those that a user reads to the type of the own account. They are read when they are asked for, all in one statement. */
export function addFieldsOfOwnAccount(
  builder: Builder,
  type: ReturnType<ReturnType<typeof builder.objectRef<ShownAccount>>['implement']>,
  { fields }: Fields,
  read: (id: number) => Promise<UserFieldValues>,
): void {
  const shown = fields.filter((field) => field.read.has('me'));
  if (shown.length === 0) return;
  const load = batched(
    async (ids: readonly number[]) => new Map(await Promise.all(ids.map(async (id) => [id, await read(id)] as const))),
  );
  builder.objectFields(type, (t) =>
    Object.fromEntries(
      shown.map(({ column }) => [
        column.name,
        t.field({
          type: typeOf(column),
          nullable: true,
          description: described(column, false),
          // as its column has it
          resolve: async ({ id, withoutOwnFields = false }, _args, context) =>
            withoutOwnFields ? null : ((await load(context, id))?.[column.name] as string),
        }),
      ]),
    ),
  );
}

/** What the panel has to know of those that administrators see. */
export function describeUserFields({ fields }: Fields): ContentFieldDescription[] {
  return fields
    .filter(({ hidden }) => !hidden)
    .map(({ column, write, required }) =>
      describeColumn(column, { readable: true, writable: write.has('administrators'), required }),
    );
}

function typeOf(column: Column): 'String' {
  // validated at start: a scalar or an enum of the builder
  return (column.list ? [column.type] : column.type) as 'String';
}

function described({ name, rules }: Column, required: boolean): string {
  const label = rules.label ?? sentence(name);
  const text = label.endsWith('.') ? label : `${label}.`;
  return required ? `${text} Required.` : text;
}
