import { type ReactNode, useEffect, useRef } from 'react';
import { Link } from 'wouter';
import { useData } from '../../api/hooks.ts';
import { useWatch } from '../../api/watch.ts';
import {
  AuditEntriesDocument,
  type AuditEntriesQuery,
  type AuditLineFragment,
  CountAuditEntriesDocument,
} from '../../generated/graphql.ts';
import { useAddress } from '../../ui/address.ts';
import { Button } from '../../ui/button.tsx';
import { deviceOf } from '../../ui/device.ts';
import { Badge, Empty, FailureNotice, Loading } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { type Column, Pages, Table } from '../../ui/table.tsx';
import { Time, zoneName } from '../../ui/time.tsx';
import { useWords, type Words } from '../../words/words.ts';
import { EntryDrawer } from './entry.tsx';
import { AuditFilters } from './filter-bar.tsx';
import { FILTERS, useAuditFilters } from './filters.ts';
import { ActorName, TargetName } from './people.tsx';
import { Verification } from './verification.tsx';

const PAGE_SIZE = 25;
/** Milliseconds between two looks whether there are newer entries. */
const LOOK_EVERY = 20_000;

/**
 * The audit log. The address keeps the newest entry of the list (`upto`), so that a reload and the next page stay where they are
 * while others are written.
 */
export default function Audit(): ReactNode {
  const words = useWords();
  const { audit } = words;
  const { get, set, page } = useAddress();
  const filters = useAuditFilters();
  const upTo = /^\d{1,18}$/.test(get('upto')) ? get('upto') : undefined;
  const { data, failure, loading, reload } = useData(AuditEntriesDocument, {
    filters: { ...filters, ...(upTo !== undefined && { upTo }) },
    page,
    pageSize: PAGE_SIZE,
  });
  const latest = data?.auditEntries;
  const shown = useShown(latest ?? undefined, JSON.stringify(filters), page, upTo);
  const first = latest?.nodes[0]?.id;
  useEffect(() => {
    if (upTo === undefined && page === 1 && !loading && first !== undefined) {
      set({ upto: first, page: '' }, { replace: true });
    }
  }, [upTo, page, loading, first, set]);

  const entry = get('entry');
  const here = (change: Readonly<Record<string, string>>) => set({ page: get('page'), ...change }, { replace: true });
  const isFiltered = FILTERS.some((name) => get(name) !== '');
  return (
    <Page title={words.shell.audit} about={audit.about} actions={<Verification />}>
      <AuditFilters entries={shown?.nodes ?? []} />
      {failure && (
        <div className="row">
          <FailureNotice failure={failure} />
          <Button icon="refresh" onClick={reload}>
            {words.common.retry}
          </Button>
        </div>
      )}
      {upTo !== undefined && <Newer upTo={upTo} onShow={() => set({ upto: '', page: '' })} />}
      {!shown && !failure && <Loading />}
      {shown && shown.nodes.length === 0 && (
        <Empty
          title={isFiltered ? audit.noMatch : audit.none}
          action={
            isFiltered && (
              <Button onClick={() => set(Object.fromEntries([...FILTERS, 'upto'].map((name) => [name, ''])))}>
                {audit.clearAll}
              </Button>
            )
          }
        >
          {isFiltered ? audit.noMatchAbout : audit.noneAbout}
        </Empty>
      )}
      {shown && shown.nodes.length > 0 && (
        <div className="stack tight">
          <Table
            label={words.shell.audit}
            columns={columns(words, (id) => linkTo(id))}
            rows={shown.nodes}
            idOf={({ id }) => id}
            nameOf={({ id }) => audit.entry(id)}
          />
          <Pages info={shown.pageInfo} onPage={(next) => set({ page: next === 1 ? '' : String(next) })} />
          <p className="hint">{words.common.zone(zoneName())}</p>
        </div>
      )}
      {entry && (
        <EntryDrawer
          id={entry}
          listed={shown?.nodes ?? []}
          filters={filters}
          onMove={(id) => here({ entry: id })}
          onClose={() => here({ entry: '' })}
        />
      )}
    </Page>
  );
}

/** The same list with one entry open. */
function linkTo(id: string): string {
  const query = new URLSearchParams(location.search);
  query.set('entry', id);
  return `/audit?${query}`;
}

type Entries = NonNullable<AuditEntriesQuery['auditEntries']>;

/** What is shown: while the same page is asked for again with a fixed newest entry, the page as it was. */
function useShown(latest: Entries | undefined, filters: string, page: number, upTo: string | undefined) {
  const kept = useRef<{ readonly key: string; readonly upTo: string | undefined; readonly entries: Entries }>(
    undefined,
  );
  const key = `${filters} ${page}`;
  if (latest) kept.current = { key, upTo, entries: latest };
  if (latest) return latest;
  const before = kept.current;
  const isSame = before?.key === key && before.entries.nodes[0]?.id === (upTo ?? before.entries.nodes[0]?.id);
  return isSame ? before.entries : undefined;
}

function columns(words: Words, to: (id: string) => string): readonly Column<AuditLineFragment>[] {
  const { audit } = words;
  return [
    {
      key: 'at',
      title: audit.time,
      cell: ({ at }) => (
        <span className="nowrap">
          <Time at={at} relative={false} />
        </span>
      ),
    },
    { key: 'actor', title: audit.who, cell: (entry) => <ActorName entry={entry} /> },
    {
      key: 'event',
      title: audit.what,
      cell: ({ id, event, outcome }) => (
        <span className="row">
          <Link to={to(id)}>{audit.events[event] ?? event}</Link>
          {outcome === 'REFUSED' && <Badge kind="bad">{audit.refused}</Badge>}
        </span>
      ),
    },
    { key: 'target', title: audit.whom, cell: (entry) => <TargetName entry={entry} /> },
    {
      key: 'address',
      title: audit.where,
      cell: ({ address, userAgent }) => (
        <span className="stack named">
          <span className="mono">{address}</span>
          {userAgent && <span className="hint clip">{deviceOf(userAgent)}</span>}
        </span>
      ),
    },
  ];
}

/** Instead of a jump: how many came since, and a button to see them. */
function Newer({ upTo, onShow }: { readonly upTo: string; readonly onShow: () => void }): ReactNode {
  const { audit } = useWords();
  const filters = useAuditFilters();
  const { data, reload } = useData(CountAuditEntriesDocument, { filters: { ...filters, after: upTo } });
  useWatch(reload, LOOK_EVERY, { first: false });
  const count = data?.auditEntries?.pageInfo.total ?? 0;
  return (
    <div className={count > 0 ? 'row' : 'visually-hidden'} role="status">
      {count > 0 && (
        <>
          <Badge kind="accent">{audit.newer(count)}</Badge>
          <Button small icon="up" onClick={onShow}>
            {audit.showNewer}
          </Button>
        </>
      )}
    </div>
  );
}
