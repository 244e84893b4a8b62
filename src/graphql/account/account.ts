import type { UserAccounts } from '../../accounts/accounts.ts';
import type { Builder } from '../builder.ts';
import { dynamic } from '../content-type/content-schema.ts';
import type { ResolvedUserFields } from '../user-fields/resolve-user-fields.ts';
import { addChangePassword } from './change-password.ts';
import { addCompleteLogin } from './complete-login.ts';
import { addEmailConfirmation } from './email-confirmation.ts';
import { addExchangeStrapiToken } from './exchange-strapi-token.ts';
import { addForgotPassword } from './forgot-password.ts';
import { addIdentities } from './identities.ts';
import { addLogin } from './login.ts';
import { addLoginCode } from './login-code.ts';
import { addLoginProviders } from './login-providers.ts';
import { addLogout } from './logout.ts';
import { addMe } from './me.ts';
import { addRefresh } from './refresh.ts';
import { addRegister } from './register.ts';
import { addResetPassword } from './reset-password.ts';
import { addSecondFactors } from './second-factors.ts';
import { addSendEmailConfirmation } from './send-email-confirmation.ts';
import { addSessions } from './sessions.ts';
import { addStepUp } from './step-up.ts';
import { addAccountTypes } from './types.ts';
import { addUpdateMe } from './update-me.ts';

/** Adds the operations on the viewer's own account. */
export function addAccount(builder: Builder, accounts: UserAccounts, userFields: ResolvedUserFields): void {
  const types = addAccountTypes(builder, accounts, userFields);
  addMe(builder, types);
  addRegister(builder, types, accounts, userFields);
  addLogin(builder, types, accounts);
  addCompleteLogin(dynamic(builder), types, accounts);
  addExchangeStrapiToken(builder, types, accounts);
  addLoginCode(builder, types, accounts);
  addLoginProviders(builder, types, accounts);
  addIdentities(builder, accounts);
  addRefresh(builder, types, accounts);
  addLogout(builder, types, accounts);
  addSessions(builder, accounts);
  addChangePassword(builder, types, accounts);
  addForgotPassword(builder, types, accounts);
  addResetPassword(builder, types, accounts);
  addEmailConfirmation(builder, types, accounts);
  addSendEmailConfirmation(builder, types, accounts);
  addStepUp(dynamic(builder), types, accounts);
  addSecondFactors(dynamic(builder), accounts);
  addUpdateMe(builder, types, accounts, userFields);
}
