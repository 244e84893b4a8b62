import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Database } from '../database/open.ts';
import type { GatehouseOptions } from '../gatehouse/options.ts';
import { createGatehouse, type Gatehouse } from '../gatehouse.ts';
import type { AdminRole } from '../generated/prisma/client.ts';
import type { ClientOfApp } from '../register.ts';
import type { App } from '../start/app.ts';
import { type Answer, type AskOptions, send } from './answer.ts';
import { type CapturedMail, keepMails } from './captured-mails.ts';
import { type ApiTokenWanted, createPeople, type Person, type PersonWanted } from './people.ts';
import { type ConfigOfTest, testConfig } from './test-config.ts';

/** A running server of an application on a database of its own, and what a test wants to know of it. */
export interface TestServer extends AsyncDisposable {
  /** Of `/graphql`. */
  readonly url: string;
  /** Sends a document to `/graphql`, when the server knows everything that was written with `prisma`. */
  ask(document: string, options?: AskOptions): Promise<Answer>;
  /** The same on `/admin/graphql`. */
  askAdmin(document: string, options?: AskOptions): Promise<Answer>;
  /** A new user, who is logged in. Hooks of registrations and logins run. */
  user(wanted?: PersonWanted): Promise<Person>;
  /** The secret of a new API token. */
  apiToken(wanted?: ApiTokenWanted): Promise<string>;
  /** The token of a new administrator. */
  adminToken(role?: AdminRole): Promise<string>;
  /** Every mail that was sent, the oldest first. Mails are sent in the background: `idle()` waits for them. */
  readonly mails: readonly CapturedMail[];
  /** The last mail to an address, when everything in the background is done. Throws an Error when there is none. */
  mailTo(email: string): Promise<CapturedMail>;
  /** Resolves when mails are sent and `after…` hooks have run. */
  idle(): Promise<void>;
  /** The time of the server. */
  readonly clock: { now(): Date; advance(milliseconds: number): void };
  /** Every SQL statement since the list was last emptied: `statements.length = 0`. */
  readonly statements: string[];
  /** Every line that was logged, as text. */
  readonly log: readonly string[];
  readonly prisma: ClientOfApp;
  readonly gatehouse: Gatehouse;
  readonly database: Database;
  close(): Promise<void>;
}

/** What a test replaces of a server. */
export interface ServerOptions
  extends Partial<Pick<GatehouseOptions, 'authenticate' | 'nextStep' | 'hookTimeLimit' | 'clientLimits'>> {
  /** Settings of the server in place of those of a test. */
  readonly config?: ConfigOfTest;
}

/** Starts a server of tests on a database that is open, with its roles in it. It is closed with the server. */
export async function serveForTests(
  app: App,
  database: Database,
  statements: string[],
  { config: changes = {}, ...given }: ServerOptions = {},
): Promise<TestServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-test-'));
  const log: string[] = [];
  const { mails, mailer } = keepMails();
  let ahead = 0;
  const now = () => new Date(Date.now() + ahead);
  const config = testConfig(dataDir, changes);
  const gatehouse = await createGatehouse({
    ...app,
    config,
    database,
    log: pino({ level: config.logLevel }, { write: (line) => void log.push(line) }),
    clock: now,
    mailer,
    outboxLookEvery: 3_600_000, // no statement that the test did not cause
    ...given,
  });
  const address = await gatehouse.listen();
  const to = (path: string) => async (document: string, options?: AskOptions) => {
    await database.changes.catchUp();
    return send(`${address}${path}`, document, options);
  };
  const ask = to('/graphql');
  const askAdmin = to('/admin/graphql');
  let closed: Promise<void> | undefined;
  const close = async () => {
    await gatehouse.close();
    rmSync(dataDir, { recursive: true, force: true });
  };

  return {
    url: `${address}/graphql`,
    ask,
    askAdmin,
    ...createPeople(gatehouse, ask, askAdmin),
    mails,
    async mailTo(email) {
      await gatehouse.idle();
      const mail = mails.findLast(({ to }) => to === email);
      if (!mail) throw new Error(`No mail was sent to ${email}`);
      return mail;
    },
    idle: () => gatehouse.idle(),
    clock: {
      now,
      advance(milliseconds) {
        ahead += milliseconds;
      },
    },
    statements,
    log,
    prisma: database.prisma,
    gatehouse,
    database,
    close: () => (closed ??= close()),
    [Symbol.asyncDispose]: () => (closed ??= close()),
  };
}
