import { type ReactNode, useState, useSyncExternalStore } from 'react';
import { Link } from 'wouter';
import { act } from '../../api/hooks.ts';
import { EndImpersonationDocument, type ImpersonateUserMutation } from '../../generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { FailureNotice, Notice } from '../../ui/notice.tsx';
import { Time } from '../../ui/time.tsx';
import { say } from '../../ui/toasts.tsx';
import { useWords } from '../../words/words.ts';

/** Without the token, which is shown once and kept nowhere. */
export type Running = Omit<NonNullable<ImpersonateUserMutation['impersonateUser']>, 'jwt'>;

/** What was begun in this page and has not ended. */
let running: readonly Running[] = [];
const listeners = new Set<() => void>();

export const impersonations = {
  begin(one: Running): void {
    keep([...running, one]);
    setTimeout(() => impersonations.end(one.documentId), Math.max(0, Date.parse(one.expiresAt) - Date.now()));
  },
  end(documentId: string): void {
    keep(running.filter((one) => one.documentId !== documentId));
  },
  get: () => running,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

function keep(next: readonly Running[]): void {
  running = next;
  for (const listener of listeners) listener();
}

/** Says on every screen as whom one acts at the moment. */
export function ImpersonationBanner(): ReactNode {
  const { users } = useWords();
  const all = useSyncExternalStore(impersonations.subscribe, impersonations.get);
  if (all.length === 0) return null;
  return (
    <section className="stack tight impersonations" aria-label={users.impersonations}>
      {all.map(({ documentId, user, expiresAt }) => (
        <Notice key={documentId} kind="warn">
          <div className="row apart">
            <span>
              {users.actingAs} <Link to={`/users/${user.documentId}`}>{user.username}</Link>, {users.untilTime}{' '}
              <Time at={expiresAt} relative={false} />
            </span>
            <EndImpersonationButton impersonation={documentId} />
          </div>
        </Notice>
      ))}
    </section>
  );
}

export function EndImpersonationButton({
  impersonation,
  onDone,
}: {
  readonly impersonation: string;
  readonly onDone?: () => void;
}): ReactNode {
  const { users } = useWords();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const end = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      await act(EndImpersonationDocument, { impersonation });
      say(users.impersonationEnded);
      onDone?.();
      impersonations.end(impersonation);
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  return (
    <>
      <Button small busy={busy} onClick={() => void end()}>
        {users.endImpersonation}
      </Button>
      <FailureNotice failure={failure} />
    </>
  );
}
