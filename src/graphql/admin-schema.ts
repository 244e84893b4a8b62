import type { GraphQLSchema } from 'graphql';
import { guarded } from '../authorization/guard.ts';
import { addAdmins } from './admin/administrator-fields.ts';
import { addApiTokens } from './admin/api-token-fields.ts';
import { addAuditLog } from './admin/audit-log-fields.ts';
import { addMailTemplates } from './admin/mail-template-fields.ts';
import { addOwnAccount } from './admin/own-account.ts';
import { addRoles } from './admin/role-fields.ts';
import type { AdminServices } from './admin/services.ts';
import { addSettings } from './admin/settings-fields.ts';
import { ADMINISTERED, addMoreFields } from './admin/types.ts';
import { addUsers } from './admin/user-fields.ts';
import { createBuilder } from './builder.ts';
import { addContentTypes, type ContentDatabase, type ContentLimits } from './content-type/add-content-types.ts';
import { validSchema } from './content-type/check-content-types.ts';
import { dynamic } from './content-type/content-schema.ts';
import type { ContentType } from './content-type/content-type.ts';
import { resolveContentTypes } from './content-type/resolve-content-types.ts';
import { described } from './describe-schema.ts';

/**
 * The schema of `/admin/graphql`: whatever a person needs to run this server, and every content type.
 *
 * @throws UnguardedSchema when any root field names no action, ContentTypeError when a content type makes it no schema.
 */
export function createAdminSchema(
  services: AdminServices,
  database: ContentDatabase,
  contentTypes: readonly ContentType[],
  limits: ContentLimits,
): GraphQLSchema {
  const types = [...contentTypes, ...resolveContentTypes(database.models, ADMINISTERED)];
  return validSchema(types, () => {
    const typed = createBuilder(database);
    const content = addContentTypes(typed, database, types, limits);
    const builder = dynamic(typed);
    addMoreFields(typed, services);
    addOwnAccount(typed, services);
    addAdmins(builder, services);
    addUsers(builder, services);
    addRoles(typed, services);
    addApiTokens(builder, services);
    addSettings(builder, services);
    addMailTemplates(typed, services);
    addAuditLog(typed, content, services);
    return described(guarded(typed.toSchema()), types);
  });
}
