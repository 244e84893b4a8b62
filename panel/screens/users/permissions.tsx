import { type ReactNode, useMemo, useState } from 'react';
import { Link } from 'wouter';
import { useData } from '../../api/hooks.ts';
import { UserPermissionsDocument, type UserPermissionsQuery } from '../../generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { Badge, Empty, FailureNotice, Loading } from '../../ui/notice.tsx';
import { Section } from '../../ui/page.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { Table } from '../../ui/table.tsx';
import { useWords } from '../../words/words.ts';

type Permission = NonNullable<UserPermissionsQuery['effectivePermissions']>[number];
type Source = Permission['sources'][number];

/** What the user is allowed, by type, and which role gives it. */
export function Permissions({ id }: { readonly id: string }): ReactNode {
  const { users, common } = useWords();
  const { data, failure, reload } = useData(UserPermissionsDocument, { user: id });
  const [search, setSearch] = useState('');
  const groups = useMemo(() => groupsOf(data, search.trim().toLowerCase()), [data, search]);
  return (
    <Section title={users.permissions} about={users.permissionsAbout} card={false}>
      <FailureNotice failure={failure} />
      {failure && <Button onClick={reload}>{common.retry}</Button>}
      {!data && !failure && <Loading />}
      {data && (
        <>
          <div className="toolbar">
            <SearchBox label={users.searchPermissions} value={search} onChange={setSearch} />
          </div>
          {groups.length === 0 && (
            <Empty title={search ? common.nothingFound : users.noPermissions}>{users.noPermissionsAbout}</Empty>
          )}
          {groups.map(({ type, label, permissions }) => (
            <div key={type} className="stack tight user-permissions">
              <h3>{label}</h3>
              <Table
                label={label}
                rows={permissions}
                idOf={({ action }) => action}
                nameOf={({ action }) => action}
                columns={[
                  {
                    key: 'action',
                    title: users.action,
                    cell: ({ action, label: name }) => (
                      <span className="stack tight">
                        {name}
                        <code className="hint">{action}</code>
                      </span>
                    ),
                  },
                  {
                    key: 'inWords',
                    title: users.onWhat,
                    cell: ({ grants, inWords }) =>
                      grants ? inWords : <Badge kind="good">{users.withoutRestriction}</Badge>,
                  },
                  {
                    key: 'from',
                    title: users.from,
                    cell: ({ sources }) => (
                      <ul className="stack tight">
                        {sources.map((source) => (
                          <li key={source.role.documentId}>
                            <Origin source={source} />
                          </li>
                        ))}
                      </ul>
                    ),
                  },
                ]}
              />
            </div>
          ))}
        </>
      )}
    </Section>
  );
}

function Origin({ source: { how, role, includedBy } }: { readonly source: Source }): ReactNode {
  const { users } = useWords();
  return (
    <>
      <Link to={`/roles/${role.documentId}`}>{role.name}</Link>{' '}
      <span className="soft small">
        {how === 'MAIN' && users.asMain}
        {how === 'FURTHER' && users.asFurther}
        {how === 'INCLUDED' && users.includedBy(includedBy.map(({ name }) => name).join(', '))}
      </span>
    </>
  );
}

function groupsOf(data: UserPermissionsQuery | undefined, search: string) {
  const byAction = new Map(data?.effectivePermissions?.map((permission) => [permission.action, permission]));
  const known = new Set<string>();
  const groups = (data?.actions ?? []).map(({ type, label, actions }) => ({
    type,
    label,
    permissions: actions.flatMap(({ action, label: name }) => {
      known.add(action);
      const permission = byAction.get(action);
      return permission ? [{ ...permission, label: name }] : [];
    }),
  }));
  const others = [...byAction.values()].filter(({ action }) => !known.has(action));
  if (others.length > 0) {
    groups.push({ type: '', label: '…', permissions: others.map((one) => ({ ...one, label: one.action })) });
  }
  return groups
    .map((group) => ({
      ...group,
      permissions: group.permissions.filter(({ action, label }) =>
        [action, label, group.label].some((text) => text.toLowerCase().includes(search)),
      ),
    }))
    .filter(({ permissions }) => permissions.length > 0);
}
