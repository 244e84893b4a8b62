import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { Link } from 'wouter';
import { useData, useMayChange } from '../../api/hooks.ts';
import { usePreferences } from '../../app/preferences.tsx';
import { type UserLineFragment, UsersDocument } from '../../generated/graphql.ts';
import { Button, ButtonLink } from '../../ui/button.tsx';
import { Empty, FailureNotice, Loading } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Select } from '../../ui/select.tsx';
import { type Column, Pages, Table } from '../../ui/table.tsx';
import { Time, zoneName } from '../../ui/time.tsx';
import { useWords, type Words } from '../../words/words.ts';
import { BulkBar } from './bulk-bar.tsx';
import { ColumnsDialog } from './columns-dialog.tsx';
import { FilterBar } from './filter-bar.tsx';
import { PAGE_SIZES, useListFilters } from './list-filters.ts';
import { UserActs } from './user-acts.tsx';
import { isBlockedNow, UserBadges } from './user-badges.tsx';
import { ViewsMenu } from './views-menu.tsx';

const DEFAULT = ['username', 'email', 'role', 'roles', 'confirmed', 'blocked', 'createdAt'];

export default function Users(): ReactNode {
  const { users, common } = useWords();
  const mayChange = useMayChange();
  const list = useListFilters();
  const { data, failure, loading, reload } = useData(UsersDocument, {
    ...list.asked,
    sort: [list.sort, 'documentId:asc'],
    page: list.page,
    pageSize: Number(list.pageSize),
  });
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [everything, setEverything] = useState(false);
  const [isChoosing, setChoosing] = useState(false);
  const { columns: chosen, set } = usePreferences();
  const all = useMemo(() => columnsOf(users, common), [users, common]);
  const keys = (chosen['users'] ?? DEFAULT).filter((key) => all.some((column) => column.key === key));
  const shown = (keys.length > 0 ? keys : DEFAULT).flatMap((key) => all.find((column) => column.key === key) ?? []);
  const asked = JSON.stringify(list.asked);
  // Other filters show other users: what was selected before must not be acted on unseen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: they are what changes
  useEffect(() => {
    setSelected(new Set());
    setEverything(false);
  }, [asked]);
  const found = data?.users_connection;
  const total = found?.pageInfo.total ?? 0;
  // Also of those on other pages, which stay selected.
  const names = useRef(new Map<string, string>()).current;
  for (const { documentId, username } of found?.nodes ?? []) names.set(documentId, username);
  return (
    <Page
      title={users.title}
      about={users.about}
      actions={
        <>
          <ButtonLink to="/users/invitations" icon="mail">
            {users.invitations}
          </ButtonLink>
          {mayChange && (
            <ButtonLink to="/users/new" look="primary" icon="plus">
              {users.create}
            </ButtonLink>
          )}
        </>
      }
    >
      <div className="stack">
        {!mayChange && <p className="soft">{common.readOnly}</p>}
        <FilterBar list={list} />
        <div className="row apart">
          <span className="row">
            <ViewsMenu />
            <Button icon="columns" onClick={() => setChoosing(true)}>
              {users.columns}
            </Button>
          </span>
          <span className="row small">
            <span aria-hidden="true">{users.rows}</span>
            <span className="page-size">
              <Select
                aria-label={users.rows}
                options={PAGE_SIZES.map((size) => ({ value: size, label: size }))}
                value={list.pageSize}
                onChange={(size) => list.set({ pageSize: size })}
              />
            </span>
          </span>
        </div>
        {mayChange && (selected.size > 0 || everything) && (
          <BulkBar
            selected={selected}
            names={names}
            everything={everything}
            total={total}
            asked={list.asked}
            onEverything={setEverything}
            onClear={() => {
              setSelected(new Set());
              setEverything(false);
            }}
            onDone={reload}
          />
        )}
        <FailureNotice failure={failure} />
        {failure && <Button onClick={reload}>{common.retry}</Button>}
        {!found && !failure && loading && <Loading lines={8} />}
        {found && found.nodes.length === 0 && total > 0 && (
          <Empty
            title={common.nothingFound}
            action={<Button onClick={() => list.set({ page: '' })}>{users.firstPage}</Button>}
          />
        )}
        {found && total === 0 && (
          <Empty
            title={list.isFiltered ? users.noMatch : users.none}
            action={
              list.isFiltered ? (
                <Button onClick={list.clear}>{users.clearFilters}</Button>
              ) : (
                mayChange && <ButtonLink to="/users/new">{users.create}</ButtonLink>
              )
            }
          >
            {list.isFiltered ? users.noMatchAbout : users.noneAbout}
          </Empty>
        )}
        {found && found.nodes.length > 0 && (
          <>
            <Table
              label={users.title}
              columns={shown}
              rows={found.nodes}
              idOf={({ documentId }) => documentId}
              nameOf={({ username }) => username}
              sort={list.sort}
              onSort={(sort) => list.set({ sort })}
              {...(mayChange && {
                selected: everything ? new Set(names.keys()) : selected,
                onSelect: (next: ReadonlySet<string>) => {
                  setEverything(false);
                  setSelected(next);
                },
                actions: (user: UserLineFragment) => <UserActs user={user} onDone={reload} />,
              })}
            />
            <Pages info={found.pageInfo} onPage={(page) => list.set({ page: String(page) })} />
            <p className="hint">{common.zone(zoneName())}</p>
          </>
        )}
      </div>
      {isChoosing && (
        <ColumnsDialog
          all={all}
          chosen={shown.map(({ key }) => key)}
          onChoose={(columns) => set({ columns: { ...chosen, users: columns } })}
          onClose={() => setChoosing(false)}
        />
      )}
    </Page>
  );
}

