import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Icon } from './icons.tsx';
import { useShortcut } from './shortcut.ts';

/** A text to search for. It is told after a pause; `/` goes to it, and Escape clears it, then leaves. */
export function SearchBox({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}): ReactNode {
  const [typed, setTyped] = useState(value);
  const told = useRef(value);
  const input = useRef<HTMLInputElement>(null);
  useShortcut('/', () => input.current?.focus());
  useEffect(() => {
    if (value === told.current) return;
    told.current = value; // changed elsewhere: by the address, or by "clear"
    setTyped(value);
  }, [value]);
  useEffect(() => {
    if (typed === told.current) return undefined;
    const timer = setTimeout(() => {
      told.current = typed;
      onChange(typed);
    }, 250);
    return () => clearTimeout(timer);
  }, [typed, onChange]);
  return (
    <div className="search">
      <Icon name="search" />
      <input
        ref={input}
        type="search"
        className="input"
        aria-label={label}
        placeholder={label}
        title={`${label} (/)`}
        aria-keyshortcuts="/"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          if (typed) setTyped('');
          else input.current?.blur();
        }}
      />
    </div>
  );
}
