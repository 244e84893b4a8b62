import { type ReactNode, useEffect, useLayoutEffect, useMemo, useState } from 'react';
import { Link } from 'wouter';
import { Failure } from '../../api/failure.ts';
import { useMayChange } from '../../api/hooks.ts';
import { usePreferences } from '../../app/preferences.tsx';
import { Button, ButtonLink } from '../../ui/button.tsx';
import { goTo } from '../../ui/leave-guard.ts';
import { Menu, RowMenu } from '../../ui/menu.tsx';
import { Empty, FailureNotice, Loading } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { Select } from '../../ui/select.tsx';
import { type Column, Pages, Table } from '../../ui/table.tsx';
import { say } from '../../ui/toasts.tsx';
import { useWords } from '../../words/words.ts';
import { BulkDelete } from './bulk-delete.tsx';
import { ColumnsDialog } from './columns-dialog.tsx';
import { useList } from './content-data.ts';
import { type ContentType, chosenColumns, fieldOf, isRelation, type Row, titleOf } from './content-type.ts';
import { DeleteDialog } from './delete-dialog.tsx';
import { listDocument } from './documents.ts';
import { exportPage } from './export-page.ts';
import { AddFilter, FilterChips } from './filter-bar.tsx';
import { isSortable, PAGE_SIZES, useListAddress, variablesOf } from './list-address.ts';
import { keepPlace, keepScroll, placeOf } from './places.ts';
import { RequestDialog } from './request-dialog.tsx';
import { shortened } from './text.ts';
import { ValueView } from './value-view.tsx';
import { ViewsMenu } from './views-menu.tsx';

interface ListProps {
  readonly type: ContentType;
  readonly types: readonly ContentType[];
}

