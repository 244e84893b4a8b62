/* eslint-disable */
import * as types from './graphql.ts';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  mutation LogInAsAdmin($email: String!, $password: String!) {\n    login(email: $email, password: $password) {\n      jwt\n      admin {\n        name\n        role\n      }\n    }\n  }\n": typeof types.LogInAsAdminDocument,
    "\n  query PermissionMatrix {\n    actions {\n      label\n      actions {\n        action\n        label\n        writes\n      }\n    }\n    roles(sort: \"name\", pagination: { limit: -1 }) {\n      documentId\n      name\n      version\n      permissions\n    }\n  }\n": typeof types.PermissionMatrixDocument,
    "\n  mutation CreateRole($data: CreateRoleInput!) {\n    createRole(data: $data) {\n      documentId\n      version\n      permissions\n    }\n  }\n": typeof types.CreateRoleDocument,
    "\n  mutation SetPermissions($role: ID!, $version: Int!, $add: [String!], $remove: [String!]) {\n    setPermissions(role: $role, version: $version, add: $add, remove: $remove) {\n      version\n      permissions\n    }\n  }\n": typeof types.SetPermissionsDocument,
    "\n  query AuditLog($filters: AuditFiltersInput, $pagination: PaginationArg) {\n    auditEntries(filters: $filters, pagination: $pagination) {\n      nodes {\n        id\n        at\n        event\n        actorKind\n        actorName\n        targetName\n        before\n        after\n      }\n      pageInfo {\n        total\n      }\n    }\n  }\n": typeof types.AuditLogDocument,
};
const documents: Documents = {
    "\n  mutation LogInAsAdmin($email: String!, $password: String!) {\n    login(email: $email, password: $password) {\n      jwt\n      admin {\n        name\n        role\n      }\n    }\n  }\n": types.LogInAsAdminDocument,
    "\n  query PermissionMatrix {\n    actions {\n      label\n      actions {\n        action\n        label\n        writes\n      }\n    }\n    roles(sort: \"name\", pagination: { limit: -1 }) {\n      documentId\n      name\n      version\n      permissions\n    }\n  }\n": types.PermissionMatrixDocument,
    "\n  mutation CreateRole($data: CreateRoleInput!) {\n    createRole(data: $data) {\n      documentId\n      version\n      permissions\n    }\n  }\n": types.CreateRoleDocument,
    "\n  mutation SetPermissions($role: ID!, $version: Int!, $add: [String!], $remove: [String!]) {\n    setPermissions(role: $role, version: $version, add: $add, remove: $remove) {\n      version\n      permissions\n    }\n  }\n": types.SetPermissionsDocument,
    "\n  query AuditLog($filters: AuditFiltersInput, $pagination: PaginationArg) {\n    auditEntries(filters: $filters, pagination: $pagination) {\n      nodes {\n        id\n        at\n        event\n        actorKind\n        actorName\n        targetName\n        before\n        after\n      }\n      pageInfo {\n        total\n      }\n    }\n  }\n": types.AuditLogDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation LogInAsAdmin($email: String!, $password: String!) {\n    login(email: $email, password: $password) {\n      jwt\n      admin {\n        name\n        role\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation LogInAsAdmin($email: String!, $password: String!) {\n    login(email: $email, password: $password) {\n      jwt\n      admin {\n        name\n        role\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PermissionMatrix {\n    actions {\n      label\n      actions {\n        action\n        label\n        writes\n      }\n    }\n    roles(sort: \"name\", pagination: { limit: -1 }) {\n      documentId\n      name\n      version\n      permissions\n    }\n  }\n"): (typeof documents)["\n  query PermissionMatrix {\n    actions {\n      label\n      actions {\n        action\n        label\n        writes\n      }\n    }\n    roles(sort: \"name\", pagination: { limit: -1 }) {\n      documentId\n      name\n      version\n      permissions\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateRole($data: CreateRoleInput!) {\n    createRole(data: $data) {\n      documentId\n      version\n      permissions\n    }\n  }\n"): (typeof documents)["\n  mutation CreateRole($data: CreateRoleInput!) {\n    createRole(data: $data) {\n      documentId\n      version\n      permissions\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetPermissions($role: ID!, $version: Int!, $add: [String!], $remove: [String!]) {\n    setPermissions(role: $role, version: $version, add: $add, remove: $remove) {\n      version\n      permissions\n    }\n  }\n"): (typeof documents)["\n  mutation SetPermissions($role: ID!, $version: Int!, $add: [String!], $remove: [String!]) {\n    setPermissions(role: $role, version: $version, add: $add, remove: $remove) {\n      version\n      permissions\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AuditLog($filters: AuditFiltersInput, $pagination: PaginationArg) {\n    auditEntries(filters: $filters, pagination: $pagination) {\n      nodes {\n        id\n        at\n        event\n        actorKind\n        actorName\n        targetName\n        before\n        after\n      }\n      pageInfo {\n        total\n      }\n    }\n  }\n"): (typeof documents)["\n  query AuditLog($filters: AuditFiltersInput, $pagination: PaginationArg) {\n    auditEntries(filters: $filters, pagination: $pagination) {\n      nodes {\n        id\n        at\n        event\n        actorKind\n        actorName\n        targetName\n        before\n        after\n      }\n      pageInfo {\n        total\n      }\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;