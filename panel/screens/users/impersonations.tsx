import { type ReactNode, useEffect, useState, useSyncExternalStore } from 'react';
import { Link } from 'wouter';
import { Failure } from '../../api/failure.ts';
import { act, ask, useMayChange } from '../../api/hooks.ts';
import { useWatch } from '../../api/watch.ts';
import { EndImpersonationDocument, ImpersonationsDocument, type ImpersonationsQuery } from '../../generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { FailureNotice, Notice } from '../../ui/notice.tsx';
import { Time } from '../../ui/time.tsx';
import { say } from '../../ui/toasts.tsx';
import { useWords } from '../../words/words.ts';

/** Without the token, which is shown once and kept nowhere. */
type Running = NonNullable<ImpersonationsQuery['impersonations']>[number];

/** Milliseconds between two looks at what began or ended elsewhere. */
const LOOK_EVERY = 30_000;

/** What has not ended, as far as this page knows. */
let running: readonly Running[] = [];
/** How often that changed here: an answer that was asked for before is older. */
let changes = 0;
const listeners = new Set<() => void>();

export const impersonations = {
  begin(one: Running): void {
    changes += 1;
    keep([...running, one]);
  },
  end(documentId: string): void {
    changes += 1;
    keep(running.filter((one) => one.documentId !== documentId));
  },
  /** Asks the server for those that began or ended in another tab, or on another device. */
  async look(): Promise<void> {
    const before = changes;
    const { impersonations: all } = await ask(ImpersonationsDocument, {});
    if (before === changes) keep(all ?? []);
  },
  forget: () => keep([]),
  get: () => running,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

function keep(next: readonly Running[]): void {
  for (const { documentId, expiresAt } of next) {
    if (running.some((one) => one.documentId === documentId)) continue;
    setTimeout(() => impersonations.end(documentId), Math.max(0, Date.parse(expiresAt) - Date.now()));
  }
  running = next;
  for (const listener of listeners) listener();
}

/** Says on every screen as whom one acts at the moment, wherever it began. */
export function ImpersonationBanner(): ReactNode {
  const { users } = useWords();
  const all = useSyncExternalStore(impersonations.subscribe, impersonations.get);
  useLooks();
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

function useLooks(): void {
  const mayChange = useMayChange();
  useWatch(mayChange ? lookAgain : undefined, LOOK_EVERY);
  useEffect(() => {
    if (!mayChange) return undefined;
    return () => impersonations.forget(); // the next one to log in may be somebody else
  }, [mayChange]);
}

function lookAgain(): void {
  impersonations.look().catch(() => {}); // what is known stays
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
      await act(EndImpersonationDocument, { impersonation }).catch((error: unknown) => {
        if (!(error instanceof Failure && error.code === 'NOT_FOUND')) throw error; // it has ended elsewhere
      });
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
