import type { Logger } from 'pino';
import type { Attempts } from '../../accounts/attempts.ts';
import type { Codes } from '../../accounts/codes.ts';
import type { Passwords } from '../../accounts/passwords.ts';
import type { Audit } from '../../audit/audit.ts';
import type { Sessions } from '../../authentication/sessions.ts';
import type { Clock } from '../../common/clock.ts';
import type { Settings } from '../../database/settings.ts';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import type { AccountMails } from '../../mail/account-mails.ts';
import type { Delivery } from '../../mail/delivery.ts';

/** What the account operations work with. */
export interface AccountServices {
  readonly prisma: PrismaClient;
  readonly passwords: Passwords;
  readonly sessions: Sessions;
  readonly codes: Codes;
  readonly attempts: Attempts;
  readonly mails: AccountMails;
  readonly delivery: Delivery;
  readonly audit: Audit;
  readonly clock: Clock;
  /** What administrators decided about accounts. */
  readonly settings: () => Promise<Settings>;
  /** Told of each login whether the password was right. */
  readonly onLogin: (outcome: 'accepted' | 'refused') => void;
  readonly log: Logger;
}
