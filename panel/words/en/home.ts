import type { HomeQuery } from '../../generated/graphql.ts';

type Item = NonNullable<HomeQuery['overview']>['attention'][number];

const plural = (count: number | null, one: string, many: string) => `${count ?? 0} ${count === 1 ? one : many}`;
const day = (at: string | null) =>
  at === null ? '' : new Intl.DateTimeFormat('en', { dateStyle: 'medium' }).format(new Date(at));

export const home = {
  production: 'Production',
  development: 'Development',
  attention: 'Needs attention',
  nothing: 'Nothing needs your attention.',
  kinds: {
    PUBLIC_PASSWORD: ({ count }) =>
      `${plural(count, 'account', 'accounts')} can be logged in to with the public password of development.`,
    PUBLIC_WRITES: ({ count }) => `Without a login, anybody can use ${plural(count, 'action', 'actions')} that write.`,
    UNREADABLE_GRANTS: ({ name, count }) =>
      name === null
        ? `${count} roles and API tokens have rules that can no longer be read. They allow nothing.`
        : `${name} has ${plural(count, 'rule', 'rules')} that can no longer be read. They allow nothing.`,
    UNKNOWN_ACTIONS: ({ name, count }) =>
      name === null
        ? `${count} roles and API tokens have actions that this server does not have.`
        : `${name} has ${plural(count, 'action', 'actions')} that this server does not have.`,
    NO_MAIL_SERVER: () => 'There is no mail server (SMTP_URL): mails are sent to nobody.',
    STUCK_MAILS: ({ count }) => `${plural(count, 'mail', 'mails')} should have been sent by now.`,
    FAILED_MAILS: ({ count }) => `${plural(count, 'mail', 'mails')} could not be sent in the last 7 days.`,
    TOKENS_ENDING: ({ name, count, at }) =>
      name === null ? `${count} API tokens expire within 14 days.` : `The API token ${name} expires on ${day(at)}.`,
    TOKENS_UNUSED: ({ name, count, at }) =>
      name === null
        ? `${count} API tokens are valid, and nobody uses them.`
        : at === null
          ? `The API token ${name} has never been used.`
          : `The API token ${name} was last used on ${day(at)}.`,
    TOKENS_IMPORTED: ({ name, count }) =>
      name === null
        ? `${count} API tokens have secrets that Strapi made. Give each a new one.`
        : `The API token ${name} has a secret that Strapi made. Give it a new one.`,
    DISPUTED_USERNAMES: ({ count }) => `${plural(count, 'username', 'usernames')} can be mistaken for another user.`,
  } satisfies Readonly<Record<Item['kind'], (item: Item) => string>> as Readonly<
    Record<Item['kind'], (item: Item) => string>
  >,
  mend: {
    PUBLIC_PASSWORD: 'Set other passwords',
    PUBLIC_WRITES: 'Look at the role',
    UNREADABLE_GRANTS: 'Repair them',
    UNKNOWN_ACTIONS: 'Remove them',
    NO_MAIL_SERVER: 'See the mails',
    STUCK_MAILS: 'See what failed',
    FAILED_MAILS: 'See them',
    TOKENS_ENDING: 'Renew it',
    TOKENS_UNUSED: 'Look at it',
    TOKENS_IMPORTED: 'Make a new secret',
    DISPUTED_USERNAMES: 'Look at the users',
  } satisfies Readonly<Record<Item['kind'], string>> as Readonly<Record<Item['kind'], string>>,
  counts: 'How much there is',
  unconfirmed: 'Not confirmed',
  blocked: 'Blocked users',
  signUps: 'Sign-ups',
  signUpsMore: 'In the audit log',
  logins: 'Log-ins',
  loginsDone: 'log-ins',
  loginsRefused: 'refused log-ins',
  loginsMore: 'Refused ones in the audit log',
  total: (count: number, name: string) => `${count} ${name}`,
  chartLabel: (title: string, totals: readonly { readonly name: string; readonly total: number }[]) =>
    `${title} by day: ${totals.map(({ name, total }) => `${total} ${name}`).join(', ')} in all`,
  utc: 'Days in UTC',
  day: 'Day',
  asTable: 'As a table',
  noRecent: 'Users, roles, documents and tokens that you open appear here.',
  views: 'Saved lists',
  firstSteps: 'First steps',
  firstStepsAbout: 'There are no users yet.',
  stepDone: 'Done',
  steps: {
    permissions: {
      title: 'Decide what everybody may do',
      about: 'The role Public is for requests without a login, Authenticated for new users.',
    },
    user: { title: 'Create a user', about: 'Or let them register themselves.' },
    token: { title: 'Create an API token', about: 'For a website or another program that uses this server.' },
    settings: { title: 'Look at the settings', about: 'Sign-ups, confirmation of addresses, sessions, passwords.' },
    mails: { title: 'Write your mails', about: 'And set SMTP_URL, so that they are sent.' },
  },
  server: 'This server',
  api: 'API for your clients',
  playground: 'Playground',
  playgroundUsers: 'As a user or a guest',
  playgroundAdmins: 'As an administrator',
  noPlayground: 'It is there in development only.',
  documentation: 'Documentation',
  documentationAbout: 'In the folder docs of the project; “npm run docs:dev” shows it as pages.',
  version: 'Version',
};