function columnsOf(users: Words['users'], common: Words['common']): readonly Column<UserLineFragment>[] {
  return [
    {
      key: 'username',
      title: users.username,
      sortable: true,
      cell: (user) => (
        <span className="row">
          <Link to={`/users/${user.documentId}`} className="whole">
            {user.username}
          </Link>
          <UserBadges user={user} />
        </span>
      ),
    },
    { key: 'email', title: users.email, sortable: true, cell: ({ email }) => <span className="whole">{email}</span> },
    { key: 'role', title: users.mainRole, cell: ({ role }) => role && <RoleLink role={role} /> },
    {
      key: 'roles',
      title: users.furtherRoles,
      cell: ({ role, roles }) => (
        <span className="row">
          {(roles ?? [])
            .filter(({ documentId }) => documentId !== role?.documentId)
            .map((one) => (
              <RoleLink key={one.documentId} role={one} />
            ))}
        </span>
      ),
    },
    {
      key: 'confirmed',
      title: users.isConfirmed,
      sortable: true,
      cell: ({ confirmed }) => (confirmed ? common.yes : common.no),
    },
    {
      key: 'blocked',
      title: users.isBlocked,
      sortable: true,
      cell: (user) =>
        !isBlockedNow(user) ? (
          common.no
        ) : user.blockedUntil ? (
          <>
            {users.until} <Time at={user.blockedUntil} relative={false} />
          </>
        ) : (
          common.yes
        ),
    },
    { key: 'blockReason', title: users.reason, cell: ({ blockReason }) => blockReason },
    { key: 'provider', title: users.provider, cell: ({ provider }) => provider },
    {
      key: 'createdAt',
      title: users.created,
      sortable: true,
      cell: ({ createdAt }) => (
        <span className="nowrap">
          <Time at={createdAt} />
        </span>
      ),
    },
    {
      key: 'updatedAt',
      title: users.changed,
      sortable: true,
      cell: ({ updatedAt }) => (
        <span className="nowrap">
          <Time at={updatedAt} />
        </span>
      ),
    },
  ];
}

function RoleLink({ role }: { readonly role: { readonly documentId: string; readonly name: string } }): ReactNode {
  return (
    <Link to={`/roles/${role.documentId}`} className="whole">
      {role.name}
    </Link>
  );
}
