import {
  CompleteLogInDocument,
  ForgotPasswordDocument,
  LogInDocument,
  LogOutDocument,
  type RegisterFirstAdminInput,
  StepUpDocument,
  WelcomeDocument,
} from '../generated/graphql.ts';
import { enter } from './guest.ts';
import { act } from './hooks.ts';
import { openedBy } from './renewal.ts';
import { session } from './session.ts';
import type { ProofKind } from './step-up.ts';

/** @throws Failure */
export async function logIn(email: string, password: string): Promise<void> {
  const { login } = await enter(LogInDocument, { email, password });
  if (login) session.open(openedBy(login));
}

/**
 * Completes a log-in that asked for a second factor: six digits are a code of the app, everything else is a backup code.
 *
 * @throws Failure
 */
export async function completeLogIn(challenge: string, code: string): Promise<void> {
  const isTotp = /^[\d\s]+$/.test(code);
  const { completeLogin } = await enter(CompleteLogInDocument, {
    input: { challenge, ...(isTotp ? { totp: code } : { backupCode: code }) },
  });
  if (completeLogin) session.open(openedBy(completeLogin));
}

/** Creates the first administrator, who is logged in then. @throws Failure */
export async function welcome(input: RegisterFirstAdminInput, code: string | undefined): Promise<void> {
  const { registerFirstAdmin } = await enter(WelcomeDocument, { input, code: code ?? null });
  if (registerFirstAdmin) session.open(openedBy(registerFirstAdmin));
}

/** @throws Failure */
export async function forgotPassword(email: string): Promise<void> {
  await enter(ForgotPasswordDocument, { email });
}

/** Ends the session on the server, by its cookie, and in every tab. An unreachable server does not keep somebody logged in here. */
export async function logOut(): Promise<void> {
  try {
    await enter(LogOutDocument, {});
  } catch {
    // what is kept here is forgotten all the same
  }
  session.close();
}

/** Proves once more who one is, for what is sensitive: by a password, or by a code of the app. @throws Failure */
export async function prove(kind: ProofKind, value: string): Promise<void> {
  await act(StepUpDocument, { input: { [kind]: value } });
}
