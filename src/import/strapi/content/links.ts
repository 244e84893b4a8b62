import type { StrapiLinkEnd, StrapiRecord } from '../source.ts';
import { type MatchedRelation, type MatchedType, USER_UID } from './matched-type.ts';

/** The links of one relation, between rows of Strapi: `from` is a row of the type that has the relation. */
export interface Links {
  readonly type: MatchedType;
  readonly relation: MatchedRelation;
  readonly pairs: Link[];
}

export interface Link {
  readonly from: number;
  readonly to: number;
  /** Which of the two rows has the link in Strapi: a draft and its published row have links of their own. */
  readonly owner: 'from' | 'to';
  /** The place of `to` among what `from` is linked to. */
  readonly position: number;
}

/** Collects the links between matched types, each under the one relation that keeps it. */
export function collectLinks(types: readonly MatchedType[]) {
  const byRelation = new Map<MatchedRelation, Links>();
  let count = 0;

  function add(
    type: MatchedType,
    relation: MatchedRelation,
    { from, to, owner }: { readonly from: StrapiLinkEnd; readonly to: StrapiLinkEnd; readonly owner: Link['owner'] },
  ): void {
    const links = byRelation.get(relation) ?? { type, relation, pairs: [] };
    byRelation.set(relation, links);
    links.pairs.push({ from: from.ref, to: to.ref, owner, position: from.position ?? 0 });
    count++;
  }

  return {
    byRelation: byRelation as ReadonlyMap<MatchedRelation, Links>,
    get count() {
      return count;
    },
    /** @returns whether a relation here has a place for it. */
    add({ left, right }: Extract<StrapiRecord, { kind: 'link' }>): boolean {
      const found = [
        { from: left, to: right, owner: 'from' as const },
        { from: right, to: left, owner: 'to' as const },
      ].flatMap((ends) => {
        const type = types.find(({ uid }) => uid === ends.from.type);
        const relation = type?.relations.find(({ name }) => name === ends.from.field);
        const fits = relation !== undefined && relation.target === modelOf(types, ends.to.type);
        return type && fits ? [{ ...ends, type, relation }] : [];
      });
      // A relation with both sides is one link in Strapi. Here the side with the key knows whether its row needs the link.
      const place = found.find(({ relation }) => relation.link.kind === 'here') ?? found[0];
      if (place) add(place.type, place.relation, place);
      return place !== undefined;
    },
  };
}

function modelOf(types: readonly MatchedType[], uid: string): string | undefined {
  return uid === USER_UID ? 'User' : types.find((type) => type.uid === uid)?.type.model;
}
