// The package: what an application imports from 'gatehouse'. Its types are here, too, where a function of an application has to name one.
export type {
  AccountHookContext,
  AccountHooks,
  Claims,
  HookUser,
  RegisterHookData,
} from './accounts/hooks/account-hooks.ts';
export type { Viewer } from './authentication/viewer.ts';
export type { Condition, Grant } from './authorization/grants.ts';
export { type NewRole, OWN_ACCOUNT, type RestrictedAction, SIGN_IN } from './authorization/new-roles.ts';
export {
  ApiError,
  applicationError,
  badInput,
  type Fault,
  forbidden,
  invalidInput,
  notFound,
} from './common/errors.ts';
export { StartRefused } from './common/start-refused.ts';
export { type Config, readConfig } from './config/config.ts';
export type { Models } from './database/models.ts';
export { type Database, type DatabaseLocation, openDatabase } from './database/open.ts';
export type { GatehouseOptions } from './gatehouse/options.ts';
export { createGatehouse, type Gatehouse } from './gatehouse.ts';
export type { Builder } from './graphql/builder.ts';
export {
  type ContentTypeDeclaration,
  contentType,
  type DeclaredContentType,
  singleType,
} from './graphql/content-type/content-type.ts';
export type { ContentHooks, DocumentHookContext, HookContext, HookData } from './graphql/content-type/hooks/hooks.ts';
export type { Content, ContentFunctions } from './graphql/content-type/in-code/content.ts';
export type { Context } from './graphql/context.ts';
export type { OperationPlugin } from './graphql/plugins/operation-plugin.ts';
export type { Extend, ExtendParts } from './graphql/public-schema.ts';
export { type DeclaredUserFields, type UserField, userFields } from './graphql/user-fields/user-fields.ts';
export type { PageColours, PageLook } from './http/pages/look.ts';
export type { AccountPages } from './http/pages/pages.ts';
export type { Words } from './http/pages/words/en.ts';
export type { OwnWords } from './http/pages/words/words.ts';
export type { Mail, Mailer } from './mail/mailer.ts';
// `export *`: only so does TypeScript let an application add to Register.
export * from './register.ts';
export type { App, DemoUser } from './start/app.ts';
export { openSeeded } from './start/open-seeded.ts';
export { createLog } from './telemetry/log.ts';
