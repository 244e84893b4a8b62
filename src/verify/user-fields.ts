import { GATEHOUSE_USER_COLUMNS } from '../accounts/user-columns.ts';
import type { Models } from '../database/models.ts';
import type { App } from '../start/app.ts';

/* The application's own fields of users, as it declares them: docs/user-fields.md. */

type Declared = NonNullable<App['userFields']>['fields'][string];

/** A column of users that is the application's, and who reads and writes it. One that is not declared is nobody's. */
export interface UserFieldShape extends Pick<Declared, 'read' | 'write'> {
  readonly name: string;
}

/** Every column of users that is not Gatehouse's. */
export function userFieldShapes({ byName }: Models, userFields: App['userFields']): UserFieldShape[] {
  const gatehouse: readonly string[] = GATEHOUSE_USER_COLUMNS;
  return Object.entries(byName['User']?.fields ?? {})
    .filter(([name, { kind }]) => kind !== 'object' && !gatehouse.includes(name))
    .map(([name]) => {
      const { read = [], write = [] } = userFields?.fields[name] ?? {};
      return { name, read, write };
    });
}

/** What only code of Gatehouse reads. */
const SECRET: readonly string[] = ['passwordHash', 'publicPassword', 'tokenVersion', 'usernameDisputed'];

interface Place {
  readonly column: string;
  /** A type of the public schema. */
  readonly type: string;
  /** Whether the column has to be a field there. */
  readonly isWanted: boolean;
}

/** Each column in each type of the public schema where columns of users can be fields. */
export function userFieldPlaces(models: Models, userFields: App['userFields']): Place[] {
  const own = userFieldShapes(models, userFields).flatMap(({ name, read, write }) => [
    { column: name, type: 'UsersPermissionsMe', isWanted: read.includes('me') },
    { column: name, type: 'UsersPermissionsUser', isWanted: read.includes('users') },
    { column: name, type: 'UsersPermissionsUserFiltersInput', isWanted: read.includes('users') },
    { column: name, type: 'UsersPermissionsRegisterInput', isWanted: write.includes('register') },
    { column: name, type: 'UpdateMeInput', isWanted: write.includes('me') },
    { column: name, type: 'UsersPermissionsUserInput', isWanted: write.includes('users') },
  ]);
  const types = [...new Set([...own.map(({ type }) => type), 'UsersPermissionsMe', 'UsersPermissionsUser'])];
  return [...own, ...SECRET.flatMap((column) => types.map((type) => ({ column, type, isWanted: false })))];
}
