import { useEffect, useState } from 'react';
import { ask, type Data, useData } from '../../api/hooks.ts';
import { ContentTypesDocument } from '../../generated/graphql.ts';
import type { Find, Pick } from '../../ui/picker.tsx';
import { type ContentType, fieldOf, type Related, type Row, type Target, targetOf } from './content-type.ts';
import { oneDocument, picksDocument, relatedDocument } from './documents.ts';
import { pickOf } from './values.ts';

/** One content type and all others, which its relations lead to. */
export function useContentType(name: string): {
  readonly type: ContentType | undefined;
  readonly types: readonly ContentType[] | undefined;
  readonly failure: unknown;
} {
  const { data, failure } = useData(ContentTypesDocument, {});
  const types = data?.contentTypes ?? undefined;
  return { type: types?.find((one) => one.name === name), types, failure: types ? undefined : failure };
}

/** A page of a list as the server answers it. */
export interface Listed {
  readonly list: {
    readonly nodes: readonly Row[];
    readonly pageInfo: {
      readonly page: number;
      readonly pageSize: number;
      readonly pageCount: number;
      readonly total: number;
    };
  } | null;
}

export type ListVariables = {
  readonly filters?: unknown;
  readonly search?: string;
  readonly sort?: readonly string[];
  readonly pagination?: {
    readonly page?: number;
    readonly pageSize?: number;
    readonly start?: number;
    readonly limit?: number;
  };
};

/** A list of which the last answer stays in view until the next one is there. */
export function useList(document: string, variables: ListVariables): Data<Listed> {
  const answer = useData<Listed, ListVariables>(document, variables);
  const [kept, setKept] = useState(answer.data);
  if (answer.data && answer.data !== kept) setKept(answer.data);
  return { ...answer, data: answer.data ?? kept };
}

/** More documents than that are not put into a form: one input takes no more of them. */
export const MOST_RELATED = 1_000;

/** One document as it is now, with all documents of its relations that a form can change. Null: there is none. */
export async function askOne(
  type: ContentType,
  types: readonly ContentType[],
  documentId: string | undefined,
): Promise<Row | null> {
  const key = type.isSingle ? {} : { documentId };
  const { one } = await ask<{ readonly one: Row | null }, object & Record<string, unknown>>(
    oneDocument(type, types),
    key,
  );
  if (!one) return null;
  const more: Record<string, unknown> = {};
  for (const field of type.fields) {
    if (field.kind !== 'RELATION_TO_MANY' || !field.writable || !field.readable) continue;
    const total = totalOf(one, field.name);
    const found = [...((one[field.name] ?? []) as readonly Related[])];
    const document = relatedDocument(type, field, targetOf(types, field.type));
    while (found.length < total && total <= MOST_RELATED) {
      const variables = { ...key, start: found.length };
      const answer = await ask<{ readonly one: { readonly related: readonly Related[] } | null }, typeof variables>(
        document,
        variables,
      );
      const next = answer.one?.related ?? [];
      if (next.length === 0) break;
      found.push(...next);
    }
    more[field.name] = found;
  }
  return { ...one, ...more };
}

/** How many documents a relation to many leads to. */
export function totalOf(row: Row, name: string): number {
  const connection = row[`${name}_connection`] as { readonly pageInfo: { readonly total: number } } | null | undefined;
  return connection?.pageInfo.total ?? 0;
}

export async function askPicks(
  target: Omit<Target, 'one' | 'connection' | 'path'>,
  variables: ListVariables,
): Promise<readonly Related[]> {
  const document = picksDocument(target);
  const { picks } = await ask<{ readonly picks: readonly Related[] | null }, ListVariables>(document, variables);
  return picks ?? [];
}

/** What a picker shows at once. */
const SHOWN = 10;

/** Finds documents for a picker by the search of their type, else by their title. */
export function findIn(target: Target): Find {
  return async (text) => {
    const wanted = text.trim();
    const sort = target.title === 'documentId' ? [] : [target.title];
    const picks = await askPicks(target, { ...searchFor(target, wanted), sort, pagination: { limit: SHOWN + 1 } });
    const found = picks.slice(0, SHOWN).map(pickOf);
    const isAmbiguous = (label: string) => found.filter((one) => one.label === label).length > 1;
    return {
      // Two of the same name are told apart by what is never the same.
      found: found.map((one): Pick => (isAmbiguous(one.label) ? { ...one, hint: one.id } : one)),
      more: picks.length > SHOWN,
    };
  };
}

/** The variables that search a list for a text. */
export function searchFor(
  { hasSearch, title }: { readonly hasSearch: boolean; readonly title: string },
  text: string,
): { readonly search?: string; readonly filters?: Readonly<Record<string, unknown>> } {
  if (text === '') return {};
  if (hasSearch) return { search: text };
  return { filters: title === 'documentId' ? { documentId: { startsWith: text } } : { [title]: { containsi: text } } };
}

/** The titles of documents, for filters that name them by documentId. */
export function useTitles(target: Target | undefined, ids: readonly string[]): ReadonlyMap<string, string> {
  const [titles, setTitles] = useState<ReadonlyMap<string, string>>(new Map());
  const wanted = JSON.stringify(ids);
  useEffect(() => {
    const documentIds = JSON.parse(wanted) as readonly string[]; // the list itself is another one at each drawing
    if (!target || documentIds.length === 0) return undefined;
    let isCurrent = true;
    askPicks(target, { filters: { documentId: { in: documentIds } }, pagination: { limit: documentIds.length } })
      .then((found) => isCurrent && setTitles(new Map(found.map(pickOf).map(({ id, label }) => [id, label]))))
      .catch(() => {}); // the documentId says which one it is
    return () => {
      isCurrent = false;
    };
  }, [target, wanted]);
  return titles;
}

/** The field of the other type that leads back to this one, if there is only one that can be filtered by. */
export function fieldBack(type: ContentType, types: readonly ContentType[], name: string): string | undefined {
  const target = types.find((one) => one.name === fieldOf(type, name)?.type);
  const back = target?.fields.filter(({ type: leads, readable }) => readable && leads === type.name) ?? [];
  return back.length === 1 ? back[0]?.name : undefined;
}
