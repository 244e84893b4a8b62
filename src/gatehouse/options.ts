import type { Logger } from 'pino';
import type { NextStep } from '../accounts/let-in.ts';
import type { Authenticate } from '../authentication/authenticate.ts';
import type { Clock } from '../common/clock.ts';
import type { Config } from '../config/config.ts';
import type { Database } from '../database/open.ts';
import type { DeclaredContentType } from '../graphql/content-type/content-type.ts';
import type { Login } from '../graphql/graphiql.ts';
import type { OperationPlugin } from '../graphql/plugins/operation-plugin.ts';
import type { Extend } from '../graphql/public-schema.ts';
import type { ClientLimits } from '../http/client-limits.ts';
import type { Timeouts } from '../http/server.ts';
import type { Mailer } from '../mail/mailer.ts';

/** What a server is made of. Two of them can live in one process, as long as each has its own. */
export interface GatehouseOptions {
  readonly config: Config;
  /** An open database with its roles in it. The server closes it. */
  readonly database: Database;
  readonly log: Logger;
  readonly contentTypes: readonly DeclaredContentType[];
  /** Adds types and fields to the schema of `/graphql`, in plain Pothos. */
  readonly extend?: Extend | undefined;
  /** Yoga or Envelop plugins of yours, which take part in every operation of `/graphql`, in this order. */
  readonly plugins?: readonly OperationPlugin[] | undefined;
  /** The same for `/admin/graphql`: they see what administrators see, and their tokens. */
  readonly adminPlugins?: readonly OperationPlugin[] | undefined;
  readonly clock?: Clock;
  readonly mailer?: Mailer;
  readonly timeouts?: Partial<Timeouts>;
  /** Milliseconds between two looks for mails that other processes left. */
  readonly outboxLookEvery?: number;
  /** What clients may hold of the server. */
  readonly clientLimits?: Partial<ClientLimits>;
  /** Finds the viewer of requests to `/graphql` in another way than by Gatehouse's tokens. */
  readonly authenticate?: Authenticate;
  /** Whether a login needs one more step: a second factor, say. Without it none does. */
  readonly nextStep?: NextStep;
  /** Accounts that GraphiQL logs in as in its first operations. Everybody who opens it reads their passwords. */
  readonly examples?: { readonly user?: Login | undefined; readonly administrator?: Login | undefined };
}
