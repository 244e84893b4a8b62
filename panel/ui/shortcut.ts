import { useEffect, useRef } from 'react';

/** What listens, the newest last: only that one hears a key, so that Ctrl-S saves the topmost dialog. */
const heard = new Map<string, (() => void)[]>();

/**
 * Runs something at a key: `mod+s` (Ctrl, or Command on a Mac), `mod+k`, `/`. Keys without `mod` are silent while one types.
 */
export function useShortcut(key: string, run: () => void, enabled = true): void {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    if (!enabled) return undefined;
    const entry = () => latest.current();
    const stack = heard.get(key) ?? [];
    heard.set(key, [...stack, entry]);
    return () => {
      heard.set(
        key,
        (heard.get(key) ?? []).filter((one) => one !== entry),
      );
    };
  }, [key, enabled]);
}

/** Runs what listens to a key, unless something nearer used the key itself. */
export function hear(event: KeyboardEvent): void {
  const mod = event.ctrlKey || event.metaKey;
  if (event.defaultPrevented || event.altKey || (!mod && isTyping(event.target))) return;
  const run = heard.get(`${mod ? 'mod+' : ''}${event.key.toLowerCase()}`)?.at(-1);
  if (!run) return;
  event.preventDefault();
  run();
}

document.addEventListener('keydown', hear);

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
