import type { GraphQLSchema } from 'graphql';
import type { UserAccounts } from '../accounts/accounts.ts';
import type { AdministrationServices } from '../administration/administration.ts';
import { guarded } from '../authorization/guard.ts';
import type { Clock } from '../common/clock.ts';
import type { HookRunner } from '../common/hook-runner.ts';
import type { Models } from '../database/models.ts';
import type { ClientOfApp, ModelTypesOfApp } from '../register.ts';
import { addAccount } from './account/account.ts';
import { type Builder, createBuilder } from './builder.ts';
import { addContentTypes, type ContentDatabase, type ContentLimits } from './content-type/add-content-types.ts';
import { type Allowed, createAllowed } from './content-type/allowed.ts';
import { buildValidSchema } from './content-type/check-content-types.ts';
import { dynamic } from './content-type/content-schema.ts';
import type { ContentType } from './content-type/content-type.ts';
import { guardCustomFields } from './content-type/custom-fields.ts';
import type { Content } from './content-type/in-code/content.ts';
import { createContent } from './content-type/in-code/create-content.ts';
import { resolveContentTypes } from './content-type/resolve-content-types.ts';
import type { ContentRules } from './content-type/rules/create-rules.ts';
import { describeSchema } from './describe-schema.ts';
import type { ResolvedUserFields } from './user-fields/resolve-user-fields.ts';
import { addInviteUser } from './users-permissions/invite-user.ts';
import { addRoleManagement } from './users-permissions/users-permissions-role.ts';
import { usersAndRoles } from './users-permissions/users-permissions-types.ts';
import { addUserManagement } from './users-permissions/users-permissions-user.ts';

export interface PublicSchemaParts {
  readonly accounts: UserAccounts;
  readonly administration: AdministrationServices;
  readonly database: ContentDatabase;
  /** Those of `publicTypesOf()`. */
  readonly types: readonly ContentType[];
  readonly rules: ContentRules;
  readonly limits: ContentLimits;
  readonly clock: Clock;
  readonly hooks: HookRunner;
  readonly userFields: ResolvedUserFields;
  readonly extend: Extend | undefined;
}

/** Adds types and fields to a schema in plain Pothos. Each root field needs an action, like the built-in ones. */
export type Extend = (builder: Builder, parts: ExtendParts) => void;

/** What fields in plain Pothos work with. */
export interface ExtendParts extends Allowed {
  /** Reads and writes of content within the permissions of the viewer. */
  readonly content: Content<ModelTypesOfApp>;
  /** The power of the server: no permission is asked, no hook runs, and every row and column is there. */
  readonly prisma: ClientOfApp;
}

/** Every content type of `/graphql`: those of the project, and users and roles. */
export function publicTypesOf(
  models: Models,
  contentTypes: readonly ContentType[],
  userFields: Pick<ResolvedUserFields, 'fields'>,
): ContentType[] {
  return [...contentTypes, ...resolveContentTypes(models, usersAndRoles(userFields))];
}

/**
 * Builds the schema of `/graphql`: accounts, content, users, roles, and the extensions of the project.
 *
 * @throws UnguardedSchema if a root field has no action; ContentTypeError if a content type makes the schema invalid.
 */
export function createPublicSchema(parts: PublicSchemaParts): GraphQLSchema {
  const { accounts, administration, database, types, rules, limits, clock, hooks, userFields, extend } = parts;
  const columns = userFields.fields.map(({ column }) => column);
  return buildValidSchema(types, () => {
    const builder = createBuilder(database);
    addAccount(builder, accounts, userFields);
    const content = addContentTypes(builder, database, types, limits, { clock, rules, hooks, columns });
    addUserManagement(dynamic(builder), administration, accounts.attempts, userFields);
    addInviteUser(dynamic(builder), administration, accounts.attempts);
    addRoleManagement(dynamic(builder), administration);
    const { may, rowsAllowed } = createAllowed(content, { clock, foldCase: database.foldCase });
    const inCode = createContent(content, () => schema);
    extend?.(builder, { content: inCode, prisma: database.prisma, may, rowsAllowed });
    const schema = describeSchema(guardCustomFields(guarded(builder.toSchema()), content), types, columns);
    return schema;
  });
}
