/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** The grants that an action is to have. */
export type ActionGrantsInput = {
  /** The action: `post.find`. */
  action: string;
  /** Each is one way to use the action: what is done must be allowed by one of them as a whole. null: without restriction. */
  grants?: Array<GrantInput> | null | undefined;
};

/** The kind of an actor. */
export type ActorKind =
  /** An administrator. */
  | 'ADMIN'
  /** A request without a credential. */
  | 'ANONYMOUS'
  /** A command of `npm run gatehouse`. */
  | 'COMMAND_LINE'
  /** The server itself. */
  | 'SERVER'
  /** A program with an API token. */
  | 'TOKEN'
  /** A user. */
  | 'USER';

/** The values of role. */
export type AdminRole =
  /** Administrator. */
  | 'ADMINISTRATOR'
  /** Read only. */
  | 'READ_ONLY';

/** Conditions that an entry has to meet, all of them. */
export type AuditFiltersInput = {
  /** A documentId, of the actor or of the target. */
  about?: string | number | null | undefined;
  /** A documentId. */
  actor?: string | number | null | undefined;
  /** The kind of the actor. */
  actorKind?: ActorKind | null | undefined;
  /** The id of an entry: newer ones than it. */
  after?: string | number | null | undefined;
  /** `user.block`, or all events that begin with `user.` */
  event?: string | null | undefined;
  /** The outcome. */
  outcome?: AuditOutcome | null | undefined;
  /** In the names of actor and target, in any case. */
  search?: string | null | undefined;
  /** From this time on. */
  since?: string | null | undefined;
  /** A documentId. */
  target?: string | number | null | undefined;
  /** The kind of the target: `user`, `role`, … */
  targetKind?: string | null | undefined;
  /** Before this time. */
  until?: string | null | undefined;
  /** The id of an entry: it and older ones. Pages stay the same while others are written. */
  upTo?: string | number | null | undefined;
};

/** The outcome of an audit event. */
export type AuditOutcome =
  /** It was done. */
  | 'DONE'
  /** It was refused. */
  | 'REFUSED';

/** The role to create. */
export type CreateRoleInput = {
  /** The role whose permissions it copies. Default: the actions that every new role has, for logging in and the own account. */
  copyOf?: string | number | null | undefined;
  /** The description. */
  description?: string | null | undefined;
  /** The grants of some actions, each action once. The role has these actions, and where it is a copy, these grants in place of the copied ones. */
  grants?: Array<ActionGrantsInput> | null | undefined;
  /** The roles whose permissions it has beside its own. Default: those of the copied role, or none. */
  includes?: Array<string | number> | null | undefined;
  /** The name. */
  name: string;
  /** Its actions, beside those that every role begins with. */
  permissions?: Array<string> | null | undefined;
  /** The name of the role in code: `guest_writer`. Made from its name if it is absent. */
  type?: string | null | undefined;
};

/** Rows and fields on which an action is allowed. Absent is without restriction. */
export type GrantInput = {
  /** What a created or updated row must match afterwards. Default: `where`. */
  check?: unknown;
  /** The fields: those that can be read, or those that a create or an update can send. */
  fields?: Array<string> | null | undefined;
  /** What the server sets in a created or updated row. */
  set?: unknown;
  /** The rows: a filter as in the lists of the type, over every column, with variables such as $user and $now-7d. */
  where?: unknown;
};

/** `page` and `pageSize`, or `start` and `limit`, but not both. Default: the first ten rows. */
export type PaginationArg = {
  /** The number of rows, up to LIMIT_PAGE. -1 is LIMIT_PAGE. */
  limit?: number | null | undefined;
  /** The number of the page, starting at 1. */
  page?: number | null | undefined;
  /** The number of rows of a page, up to LIMIT_PAGE. */
  pageSize?: number | null | undefined;
  /** The number of rows to skip. */
  start?: number | null | undefined;
};

export type LogInAsAdminMutationVariables = Exact<{
  email: string;
  password: string;
}>;


export type LogInAsAdminMutation = { login: { jwt: string, admin: { name: string, role: AdminRole } } | null };

export type PermissionMatrixQueryVariables = Exact<{ [key: string]: never; }>;


