import { useEffect, useState } from 'react';
import { ask } from '../api/hooks.ts';
import { SearchEverywhereDocument } from '../generated/graphql.ts';
import type { IconName } from '../ui/icons.tsx';
import { useWords } from '../words/words.ts';
import { usePreferences } from './preferences.tsx';

interface Found {
  readonly title: string;
  readonly about: string;
  readonly to: string;
  readonly icon: IconName;
}

/** What was opened last, for an empty text; then the users and roles that match it. */
export function useFoundEverywhere(text: string): readonly Found[] {
  const { shell } = useWords();
  const { recent } = usePreferences();
  const [found, setFound] = useState<readonly Found[]>([]);
  const wanted = text.trim();
  useEffect(() => {
    if (wanted.length < 2) {
      setFound([]);
      return undefined;
    }
    let isCurrent = true;
    const timer = setTimeout(async () => {
      const answer = await ask(SearchEverywhereDocument, { text: wanted }).catch(() => undefined);
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
      ]);
    }, 200);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [wanted, shell]);
  if (wanted.length > 0) return found;
  return recent.map(({ title, to }): Found => ({ title, to, about: shell.recent, icon: 'right' }));
}
