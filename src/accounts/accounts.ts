import type { Logger } from 'pino';
import type { Audit } from '../audit/audit.ts';
import type { AdminViewer, UserViewer, Viewer } from '../authentication/viewer.ts';
import type { Clock } from '../common/clock.ts';
import type { Settings } from '../database/settings.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { AccountMails } from '../mail/account-mails.ts';
import type { Outbox } from '../mail/outbox/outbox.ts';
import type { SendNow } from '../mail/send-now.ts';
import type { AdminRow, UserRow } from './account-rows.ts';
import type { Attempts } from './attempts.ts';
import type { Codes } from './codes.ts';
import type { NextStep } from './let-in.ts';
import type { Passwords } from './passwords.ts';
import type { Person, Realm } from './realms/realm.ts';
import type { Sessions } from './sessions/sessions.ts';
import type { UserSessions } from './sessions/user-sessions.ts';

/** What acts on the accounts of one realm work with, whatever door they are asked for at. */
export interface Accounts<Account extends Person, Me extends Viewer = never> {
  readonly realm: Realm<Account, Me>;
  readonly prisma: PrismaClient;
  readonly passwords: Passwords;
  readonly sessions: Sessions<Account>;
  readonly codes: Codes;
  readonly attempts: Attempts;
  readonly mails: AccountMails;
  readonly outbox: Outbox;
  readonly sendNow: SendNow;
  readonly audit: Audit;
  readonly clock: Clock;
  /** What administrators decided about accounts. */
  readonly settings: () => Promise<Settings>;
  /** Whether one more step is needed, of somebody who proved to be the owner of an account. */
  readonly nextStep: NextStep;
  /** Called after each login: whether the password was right. */
  readonly onLogin: (outcome: 'accepted' | 'refused') => void;
  readonly log: Logger;
}

export interface UserAccounts extends Accounts<UserRow, UserViewer> {
  readonly sessions: UserSessions;
}

export type AdminAccounts = Accounts<AdminRow, AdminViewer>;
