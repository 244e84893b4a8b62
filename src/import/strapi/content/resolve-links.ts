import type { Link, Links } from './links.ts';
import type { MatchedRelation } from './matched-type.ts';
import type { ContentSurvey, SurveyedType } from './survey.ts';

/** The links of one relation between rows that are written. */
export interface ResolvedLinks extends Pick<Links, 'type' | 'relation'> {
  readonly pairs: readonly (readonly [from: number, to: number])[];
  /** Links that have no place: their other end is not written, or has one already. */
  readonly lost: number;
  /** Rows whose links had another order than that of the ids, which is the order of a list here. */
  readonly reordered: number;
}

/** Which links are written, and which rows are left out for want of one. */
export interface ResolvedContent {
  readonly links: readonly ResolvedLinks[];
  /** By uid, the ids of rows that are left out, each with the reason. */
  readonly leftOut: ReadonlyMap<string, ReadonlyMap<number, string>>;
}

/** @param users the ids of the users that are there once the accounts are imported. */
export function resolveLinks({ types, links }: ContentSurvey, users: ReadonlySet<number>): ResolvedContent {
  const leftOut = new Map(types.map(({ matched, leftOut: own }) => [matched.uid, new Map(own)]));
  const byModel = new Map(types.map((type) => [type.matched.type.model, type]));
  const written = (model: string, id: number) =>
    model === 'User' && !byModel.has(model) ? users.has(id) : isWritten(byModel.get(model), leftOut, id);
  const keptOf = (all: Links | undefined): readonly Link[] => {
    if (!all) return [];
    const { type, relation } = all;
    const whole = pairsOf(all, byModel).filter(
      ({ from, to }) => written(type.type.model, from) && written(relation.target, to),
    );
    return keep(whole, relation);
  };

  // A row that is left out can leave another one without a link that it needs.
  for (let before = -1; before !== sizeOf(leftOut); ) {
    before = sizeOf(leftOut);
    for (const { matched, chosen } of types) {
      for (const relation of matched.relations.filter(({ required }) => required)) {
        const linked = new Set(keptOf(links.get(relation)).map(({ from }) => from));
        const rows = leftOut.get(matched.uid);
        for (const id of new Set(chosen.values())) {
          if (!linked.has(id) && !rows?.has(id)) rows?.set(id, `has no ${relation.name}`);
        }
      }
    }
  }

  const resolved = [...links.values()].map((all): ResolvedLinks => {
    const { type, relation } = all;
    const kept = keptOf(all);
    return {
      type,
      relation,
      pairs: kept.map(({ from, to }) => [from, to]),
      lost: pairsOf(all, byModel).length - kept.length,
      reordered: relation.many ? countReordered(kept) : 0,
    };
  });
  return { links: resolved, leftOut };
}

function isWritten(
  type: SurveyedType | undefined,
  leftOut: ReadonlyMap<string, ReadonlyMap<number, string>>,
  id: number,
): boolean {
  return type?.chosen.get(id) === id && !leftOut.get(type.matched.uid)?.has(id);
}

function sizeOf(leftOut: ReadonlyMap<string, ReadonlyMap<number, string>>): number {
  return [...leftOut.values()].reduce((sum, { size }) => sum + size, 0);
}

/** The links of chosen rows, between the rows that stand for their documents; each once. */
function pairsOf({ type, relation, pairs }: Links, byModel: ReadonlyMap<string, SurveyedType>): Link[] {
  const here = byModel.get(type.type.model)?.chosen;
  const there = byModel.get(relation.target)?.chosen;
  const seen = new Set<string>();
  return pairs.flatMap((pair) => {
    const from = here?.get(pair.from);
    const to = there ? there.get(pair.to) : pair.to;
    const isOfChosen = pair.owner === 'from' ? from === pair.from : to === pair.to;
    if (from === undefined || !isOfChosen) return [];
    const key = `${from} ${to}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ ...pair, from, to: to ?? Number.NaN }];
  });
}

/** A column holds one key, so the first link of a row is kept. */
function keep(pairs: readonly Link[], { link, unique, many }: MatchedRelation): readonly Link[] {
  if (link.kind === 'between') return pairs;
  const froms = new Set<number>();
  const tos = new Set<number>();
  return pairs.filter(({ from, to }) => {
    const isTaken =
      link.kind === 'here' ? froms.has(from) || (unique && tos.has(to)) : tos.has(to) || (!many && froms.has(from));
    if (isTaken) return false;
    froms.add(from);
    tos.add(to);
    return true;
  });
}

function countReordered(pairs: readonly Link[]): number {
  const byFrom = Map.groupBy(pairs, ({ from }) => from);
  return [...byFrom.values()].filter((own) => {
    const ids = own.toSorted((a, b) => a.position - b.position).map(({ to }) => to);
    return ids.some((id, at) => id < (ids[at - 1] ?? 0));
  }).length;
}
