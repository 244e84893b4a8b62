import type { ReactNode } from 'react';
import { hasPasskeys } from '../api/passkeys.ts';
import { useWords } from '../words/words.ts';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';

/** The button beside a form that a passkey stands in for. Where the browser has none, nothing; or why, if nothing else would do. */
export function PasskeyButton({
  children,
  only = false,
  busy,
  onClick,
}: {
  readonly children: ReactNode;
  /** There is no other way. */
  readonly only?: boolean;
  readonly busy: boolean;
  readonly onClick: () => void;
}): ReactNode {
  const { failures } = useWords();
  if (!hasPasskeys()) return only ? <Notice kind="warn">{failures.passkeyElsewhere}</Notice> : null;
  return (
    <Button icon="key" look={only ? 'primary' : 'normal'} busy={busy} onClick={onClick}>
      {children}
    </Button>
  );
}
