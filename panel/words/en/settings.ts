const plural = (one: string, many: string) => (count: number) => `${count} ${count === 1 ? one : many}`;

export const settings = {
  about: 'How accounts work. A change takes effect with the next request.',
  signUpGroup: 'Sign-ups',
  signUpGroupAbout: 'Who can create an account, and what a new account may do.',
  sessionGroup: 'Sessions of users',
  sessionGroupAbout:
    'What a login returns, and for how long it is good. Changed, reset and blocked accounts are logged out at once in any case.',
  adminSessionGroup: 'Sessions of administrators',
  adminSessionGroupAbout: 'How long somebody stays logged in to this panel.',
  passwordGroup: 'Passwords',
  passwordGroupAbout: 'For new passwords. Those that are in use stay valid. Common passwords are refused in any case.',
  addressGroup: 'Pages that mails link to',
  addressGroupAbout:
    'Pages of your front end, which receive the code of the mail. Without one, mails link to the built-in pages.',
  labels: {
    signUps: 'New users can register',
    emailConfirmation: 'E-mail addresses have to be confirmed',
    emailLoginCodes: 'Users can log in with a code by mail',
    defaultRole: 'Role of new users',
    sessionMode: 'A login returns',
    refreshTokenInCookie: 'Keep the refresh token in a cookie',
    accessTokenLifespan: 'Life of a short token',
    idleRefreshTokenLifespan: 'A session ends when unused for',
    maxRefreshTokenLifespan: 'A session ends at the latest after',
    refreshTokenGrace: 'Accept a used refresh token again for',
    adminIdleSessionLifespan: 'Logged out when idle for',
    adminSecondFactor: 'Require a second factor',
    adminMaxSessionLifespan: 'Logged out at the latest after',
    passwordMinLength: 'Shortest password of a user',
    adminPasswordMinLength: 'Shortest password of an administrator',
    newDeviceMail: 'Mail users about logins from new devices',
    deleteGraceDays: 'Days until a deleted account is gone',
    resetPasswordUrl: 'Page for choosing a password',
    confirmEmailUrl: 'Page for confirming an address',
    loginCodeUrl: 'Page for logging in with a code',
    acceptInvitationUrl: 'Page for accepting an invitation',
  },
  hints: {
    signUps: 'If not, accounts are made by administrators and by invitation.',
    emailLoginCodes:
      'Eight digits, which work once and for ten minutes. Who reads the mails of an address can log in with it.',
    emailConfirmation:
      'Until then an account can neither log in nor use a token. The mail with the link is sent at the sign-up.',
    defaultRole: 'Every user who registers gets it. It can be changed for each user later.',
    refreshTokenInCookie: 'Scripts of a page cannot read it there. For front ends of the same site as this server.',
    accessTokenLifespan: 'The client renews it with the refresh token.',
    idleRefreshTokenLifespan: 'Somebody who returns later has to log in again.',
    maxRefreshTokenLifespan: 'Counted from the login, however much it is used.',
    refreshTokenGrace: 'For browser tabs that refresh at once, 60 seconds at most. 0: never.',
    adminIdleSessionLifespan: 'Also when the browser is closed for so long.',
    adminSecondFactor:
      'Until they have one, administrators can do nothing but set it up, on the page of their own account.',
    adminMaxSessionLifespan: 'Counted from the login. For sessions that begin after the change.',
    passwordMinLength: 'Characters, 8 to 64.',
    adminPasswordMinLength: 'Characters, 8 to 64.',
    newDeviceMail: 'With a link for those who did not log in: it ends all sessions and starts a reset of the password.',
    deleteGraceDays:
      'Of users who delete their own account, 0 to 365. A login before then keeps it. 0: it is deleted at once.',
  },
  pageHint: (url: string | undefined) => (url ? `Empty: the built-in page of ${url}` : 'Empty: the built-in page'),
  plain: 'One token that lives long',
  plainAbout:
    'One token, valid for as long as JWT_EXPIRES_IN says. This is what clients of Strapi expect. The times below do not apply.',
  refresh: 'A short token and a refresh token',
  refreshAbout: 'A stolen token is of use for minutes only. Clients have to renew it: documentation, “Clients”.',
  units: { days: 'days', hours: 'hours', minutes: 'minutes', seconds: 'seconds' },
  amount: {
    days: plural('day', 'days'),
    hours: plural('hour', 'hours'),
    minutes: plural('minute', 'minutes'),
    seconds: plural('second', 'seconds'),
  },
  unitOf: (label: string) => `${label}: unit`,
  chooseRole: 'Choose a role.',
  notANumber: 'Enter a number.',
  changedElsewhere:
    'Somebody else changed the settings meanwhile. Saving changes only the fields that you changed; discard to see theirs.',
  confirmTitle: 'Save these settings?',
  consequences: {
    signUpsOff: 'Nobody can register any more. Existing users can still log in.',
    signUpsOn: (role: string) => `Anybody who reaches this server can create an account, with the role ${role}.`,
    confirmationOn: (users: number | undefined) =>
      users === undefined
        ? 'Users whose address is not confirmed can neither log in nor use their tokens.'
        : users === 0
          ? 'New users cannot log in before they confirm their address. No existing user is affected.'
          : `${plural('user has', 'users have')(users)} not confirmed their address, and can neither log in nor use a token from now on.`,
    noMailServer: 'There is no mail server (SMTP_URL): nobody gets the mail that confirms an address.',
    confirmationOff: 'Anybody can register with an address that is not theirs, and is logged in at once.',
    defaultRole: (role: string) => `Users who register from now on get the role ${role}. Existing users keep theirs.`,
    plain: 'Logins return one token that lives long. Clients that expect a refresh token have to be changed.',
    refresh:
      'Logins return a short token and a refresh token. Clients that do not refresh are logged out after a short time.',
    cookie: 'Clients that expect the refresh token elsewhere have to log in again, and to be changed.',
    shorter: 'Users who have not used their session for that long have to log in again.',
    adminShorter: 'Administrators who are idle for longer have to log in again. This applies to you as well.',
  },
};
