import type { GraphQLSchema } from 'graphql';
import type { UserAccounts } from '../accounts/accounts.ts';
import type { AdministrationServices } from '../administration/administration.ts';
import { guarded } from '../authorization/guard.ts';
import { addAccount } from './account/account.ts';
import { createBuilder } from './builder.ts';
import { addContentTypes, type ContentDatabase, type ContentLimits } from './content-type/add-content-types.ts';
import { validSchema } from './content-type/check-content-types.ts';
import { dynamic } from './content-type/content-schema.ts';
import type { ContentType } from './content-type/content-type.ts';
import { resolveContentTypes } from './content-type/resolve-content-types.ts';
import { described } from './describe-schema.ts';
import { USERS_AND_ROLES } from './users-permissions/types.ts';
import { addRoleManagement } from './users-permissions/users-permissions-role.ts';
import { addUserManagement } from './users-permissions/users-permissions-user.ts';

/**
 * The schema of `/graphql`: accounts, content, and users and roles for who was given them.
 *
 * @throws UnguardedSchema when any root field names no action, ContentTypeError when a content type makes it no schema.
 */
export function createPublicSchema(
  accounts: UserAccounts,
  administration: AdministrationServices,
  database: ContentDatabase,
  contentTypes: readonly ContentType[],
  limits: ContentLimits,
): GraphQLSchema {
  const types = [...contentTypes, ...resolveContentTypes(database.models, USERS_AND_ROLES)];
  return validSchema(types, () => {
    const builder = createBuilder(database);
    addAccount(builder, accounts);
    addContentTypes(builder, database, types, limits);
    addUserManagement(dynamic(builder), administration, accounts.attempts);
    addRoleManagement(dynamic(builder), administration);
    return described(guarded(builder.toSchema()), types);
  });
}