export type PermissionMatrixQuery = { actions: Array<{ label: string, actions: Array<{ action: string, label: string, writes: boolean }> }> | null, roles: Array<{ documentId: string, name: string, version: number, permissions: Array<string> }> | null };

export type CreateRoleMutationVariables = Exact<{
  data: CreateRoleInput;
}>;


export type CreateRoleMutation = { createRole: { documentId: string, version: number, permissions: Array<string> } | null };

export type SetPermissionsMutationVariables = Exact<{
  role: string | number;
  version: number;
  add?: Array<string> | string | null | undefined;
  remove?: Array<string> | string | null | undefined;
}>;


export type SetPermissionsMutation = { setPermissions: { version: number, permissions: Array<string> } | null };

export type AuditLogQueryVariables = Exact<{
  filters?: AuditFiltersInput | null | undefined;
  pagination?: PaginationArg | null | undefined;
}>;


export type AuditLogQuery = { auditEntries: { nodes: Array<{ id: string, at: string, event: string, actorKind: ActorKind, actorName: string | null, targetName: string | null, before: unknown, after: unknown }>, pageInfo: { total: number } } | null };


export const LogInAsAdminDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"LogInAsAdmin"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"email"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"password"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"login"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"email"},"value":{"kind":"Variable","name":{"kind":"Name","value":"email"}}},{"kind":"Argument","name":{"kind":"Name","value":"password"},"value":{"kind":"Variable","name":{"kind":"Name","value":"password"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"jwt"}},{"kind":"Field","name":{"kind":"Name","value":"admin"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"role"}}]}}]}}]}}]} as unknown as DocumentNode<LogInAsAdminMutation, LogInAsAdminMutationVariables>;
export const PermissionMatrixDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"PermissionMatrix"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"actions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"actions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"writes"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"roles"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"sort"},"value":{"kind":"StringValue","value":"name","block":false}},{"kind":"Argument","name":{"kind":"Name","value":"pagination"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"limit"},"value":{"kind":"IntValue","value":"-1"}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"documentId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"permissions"}}]}}]}}]} as unknown as DocumentNode<PermissionMatrixQuery, PermissionMatrixQueryVariables>;
export const CreateRoleDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateRole"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"data"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateRoleInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createRole"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"data"},"value":{"kind":"Variable","name":{"kind":"Name","value":"data"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"documentId"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"permissions"}}]}}]}}]} as unknown as DocumentNode<CreateRoleMutation, CreateRoleMutationVariables>;
export const SetPermissionsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SetPermissions"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"role"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"version"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"add"}},"type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"remove"}},"type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"setPermissions"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"role"},"value":{"kind":"Variable","name":{"kind":"Name","value":"role"}}},{"kind":"Argument","name":{"kind":"Name","value":"version"},"value":{"kind":"Variable","name":{"kind":"Name","value":"version"}}},{"kind":"Argument","name":{"kind":"Name","value":"add"},"value":{"kind":"Variable","name":{"kind":"Name","value":"add"}}},{"kind":"Argument","name":{"kind":"Name","value":"remove"},"value":{"kind":"Variable","name":{"kind":"Name","value":"remove"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"permissions"}}]}}]}}]} as unknown as DocumentNode<SetPermissionsMutation, SetPermissionsMutationVariables>;
export const AuditLogDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"AuditLog"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filters"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"AuditFiltersInput"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"pagination"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"PaginationArg"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"auditEntries"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filters"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filters"}}},{"kind":"Argument","name":{"kind":"Name","value":"pagination"},"value":{"kind":"Variable","name":{"kind":"Name","value":"pagination"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"event"}},{"kind":"Field","name":{"kind":"Name","value":"actorKind"}},{"kind":"Field","name":{"kind":"Name","value":"actorName"}},{"kind":"Field","name":{"kind":"Name","value":"targetName"}},{"kind":"Field","name":{"kind":"Name","value":"before"}},{"kind":"Field","name":{"kind":"Name","value":"after"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"total"}}]}}]}}]}}]} as unknown as DocumentNode<AuditLogQuery, AuditLogQueryVariables>;