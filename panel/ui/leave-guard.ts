import { useEffect, useRef, useSyncExternalStore } from 'react';
import { BASE } from '../api/base.ts';

/** What is dirty now. */
const guards = new Set<{ dirty: boolean }>();
const listeners = new Set<() => void>();
/** The leaving that waits for an answer. */
let asking: { readonly leave: () => void; readonly stay: () => void } | undefined;
/** How far this page of the history is from the first one, so that "back" can be taken back. */
let index = positionOf(history.state);
let path = location.href;

function isDirty(): boolean {
  return [...guards].some(({ dirty }) => dirty);
}

/** While something is dirty, leaving the screen asks first: by a link, by the back button, by closing the page. */
export function useLeaveGuard(dirty: boolean): { without<Result>(run: () => Promise<Result>): Promise<Result> } {
  const guard = useRef({ dirty });
  const paused = useRef(false);
  guard.current.dirty = dirty && !paused.current;
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
  const here = new URL(to, location.href).pathname === location.pathname;
  // A change of filters is no leaving.
  if (here || !isDirty()) go();
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
  if (here || !isDirty()) {
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
