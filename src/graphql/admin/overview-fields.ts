import { ATTENTION_KINDS, type Attention, readAttention } from '../../administration/overview/attention.ts';
import { MAX_DAYS, type OverviewDay, readDays, refuseDays } from '../../administration/overview/days.ts';
import { type OverviewNumbers, readNumbers } from '../../administration/overview/numbers.ts';
import type { Builder } from '../builder.ts';
import { type Cost, DATABASE_COST } from '../operation/cost.ts';
import type { AdminServices } from './services.ts';

/** Reading users, the audit log and all permissions once. */
const OVERVIEW: Cost = { once: 400, each: 0 };

interface Overview extends OverviewNumbers {
  /** How many days were asked for. */
  readonly length: number;
}

/** What an administrator sees first: how much there is, what happened, and what needs attention. */
export function addOverview(builder: Builder, services: AdminServices): void {
  const { prisma, clock } = services;
  const overview = builder.objectRef<Overview>('Overview').implement({
    description: 'How much there is, what happened, and what needs attention.',
    fields: (t) => ({
      users: t.exposeInt('users', { nullable: false, description: 'The number of users.' }),
      blockedUsers: t.exposeInt('blockedUsers', { nullable: false, description: 'Those who are blocked now.' }),
      unconfirmedUsers: t.exposeInt('unconfirmedUsers', {
        nullable: false,
        description: 'Those whose e-mail address is not confirmed.',
      }),
      roles: t.exposeInt('roles', { nullable: false, description: 'The number of roles.' }),
      apiTokens: t.exposeInt('apiTokens', { nullable: false, description: 'The API tokens that are accepted.' }),
      administrators: t.exposeInt('administrators', { nullable: false, description: 'The number of administrators.' }),
      days: t.field({
        type: [addDay(builder)],
        nullable: false,
        description: 'The last days, the oldest first. Today is the last one.',
        resolve: ({ length }) => readDays(prisma, length, clock()),
      }),
      attention: t.field({
        type: [addAttention(builder)],
        nullable: false,
        description: 'What an administrator should look at, the most urgent first.',
        resolve: (numbers) => readAttention(services, numbers),
      }),
    }),
  });
  builder.queryField('overview', (t) =>
    t.field({
      type: overview,
      nullable: true,
      description: 'How much there is, what happened in the last days, and what needs attention.',
      authScopes: { action: 'overview.find' },
      args: {
        days: t.arg.int({ defaultValue: 14, description: `The number of days, up to ${MAX_DAYS}.` }),
      },
      extensions: { [DATABASE_COST]: () => OVERVIEW },
      resolve: async (_root, { days }) => {
        const length = days ?? 14;
        refuseDays(length);
        return { ...(await readNumbers(prisma, clock())), length };
      },
    }),
  );
}

function addDay(builder: Builder) {
  return builder.objectRef<OverviewDay>('OverviewDay').implement({
    description: 'What happened on one day.',
    fields: (t) => ({
      day: t.expose('day', { type: 'DateTime', nullable: false, description: 'When it began, in UTC.' }),
      signUps: t.exposeInt('signUps', { nullable: false, description: 'Users who registered.' }),
      logins: t.exposeInt('logins', { nullable: false, description: 'Logins of users and administrators.' }),
      refusedLogins: t.exposeInt('refusedLogins', {
        nullable: false,
        description: 'Logins of users and administrators that were refused.',
      }),
      refusals: t.exposeInt('refusals', {
        nullable: false,
        description: 'Attempts to administer that were not allowed, or had a bad credential.',
      }),
    }),
  });
}

function addAttention(builder: Builder) {
  const kind = builder.enumType('AttentionKind', {
    description: 'What needs attention.',
    values: ATTENTION_KINDS,
  });
  return builder.objectRef<Attention>('Attention').implement({
    description: 'Something that an administrator should look at.',
    fields: (t) => ({
      kind: t.expose('kind', { type: kind, nullable: false, description: 'What it is.' }),
      text: t.exposeString('text', { nullable: false, description: 'What it is, in words.' }),
      count: t.exposeInt('count', { nullable: true, description: 'How many there are, where that can be counted.' }),
      subject: t.exposeID('subject', {
        nullable: true,
        description:
          'The documentId of the role or the API token that it is about. Null if it is about none, or about many.',
      }),
      subjectKind: t.exposeString('subjectKind', { nullable: true, description: '`role` or `apiToken`.' }),
      name: t.exposeString('name', { nullable: true, description: 'The name of that role or API token.' }),
      at: t.expose('at', {
        type: 'DateTime',
        nullable: true,
        description: 'When an API token expires, or when it was last used.',
      }),
    }),
  });
}