/** The table of a content type. */
export function ContentList({ type, types }: ListProps): ReactNode {
  const words = useWords();
  const { content } = words;
  const mayWrite = useMayChange() && !type.isReadOnly;
  const preferences = usePreferences();
  const address = useListAddress(type);
  const fields = useMemo(
    () => chosenColumns(type, preferences.columns[`content/${type.name}`]),
    [type, preferences.columns],
  );
  const document = useMemo(() => listDocument(type, fields, types) ?? '', [type, fields, types]);
  const [smaller, setSmaller] = useState(false);
  // "In the last 7 days" is counted from when the list was asked for, not anew with each key.
  const variables = useMemo(() => {
    const all = variablesOf(type, types, address, new Date());
    return smaller ? { ...all, pagination: { page: address.page } } : all;
  }, [type, types, address.search, smaller]);
  const { data, failure, loading, reload } = useList(document, variables);
  const list = data?.list;
  const rows = list?.nodes ?? [];
  const info = list?.pageInfo;
  const [selected, setSelected] = useState<ReadonlyMap<string, string>>(new Map());
  const [isAll, setAll] = useState(false);
  const [dialog, setDialog] = useState<'columns' | 'request' | 'bulk' | Row>();

  const isTooLarge = failure instanceof Failure && failure.at('pagination', 'pageSize') !== undefined;
  useEffect(() => {
    if (isTooLarge) setSmaller(true); // the server allows fewer rows: it says how many by itself
  }, [isTooLarge]);

  useEffect(() => {
    if (!info || !list || loading) return;
    const start = (info.page - 1) * info.pageSize;
    const ids = list.nodes.map(({ documentId }) => documentId);
    keepPlace(type.name, { search: address.search, variables, start, total: info.total, ids });
    // What was deleted can have been the last page.
    if (info.page > 1 && ids.length === 0 && info.total > 0) address.set({ page: Math.max(1, info.pageCount) });
  }, [type, list, info, loading, address, variables]);

  const isShown = list !== undefined;
  useLayoutEffect(() => {
    if (!isShown) return undefined;
    const place = placeOf(type.name);
    const scroll = place?.search === location.search ? place.scroll : 0;
    const frame = scroll > 0 ? requestAnimationFrame(() => scrollTo({ top: scroll })) : 0;
    const listen = () => keepScroll(type.name, scrollY);
    addEventListener('scroll', listen, { passive: true });
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener('scroll', listen);
    };
  }, [isShown, type]);

  const clearSelection = () => {
    setSelected(new Map());
    setAll(false);
  };
  const narrow = (change: Parameters<typeof address.set>[0]) => {
    clearSelection();
    address.set(change);
  };
  const select = (ids: ReadonlySet<string>) => {
    setAll(false);
    const titles = new Map(rows.map((row) => [row.documentId, titleOf(type, row)]));
    setSelected((before) => new Map([...ids].map((id) => [id, titles.get(id) ?? before.get(id) ?? id])));
  };

  const link = fields.find(({ name }) => name === type.title) ?? fields.find((field) => !isRelation(field));
  const columns = fields.map(
    (field): Column<Row> => ({
      key: field.name,
      title: field.label,
      sortable: isSortable(field, types),
      number: field.kind === 'INTEGER' || field.kind === 'DECIMAL' || field.kind === 'RELATION_TO_MANY',
      cell: (row) =>
        field === link ? (
          <Link to={`/content/${type.name}/${row.documentId}`} className="content-title" dir="auto">
            {field.name === type.title ? (
              <span className="clip">{shortened(titleOf(type, row), 160)}</span>
            ) : (
              <ValueView field={field} row={row} type={type} types={types} />
            )}
          </Link>
        ) : (
          <ValueView field={field} row={row} type={type} types={types} />
        ),
    }),
  );
  const isNarrowed = address.text !== '' || address.conditions.length > 0;
  const plural = type.pluralLabel;
  const one = type.label;
  const searched = (type.search.length > 0 ? type.search : [type.title])
    .map((name) => fieldOf(type, name)?.label ?? name)
    .join(', ');
  const create = mayWrite && type.create && (
    <ButtonLink look="primary" icon="plus" to={`/content/${type.name}/new`}>
      {content.create(one)}
    </ButtonLink>
  );

  return (
    <Page
      title={plural}
      about={info && content.count(info.total, one, plural)}
      actions={
        <>
          <Button icon="refresh" onClick={reload} busy={loading}>
            {content.reload}
          </Button>
          {create}
        </>
      }
    >
      <div className="stack">
        {!mayWrite && <p className="soft">{type.isReadOnly ? content.typeReadOnly : words.common.readOnly}</p>}
        <div className="toolbar">
          <SearchBox label={content.searchIn(searched)} value={address.text} onChange={(text) => narrow({ text })} />
          <AddFilter
            type={type}
            types={types}
            conditions={address.conditions}
            onChange={(conditions) => narrow({ conditions })}
          />
          <Button icon="columns" onClick={() => setDialog('columns')}>
            {content.columns}
          </Button>
          <ViewsMenu type={type} search={address.search} />
          <Menu
            label={content.more}
            entries={[
              { label: content.request, icon: 'copy', run: () => setDialog('request') },
              { label: content.exportCsv, run: () => exportPage('csv', { type, fields, rows }) },
              { label: content.exportJson, run: () => exportPage('json', { type, fields, rows }) },
            ]}
          />
        </div>
        <FilterChips
          type={type}
          types={types}
          conditions={address.conditions}
          onChange={(conditions) => narrow({ conditions })}
        />
        {!isTooLarge && <FailureNotice failure={failure} />}
        {failure !== undefined && !isTooLarge && <Button onClick={reload}>{words.common.retry}</Button>}
        {!list && failure === undefined && <Loading />}
        {list && info?.total === 0 && (
          <Empty
            title={isNarrowed ? content.noMatch : content.empty(plural)}
            action={
              isNarrowed ? (
                <Button onClick={() => narrow({ text: '', conditions: [] })}>{content.clearFilters}</Button>
              ) : (
                create || undefined
              )
            }
          >
            {isNarrowed ? content.noMatchAbout : create ? content.emptyAbout : content.emptyReadOnly}
          </Empty>
        )}
        {list && info && info.total > 0 && (
          <>
            {selected.size > 0 && (
              <div className="content-selection toolbar" role="status">
                <strong>{isAll ? content.allSelected(info.total) : words.common.selected(selected.size)}</strong>
                {!isAll && selected.size < info.total && (
                  <Button small onClick={() => setAll(true)}>
                    {content.selectAll(info.total)}
                  </Button>
                )}
                <Button small onClick={clearSelection}>
                  {content.clearSelection}
                </Button>
                <Button small danger icon="trash" onClick={() => setDialog('bulk')}>
                  {content.deleteSelected}
                </Button>
              </div>
            )}
            <div className="content-list" aria-busy={loading}>
              <Table
                label={plural}
                columns={columns}
                rows={rows}
                idOf={({ documentId }) => documentId}
                nameOf={(row) => shortened(titleOf(type, row), 60)}
                sort={address.sort}
                onSort={(sort) => address.set({ sort })}
                {...(mayWrite && type.delete && { selected: new Set(selected.keys()), onSelect: select })}
                actions={(row) => (
                  <RowMenu
                    name={shortened(titleOf(type, row), 60)}
                    entries={[
                      {
                        label: content.open,
                        icon: 'right',
                        run: () => goTo(`/content/${type.name}/${row.documentId}`),
                      },
                      {
                        label: content.copyId,
                        icon: 'copy',
                        run: () =>
                          void navigator.clipboard?.writeText(row.documentId).then(() => say(words.common.copied)),
                      },
                      ...(mayWrite && type.create
                        ? ([
                            {
                              label: content.duplicate,
                              icon: 'plus',
                              run: () => goTo(`/content/${type.name}/new?from=${row.documentId}`),
                            },
                          ] as const)
                        : []),
                      ...(mayWrite && type.delete
                        ? ([
                            'line',
                            { label: content.delete, icon: 'trash', danger: true, run: () => setDialog(row) },
                          ] as const)
                        : []),
                    ]}
                  />
                )}
              />
            </div>
            <Pages info={info} onPage={(page) => address.set({ page })} />
            <div className="row small soft">
              <span aria-hidden="true">{content.rowsPerPage}</span>
              <span>
                <Select
                  aria-label={content.rowsPerPage}
                  options={PAGE_SIZES.map((value) => ({ value, label: value }))}
                  value={String(address.pageSize) as (typeof PAGE_SIZES)[number]}
                  onChange={(pageSize) => address.set({ pageSize })}
                />
              </span>
            </div>
          </>
        )}
      </div>
      {dialog === 'columns' && <ColumnsDialog type={type} fields={fields} onClose={() => setDialog(undefined)} />}
      {dialog === 'request' && (
        <RequestDialog document={document} variables={variables} onClose={() => setDialog(undefined)} />
      )}
      {dialog === 'bulk' && (
        <BulkDelete
          type={type}
          chosen={isAll ? { variables, total: info?.total ?? 0 } : selected}
          onClose={(deleted) => {
            setDialog(undefined);
            if (deleted > 0) {
              clearSelection();
              reload();
            }
          }}
        />
      )}
      {typeof dialog === 'object' && (
        <DeleteDialog
          type={type}
          documentId={dialog.documentId}
          title={titleOf(type, dialog)}
          onClose={() => setDialog(undefined)}
          onDeleted={() => {
            setSelected((before) => new Map([...before].filter(([id]) => id !== dialog.documentId)));
            reload();
          }}
        />
      )}
    </Page>
  );
}
