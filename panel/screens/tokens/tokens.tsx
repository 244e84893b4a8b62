import { type ReactNode, useMemo, useState } from 'react';
import { Link } from 'wouter';
import { useData, useMayChange } from '../../api/hooks.ts';
import { type ApiTokenFiltersInput, type ListedTokenFragment, TokensDocument } from '../../generated/graphql.ts';
import { useAddress } from '../../ui/address.ts';
import { Button, ButtonLink } from '../../ui/button.tsx';
import { goTo } from '../../ui/leave-guard.ts';
import { RowMenu } from '../../ui/menu.tsx';
import { Empty, FailureNotice, Loading } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { Select } from '../../ui/select.tsx';
import { type Column, Pages, Table } from '../../ui/table.tsx';
import { Time, zoneName } from '../../ui/time.tsx';
import { useWords } from '../../words/words.ts';
import { type TokenAct, TokenDialogs } from './token-acts.tsx';
import { TokenStatus } from './token-status.tsx';

export default function Tokens(): ReactNode {
  const words = useWords();
  const { tokens, common } = words;
  const mayChange = useMayChange();
  const address = useAddress();
  const [search, sort] = [address.get('search'), address.get('sort') || 'name:asc'];
  const [kind, status] = [address.get('kind'), address.get('status')];
  const filters = useMemo(() => filtersOf(kind, status), [kind, status]);
  const { data, failure } = useData(TokensDocument, {
    search: search || null,
    filters,
    sort: [sort],
    page: address.page,
  });
  const [asked, setAsked] = useState<TokenAct>();
  const found = data?.apiTokens_connection;
  const isFiltered = search !== '' || kind !== '' || status !== '';
  return (
    <Page
      title={tokens.title}
      about={tokens.about}
      actions={
        mayChange && (
          <ButtonLink to="/tokens/new" look="primary" icon="plus">
            {tokens.create}
          </ButtonLink>
        )
      }
    >
      <div className="stack">
        {!mayChange && <p className="soft">{common.readOnly}</p>}
        <div className="toolbar">
          <SearchBox label={tokens.search} value={search} onChange={(text) => address.set({ search: text })} />
          <span className="filter">
            <Select
              aria-label={tokens.kind}
              value={kind}
              onChange={(value) => address.set({ kind: value })}
              options={[
                { value: '', label: tokens.anyKind },
                ...(['READ_ONLY', 'CUSTOM', 'FULL_ACCESS'] as const).map((value) => ({
                  value,
                  label: tokens.kinds[value],
                })),
              ]}
            />
          </span>
          <span className="filter">
            <Select
              aria-label={tokens.status}
              value={status}
              onChange={(value) => address.set({ status: value })}
              options={[
                { value: '', label: tokens.anyStatus },
                ...(['ACTIVE', 'EXPIRED', 'REVOKED'] as const).map((value) => ({
                  value,
                  label: tokens.statuses[value],
                })),
              ]}
            />
          </span>
        </div>
        <FailureNotice failure={failure} />
        {!found && !failure && <Loading />}
        {found && found.nodes.length === 0 && (
          <Empty
            title={isFiltered ? common.nothingFound : tokens.none}
            action={
              isFiltered ? (
                <Button onClick={() => address.set({ search: '', kind: '', status: '' })}>{common.clear}</Button>
              ) : (
                mayChange && <Link to="/tokens/new">{tokens.create}</Link>
              )
            }
          >
            {isFiltered ? undefined : tokens.noneAbout}
          </Empty>
        )}
        {found && found.nodes.length > 0 && (
          <Table
            label={tokens.title}
            columns={columnsOf(words)}
            rows={found.nodes}
            idOf={({ documentId }) => documentId}
            nameOf={({ name }) => name}
            sort={sort}
            onSort={(next) => address.set({ sort: next })}
            actions={(token) => (
              <RowMenu
                name={token.name}
                entries={[
                  {
                    label: mayChange ? common.edit : tokens.open,
                    icon: 'edit',
                    run: () => goTo(`/tokens/${token.documentId}`),
                  },
                  ...(mayChange
                    ? ([
                        {
                          label: tokens.regenerate,
                          icon: 'refresh',
                          run: () => setAsked({ kind: 'regenerate', token }),
                        },
                        {
                          label: tokens.revoke,
                          icon: 'lock',
                          disabled: token.status === 'ACTIVE' ? undefined : tokens.endedAlready,
                          run: () => setAsked({ kind: 'revoke', token }),
                        },
                        'line',
                        {
                          label: tokens.delete,
                          icon: 'trash',
                          danger: true,
                          run: () => setAsked({ kind: 'delete', token }),
                        },
                      ] as const)
                    : []),
                ]}
              />
            )}
          />
        )}
        <Pages info={found?.pageInfo} onPage={(page) => address.set({ page: String(page) })} />
        {found && found.nodes.length > 0 && <p className="hint">{common.zone(zoneName())}</p>}
      </div>
      <TokenDialogs asked={asked} onClose={() => setAsked(undefined)} />
    </Page>
  );
}

const KINDS = ['READ_ONLY', 'FULL_ACCESS', 'CUSTOM'] as const;

/** The status is no column: it follows from when a token ends and whether it was revoked. */
function filtersOf(kind: string, status: string): ApiTokenFiltersInput {
  const now = new Date().toISOString();
  const known = KINDS.find((one) => one === kind);
  return {
    ...(known && { kind: { eq: known } }),
    ...(status === 'REVOKED' && { revokedAt: { notNull: true } }),
    ...(status === 'EXPIRED' && { revokedAt: { null: true }, expiresAt: { lte: now } }),
    ...(status === 'ACTIVE' && {
      revokedAt: { null: true },
      or: [{ expiresAt: { null: true } }, { expiresAt: { gt: now } }],
    }),
  };
}

function columnsOf({ tokens, common }: ReturnType<typeof useWords>): Column<ListedTokenFragment>[] {
  return [
    {
      key: 'name',
      title: tokens.name,
      sortable: true,
      cell: ({ documentId, name, description }) => (
        <div className="stack tight">
          <Link to={`/tokens/${documentId}`}>{name}</Link>
          {description && <span className="soft small clip">{description}</span>}
        </div>
      ),
    },
    { key: 'kind', title: tokens.kind, sortable: true, cell: ({ kind }) => tokens.kinds[kind] },
    { key: 'status', title: tokens.status, cell: (token) => <TokenStatus token={token} /> },
    {
      key: 'prefix',
      title: tokens.prefix,
      cell: ({ prefix, importedFrom }) =>
        importedFrom === null ? <code>{prefix}…</code> : <span className="soft">{tokens.fromStrapi}</span>,
    },
    {
      key: 'expiresAt',
      title: tokens.expires,
      sortable: true,
      cell: ({ expiresAt }) => (expiresAt ? <Time at={expiresAt} /> : common.never),
    },
    {
      key: 'lastUsedAt',
      title: tokens.lastUsed,
      sortable: true,
      cell: ({ lastUsedAt }) => (lastUsedAt ? <Time at={lastUsedAt} /> : <span className="soft">{common.never}</span>),
    },
  ];
}
