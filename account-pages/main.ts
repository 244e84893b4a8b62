import { isLoggedIn, renew } from './api.ts';
import { say } from './config.ts';
import { announce, announceError } from './dom.ts';
import { showFactors } from './factors.ts';
import { Failure } from './failure.ts';
import { attempt, loggedIn, showLogin } from './login.ts';
import { showPasskeys } from './passkeys.ts';
import { endProviderLogin } from './providers.ts';
import { showForgotPassword, showRegister } from './register.ts';
import { currentPage, type PageName, startRouter } from './router.ts';
import { showSessions } from './sessions.ts';

/** The pages of somebody who is logged in. Anybody else logs in first, at the same address. */
const OWN: Readonly<Partial<Record<PageName, () => Promise<void>>>> = {
  sessions: showSessions,
  passkeys: showPasskeys,
  factors: showFactors,
};

async function render(name: PageName): Promise<void> {
  const own = OWN[name];
  if (name === 'register') showRegister();
  else if (name === 'forgot-password') showForgotPassword();
  else if (!own) showLogin();
  else if (isLoggedIn()) await own().catch(orLogIn);
  else orLogIn(new Failure(say('sessionEnded'), 'SESSION_ENDED'));
}

function orLogIn(error: unknown): void {
  if (!(error instanceof Failure) || error.code !== 'SESSION_ENDED') throw error;
  showLogin();
  announce(error.message);
}

startRouter((name) => void render(name).catch(announceError));

async function start(): Promise<void> {
  const name = currentPage();
  if (name === 'login') {
    try {
      await endProviderLogin(attempt);
    } catch (error) {
      showLogin();
      announceError(error);
      return;
    }
    if (isLoggedIn()) return;
  }
  if (name !== 'forgot-password' && (await renew())) {
    if (name === 'login' || name === 'register') loggedIn();
    else await render(name);
    return;
  }
  await render(name);
}

void start().catch((error: unknown) => {
  showLogin();
  announceError(error);
});
