import { type ReactNode, useState } from 'react';
import { useWords } from '../words/words.ts';
import { Button } from './button.tsx';

/** Copies a text, and says so. */
export function CopyButton({ text, label }: { readonly text: string; readonly label?: string }): ReactNode {
  const words = useWords();
  const [done, setDone] = useState(false);
  return (
    <Button
      small
      icon={done ? 'check' : 'copy'}
      onClick={async () => {
        await copy(text);
        setDone(true);
        setTimeout(() => setDone(false), 3_000);
      }}
    >
      <span aria-live="polite">{done ? words.common.copied : (label ?? words.common.copy)}</span>
    </Button>
  );
}

/** The clipboard needs a secure page; over plain HTTP the older way is left. */
export async function copy(text: string): Promise<void> {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
