import type { ModelTypesOfApp } from '../register.ts';

/** The columns of users that are Gatehouse's. None of them can be declared as a field of the application's own. */
export const GATEHOUSE_USER_COLUMNS = [
  'id',
  'documentId',
  'username',
  'email',
  'provider',
  'passwordHash',
  'publicPassword',
  'confirmed',
  'blocked',
  'blockReason',
  'blockedUntil',
  'tokenVersion',
  'roleId',
  'createdAt',
  'updatedAt',
  'usernameDisputed',
  'emailVerifiedAt',
  'deletesAt',
] as const;

/** A user as the Prisma schema has it. */
type UserShape = ModelTypesOfApp['User']['Shape'];

/** The columns of users that are the application's own: those of the model `UserFields`. */
export type OwnUserColumn<Shape = UserShape> = Exclude<keyof Shape & string, (typeof GATEHOUSE_USER_COLUMNS)[number]>;

/**
 * A value of a column as clients send it: a day and a time of day are texts, and so are numbers that JavaScript would round, and
 * bytes.
 */
export type SentValue<Value> = Value extends Date
  ? Date | string
  : Value extends bigint
    ? string
    : Value extends string | number | boolean
      ? Value
      : unknown;

/** The application's own fields of a user, as hooks see and set them. Null: there is no value. */
export type OwnUserFields<Shape = UserShape> = {
  [Name in OwnUserColumn<Shape>]?: SentValue<NonNullable<Shape[Name & keyof Shape]>> | null | undefined;
};
