/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
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

/** The values of the post. */
export type PostInput = {
  /** The documentId of its author. */
  author?: string | number | null | undefined;
  /** The documentId of its category. */
  category?: string | number | null | undefined;
  /** Its content. */
  content?: string | null | undefined;
  /** Whether it is featured. */
  featured?: boolean | null | undefined;
  /** Its kind. */
  kind?: PostKind | null | undefined;
  /** Whether it is premium. */
  premium?: boolean | null | undefined;
  /** When it was published; null before that. */
  publishedAt?: string | null | undefined;
  /** Its rating. */
  rating?: number | null | undefined;
  /** Its slug. Unique. */
  slug?: string | null | undefined;
  /** The documentIds of its tags. They replace the ones before. */
  tags?: Array<string | number | null | undefined> | null | undefined;
  /** Its title. Required. */
  title?: string | null | undefined;
  /** Its views. */
  views?: number | null | undefined;
};

/** The values of kind. */
export type PostKind =
  /** Article. */
  | 'article'
  /** News. */
  | 'news'
  /** Tutorial. */
  | 'tutorial';

/** The credentials of a login. */
export type UsersPermissionsLoginInput = {
  /** The e-mail or the username. Case makes no difference. */
  identifier: string;
  /** The password of the account. */
  password: string;
  /** `local`. Login providers have an address of their own: `/connect/google`. */
  provider?: string;
};

export type LogInMutationVariables = Exact<{
  input: UsersPermissionsLoginInput;
}>;


export type LogInMutation = { login: { jwt: string | null, user: { username: string } } | null };

export type MeQueryVariables = Exact<{ [key: string]: never; }>;


export type MeQuery = { me: { username: string, email: string | null, role: { type: string | null } | null } | null };

export type PostsQueryVariables = Exact<{
  pagination?: PaginationArg | null | undefined;
}>;


export type PostsQuery = { posts: Array<{ title: string, kind: PostKind, publishedAt: string | null, author: { name: string } | null, category: { name: string } | null }> | null };

export type CreatePostMutationVariables = Exact<{
  data: PostInput;
}>;


export type CreatePostMutation = { createPost: { documentId: string } | null };


export const LogInDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"LogIn"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UsersPermissionsLoginInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"login"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"jwt"}},{"kind":"Field","name":{"kind":"Name","value":"user"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"username"}}]}}]}}]}}]} as unknown as DocumentNode<LogInMutation, LogInMutationVariables>;
export const MeDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Me"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"me"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"username"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"role"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}}]}}]}}]}}]} as unknown as DocumentNode<MeQuery, MeQueryVariables>;
export const PostsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Posts"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"pagination"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"PaginationArg"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"posts"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"pagination"},"value":{"kind":"Variable","name":{"kind":"Name","value":"pagination"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"publishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"author"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"category"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]} as unknown as DocumentNode<PostsQuery, PostsQueryVariables>;
export const CreatePostDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreatePost"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"data"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"PostInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createPost"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"data"},"value":{"kind":"Variable","name":{"kind":"Name","value":"data"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"documentId"}}]}}]}}]} as unknown as DocumentNode<CreatePostMutation, CreatePostMutationVariables>;