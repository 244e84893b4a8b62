import { useMemo } from 'react';
import { useData } from '../api/hooks.ts';
import { ContentTypesDocument } from '../generated/graphql.ts';
import type { ContentType } from '../screens/content/content-type.ts';
import type { Destination } from './navigation.ts';

/** The content types of this server; undefined before they are known. */
export function useContentTypes(): readonly ContentType[] | undefined {
  return useData(ContentTypesDocument, {}).data?.contentTypes ?? undefined;
}

/** The screens of the content types. */
export function useContentDestinations(): readonly Destination[] {
  const types = useContentTypes();
  return useMemo(
    () =>
      (types ?? []).map(({ name, label, pluralLabel, isSingle }) => ({
        title: isSingle ? label : pluralLabel,
        to: `/content/${name}`,
        icon: isSingle ? 'single' : 'content',
      })),
    [types],
  );
}
