import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { useData } from '../../api/hooks.ts';
import { type EditedRoleFragment, RoleUsersDocument, type RoleUsersQuery } from '../../generated/graphql.ts';
import { useAddress } from '../../ui/address.ts';
import { Button } from '../../ui/button.tsx';
import { Badge, Empty, FailureNotice, Loading } from '../../ui/notice.tsx';
import { Section } from '../../ui/page.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { type Column, Pages, Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';
import { useWords } from '../../words/words.ts';

type Row = NonNullable<RoleUsersQuery['users_connection']>['nodes'][number];

/** Who has the role, as the main one or beside it. */
export function RoleUsers({ role }: { readonly role: EditedRoleFragment }): ReactNode {
  const words = useWords();
  const { roles } = words;
  const address = useAddress();
  const [search, sort] = [address.get('search'), address.get('sort') || 'username:asc'];
  const { data, failure } = useData(
    RoleUsersDocument,
    { role: role.documentId, search: search || null, sort: [sort], page: address.page },
    { pause: role.type === 'public' },
  );
  const found = data?.users_connection;
  if (role.type === 'public') return <Empty title={roles.publicUsers}>{roles.publicUsersAbout}</Empty>;
  return (
    <Section title={roles.users} card={false}>
      <div className="toolbar">
        <SearchBox label={roles.searchUsers} value={search} onChange={(text) => address.set({ search: text })} />
      </div>
      <FailureNotice failure={failure} />
      {!found && !failure && <Loading />}
      {found && found.nodes.length === 0 && (
        <Empty
          title={search ? words.common.nothingFound : roles.noUsers}
          {...(search && {
            action: <Button onClick={() => address.set({ search: '' })}>{words.common.clear}</Button>,
          })}
        >
          {search ? undefined : roles.noUsersAbout}
        </Empty>
      )}
      {found && found.nodes.length > 0 && (
        <Table
          label={roles.usersOf(role.name)}
          columns={columnsOf(role.documentId, words)}
          rows={found.nodes}
          idOf={({ documentId }) => documentId}
          nameOf={({ username }) => username}
          sort={sort}
          onSort={(next) => address.set({ sort: next })}
        />
      )}
      <Pages info={found?.pageInfo} onPage={(page) => address.set({ page: String(page) })} />
    </Section>
  );
}

function columnsOf(role: string, { roles }: ReturnType<typeof useWords>): Column<Row>[] {
  return [
    {
      key: 'username',
      title: roles.username,
      sortable: true,
      cell: ({ documentId, username, blocked, confirmed }) => (
        <span className="row">
          <Link to={`/users/${documentId}`}>{username}</Link>
          {blocked && <Badge kind="bad">{roles.blocked}</Badge>}
          {!confirmed && <Badge kind="warn">{roles.unconfirmed}</Badge>}
        </span>
      ),
    },
    { key: 'email', title: roles.email, sortable: true, cell: ({ email }) => email },
    {
      key: 'main',
      title: roles.hasItAs,
      cell: (row) => (row.role?.documentId === role ? roles.asMain : roles.asFurther),
    },
    {
      key: 'createdAt',
      title: roles.createdAt,
      sortable: true,
      cell: ({ createdAt }) => <Time at={createdAt} />,
    },
  ];
}
