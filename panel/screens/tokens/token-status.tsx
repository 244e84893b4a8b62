import type { ReactNode } from 'react';
import { Badge } from '../../ui/notice.tsx';
import { useWords } from '../../words/words.ts';

/** Days before its end from which a token is said to end soon. */
const SOON = 7;

/** Whether a token is accepted. */
export function TokenStatus({
  token: { status, expiresAt },
}: {
  readonly token: {
    readonly status: 'ACTIVE' | 'EXPIRED' | 'REVOKED';
    readonly expiresAt?: string | null | undefined;
  };
}): ReactNode {
  const { tokens } = useWords();
  const isSoon = status === 'ACTIVE' && expiresAt && new Date(expiresAt).getTime() - Date.now() < SOON * 86_400_000;
  if (isSoon) return <Badge kind="warn">{tokens.endsSoon}</Badge>;
  return <Badge kind={status === 'ACTIVE' ? 'good' : 'bad'}>{tokens.statuses[status]}</Badge>;
}
