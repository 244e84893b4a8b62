import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useWords, type Words } from '../../words/words.ts';
import type { Holders } from './holders.ts';
import type { MatrixAction } from './matrix-rows.ts';

/** What somebody points at, or has the focus on. */
export interface Pointed {
  readonly action: MatrixAction;
  readonly element: HTMLElement | undefined;
}

/** Milliseconds until it opens: who only passes by is not disturbed. */
const DELAY = 350;
/** How many names of roles and tokens are told; the rest as a number. */
const NAMES = 6;

/** Who else has an action, beside what is pointed at. It describes the element for who hears the page. */
export function HoldersTip({
  pointed: { action, element },
  holders,
  onClose,
}: {
  readonly pointed: Pointed;
  readonly holders: Holders | undefined;
  readonly onClose: () => void;
}): ReactNode {
  const words = useWords();
  const id = useId();
  const tip = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<{ readonly left: number; readonly top: number }>();
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    if (!element) return undefined;
    element.setAttribute('aria-describedby', id);
    const timer = setTimeout(() => {
      const at = element.getBoundingClientRect();
      const width = 288;
      setPlace({
        left: Math.max(8, Math.min(at.left, innerWidth - width - 8)),
        top: at.bottom + 8 + 140 > innerHeight ? Math.max(8, at.top - 148) : at.bottom + 8,
      });
    }, DELAY);
    const leave = (event: Event) => {
      if (event.type !== 'keydown' || (event as KeyboardEvent).key === 'Escape') close.current();
    };
    addEventListener('keydown', leave);
    addEventListener('scroll', leave, { capture: true, passive: true });
    return () => {
      clearTimeout(timer);
      setPlace(undefined);
      element.removeAttribute('aria-describedby');
      removeEventListener('keydown', leave);
      removeEventListener('scroll', leave, { capture: true });
    };
  }, [element, id]);
  if (!holders) return null;
  return (
    <div
      ref={tip}
      id={id}
      role="tooltip"
      className={place ? 'tip holders-tip' : 'visually-hidden'}
      style={place && { left: place.left, top: place.top }}
    >
      <code>{action.action}</code>
      {holdersInWords(holders, words).map((line) => (
        <p key={line}>{line}</p>
      ))}
    </div>
  );
}

/** The same in lines of text. */
export function holdersInWords(holders: Holders, { roles }: Words): string[] {
  if (holders.roles.length + holders.tokens.length === 0) return [roles.nobodyElse];
  const listed = (names: readonly string[]) =>
    names.length > NAMES ? roles.andMore(names.slice(0, NAMES).join(', '), names.length - NAMES) : names.join(', ');
  return [
    ...(holders.roles.length > 0
      ? [
          roles.alsoRoles(
            listed(holders.roles.map(({ name, restricted }) => (restricted ? roles.withRules(name) : name))),
            holders.users,
          ),
        ]
      : []),
    ...(holders.tokens.length > 0 ? [roles.alsoTokens(listed(holders.tokens.map(({ name }) => name)))] : []),
  ];
}
