import { useEffect, useRef, useSyncExternalStore } from 'react';
import { BASE } from '../api/base.ts';

/** What is dirty now. */
const guards = new Set<{ dirty: boolean; within: string | undefined }>();
const listeners = new Set<() => void>();
/** The leaving that waits for an answer. */
let asking: { readonly leave: () => void; readonly stay: () => void } | undefined;
/** How far this page of the history is from the first one, so that "back" can be taken back. */
let index = positionOf(history.state);
let path = location.href;

/** @param to the path that somebody goes to; undefined where the page is closed */
function isDirty(to?: string): boolean {
  return [...guards].some(
    ({ dirty, within }) => dirty && !(within !== undefined && to !== undefined && isIn(to, within)),
  );
}

function isIn(path: string, within: string): boolean {
  const whole = `${BASE}${within}`;
  return path === whole || path.startsWith(`${whole}/`);
}

/**
 * While something is dirty, leaving the screen asks first: by a link, by the back button, by closing the page.
 *
 * @param within the address of a screen with parts that share what is dirty: `/roles/x`. Going from one to another asks nothing.
 */
export function useLeaveGuard(
  dirty: boolean,
  within?: string,
): { without<Result>(run: () => Promise<Result>): Promise<Result> } {
  const guard = useRef({ dirty, within });
  const paused = useRef(false);
  guard.current.dirty = dirty && !paused.current;
  guard.current.within = within;
  useEffect(() => {
    const { current } = guard;
    guards.add(current);
    return () => void guards.delete(current);
  }, []);
  return {
    async without(run) {
      paused.current = true;
      guard.current.dirty = false;
      try {
        return await run();
      } catch (error) {
        guard.current.dirty = true;
        throw error;
      } finally {
        paused.current = false;
      }
    },
  };
}

/** The location for wouter: every navigation passes the guard. */
export function useGuardedLocation(): [string, (to: string, options?: { readonly replace?: boolean }) => void] {
  const current = useSyncExternalStore(subscribe, () => location.pathname);
  return [current, navigate];
}

function navigate(to: string, { replace = false }: { readonly replace?: boolean } = {}): void {
  const go = () => {
    if (!replace) index += 1;
    history[replace ? 'replaceState' : 'pushState']({ index }, '', to);
    path = location.href;
    changed();
  };
  const { pathname } = new URL(to, location.href);
  // A change of filters is no leaving.
  if (pathname === location.pathname || !isDirty(pathname)) go();
  else ask({ leave: go, stay: () => {} });
}

/** Leaves the panel, or loads it again, after the question where something is dirty. */
export function leaveFor(go: () => void): void {
  if (isDirty()) ask({ leave: go, stay: () => {} });
  else go();
}

addEventListener('popstate', ({ state }) => {
  const next = positionOf(state);
  const here = location.pathname === new URL(path).pathname;
  if (here || !isDirty(location.pathname)) {
    index = next;
    path = location.href;
    changed();
    return;
  }
  const distance = next - index;
  // The browser has gone already: back to where the unsaved things are, and then the question.
  history.go(-distance);
  addEventListener(
    'popstate',
    (event) => {
      event.stopImmediatePropagation();
      ask({ leave: () => history.go(distance), stay: () => {} });
    },
    { once: true, capture: true },
  );
});

addEventListener('beforeunload', (event) => {
  if (isDirty()) event.preventDefault();
});

/** The question that is open, for the dialog of the shell. */
export const leaving = {
  get: () => asking,
  subscribe,
};

function ask({ leave, stay }: { readonly leave: () => void; readonly stay: () => void }): void {
  const answered = (then: () => void) => () => {
    asking = undefined;
    then();
    changed();
  };
  asking = {
    leave: answered(() => {
      for (const guard of guards) guard.dirty = false;
      leave();
    }),
    stay: answered(stay),
  };
  changed();
}

/** The query of the address, which lists keep their filters in. */
export function useSearch(): string {
  return useSyncExternalStore(subscribe, () => location.search);
}

/** Goes to a screen: `/users`. */
export function goTo(to: string, options?: { readonly replace?: boolean }): void {
  navigate(`${BASE}${to}`, options);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function changed(): void {
  for (const listener of listeners) listener();
}

function positionOf(state: unknown): number {
  const known = (state as { readonly index?: unknown } | null)?.index;
  return typeof known === 'number' ? known : 0;
}
