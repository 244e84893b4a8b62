import { useMemo } from 'react';
import type { ActorKind, AuditFiltersInput, AuditOutcome } from '../../generated/graphql.ts';
import { useAddress } from '../../ui/address.ts';

/** The names of the filters in the address. */
export const FILTERS = [
  'search',
  'event',
  'outcome',
  'by',
  'actor',
  'target',
  'about',
  'when',
  'since',
  'until',
] as const;

/** Milliseconds of each period up to now. */
const PERIODS: Readonly<Record<string, number>> = {
  '1h': 3_600_000,
  '24h': 86_400_000,
  '7d': 7 * 86_400_000,
  '30d': 30 * 86_400_000,
};

const OUTCOMES: readonly string[] = ['DONE', 'REFUSED'] satisfies AuditOutcome[];
export const ACTOR_KINDS = [
  'ADMIN',
  'USER',
  'TOKEN',
  'COMMAND_LINE',
  'SERVER',
  'ANONYMOUS',
] as const satisfies readonly ActorKind[];

/** The filters that the address names. What it names wrongly is as if it were absent. */
export function useAuditFilters(): AuditFiltersInput {
  const { get } = useAddress();
  const [search, event, outcome, by, actor, target, about, when, since, until] = FILTERS.map(get);
  return useMemo(() => {
    const period = PERIODS[when ?? ''];
    const from = period === undefined ? momentOf(since) : new Date(Date.now() - period).toISOString();
    const to = period === undefined ? momentOf(until) : undefined;
    return {
      ...(search && { search }),
      ...(event && { event }),
      ...(OUTCOMES.includes(outcome ?? '') && { outcome: outcome as AuditOutcome }),
      ...((ACTOR_KINDS as readonly string[]).includes(by ?? '') && { actorKind: by as ActorKind }),
      ...(actor && { actor }),
      ...(target && { target }),
      ...(about && { about }),
      ...(from && { since: from }),
      ...(to && { until: to }),
    };
  }, [search, event, outcome, by, actor, target, about, when, since, until]);
}

/** `2026-12-01T09:30` in the reader's zone. */
function momentOf(local: string | undefined): string | undefined {
  const date = new Date(local ?? '');
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
