import type { GraphQLSchema } from 'graphql';
import type { UserAccounts } from '../accounts/accounts.ts';
import type { AdministrationServices } from '../administration/administration.ts';
import { guarded } from '../authorization/guard.ts';
import { addAccount } from './account/account.ts';
import { createBuilder } from './builder.ts';
import { addContentTypes, type ContentDatabase, type ContentLimits } from './content-type/add-content-types.ts';
import { buildValidSchema } from './content-type/check-content-types.ts';
import { dynamic } from './content-type/content-schema.ts';
import type { ContentType } from './content-type/content-type.ts';
import { resolveContentTypes } from './content-type/resolve-content-types.ts';
import { describeSchema } from './describe-schema.ts';
import { USERS_AND_ROLES } from './users-permissions/types.ts';
import { addRoleManagement } from './users-permissions/users-permissions-role.ts';
import { addUserManagement } from './users-permissions/users-permissions-user.ts';

/**
 * Builds the schema of `/graphql`: accounts, content, users and roles.
 *
 * @throws UnguardedSchema if a root field has no action; ContentTypeError if a content type makes the schema invalid.
 */
export function createPublicSchema(
  accounts: UserAccounts,
  administration: AdministrationServices,
  database: ContentDatabase,
  contentTypes: readonly ContentType[],
  limits: ContentLimits,
): GraphQLSchema {
  const types = [...contentTypes, ...resolveContentTypes(database.models, USERS_AND_ROLES)];
  return buildValidSchema(types, () => {
    const builder = createBuilder(database);
    addAccount(builder, accounts);
    addContentTypes(builder, database, types, limits);
    addUserManagement(dynamic(builder), administration, accounts.attempts);
    addRoleManagement(dynamic(builder), administration);
    return describeSchema(guarded(builder.toSchema()), types);
  });
}
