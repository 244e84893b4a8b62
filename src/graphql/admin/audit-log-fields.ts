import { type Fault, invalidInput } from '../../common/errors.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import { maxRows, pageInfoOf, readPagination } from '../content-type/arguments/pagination.ts';
import type { ContentSchema, DynamicBuilder } from '../content-type/content-schema.ts';
import type { AdminServices } from './services.ts';

interface AuditFilters {
  readonly event?: string | null | undefined;
  readonly outcome?: string | null | undefined;
  readonly actor?: string | null | undefined;
  readonly actorKind?: string | null | undefined;
  readonly target?: string | null | undefined;
  readonly targetKind?: string | null | undefined;
  readonly about?: string | null | undefined;
  readonly since?: Date | null | undefined;
  readonly until?: Date | null | undefined;
  readonly search?: string | null | undefined;
  readonly upTo?: string | null | undefined;
  readonly after?: string | null | undefined;
}

type Entry = Prisma.AuditEntryGetPayload<Record<never, never>>;

/** The audit log, the newest entry first. */
export function addAuditLog(
  builder: DynamicBuilder,
  { inputs, pageInfo, largestPage }: ContentSchema,
  { prisma }: AdminServices,
): void {
  const outcome = enumOf(builder, 'AuditOutcome', ['done', 'refused']);
  const actorKind = enumOf(builder, 'ActorKind', ['admin', 'user', 'token', 'commandLine', 'server', 'anonymous']);
  const entry = builder.objectRef<Entry>('AuditEntry').implement({
    fields: (t) => ({
      id: t.id({
        nullable: false,
        description: 'One more than the id of the entry before it.',
        resolve: ({ id }) => String(id),
      }),
      at: t.expose('at', { type: 'DateTime', nullable: false }),
      event: t.exposeString('event', { nullable: false, description: '`user.block`, `role.setPermissions`, …' }),
      outcome: t.field({ type: outcome, nullable: false, resolve: (row) => row.outcome }),
      actorKind: t.field({ type: actorKind, nullable: false, resolve: (row) => row.actorKind }),
      actorId: t.exposeID('actorId', { nullable: true, description: 'The documentId of the actor.' }),
      actorName: t.exposeString('actorName', { nullable: true, description: 'As it was at that time.' }),
      targetKind: t.exposeString('targetKind', { nullable: true }),
      targetId: t.exposeID('targetId', { nullable: true, description: 'The documentId of the target.' }),
      targetName: t.exposeString('targetName', { nullable: true, description: 'As it was at that time.' }),
      before: t.field({
        type: 'JSON',
        nullable: true,
        description: 'The changed fields before the change.',
        resolve: (row) => row.before,
      }),
      after: t.field({
        type: 'JSON',
        nullable: true,
        description: 'The changed fields after the change.',
        resolve: (row) => row.after,
      }),
      impersonatedBy: t.string({
        nullable: true,
        description: 'The e-mail of the administrator who acted as the actor, as it was at that time.',
        resolve: impersonatorIn,
      }),
      address: t.exposeString('address', { nullable: true }),
      userAgent: t.exposeString('userAgent', { nullable: true }),
      requestId: t.exposeString('requestId', { nullable: true }),
      hash: t.exposeString('hash', {
        nullable: false,
        description: 'The hash of this entry and the hash before it.',
      }),
    }),
  });
  interface Page {
    readonly where: Prisma.AuditEntryWhereInput;
    readonly page: { readonly skip: number; readonly take: number };
  }
  const collection = builder.objectRef<Page>('AuditEntryCollection').implement({
    fields: (t) => ({
      nodes: t.field({
        type: [entry],
        nullable: false,
        resolve: ({ where, page }) => prisma.auditEntry.findMany({ where, orderBy: { id: 'desc' }, ...page }),
      }),
      pageInfo: t.field({
        type: pageInfo,
        nullable: false,
        resolve: async ({ where, page }) => pageInfoOf(page, await prisma.auditEntry.count({ where })),
      }),
    }),
  });
  const filters = builder.inputRef<AuditFilters>('AuditFiltersInput').implement({
    description: 'Conditions that an entry has to meet, all of them.',
    fields: (t) => ({
      event: t.string({ description: '`user.block`, or all events that begin with `user.`' }),
      outcome: t.field({ type: outcome }),
      actor: t.id({ description: 'A documentId.' }),
      actorKind: t.field({ type: actorKind }),
      target: t.id({ description: 'A documentId.' }),
      targetKind: t.string(),
      about: t.id({ description: 'A documentId, of the actor or of the target.' }),
      since: t.field({ type: 'DateTime' }),
      until: t.field({ type: 'DateTime' }),
      search: t.string({ description: 'In the names of actor and target, in any case.' }),
      upTo: t.id({
        description: 'The id of an entry: it and older ones. Pages stay the same while others are written.',
      }),
      after: t.id({ description: 'The id of an entry: newer ones than it.' }),
    }),
  });
  builder.queryField('auditEntries', (t) =>
    t.field({
      type: collection,
      nullable: true,
      description: 'The audit log, the newest entry first.',
      authScopes: { action: 'auditEntry.find' },
      args: {
        filters: t.arg({ type: filters }),
        pagination: t.arg({ type: inputs.pagination, defaultValue: {} }),
      },
      extensions: maxRows(largestPage),
      resolve: (_root, { filters, pagination }) => {
        const { page, faults: inPagination } = readPagination(pagination, largestPage);
        const faults = [...inPagination, ...faultsOf(filters ?? {})];
        if (faults.length > 0) throw invalidInput(faults);
        return { where: whereOf(filters ?? {}), page };
      },
    }),
  );
}

