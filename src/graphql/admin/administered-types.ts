import { impersonatorName } from '../../accounts/sessions/impersonator-name.ts';
import type { OwnSession } from '../../accounts/sessions/sessions.ts';
import { actionsIn, PERMISSION, permissionsIn } from '../../administration/permission-row.ts';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import type { Builder } from '../builder.ts';
import { AMR } from '../common-descriptions.ts';
import { contentType } from '../content-type/content-type.ts';
import { readBy, rulesOfUserFields } from '../user-fields/add-user-fields.ts';
import type { ResolvedUserFields } from '../user-fields/resolve-user-fields.ts';
import type { AdminServices } from './services.ts';

/** The main role and the further ones: a relation over a view, which Prisma's types do not have. */
const ROLES = 'roles' as 'role';

/** What is administered, with the queries of content types: filters, sort, pages and connections. Its mutations are by hand. */
export const administered = (userFields: Pick<ResolvedUserFields, 'fields'>) => [
  contentType('User', {
    read: [
      'username',
      'usernameDisputed',
      'email',
      'provider',
      'confirmed',
      'blocked',
      'blockReason',
      'blockedUntil',
      'deletesAt',
      'role',
      ROLES,
      ...(readBy(userFields, 'administrators') as 'username'[]), // an application's, which these types do not have
      'createdAt',
      'updatedAt',
    ],
    write: [],
    search: ['username', 'email'],
    numericId: true,
    columns: {
      provider: {
        label: 'How the user logs in: `local` with a password, or the login provider of a user without one.',
      },
      deletesAt: {
        label: 'When the account is deleted, since its owner asked for that. A login before then keeps it.',
      },
      usernameDisputed: {
        label: 'Whether the username has the form of an e-mail that is not the user’s, or belongs to an older account.',
      },
      ...rulesOfUserFields(userFields),
    },
  }),
  contentType('Role', {
    read: ['name', 'description', 'type', 'requiresSecondFactor', 'version', 'users', 'createdAt', 'updatedAt'],
    write: [],
    search: ['name', 'description', 'type'],
    numericId: true,
  }),
  contentType('ApiToken', {
    read: [
      'name',
      'description',
      'kind',
      'prefix',
      'importedFrom',
      'lifespan',
      'expiresAt',
      'revokedAt',
      'lastUsedAt',
      'lastUsedFrom',
      'createdAt',
      'updatedAt',
    ],
    write: [],
    search: ['name', 'description'],
    columns: {
      prefix: { label: 'The beginning of its secret; empty for one that Strapi made.' },
      importedFrom: { label: 'The system that made its secret: `strapi`; null for a secret of this server.' },
      lifespan: { label: 'Days from its creation; null for a token that does not expire.' },
      lastUsedAt: { label: 'To within five minutes.' },
    },
  }),
  contentType('Admin', {
    read: ['email', 'name', 'role', 'createdAt', 'updatedAt'],
    write: [],
    search: ['email', 'name'],
  }),
];

const SESSION_COLUMNS = {
  documentId: true,
  address: true,
  userAgent: true,
  createdAt: true,
  lastUsedAt: true,
  expiresAt: true,
  amr: true,
  impersonatedById: true,
} as const;

/** What to select of a role or an API token: its permissions, once for all fields about them. */
export const PERMISSIONS = { permissions: { select: PERMISSION } } as const;

/** The longest list of sessions. */
const MAX_ENTRIES = 100;

/** What those types have beside their columns. */
export function addMoreFields(
  builder: Builder,
  session: SessionType,
  { clock, tokenActions }: Pick<AdminServices, 'clock' | 'tokenActions'>,
): void {
  builder.prismaObjectField('User', 'sessions', (t) =>
    t.field({
      type: [session],
      nullable: false,
      description: `The user’s sessions, the last used first: ${MAX_ENTRIES} at most.`,
      select: () => {
        const now = clock();
        return {
          sessions: {
            select: SESSION_COLUMNS,
            where: { expiresAt: { gt: now }, OR: [{ idleUntil: null }, { idleUntil: { gt: now } }] },
            orderBy: [{ lastUsedAt: 'desc' as const }, { id: 'desc' as const }],
            take: MAX_ENTRIES,
          },
        };
      },
      // Pothos does not infer what is selected by a function.
      resolve: (user) => (user as typeof user & { readonly sessions: OwnSession[] }).sessions,
    }),
  );
  builder.prismaObjectField('Role', 'permissions', (t) =>
    t.stringList({
      nullable: false,
      description: 'Its actions, in alphabetical order.',
      select: PERMISSIONS,
      resolve: ({ permissions }) => actionsIn(permissionsIn(permissions)),
    }),
  );
  builder.prismaObjectField('Role', 'isDefault', (t) =>
    t.boolean({
      nullable: false,
      description: 'Whether new users get it.',
      select: { defaultFor: { select: { id: true } } },
      resolve: ({ defaultFor }) => defaultFor.length > 0,
    }),
  );
  builder.prismaObjectField('ApiToken', 'actions', (t) =>
    t.stringList({
      nullable: false,
      description: 'The actions of a token of the kind CUSTOM, in alphabetical order.',
      select: PERMISSIONS,
      resolve: ({ permissions }) => actionsIn(permissionsIn(permissions)),
    }),
  );
  builder.prismaObjectField('ApiToken', 'effectivePermissions', (t) =>
    t.stringList({
      nullable: false,
      description: 'The actions that it has, by its kind or by its list, in alphabetical order.',
      select: { kind: true, ...PERMISSIONS },
      resolve: ({ kind, permissions }) => {
        if (kind === 'CUSTOM') return actionsIn(permissionsIn(permissions));
        return [...(kind === 'FULL_ACCESS' ? tokenActions.all : tokenActions.reading)].sort();
      },
    }),
  );
  const status = builder.enumType('ApiTokenStatus', { values: ['ACTIVE', 'EXPIRED', 'REVOKED'] as const });
  builder.prismaObjectField('ApiToken', 'status', (t) =>
    t.field({
      type: status,
      nullable: false,
      select: { expiresAt: true, revokedAt: true },
      resolve: ({ expiresAt, revokedAt }) => {
        if (revokedAt) return 'REVOKED';
        return expiresAt && expiresAt <= clock() ? 'EXPIRED' : 'ACTIVE';
      },
    }),
  );
}

export type SessionType = ReturnType<typeof addSessionType>;

export function addSessionType(builder: Builder, { prisma }: { readonly prisma: PrismaClient }) {
  return builder.objectRef<OwnSession>('LoginSession').implement({
    fields: (t) => ({
      documentId: t.exposeID('documentId', { nullable: false }),
      device: t.exposeString('userAgent', { nullable: true, description: 'What the client calls itself.' }),
      address: t.exposeString('address', { nullable: false, description: 'The address of its last use.' }),
      createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false }),
      lastUsedAt: t.expose('lastUsedAt', {
        type: 'DateTime',
        nullable: false,
        description: 'The time of the last use, exact to five minutes.',
      }),
      expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: false }),
      amr: t.exposeStringList('amr', { nullable: false, description: AMR }),
      impersonatedBy: t.string({
        nullable: true,
        description: 'The name of the administrator who acts as the user in this session.',
        resolve: (session) => impersonatorName(prisma, session),
      }),
      isCurrent: t.boolean({
        nullable: false,
        description: 'Whether it is the session of the token in use.',
        resolve: ({ documentId }, _args, { viewer }) => viewer.kind === 'admin' && viewer.session === documentId,
      }),
    }),
  });
}
