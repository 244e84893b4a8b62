import { type ReactNode, useState } from 'react';
import { act, useData } from '../../api/hooks.ts';
import { logOut } from '../../api/log-in.ts';
import { OwnSessionsDocument, type OwnSessionsQuery, RevokeOwnSessionDocument } from '../../generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { deviceOf } from '../../ui/device.ts';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { leaveFor } from '../../ui/leave-guard.ts';
import { Badge, FailureNotice, Loading } from '../../ui/notice.tsx';
import { Section } from '../../ui/page.tsx';
import { Table } from '../../ui/table.tsx';
import { Time, zoneName } from '../../ui/time.tsx';
import { say } from '../../ui/toasts.tsx';
import { useWords } from '../../words/words.ts';

type Session = NonNullable<OwnSessionsQuery['sessions']>[number];

/** Where the administrator is logged in, and how each of these ends. */
export function OwnSessions(): ReactNode {
  const { account, users, common } = useWords();
  const { data, failure, reload } = useData(OwnSessionsDocument, {});
  const [ending, setEnding] = useState<Session | 'all'>();
  const sessions = data?.sessions;
  const nameOf = ({ device }: Session) => (device ? deviceOf(device) : users.unknownDevice);
  const close = () => setEnding(undefined);
  return (
    <Section
      title={account.sessions}
      about={account.sessionsAbout}
      actions={
        <Button danger icon="out" onClick={() => setEnding('all')}>
          {account.everywhere}
        </Button>
      }
    >
      <FailureNotice failure={failure} />
      {failure && <Button onClick={reload}>{common.retry}</Button>}
      {!sessions && !failure && <Loading lines={3} />}
      {sessions && (
        <>
          <Table
            label={account.sessionsAbout}
            rows={sessions}
            idOf={({ documentId }) => documentId}
            nameOf={nameOf}
            columns={[
              {
                key: 'device',
                title: users.device,
                cell: (one) => (
                  <span className="row" title={one.device ?? undefined}>
                    {nameOf(one)}
                    {one.isCurrent && <Badge kind="accent">{account.thisOne}</Badge>}
                  </span>
                ),
              },
              { key: 'address', title: users.address, cell: ({ address }) => address },
              { key: 'lastUsedAt', title: users.lastUsed, cell: ({ lastUsedAt }) => <Time at={lastUsedAt} /> },
              {
                key: 'expiresAt',
                title: users.ends,
                cell: ({ expiresAt }) => <Time at={expiresAt} relative={false} />,
              },
            ]}
            actions={(one) => (
              <Button
                small
                aria-label={account.endOf(nameOf(one))}
                onClick={() => (one.isCurrent ? leaveFor(() => void logOut()) : setEnding(one))}
              >
                {account.end}
              </Button>
            )}
          />
          <p className="hint">{common.zone(zoneName())}</p>
        </>
      )}
      <ConfirmDialog
        open={ending !== undefined && ending !== 'all'}
        onClose={close}
        title={account.end}
        confirm={account.end}
        act={async () => {
          if (ending === undefined || ending === 'all') return;
          await act(RevokeOwnSessionDocument, { session: ending.documentId });
          say(account.ended);
          reload();
        }}
      >
        <p>{account.endAbout}</p>
      </ConfirmDialog>
      <ConfirmDialog
        open={ending === 'all'}
        onClose={close}
        title={account.everywhere}
        confirm={account.everywhere}
        act={async () => {
          // This one last: it is what the others are ended with.
          for (const one of sessions ?? []) {
            if (!one.isCurrent) await act(RevokeOwnSessionDocument, { session: one.documentId }, { quiet: true });
          }
          await logOut();
        }}
      >
        <p>{account.everywhereAbout}</p>
      </ConfirmDialog>
    </Section>
  );
}
