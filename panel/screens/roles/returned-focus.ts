import { useEffect } from 'react';

let left: { readonly back: string; readonly action: string } | undefined;

/** Notes which action's editor was open, so that the focus goes back to its cell. */
export function useLeftFor(back: string, action: string): void {
  useEffect(() => {
    left = { back, action };
  }, [back, action]);
}

/** Puts the focus on the cell whose editor was open. */
export function useReturnedFocus(back: string, isReady: boolean): void {
  useEffect(() => {
    if (!isReady || left?.back !== back) return undefined;
    const { action } = left;
    // After the shell, which puts the focus on the whole of a new screen.
    const frame = requestAnimationFrame(() => {
      left = undefined;
      const cell = document.getElementById(`cell-${action}`);
      cell?.scrollIntoView({ block: 'center', inline: 'nearest' });
      cell?.focus({ preventScroll: true });
    });
    return () => cancelAnimationFrame(frame);
  }, [back, isReady]);
}
