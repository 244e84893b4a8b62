import type { UserAccounts } from '../../accounts/accounts.ts';
import type { Asked } from '../../authentication/actor-of.ts';
import type { EndedToken } from '../../authentication/credential-refused.ts';
import type { Action } from '../../authorization/permissions.ts';
import type { RefreshCookie } from '../../graphql/context.ts';
import type { RestBody } from './request-body.ts';

/** What a request brings to a path of the REST door. */
export interface RestRequest extends Asked {
  /** The token that was sent beside it, where it has expired, or its session is over. */
  readonly ended: EndedToken | undefined;
  readonly refreshCookie: RefreshCookie;
  readonly body: RestBody;
  readonly query: URLSearchParams;
}

export type RestAnswer =
  /** Sent as JSON. */
  | { readonly body: object }
  /** Where the client is sent to. */
  | { readonly location: string };

/** What is served at one path: the action it needs, and what it does for who is allowed it. */
export interface RestRoute {
  readonly action: Action;
  /** Whether it leads to a new token, or gives one up: it runs also beside a token that has expired. */
  readonly isEntry?: boolean;
  /** Whether it only looks, and changes nothing. */
  readonly reads?: boolean;
  readonly answer: (accounts: UserAccounts, request: RestRequest) => Promise<RestAnswer>;
}