/** As audit.ts writes it. */
function impersonatorIn({ after }: Entry): string | null {
  if (typeof after !== 'object' || after === null || Array.isArray(after)) return null;
  const { impersonatedBy } = after;
  if (typeof impersonatedBy !== 'object' || impersonatedBy === null || Array.isArray(impersonatedBy)) return null;
  return typeof impersonatedBy['name'] === 'string' ? impersonatedBy['name'] : null;
}

const MAX_CHARACTERS = 200;

function faultsOf(filters: AuditFilters): Fault[] {
  const texts = Object.entries(filters).filter(
    ([, value]) => typeof value === 'string' && value.length > MAX_CHARACTERS,
  );
  const ids = (['upTo', 'after'] as const).filter((name) => filters[name] != null && !isEntryId(filters[name]));
  return [
    ...texts.map(([name]) => ({
      path: ['filters', name],
      message: `${name} must be at most ${MAX_CHARACTERS} characters`,
    })),
    ...ids.map((name) => ({ path: ['filters', name], message: `${name} must be the id of an entry` })),
  ];
}

/** What a bigint of the database holds for sure. */
function isEntryId(text: string): boolean {
  return /^\d{1,18}$/.test(text);
}

function whereOf(filters: AuditFilters): Prisma.AuditEntryWhereInput {
  const { event, outcome, actor, actorKind, target, targetKind, about, since, until, search, upTo, after } = filters;
  const text = search?.trim().replaceAll(/[%_\\]/g, '\\$&'); // what Prisma hands to ILIKE as it is
  const named = { contains: text ?? '', mode: 'insensitive' as const };
  return {
    ...(event != null && { event: event.endsWith('.') ? { startsWith: event.replaceAll(/[%_\\]/g, '\\$&') } : event }),
    ...(outcome != null && { outcome }),
    ...(actor != null && { actorId: actor }),
    ...(actorKind != null && { actorKind }),
    ...(target != null && { targetId: target }),
    ...(targetKind != null && { targetKind }),
    ...((upTo != null || after != null) && {
      id: { ...(upTo != null && { lte: BigInt(upTo) }), ...(after != null && { gt: BigInt(after) }) },
    }),
    ...((since || until) && { at: { ...(since && { gte: since }), ...(until && { lte: until }) } }),
    AND: [
      ...(about == null ? [] : [{ OR: [{ actorId: about }, { targetId: about }] }]),
      ...(text ? [{ OR: [{ actorName: named }, { targetName: named }] }] : []),
    ],
  };
}

/** `commandLine` → `COMMAND_LINE`. */
function enumOf(builder: DynamicBuilder, name: string, values: readonly string[]) {
  const members = values.map((value) => [value.replaceAll(/(?=[A-Z])/g, '_').toUpperCase(), { value }]);
  // Pairs of a map are no tuples to TypeScript.
  return builder.enumType(name, { values: Object.fromEntries(members) as Record<string, { value: string }> });
}
