import type { UserAccounts } from '../../accounts/accounts.ts';
import type { Asked } from '../../authentication/actor-of.ts';
import type { EndedToken } from '../../authentication/credential-refused.ts';
import type { Action } from '../../authorization/permissions.ts';
import type { RefreshCookie } from '../../graphql/context.ts';
import type { FlowCookie } from '../connect/flow-cookie.ts';
import type { MessagePage } from '../connect/message-page.ts';
import type { Spoken } from '../pages/words/words.ts';
import type { RestBody } from './request-body.ts';

/** A request to a path of accounts. */
export interface RestRequest extends Asked {
  /** The token that was sent with it, if it is expired or its session has ended. */
  readonly ended: EndedToken | undefined;
  readonly refreshCookie: RefreshCookie;
  readonly body: RestBody;
  readonly query: URLSearchParams;
  /** One of the server's paths. */
  readonly path: string;
  readonly flowCookie: FlowCookie;
}

export type RestAnswer =
  /** Sent as JSON. */
  | { readonly body: object }
  /** Redirects to this URL. */
  | { readonly location: string }
  /** A page for a person, in their language. */
  | { readonly page: (spoken: Spoken) => MessagePage };

/** A method and path of accounts: the action it needs, and its handler. */
export interface RestRoute {
  readonly action: Action;
  /** Whether it issues or revokes a token. Such a route also runs with an expired token. */
  readonly isEntry?: boolean;
  /** Of a path that ends in `/*`: which paths below it there are. Of any other, nothing is done before it is refused. */
  readonly paths?: RegExp;
  /** Whether it only reads. */
  readonly reads?: boolean;
  readonly answer: (accounts: UserAccounts, request: RestRequest) => Promise<RestAnswer>;
}
