import { type ApiError, applicationError, type Fault } from '../common/errors.ts';
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts';

/**
 * Who writes a field of users that is the application's own: somebody who registers, the user (`updateMe`), who can create and
 * update users on `/graphql`, or administrators.
 */
export const USER_FIELD_WRITERS = ['register', 'me', 'users', 'administrators'] as const;
export type UserFieldWriter = (typeof USER_FIELD_WRITERS)[number];

/** Who reads one, beside administrators: the user, or who can find users on `/graphql`. */
export const USER_FIELD_READERS = ['me', 'users'] as const;
export type UserFieldReader = (typeof USER_FIELD_READERS)[number];

/** Values by the names of fields. */
export type UserFieldValues = Readonly<Record<string, unknown>>;

/** What somebody sent for the fields of a user. */
export interface GivenFields {
  readonly writer: UserFieldWriter;
  /** Only fields that the writer can write. */
  readonly values: UserFieldValues;
}

/** The fields of users that are the application's own, as the operations of accounts and of the administration use them. */
export interface UserFields {
  /** Whether there are any. */
  readonly exist: boolean;
  /**
   * Every validation error.
   *
   * @param options.creating also of required fields that the writer can write, and that are not there.
   */
  faultsOf(given: GivenFields, options: { readonly creating: boolean }): Fault[];
  /**
   * What a hook made of the values. What the writer can write is validated as if it had been sent.
   *
   * @throws Error for what a hook cannot set: a name that is none, or a value that the column cannot have.
   */
  checkHooked(values: UserFieldValues, writer: UserFieldWriter): void;
  /** The names of the unique fields that have a value among these. */
  uniquesIn(values: UserFieldValues): readonly string[];
  /** Sets fields of a user. @throws UserFieldTaken when a value that must be unique is another user's. */
  write(transaction: Prisma.TransactionClient, id: number, values: UserFieldValues): Promise<void>;
  /** All fields of a user, for hooks and for who may see them; none for a user who is not there. */
  read(database: Pick<PrismaClient, '$queryRawUnsafe'>, id: number): Promise<UserFieldValues>;
  /** What a user reads of the own account. */
  readByOwner(database: Pick<PrismaClient, '$queryRawUnsafe'>, id: number): Promise<UserFieldValues>;
  /** The names of those that somebody can write. */
  writtenBy(writer: UserFieldWriter): readonly string[];
  /** The values in a JSON object, by the types of their columns. @throws ApiError BAD_USER_INPUT with each that is of another type. */
  fromJson(writer: UserFieldWriter, json: UserFieldValues): UserFieldValues;
  /** Those of the values that the audit log records: none that is hidden from administrators, and long texts in part. */
  recorded(values: UserFieldValues): UserFieldValues;
}

/** A value that must be unique is another user's. */
export class UserFieldTaken extends Error {
  /** The unique fields that were written. */
  readonly names: readonly string[];

  constructor(names: readonly string[]) {
    super(`another user has the same value: ${names.join(', ')}`);
    this.names = names;
  }
}

/** As for usernames: it is told that a value is taken, and not whose it is. */
export function fieldTaken(names: readonly string[]): ApiError {
  return applicationError(`${names.join(' or ')} ${names.length === 1 ? 'is' : 'are'} already taken`);
}

/** For users without fields of the application's own. */
export const NO_USER_FIELDS: UserFields = {
  exist: false,
  faultsOf: () => [],
  checkHooked(values) {
    const [name] = Object.keys(values);
    if (name !== undefined) throw new Error(`Users have no field ${name} that a hook can set`);
  },
  uniquesIn: () => [],
  write: async () => {},
  read: async () => ({}),
  readByOwner: async () => ({}),
  writtenBy: () => [],
  fromJson: () => ({}),
  recorded: () => ({}),
};

/** What the audit log records of a user, with the fields of the application's own beside Gatehouse's. */
export function withUserFields<Recorded extends object>(
  { recorded }: Pick<UserFields, 'recorded'>,
  own: Recorded,
  values: UserFieldValues,
): Recorded {
  return { ...recorded(values), ...own };
}
