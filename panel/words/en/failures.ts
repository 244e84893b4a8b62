export const failures = {
  unexpected: 'Something went wrong in this page. Reload it and try again.',
  unreachable: 'The server cannot be reached. Check your connection and try again. Nothing that you typed is lost.',
  forbidden: 'Your account is not allowed to do this.',
  stepUp: 'This needs your password again. Nothing was changed.',
  rateLimited: (seconds: number) => `Too many attempts. Try again in ${seconds} seconds.`,
  passkeyNotGiven: 'No passkey was given. Try again, or use another way.',
  passkeyExists: 'This device or password manager already has a passkey of your account.',
  passkeyElsewhere:
    'This browser has no passkeys here. Open this page over https and by its name, or at localhost, in a current browser.',
  server: 'The server had an error, which is in its log. Try again later.',
  seeFields: 'Some fields need attention. The reasons are beside them.',
  notFound: 'This page does not exist',
  notFoundAbout: 'What stood here was moved or deleted.',
};
