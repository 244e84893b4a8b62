import type { Logger } from 'pino';
import type { Attempts } from '../../authentication/attempts.ts';
import type { Codes } from '../../authentication/codes.ts';
import type { Passwords } from '../../authentication/passwords.ts';
import type { Tokens } from '../../authentication/tokens.ts';
import type { Background } from '../../background.ts';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import type { AccountMails } from '../../mail/account-mails.ts';

/** What the account operations work with. */
export interface AccountServices {
  readonly prisma: PrismaClient;
  readonly passwords: Passwords;
  readonly tokens: Tokens;
  readonly codes: Codes;
  readonly attempts: Attempts;
  readonly mails: AccountMails;
  readonly background: Background;
  readonly log: Logger;
}
