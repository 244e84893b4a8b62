import type { TypedDocumentNode } from '@graphql-typed-document-node/core';

/** A client as a front end has it, connected as somebody or as nobody. */
export interface FrontEnd {
  query: Ask;
  mutate: Ask;
}

export type Ask = <Data, Variables extends Record<string, unknown>>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
) => Promise<Outcome<Data>>;

/** What the client hands its application. */
export interface Outcome<Data> {
  readonly data: Data | null | undefined;
  /** The `extensions.code` of each GraphQL error that it reports. */
  readonly codes: readonly unknown[];
  /** An error that it does not take for a GraphQL answer: a wrong status, a broken connection. */
  readonly networkError: unknown;
}

export type Connect = (url: string, token?: string) => FrontEnd;

export function bearer(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}
