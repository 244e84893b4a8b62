import type { Builder } from '../builder.ts';
import { addChangePassword } from './change-password.ts';
import { addEmailConfirmation } from './email-confirmation.ts';
import { addForgotPassword } from './forgot-password.ts';
import { addLogin } from './login.ts';
import { addLogout } from './logout.ts';
import { addMe } from './me.ts';
import { addRefresh } from './refresh.ts';
import { addRegister } from './register.ts';
import { addResetPassword } from './reset-password.ts';
import { addSendEmailConfirmation } from './send-email-confirmation.ts';
import type { AccountServices } from './services.ts';
import { addSessions } from './sessions.ts';
import { addAccountTypes } from './types.ts';
import { addUpdateMe } from './update-me.ts';

/** Mounts everything that a person can ask about their own account. */
export function addAccount(builder: Builder, services: AccountServices): void {
  const types = addAccountTypes(builder, services);
  addMe(builder, types);
  addRegister(builder, types, services);
  addLogin(builder, types, services);
  addRefresh(builder, types, services);
  addLogout(builder, types, services);
  addSessions(builder, services);
  addChangePassword(builder, types, services);
  addForgotPassword(builder, types, services);
  addResetPassword(builder, types, services);
  addEmailConfirmation(builder, types, services);
  addSendEmailConfirmation(builder, types, services);
  addUpdateMe(builder, types, services);
}
