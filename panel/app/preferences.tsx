import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { act, useData } from '../api/hooks.ts';
import { PreferencesDocument, SetPreferencesDocument } from '../generated/graphql.ts';
import { isLanguage, type Language, setLanguage } from '../words/words.ts';

export type Theme = 'light' | 'dark' | 'system';

/** What an administrator chose for themselves. It is kept on the server, so that it is there in every browser. */
export interface Preferences {
  readonly theme: Theme;
  readonly language: Language | undefined;
  /** The columns of each table, in their order: `users`, `content/Post`. */
  readonly columns: Readonly<Record<string, readonly string[]>>;
  /** What was opened last, the newest first. */
  readonly recent: readonly Recent[];
  /** The groups of the navigation that are folded. */
  readonly folded: readonly string[];
  /** Lists with filters that were given a name. */
  readonly views: readonly SavedView[];
}

export interface Recent {
  readonly title: string;
  readonly to: string;
  readonly kind: 'user' | 'role' | 'document' | 'token';
}

export interface SavedView {
  readonly title: string;
  /** The list with its filters: `/users?blocked=true`. */
  readonly to: string;
}

const NONE: Preferences = { theme: 'system', language: undefined, columns: {}, recent: [], folded: [], views: [] };
/** How many are kept of what was opened last. */
const RECENT = 12;

/** What changes of the preferences as they are; undefined: nothing. */
type Change = (before: Preferences) => Partial<Preferences> | undefined;

function changed(before: Preferences, change: Change): Preferences {
  const next = change(before);
  return next ? { ...before, ...next } : before;
}

interface Kept extends Preferences {
  readonly set: (change: Partial<Preferences>) => void;
  /** Notes that something was opened. */
  readonly visited: (recent: Recent) => void;
}

const Context = createContext<Kept>({ ...NONE, set: () => {}, visited: () => {} });

export function usePreferences(): Kept {
  return use(Context);
}

export function PreferencesProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const { data } = useData(PreferencesDocument, {});
  const me = data?.me;
  const [own, setOwn] = useState<Preferences>();
  /** What was changed before the server said what there is. It is kept on top of that: alone it would replace everything. */
  const [early, setEarly] = useState<readonly Change[]>([]);
  const known = useMemo(() => own ?? (me ? readPreferences(me.preferences) : undefined), [own, me]);
  const preferences = useMemo(() => known ?? early.reduce(changed, NONE), [known, early]);
  const latest = useRef(known);
  latest.current = known;
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    const { theme, language } = preferences;
    if (theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
    if (language) void setLanguage(language);
  }, [preferences]);
  const apply = useCallback((change: Change) => {
    if (!latest.current) return setEarly((before) => [...before, change]);
    const next = changed(latest.current, change);
    if (next === latest.current) return;
    latest.current = next;
    setOwn(next);
    clearTimeout(timer.current);
    // Several changes, such as the moves of a column, are one.
    timer.current = setTimeout(() => {
      // They are a comfort: what could not be kept is there until the page is left.
      act(SetPreferencesDocument, { preferences: next }).catch(() => {});
    }, 800);
  }, []);
  useEffect(() => {
    if (!known || early.length === 0) return;
    setEarly([]);
    for (const change of early) apply(change);
  }, [known, early, apply]);
  const set = useCallback((change: Partial<Preferences>) => apply(() => change), [apply]);
  const visited = useCallback(
    (opened: Recent) =>
      apply(({ recent }) => {
        if (recent[0]?.to === opened.to && recent[0].title === opened.title) return undefined;
        return { recent: [opened, ...recent.filter(({ to }) => to !== opened.to)].slice(0, RECENT) };
      }),
    [apply],
  );
  const value = useMemo(() => ({ ...preferences, set, visited }), [preferences, set, visited]);
  return <Context value={value}>{children}</Context>;
}

/** What an older or a newer panel kept may have another form: what cannot be read is as if it had not been chosen. */
function readPreferences(stored: unknown): Preferences {
  if (typeof stored !== 'object' || stored === null) return NONE;
  const { theme, language, columns, recent, folded, views } = stored as Partial<Record<keyof Preferences, unknown>>;
  return {
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    language: typeof language === 'string' && isLanguage(language) ? language : undefined,
    columns: typeof columns === 'object' && columns !== null ? readColumns(columns) : {},
    recent: Array.isArray(recent) ? recent.filter(isRecent) : [],
    folded: Array.isArray(folded) ? folded.filter((id) => typeof id === 'string') : [],
    views: Array.isArray(views) ? views.filter(isView) : [],
  };
}

function readColumns(columns: object): Preferences['columns'] {
  return Object.fromEntries(
    Object.entries(columns).filter(
      ([, names]) => Array.isArray(names) && names.every((name) => typeof name === 'string'),
    ),
  );
}

function isView(value: unknown): value is SavedView {
  const { title, to } = (value ?? {}) as Partial<Record<keyof SavedView, unknown>>;
  return typeof title === 'string' && typeof to === 'string' && to.startsWith('/');
}

function isRecent(value: unknown): value is Recent {
  const kind = (value as Partial<Recent> | null)?.kind;
  return isView(value) && ['user', 'role', 'document', 'token'].includes(kind ?? '');
}
