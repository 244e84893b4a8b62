import { lowerFirst } from '../graphql/content-type/model.ts';
import { pluralOf } from '../graphql/content-type/plural.ts';

/** Whether a content type of this name would meet a type or a root field of Gatehouse, in either schema. */
export function isTakenName(model: string): boolean {
  const one = lowerFirst(model);
  const fields = [one, pluralOf(one), `create${model}`, `update${model}`, `delete${model}`];
  const types = [model, `${model}Input`, `${model}FiltersInput`, `${model}EntityResponseCollection`];
  return fields.some((name) => FIELDS.has(name)) || types.some((name) => TYPES.has(name));
}

const namesIn = (text: string) => new Set(text.trim().split(/\s+/));

/** The root fields of both schemas without any content type. */
export const FIELDS: ReadonlySet<string> = namesIn(`
  acceptInvitation disownLogin deleteMe exportMe invitations inviteUser revokeInvitation actions addPasskey admin admins admins_connection apiToken apiTokens apiTokens_connection auditEntries
  auditVerification blockUser changePassword closeForm completeLink completeLogin confirmTotp confirmUser
  contentAsUser contentTypes createAdmin createApiToken createRole createUser createUsersPermissionsRole
  createUsersPermissionsUser deleteAdmin deleteApiToken deleteLoginProvider deleteRole deleteUser
  deleteUsersPermissionsRole deleteUsersPermissionsUser effectivePermissions emailConfirmation
  endAdminSessions endImpersonation endUserSessions entrance exchangeStrapiToken forgotPassword
  identities impersonateUser impersonations keepFormOpen linkProvider login loginProviders loginWithCode loginWithPasskey
  loginWithProvider logout logoutEverywhere mailTemplates me newBackupCodes overview passkeyOptions passkeys previewDocuments
  previewGrants previewMailTemplate previewPermissions references refresh regenerateApiToken register
  registerFirstAdmin removePasskey removeTotp renamePasskey resetAdminSecondFactor resetMailTemplate resetPassword
  resetUserSecondFactor revokeApiToken revokeSession role roles roles_connection ruleTypes secondFactors
  sendAdminPasswordMail sendEmailConfirmation sendLoginCode sendTestMail sendStepUpCode sendUserPasswordMail serverInfo
  sessions setGrants setLoginProvider setMailTemplate setPermissions setPreferences setTokenGrants
  settings startTotp stepUp tokenInfo tryLoginProvider unblockUser unlinkProvider updateAdmin updateApiToken
  updateMe updateRole updateSettings updateUser updateUsersPermissionsRole updateUsersPermissionsUser
  user userFields users usersPermissionsRole usersPermissionsRoles usersPermissionsRoles_connection
  usersPermissionsUser usersPermissionsUsers usersPermissionsUsers_connection users_connection
`);

/** The types of both, and those that content types add: scalars and their filters. */
export const TYPES: ReadonlySet<string> = namesIn(`
  AccountDeletion Invitation
  ActionGrantsInput ActionGroup ActorKind Admin AdminEntityResponseCollection AdminFiltersInput
  AdminLoginPayload AdminOkPayload AdminRole AdminRoleFilterInput ApiToken ApiTokenEntityResponseCollection
  ApiTokenFiltersInput ApiTokenKind ApiTokenKindFilterInput ApiTokenLifespan ApiTokenStatus Attention
  AttentionKind AuditEntry AuditEntryCollection AuditFiltersInput AuditOutcome AuditVerification
  BackupCodes Boolean BooleanFilterInput Bytes CompleteLoginInput ContentAsUser ContentFieldDescription
  ContentFieldKind ContentTypeDescription CreateAdminInput CreateApiTokenInput CreateRoleInput
  CreateUserInput Date DateTime DateTimeFilterInput Decimal DeleteMutationResponse DeletedAdmin
  DeletedApiToken DeletedRole DeletedUser DemoLogin EffectivePermission Entrance Float FloatFilterInput
  FormEditor Grant GrantInput GrantPreview GrantProblem GrantableAction ID IDFilterInput Impersonation
  Int IntFilterInput IssuedApiToken JSON LinkStart LoginProvider LoginProviderInput LoginSession Long
  MailPreview MailPurpose MailTemplate MailTemplateInput MailVariable Mutation OnDelete Overview
  OverviewDay Pagination PaginationArg Passkey PasskeyPurpose PermissionGrants PermissionSource PermissionSourceKind
  PermissionsPreview PreviewKind PreviewLine PreviewedDocument ProviderLinking ProviderTry Query
  Reference RemovedPasskey RegisterFirstAdminInput RevokedSession Role RoleEntityResponseCollection RoleFiltersInput
  RuleField RuleFieldKind RuleType RunningImpersonation SecondFactors SentMail ServerInfo SessionMode
  Settings SettingsInput StepUp StepUpInput String StringFilterInput Time TokenInfo TotpSetup UnlinkedIdentity
  UpdateAdminInput UpdateApiTokenInput UpdateMeInput UpdateRoleInput UpdateUserInput User
  UserEntityResponseCollection UserFiltersInput UsersPermissionsCreateRolePayload
  UsersPermissionsDeleteRolePayload UsersPermissionsIdentity UsersPermissionsLoginInput
  UsersPermissionsLoginPayload UsersPermissionsMe UsersPermissionsMeRole UsersPermissionsPasswordPayload
  UsersPermissionsPermission UsersPermissionsPermissionEntityResponseCollection
  UsersPermissionsPermissionFiltersInput UsersPermissionsRegisterInput UsersPermissionsRole
  UsersPermissionsRoleEntityResponseCollection UsersPermissionsRoleFiltersInput UsersPermissionsRoleInput
  UsersPermissionsSession UsersPermissionsUpdateRolePayload UsersPermissionsUser
  UsersPermissionsUserEntityResponse UsersPermissionsUserEntityResponseCollection
  UsersPermissionsUserFiltersInput UsersPermissionsUserInput
`);
