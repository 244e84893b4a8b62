import { type ReactNode, useState } from 'react';
import { act, useData, useMayChange } from '../../api/hooks.ts';
import { EndUserSessionsDocument, UserSessionsDocument, type UserSessionsQuery } from '../../generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { deviceOf } from '../../ui/device.ts';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { Empty, FailureNotice, Loading } from '../../ui/notice.tsx';
import { Section } from '../../ui/page.tsx';
import { Table } from '../../ui/table.tsx';
import { Time, zoneName } from '../../ui/time.tsx';
import { say } from '../../ui/toasts.tsx';
import { useWords } from '../../words/words.ts';
import { EndImpersonationButton } from './impersonations.tsx';

type Session = NonNullable<UserSessionsQuery['user']>['sessions'][number];

/** Where the user is logged in. */
export function Sessions({ id }: { readonly id: string }): ReactNode {
  const { users, common } = useWords();
  const mayChange = useMayChange();
  const [isAsking, setAsking] = useState(false);
  const { data, failure, reload } = useData(UserSessionsDocument, { user: id });
  const sessions = data?.user?.sessions;
  return (
    <Section
      title={users.sessions}
      about={users.sessionsAbout}
      actions={
        mayChange &&
        sessions &&
        sessions.length > 0 && (
          <Button danger icon="out" onClick={() => setAsking(true)}>
            {users.endSessions}
          </Button>
        )
      }
    >
      <FailureNotice failure={failure} />
      {failure && <Button onClick={reload}>{common.retry}</Button>}
      {!sessions && !failure && <Loading />}
      {sessions?.length === 0 && <Empty title={users.noSessions}>{users.noSessionsAbout}</Empty>}
      {sessions && sessions.length > 0 && (
        <>
          <Table
            label={users.sessionsAbout}
            rows={sessions}
            idOf={({ documentId }) => documentId}
            nameOf={({ device }) => device ?? users.unknownDevice}
            columns={[
              {
                key: 'device',
                title: users.device,
                cell: ({ device, impersonatedBy }) => (
                  <span className="stack tight">
                    {device ? <span title={device}>{deviceOf(device)}</span> : users.unknownDevice}
                    {impersonatedBy && <span className="hint">{users.impersonatedBy(impersonatedBy)}</span>}
                  </span>
                ),
              },
              { key: 'address', title: users.address, cell: ({ address }) => address },
              { key: 'createdAt', title: users.begun, cell: ({ createdAt }) => <Time at={createdAt} /> },
              { key: 'lastUsedAt', title: users.lastUsed, cell: ({ lastUsedAt }) => <Time at={lastUsedAt} /> },
              {
                key: 'expiresAt',
                title: users.ends,
                cell: ({ expiresAt }) => <Time at={expiresAt} relative={false} />,
              },
            ]}
            {...(mayChange &&
              sessions.some(({ impersonatedBy }) => impersonatedBy) && {
                actions: ({ documentId, impersonatedBy }: Session) =>
                  impersonatedBy && <EndImpersonationButton impersonation={documentId} onDone={reload} />,
              })}
          />
          <p className="hint">{common.zone(zoneName())}</p>
        </>
      )}
      <ConfirmDialog
        open={isAsking}
        onClose={() => setAsking(false)}
        title={users.endSessions}
        confirm={users.endSessions}
        act={async () => {
          await act(EndUserSessionsDocument, { user: id });
          say(users.allEnded);
          reload();
        }}
      >
        <p>{users.endSessionsAbout}</p>
      </ConfirmDialog>
    </Section>
  );
}
