import { useLayoutEffect } from 'react';
import { keepScroll, placeOf } from './places.ts';

/** Once a list is shown, scrolls to where it was left, and keeps where somebody scrolls to. */
export function useKeptScroll(type: string, isShown: boolean): void {
  useLayoutEffect(() => {
    if (!isShown) return undefined;
    const place = placeOf(type);
    const scroll = place?.search === location.search ? place.scroll : 0;
    const frame = scroll > 0 ? requestAnimationFrame(() => scrollTo({ top: scroll })) : 0;
    const listen = () => keepScroll(type, scrollY);
    addEventListener('scroll', listen, { passive: true });
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener('scroll', listen);
    };
  }, [isShown, type]);
}
