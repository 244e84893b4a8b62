import { type ReactNode, useState } from 'react';
import { act, useData, useMayChange, useMe } from '../../api/hooks.ts';
import { session } from '../../api/session.ts';
import {
  AdministratorsDocument,
  DeleteAdministratorDocument,
  EndAdministratorSessionsDocument,
  type MeFragment,
  SendAdministratorPasswordMailDocument,
} from '../../generated/graphql.ts';
import { useAddress } from '../../ui/address.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { RowMenu } from '../../ui/menu.tsx';
import { Badge, Empty, FailureNotice, Loading } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { Pages, Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';
import { say } from '../../ui/toasts.tsx';
import { useWords } from '../../words/words.ts';
import { CreateAdministrator, EditAdministrator } from './administrator-dialogs.tsx';

type Open = { readonly kind: 'edit' | 'mail' | 'endSessions' | 'delete'; readonly admin: MeFragment };

export default function Administrators(): ReactNode {
  const { administrators, common } = useWords();
  const me = useMe();
  const mayChange = useMayChange();
  const { get, set, page } = useAddress();
  const search = get('search');
  const sort = /^(email|name|role|createdAt):(asc|desc)$/.test(get('sort')) ? get('sort') : 'createdAt:asc';
  const { data, failure, loading, reload } = useData(AdministratorsDocument, {
    search: search.trim() || null,
    sort: [sort, 'documentId:asc'],
    page,
  });
  const [isCreating, setCreating] = useState(false);
  const [open, setOpen] = useState<Open>();
  const found = data?.admins_connection;
  const close = () => setOpen(undefined);
  const isLast = (admin: MeFragment) => admin.role === 'ADMINISTRATOR' && data?.full?.pageInfo.total === 1;
  const name = open?.admin.email ?? '';
  return (
    <Page
      title={administrators.title}
      about={administrators.about}
      actions={
        mayChange && (
          <Button look="primary" icon="plus" onClick={() => setCreating(true)}>
            {administrators.create}
          </Button>
        )
      }
    >
      <div className="stack">
        {!mayChange && <p className="soft">{common.readOnly}</p>}
        <div className="toolbar">
          <SearchBox label={administrators.search} value={search} onChange={(text) => set({ search: text })} />
        </div>
        <FailureNotice failure={failure} />
        {failure && <Button onClick={reload}>{common.retry}</Button>}
        {!found && !failure && loading && <Loading />}
        {found?.nodes.length === 0 && (
          <Empty
            title={common.nothingFound}
            action={<Button onClick={() => set({ search: '' })}>{common.clear}</Button>}
          />
        )}
        {found && found.nodes.length > 0 && (
          <>
            <Table
              label={administrators.title}
              rows={found.nodes}
              idOf={({ documentId }) => documentId}
              nameOf={({ email }) => email}
              sort={sort}
              onSort={(next) => set({ sort: next })}
              columns={[
                {
                  key: 'email',
                  title: administrators.email,
                  sortable: true,
                  cell: ({ email, documentId }) => (
                    <span className="row">
                      <span className="whole">{email}</span>
                      {documentId === me.documentId && <Badge kind="accent">{administrators.you}</Badge>}
                    </span>
                  ),
                },
                {
                  key: 'name',
                  title: administrators.name,
                  sortable: true,
                  cell: ({ name: text }) => <span className="whole">{text}</span>,
                },
                {
                  key: 'role',
                  title: administrators.role,
                  sortable: true,
                  cell: (admin) => (
                    <span className="stack tight">
                      {administrators.roles[admin.role]}
                      {isLast(admin) && <span className="hint">{administrators.last}</span>}
                    </span>
                  ),
                },
                {
                  key: 'createdAt',
                  title: administrators.created,
                  sortable: true,
                  cell: ({ createdAt }) => <Time at={createdAt} />,
                },
              ]}
              {...(mayChange && {
                actions: (admin: MeFragment) => (
                  <RowMenu
                    name={admin.email}
                    entries={[
                      { label: common.edit, icon: 'edit', run: () => setOpen({ kind: 'edit', admin }) },
                      { label: administrators.sendMail, icon: 'mail', run: () => setOpen({ kind: 'mail', admin }) },
                      {
                        label: administrators.endSessions,
                        icon: 'out',
                        run: () => setOpen({ kind: 'endSessions', admin }),
                      },
                      'line',
                      {
                        label: common.delete,
                        icon: 'trash',
                        danger: true,
                        disabled: isLast(admin) ? administrators.last : undefined,
                        run: () => setOpen({ kind: 'delete', admin }),
                      },
                    ]}
                  />
                ),
              })}
            />
            <Pages info={found.pageInfo} onPage={(next) => set({ page: String(next) })} />
          </>
        )}
      </div>
      {isCreating && <CreateAdministrator onClose={() => setCreating(false)} onDone={reload} />}
      {open?.kind === 'edit' && (
        <EditAdministrator admin={open.admin} isLast={isLast(open.admin)} onClose={close} onDone={reload} />
      )}
      <ConfirmDialog
        open={open?.kind === 'mail'}
        onClose={close}
        title={administrators.sendMail}
        confirm={administrators.sendMail}
        danger={false}
        act={async () => {
          if (!open) return;
          await act(SendAdministratorPasswordMailDocument, { admin: open.admin.documentId });
          say(administrators.mailSent(name));
        }}
      >
        <p>{administrators.sendMailAbout(name)}</p>
      </ConfirmDialog>
      <ConfirmDialog
        open={open?.kind === 'endSessions'}
        onClose={close}
        title={administrators.endSessionsTitle(name)}
        confirm={administrators.endSessions}
        act={async () => {
          if (!open) return;
          await act(EndAdministratorSessionsDocument, { admin: open.admin.documentId });
          if (open.admin.documentId === me.documentId) session.close();
          else say(administrators.sessionsEnded(name));
        }}
      >
        <p>{open?.admin.documentId === me.documentId ? administrators.endOwn : administrators.endSessionsAbout}</p>
      </ConfirmDialog>
      <ConfirmDialog
        open={open?.kind === 'delete'}
        onClose={close}
        title={administrators.deleteTitle(name)}
        confirm={common.delete}
        type={name}
        act={async () => {
          if (!open) return;
          await act(DeleteAdministratorDocument, { admin: open.admin.documentId });
          if (open.admin.documentId === me.documentId) session.close();
          say(administrators.deleted(name));
          reload();
        }}
      >
        <p>{open?.admin.documentId === me.documentId ? administrators.deleteOwn : administrators.deleteAbout}</p>
      </ConfirmDialog>
    </Page>
  );
}
