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
    "\n  mutation LogIn($input: UsersPermissionsLoginInput!) {\n    login(input: $input) {\n      jwt\n      user {\n        username\n      }\n    }\n  }\n": typeof types.LogInDocument,
    "\n  query Me {\n    me {\n      username\n      email\n      role {\n        type\n      }\n    }\n  }\n": typeof types.MeDocument,
    "\n  query Posts($pagination: PaginationArg) {\n    posts(pagination: $pagination) {\n      title\n      kind\n      publishedAt\n      author {\n        name\n      }\n      category {\n        name\n      }\n    }\n  }\n": typeof types.PostsDocument,
    "\n  mutation CreatePost($data: PostInput!) {\n    createPost(data: $data) {\n      documentId\n    }\n  }\n": typeof types.CreatePostDocument,
};
const documents: Documents = {
    "\n  mutation LogIn($input: UsersPermissionsLoginInput!) {\n    login(input: $input) {\n      jwt\n      user {\n        username\n      }\n    }\n  }\n": types.LogInDocument,
    "\n  query Me {\n    me {\n      username\n      email\n      role {\n        type\n      }\n    }\n  }\n": types.MeDocument,
    "\n  query Posts($pagination: PaginationArg) {\n    posts(pagination: $pagination) {\n      title\n      kind\n      publishedAt\n      author {\n        name\n      }\n      category {\n        name\n      }\n    }\n  }\n": types.PostsDocument,
    "\n  mutation CreatePost($data: PostInput!) {\n    createPost(data: $data) {\n      documentId\n    }\n  }\n": types.CreatePostDocument,
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
export function graphql(source: "\n  mutation LogIn($input: UsersPermissionsLoginInput!) {\n    login(input: $input) {\n      jwt\n      user {\n        username\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation LogIn($input: UsersPermissionsLoginInput!) {\n    login(input: $input) {\n      jwt\n      user {\n        username\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Me {\n    me {\n      username\n      email\n      role {\n        type\n      }\n    }\n  }\n"): (typeof documents)["\n  query Me {\n    me {\n      username\n      email\n      role {\n        type\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Posts($pagination: PaginationArg) {\n    posts(pagination: $pagination) {\n      title\n      kind\n      publishedAt\n      author {\n        name\n      }\n      category {\n        name\n      }\n    }\n  }\n"): (typeof documents)["\n  query Posts($pagination: PaginationArg) {\n    posts(pagination: $pagination) {\n      title\n      kind\n      publishedAt\n      author {\n        name\n      }\n      category {\n        name\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreatePost($data: PostInput!) {\n    createPost(data: $data) {\n      documentId\n    }\n  }\n"): (typeof documents)["\n  mutation CreatePost($data: PostInput!) {\n    createPost(data: $data) {\n      documentId\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;