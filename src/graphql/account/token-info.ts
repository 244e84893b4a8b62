import type { UserAccounts } from '../../accounts/accounts.ts';
import { type ActiveToken, type TokenInfo, tokenInfo } from '../../accounts/token-info.ts';
import { ApiError } from '../../common/errors.ts';
import type { Builder } from '../builder.ts';

/** Adds `tokenInfo`, for services that are sent tokens of users. */
export function addTokenInfo(builder: Builder, accounts: UserAccounts): void {
  const type = builder.objectRef<TokenInfo>('TokenInfo').implement({
    description: 'What is true of a token now (RFC 7662). Of one that is not active, nothing else is said.',
    fields: (t) => ({
      active: t.exposeBoolean('active', {
        nullable: false,
        description: 'Whether its user can use it now: genuine, not expired, not revoked, not blocked.',
      }),
      tokenType: t.string({
        nullable: true,
        description: '`Bearer`.',
        resolve: ({ active }) => (active ? 'Bearer' : null),
      }),
      sub: t.string({ nullable: true, description: 'The documentId of the user.', resolve: of('sub') }),
      username: t.string({ nullable: true, description: 'The username.', resolve: of('username') }),
      sid: t.string({ nullable: true, description: 'The documentId of the session.', resolve: of('sid') }),
      roles: t.stringList({
        nullable: true,
        description: 'The types of all roles of the user, the main one first.',
        resolve: (info) => (info.active ? [...info.roles] : null),
      }),
      iss: t.string({ nullable: true, description: 'The issuer.', resolve: of('iss') }),
      aud: t.string({ nullable: true, description: 'The audience.', resolve: of('aud') }),
      iat: t.float({ nullable: true, description: 'When it was issued: seconds since 1970.', resolve: of('iat') }),
      exp: t.float({ nullable: true, description: 'When it expires: seconds since 1970.', resolve: of('exp') }),
    }),
  });
  builder.queryField('tokenInfo', (t) =>
    t.field({
      type,
      nullable: true,
      description:
        'Says whether a token of a user is good now, for services that are sent one. A signature alone does not say that it was not revoked. Send it in the variables of a POST.',
      authScopes: { action: 'auth.tokenInfo' },
      args: { token: t.arg.string({ required: true, description: 'A token of a user: no API token.' }) },
      resolve: (_root, { token }, { inAddress }) => {
        // Logs of addresses keep it. Better that nobody gets used to it.
        if (inAddress) throw new ApiError('METHOD_NOT_ALLOWED', 'Send the token in the variables of a POST');
        return tokenInfo(accounts, token);
      },
    }),
  );
}

function of<Name extends keyof ActiveToken>(name: Name): (info: TokenInfo) => ActiveToken[Name] | null {
  return (info) => (info.active ? info[name] : null);
}
