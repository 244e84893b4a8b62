import type { OwnUserColumn, SentValue } from '../../accounts/user-columns.ts';
import type { UserFieldReader, UserFieldWriter } from '../../accounts/user-fields.ts';
import type { ModelTypesOfApp } from '../../register.ts';
import { callingFile } from '../content-type/calling-file.ts';
import type { ColumnRules } from '../content-type/column-rules.ts';
import type { ModelTypes } from '../content-type/model.ts';

/** Who reads and writes a column of users that is the application's own, and its rules. */
export interface UserField<Value = never> extends ColumnRules {
  /**
   * Who reads it, filters and sorts by it, beside administrators: the user (`me`), and who can find users on `/graphql` (`users`).
   * `[]`: nobody else.
   */
  readonly read: readonly UserFieldReader[];
  /**
   * Who sets it: somebody who registers (`register`), the user (`me`: `updateMe`), who can create and update users on `/graphql`
   * (`users`), administrators (`administrators`). `[]`: only code of the server.
   */
  readonly write: readonly UserFieldWriter[];
  /** Hides it from administrators, too: only who is in `read` and code of the server see it. */
  readonly hidden?: boolean;
  /** Whoever creates a user and can write it has to give it a value, and nobody can clear it. */
  readonly required?: boolean;
  /** Returns what is wrong with a value, in words for who sent it; undefined for a valid one. Null is not asked about. */
  readonly validate?: (value: SentValue<NonNullable<Value>>) => string | undefined;
}

type FieldsOf<Shape> = [OwnUserColumn<Shape>] extends [never]
  ? Readonly<Record<string, never>> // an empty type would take any name
  : { readonly [Name in OwnUserColumn<Shape>]?: UserField<Shape[Name & keyof Shape]> };

/** The declared fields of users. resolveUserFields() looks up their columns at start. */
export interface DeclaredUserFields {
  /** The file that declares them, for error messages. */
  readonly file: string;
  readonly fields: Readonly<Record<string, UserField>>;
}

/** Declares fields of users of one of these schemas. A misspelt column, or one of Gatehouse's, does not compile. */
export type DeclareUserFields<Types extends { readonly User: ModelTypes }> = (
  fields: FieldsOf<Types['User']['Shape']>,
) => DeclaredUserFields;

/**
 * Declares which columns of users, of the model `UserFields` in `prisma/schema/user.prisma`, are fields of the API. A column that is
 * not declared is no part of any schema: only code of the server reads and writes it.
 */
export const userFields: DeclareUserFields<ModelTypesOfApp> = (fields) => ({
  file: callingFile(import.meta.filename),
  // Type checked above; what was not compiled is validated at start.
  fields: fields as DeclaredUserFields['fields'],
});
