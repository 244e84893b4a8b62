import type { Logger } from 'pino';
import type { NextStep } from '../accounts/complete-login.ts';
import type { AccountHooks } from '../accounts/hooks/account-hooks.ts';
import type { Authenticate } from '../authentication/authenticate.ts';
import type { Clock } from '../common/clock.ts';
import type { Config } from '../config/config.ts';
import type { Database } from '../database/open.ts';
import type { DeclaredContentType } from '../graphql/content-type/content-type.ts';
import type { Login } from '../graphql/graphiql.ts';
import type { OperationPlugin } from '../graphql/plugins/operation-plugin.ts';
import type { Extend } from '../graphql/public-schema.ts';
import type { DeclaredUserFields } from '../graphql/user-fields/user-fields.ts';
import type { ClientLimits } from '../http/client-limits.ts';
import type { AccountPages } from '../http/pages/pages.ts';
import type { Timeouts } from '../http/server.ts';
import type { Mailer } from '../mail/mailer.ts';

/** The options of a server. Several servers can run in one process if each has its own. */
export interface GatehouseOptions {
  readonly config: Config;
  /** An open database with its roles in it. The server closes it. */
  readonly database: Database;
  readonly log: Logger;
  readonly contentTypes: readonly DeclaredContentType[];
  /** Fields of users that are yours. */
  readonly userFields?: DeclaredUserFields | undefined;
  /** Adds types and fields to the schema of `/graphql`, in plain Pothos. */
  readonly extend?: Extend | undefined;
  /** Your Yoga or Envelop plugins for every operation of `/graphql`, in this order. */
  readonly plugins?: readonly OperationPlugin[] | undefined;
  /** The same for `/admin/graphql`: these plugins see all data and tokens of administrators. */
  readonly adminPlugins?: readonly OperationPlugin[] | undefined;
  /** The name, the logo, the look and the words of the pages that the server has itself. */
  readonly accountPages?: AccountPages | undefined;
  readonly clock?: Clock;
  readonly mailer?: Mailer;
  readonly timeouts?: Partial<Timeouts>;
  /** Your functions that take part in registrations, logins and deletions of users. */
  readonly hooks?: AccountHooks | undefined;
  /** The time that one call of a hook can take, in milliseconds. Default: 5,000. */
  readonly hookTimeLimit?: number | undefined;
  /** The interval at which the outbox is checked for mails of other processes, in milliseconds. */
  readonly outboxLookEvery?: number;
  /** Limits of connections and requests per client. */
  readonly clientLimits?: Partial<ClientLimits>;
  /** Replaces Gatehouse's authentication of `/graphql`. */
  readonly authenticate?: Authenticate;
  /** Decides whether a login needs one more step, such as a second factor. Default: no login does. */
  readonly nextStep?: NextStep;
  /** The accounts in GraphiQL's example logins. Everybody who opens it can read their passwords. */
  readonly examples?: { readonly user?: Login | undefined; readonly administrator?: Login | undefined };
}
