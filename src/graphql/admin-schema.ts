import type { GraphQLSchema } from 'graphql';
import { guarded } from '../authorization/guard.ts';
import { addMoreFields, addSessionType, administered } from './admin/administered-types.ts';
import { addAdmins } from './admin/administrator-fields.ts';
import { addApiTokens } from './admin/api-token-fields.ts';
import { addAuditLog } from './admin/audit-log-fields.ts';
import { addAuditVerification } from './admin/audit-verification-fields.ts';
import { addContentAsUser } from './admin/content-as-user-fields.ts';
import { addContentTypeDescriptions } from './admin/content-type-fields.ts';
import { addEffectivePermissions } from './admin/effective-permission-fields.ts';
import { addEntrance } from './admin/entrance.ts';
import { addGrants } from './admin/grant-fields.ts';
import { addImpersonation } from './admin/impersonation-fields.ts';
import { addInvitations } from './admin/invitation-fields.ts';
import { addLoginProviders } from './admin/login-provider-fields.ts';
import { addMailTemplates } from './admin/mail-template-fields.ts';
import { addOkPayload } from './admin/ok-payload.ts';
import { addOpenForms } from './admin/open-form-fields.ts';
import { addOverview } from './admin/overview-fields.ts';
import { addOwnAccount } from './admin/own-account.ts';
import { addPreferences } from './admin/preferences-fields.ts';
import { addPreviews } from './admin/preview-fields.ts';
import { addReferences } from './admin/reference-fields.ts';
import { addRoles } from './admin/role-fields.ts';
import { addRoleIncludes } from './admin/role-includes.ts';
import { addRoleUserCount } from './admin/role-user-count.ts';
import { addServerInfo } from './admin/server-info-fields.ts';
import type { AdminServices } from './admin/services.ts';
import { addSettings } from './admin/settings-fields.ts';
import { addUsers } from './admin/user-fields.ts';
import { createBuilder } from './builder.ts';
import { addContentTypes, type ContentDatabase, type ContentLimits } from './content-type/add-content-types.ts';
import { buildValidSchema } from './content-type/check-content-types.ts';
import { dynamic } from './content-type/content-schema.ts';
import type { ContentType } from './content-type/content-type.ts';
import { describeForms } from './content-type/describe-forms.ts';
import { createReadReferences } from './content-type/references.ts';
import { resolveContentTypes } from './content-type/resolve-content-types.ts';
import { describeSchema } from './describe-schema.ts';
import type { Limits } from './operation/limits.ts';
import { describeUserFields } from './user-fields/add-user-fields.ts';
import type { ResolvedUserFields } from './user-fields/resolve-user-fields.ts';

/**
 * Builds the schema of `/admin/graphql`: the administration, and all content types.
 *
 * @throws UnguardedSchema if a root field has no action; ContentTypeError if a content type makes the schema invalid.
 */
export function createAdminSchema(
  services: AdminServices,
  database: ContentDatabase,
  contentTypes: readonly ContentType[],
  limits: ContentLimits & Pick<Limits, 'cost'>,
  userFields: ResolvedUserFields,
): GraphQLSchema {
  // What a type hides from everybody, a deleted row for example, administrators can see and restore.
  const whole = contentTypes.map((type) => ({ ...type, where: undefined }));
  const types = [...whole, ...resolveContentTypes(database.models, administered(userFields))];
  const columns = userFields.fields.map(({ column }) => column);
  return buildValidSchema(types, () => {
    const typed = createBuilder(database);
    const content = addContentTypes(typed, database, types, limits, {
      clock: services.clock,
      hooks: services.hooks,
      hasPreconditions: true,
      columns,
    });
    const builder = dynamic(typed);
    const session = addSessionType(typed, services);
    addMoreFields(typed, session, services);
    const grants = addGrants(typed, services);
    addEntrance(typed, services);
    const ok = addOkPayload(typed);
    addOwnAccount(typed, ok, session, services);
    addPreferences(typed, services);
    addOpenForms(builder, ok, services);
    addAdmins(builder, services);
    addUsers(builder, services, userFields);
    addInvitations(builder, services, ok);
    addImpersonation(builder, ok, services);
    addRoles(typed, services, grants);
    addPreviews(typed, services, grants);
    addEffectivePermissions(typed, services, grants);
    addContentAsUser(typed, services.contentAsUser, limits.cost);
    addRoleIncludes(typed, services);
    addRoleUserCount(typed, services);
    addApiTokens(builder, services, grants);
    addSettings(builder, services);
    addMailTemplates(typed, services);
    addLoginProviders(typed, services, ok);
    addAuditLog(builder, content, services);
    addContentTypeDescriptions(typed, describeForms(whole, types), describeUserFields(userFields));
    addAuditVerification(typed, services, database.query);
    addReferences(typed, createReadReferences(database, types));
    addServerInfo(typed, services);
    addOverview(typed, services);
    return describeSchema(guarded(typed.toSchema()), types, columns);
  });
}
