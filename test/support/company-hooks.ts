import type { AccountHooks } from '../../src/accounts/hooks/account-hooks.ts';
import { applicationError } from '../../src/common/errors.ts';

export const hooks: AccountHooks = {
  beforeRegister({ email }) {
    if (!email.endsWith('@company.com')) throw applicationError('Only people of the company can register');
  },
  tokenClaims: ({ roles }) => ({ roles }),
  onLoginRefused({ reason, user }, { address, log }) {
    if (user) log.warn({ reason, address, user: user.documentId }, 'a login was refused');
  },
};
