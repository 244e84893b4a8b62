import { useEffect, useState } from 'react';
import { ask } from '../api/hooks.ts';
import { SearchEverywhereDocument } from '../generated/graphql.ts';
import type { ContentType, Related } from '../screens/content/content-type.ts';
import { documentAddress } from '../screens/content/document-address.ts';
import { searchDocument } from '../screens/content/documents.ts';
import { shortened } from '../screens/content/text.ts';
import { pickOf } from '../screens/content/values.ts';
import type { IconName } from '../ui/icons.tsx';
import { useWords } from '../words/words.ts';
import { useContentTypes } from './content-destinations.ts';
import { usePreferences } from './preferences.tsx';

interface Found {
  readonly title: string;
  readonly about: string;
  readonly to: string;
  readonly icon: IconName;
}

/** Types whose documents are searched at once, and documents of each. */
const MOST_TYPES = 12;
const OF_EACH = 3;

/** What was opened last, for an empty text; then the users, roles and documents that match it. */
export function useFoundEverywhere(text: string): readonly Found[] {
  const { shell } = useWords();
  const { recent } = usePreferences();
  const [found, setFound] = useState<readonly Found[]>([]);
  const types = useContentTypes();
  const wanted = text.trim();
  useEffect(() => {
    if (wanted.length < 2) {
      setFound([]);
      return undefined;
    }
    let isCurrent = true;
    const timer = setTimeout(async () => {
      const [answer, documents] = await Promise.all([
        ask(SearchEverywhereDocument, { text: wanted }).catch(() => undefined),
        findDocuments(types ?? [], wanted).catch(() => []),
      ]);
      if (!isCurrent || !answer) return;
      setFound([
        ...(answer.users ?? []).map(
          ({ documentId, username, email }): Found => ({
            title: username,
            about: email,
            to: `/users/${documentId}`,
            icon: 'users',
          }),
        ),
        ...(answer.roles ?? []).map(
          ({ documentId, name }): Found => ({
            title: name,
            about: shell.roles,
            to: `/roles/${documentId}`,
            icon: 'shield',
          }),
        ),
        ...documents,
      ]);
    }, 200);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [wanted, shell, types]);
  if (wanted.length > 0) return found;
  return recent.map(({ title, to }): Found => ({ title, to, about: shell.recent, icon: 'right' }));
}

async function findDocuments(all: readonly ContentType[], text: string): Promise<readonly Found[]> {
  const types = all.filter(({ isSingle }) => !isSingle).slice(0, MOST_TYPES);
  const document = searchDocument(types, OF_EACH);
  if (document === undefined) return [];
  const answer = await ask<Readonly<Record<string, readonly Related[] | null>>, { readonly text: string }>(document, {
    text,
  });
  return types.flatMap(({ name, label }, index) =>
    (answer[`t${index}`] ?? []).map(
      (related): Found => ({
        title: shortened(pickOf(related).label, 80),
        about: label,
        to: documentAddress(name, related.documentId),
        icon: 'content',
      }),
    ),
  );
}
