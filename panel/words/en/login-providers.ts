const fields = {
  label: 'Name on buttons',
  issuer: 'Issuer',
  clientId: 'Client ID',
  clientSecret: 'Client secret',
  scopes: 'Scopes',
  redirect: 'Page to return to',
  encryptionKey: 'the key that encrypted the secret (ENCRYPTION_KEY)',
};

const hints = {
  label: undefined,
  issuer: 'As its discovery document names it, such as https://login.example.com. Known providers have one.',
  clientId: 'What the provider calls this application.',
  scopes: 'With spaces between. Empty: what a login needs.',
  redirect: 'Of your front end, where it names none itself. Others have to be in LOGIN_REDIRECTS.',
};

export const loginProviders = {
  title: 'Login providers',
  about: 'Users log in with an account that they have elsewhere: Google, a company’s own, and others.',
  none: 'There is none. Users log in with a password.',
  create: 'Set up a provider',
  next: 'Next',
  provider: 'Provider',
  other: 'Another one, with OpenID Connect',
  name: 'Name in addresses',
  nameHint: 'Lower-case letters, digits and hyphens, such as our-company. It stays.',
  state: 'State',
  on: 'on',
  off: 'off',
  incomplete: 'not complete',
  missing: 'Missing or not valid:',
  fromEnvironment: 'Set up by the environment of the server. It cannot be changed here.',
  callbacks: 'Addresses to register at the provider',
  callbacksAbout:
    'Exactly so, or it refuses logins. The first for front ends that begin at /connect, the second for those of Strapi.',
  secretStored: 'One is stored, encrypted. Nobody can read it. Type another one to replace it.',
  linking: 'Link to existing accounts',
  linkingHint: 'Whether a login finds an account by its e-mail, when the provider did not know the user before.',
  linkings: {
    VERIFIED: 'If the e-mail is verified there and confirmed here',
    NEVER: 'Only by the users themselves',
  },
  enabled: 'Users can log in with it',
  tryIt: 'Try it',
  deleteTitle: (name: string) => `Remove ${name}?`,
  deleteAbout: 'Nobody can log in with it any more. Users stay, and find their accounts again if it is set up again.',
  deleted: (name: string) => `${name} was removed`,
  fields: fields as Readonly<Record<string, string>>,
  hints: hints as Readonly<Record<keyof typeof hints, string | undefined>>,
};
