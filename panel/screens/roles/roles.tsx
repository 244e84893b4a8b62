import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { useData, useMayChange } from '../../api/hooks.ts';
import { type ListedRoleFragment, RolesDocument } from '../../generated/graphql.ts';
import { useAddress } from '../../ui/address.ts';
import { Button, ButtonLink } from '../../ui/button.tsx';
import { goTo } from '../../ui/leave-guard.ts';
import { RowMenu } from '../../ui/menu.tsx';
import { Badge, Empty, FailureNotice, Loading } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { type Column, Pages, Table } from '../../ui/table.tsx';
import { useWords } from '../../words/words.ts';
import { CreateRole } from './create-role.tsx';
import { DeleteRole, whyNotDeleted } from './delete-role.tsx';

export default function Roles(): ReactNode {
  const words = useWords();
  const { roles } = words;
  const mayChange = useMayChange();
  const address = useAddress();
  const [search, sort] = [address.get('search'), address.get('sort') || 'name:asc'];
  const { data, failure, reload } = useData(RolesDocument, {
    search: search || null,
    sort: [sort],
    page: address.page,
  });
  const [copied, setCopied] = useState<ListedRoleFragment>();
  const [deleted, setDeleted] = useState<ListedRoleFragment>();
  const isCreating = address.get('new') !== '' && mayChange;
  const found = data?.roles_connection;
  return (
    <Page
      title={roles.title}
      about={roles.about}
      actions={
        <>
          <ButtonLink to="/roles/matrix" icon="columns">
            {roles.allRoles}
          </ButtonLink>
          {mayChange && (
            <Button look="primary" icon="plus" onClick={() => address.set({ new: '1' })}>
              {roles.create}
            </Button>
          )}
        </>
      }
    >
      <div className="stack">
        {!mayChange && <p className="soft">{words.common.readOnly}</p>}
        <div className="toolbar">
          <SearchBox label={roles.search} value={search} onChange={(text) => address.set({ search: text })} />
        </div>
        <FailureNotice failure={failure} />
        {!found && !failure && <Loading />}
        {found &&
          (found.nodes.length === 0 ? (
            <Empty
              title={words.common.nothingFound}
              action={<Button onClick={() => address.set({ search: '' })}>{words.common.clear}</Button>}
            />
          ) : (
            <Table
              label={roles.title}
              columns={columnsOf(words)}
              rows={found.nodes}
              idOf={({ documentId }) => documentId}
              nameOf={({ name }) => name}
              sort={sort}
              onSort={(next) => address.set({ sort: next })}
              actions={(role) => (
                <RowMenu
                  name={role.name}
                  entries={[
                    { label: roles.permissions, icon: 'shield', run: () => goTo(`/roles/${role.documentId}`) },
                    { label: roles.users, icon: 'users', run: () => goTo(`/roles/${role.documentId}/users`) },
                    ...(mayChange
                      ? ([
                          {
                            label: roles.copy,
                            icon: 'copy',
                            run: () => {
                              setCopied(role);
                              address.set({ new: '1' });
                            },
                          },
                          'line',
                          {
                            label: roles.delete,
                            icon: 'trash',
                            danger: true,
                            disabled: whyNotDeleted(role, words),
                            run: () => setDeleted(role),
                          },
                        ] as const)
                      : []),
                  ]}
                />
              )}
            />
          ))}
        <Pages info={found?.pageInfo} onPage={(page) => address.set({ page: String(page) })} />
      </div>
      <CreateRole
        key={copied?.documentId ?? ''}
        open={isCreating}
        copyOf={copied}
        onClose={() => {
          setCopied(undefined);
          address.set({ new: '' });
        }}
      />
      {deleted && (
        <DeleteRole
          role={deleted}
          onClose={() => setDeleted(undefined)}
          onDeleted={() => {
            reload();
          }}
        />
      )}
    </Page>
  );
}

function columnsOf({ roles, common }: ReturnType<typeof useWords>): Column<ListedRoleFragment>[] {
  return [
    {
      key: 'name',
      title: roles.name,
      sortable: true,
      cell: (role) => (
        <div className="stack tight">
          <span className="row">
            <Link to={`/roles/${role.documentId}`}>{role.name}</Link>
            {role.isDefault && <Badge kind="accent">{roles.default}</Badge>}
            {role.problems.length > 0 && <Badge kind="bad">{roles.problems(role.problems.length)}</Badge>}
          </span>
          {role.description && <span className="soft small clip">{role.description}</span>}
        </div>
      ),
    },
    { key: 'type', title: roles.type, sortable: true, cell: ({ type }) => <code className="nowrap">{type}</code> },
    {
      key: 'users',
      title: roles.users,
      number: true,
      cell: (role) =>
        role.type === 'public' ? (
          <span className="soft">{roles.everybody}</span>
        ) : (
          <Link to={`/roles/${role.documentId}/users`}>{role.userCount}</Link>
        ),
    },
    { key: 'actions', title: roles.actions, number: true, cell: ({ permissions }) => permissions.length },
    {
      key: 'includes',
      title: roles.includes,
      cell: ({ includes }) =>
        includes.length === 0 ? (
          <span className="soft">{common.none}</span>
        ) : (
          includes.map(({ name }) => name).join(', ')
        ),
    },
  ];
}
