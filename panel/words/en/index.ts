import { account } from './account.ts';
import { administrators } from './administrators.ts';
import { audit } from './audit.ts';
import { common } from './common.ts';
import { content } from './content.ts';
import { entrance } from './entrance.ts';
import { failures } from './failures.ts';
import { home } from './home.ts';
import { loginProviders } from './login-providers.ts';
import { mails } from './mails.ts';
import { roles } from './roles.ts';
import { rules } from './rules.ts';
import { settings } from './settings.ts';
import { shell } from './shell.ts';
import { tokens } from './tokens.ts';
import { users } from './users.ts';

/** All words of the panel, by the part that says them. */
export const en = {
  account,
  administrators,
  audit,
  common,
  content,
  entrance,
  failures,
  home,
  loginProviders,
  mails,
  roles,
  rules,
  settings,
  shell,
  tokens,
  users,
};
