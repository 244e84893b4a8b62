import { userFields } from 'gatehouse';

/**
 * Fields of your own on users: columns of the model `UserFields` in `prisma/schema/user.prisma`. The example blog has none. With a
 * column `firstName`:
 *
 *   firstName: { read: ['me', 'users'], write: ['register', 'me', 'administrators'], maxLength: 100 },
 *
 * Nobody reads or writes what is not named here, and who is not named does not either: docs/user-fields.md.
 */
export const user = userFields({});
