import { useEffect, useSyncExternalStore } from 'react';
import { isTokenSpent } from './renewal.ts';
import { session } from './session.ts';

/**
 * Looks at what others do: every so many milliseconds, and when somebody comes back to the page. To watch is no use of the session: nothing
 * is asked while it has ended, or its token has, until somebody acts; after the log-in it goes on.
 *
 * @param look undefined for who watches nothing. A new function looks at once.
 * @param first whether it looks at once. Default: true.
 * @param hidden whether it looks on while the page is not seen. Default: false.
 */
export function useWatch(
  look: (() => void) | undefined,
  every: number,
  { first = true, hidden = false }: { readonly first?: boolean; readonly hidden?: boolean } = {},
): void {
  const isOpen = useSyncExternalStore(session.subscribe, () => session.get().kind === 'open');
  useEffect(() => {
    if (!look || !isOpen) return undefined;
    const lookNow = () => {
      const isSeen = hidden || document.visibilityState === 'visible';
      if (isSeen && session.get().kind === 'open' && !isTokenSpent()) look();
    };
    if (first) lookNow();
    const timer = setInterval(lookNow, every);
    document.addEventListener('visibilitychange', lookNow);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', lookNow);
    };
  }, [look, every, first, hidden, isOpen]);
}
