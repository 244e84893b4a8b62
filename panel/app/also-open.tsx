import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { act, useMayChange } from '../api/hooks.ts';
import { isTokenSpent } from '../api/renewal.ts';
import { session } from '../api/session.ts';
import { useWatch } from '../api/watch.ts';
import { CloseFormDocument, KeepFormOpenDocument, type KeepFormOpenMutation } from '../generated/graphql.ts';
import { Notice } from '../ui/notice.tsx';
import { useLanguage, useWords } from '../words/words.ts';

type Editors = NonNullable<KeepFormOpenMutation['keepFormOpen']>;

/** Milliseconds between two words to the server, which forgets a form after ninety seconds. */
const EVERY = 20_000;

/**
 * Names the others who have a form open, and tells them of this one.
 *
 * @param form the address of what is edited: `/roles/abc`.
 */
export function AlsoOpen({ form, changed }: { readonly form: string; readonly changed: boolean }): ReactNode {
  const { common } = useWords();
  const language = useLanguage();
  const editors = useEditors(encodeURI(form), changed);
  const lines = [
    [editors.filter((one) => one.changed), common.alsoChanging, 'warn'],
    [editors.filter((one) => !one.changed), common.alsoOpen, 'info'],
  ] as const;
  return lines.map(([those, say, kind]) =>
    those.length === 0 ? null : (
      <Notice key={kind} kind={kind} role="status">
        {say(new Intl.ListFormat(language).format(those.map(({ name }) => name)), those.length)}
      </Notice>
    ),
  );
}

function useEditors(form: string, changed: boolean): Editors {
  const mayChange = useMayChange();
  const [editors, setEditors] = useState<Editors>([]);
  /** What is on its way, so that a form is not closed before the word that it is open has come. */
  const sent = useRef<Promise<unknown>>(undefined);
  /** What is shown: the answer for another form comes too late. */
  const shown = useRef(form);
  shown.current = form;
  const tell = useCallback(() => {
    sent.current = act(KeepFormOpenDocument, { form, changed }, { quiet: true }).then(
      ({ keepFormOpen }) => shown.current === form && setEditors(keepFormOpen ?? []),
      () => {}, // a comfort: the form works without it
    );
  }, [form, changed]);
  // A form is open in a tab that nobody looks at, too.
  useWatch(mayChange ? tell : undefined, EVERY, { hidden: true });
  useEffect(() => {
    if (!mayChange) return undefined;
    return () => {
      setEditors([]);
      void sent.current?.then(() => {
        if (session.get().kind === 'open' && !isTokenSpent()) {
          act(CloseFormDocument, { form }, { quiet: true }).catch(() => {});
        }
      });
    };
  }, [form, mayChange]);
  return editors;
}
