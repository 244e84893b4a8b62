import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { Link } from 'wouter';
import { Failure } from '../../api/failure.ts';
import { useMayChange } from '../../api/hooks.ts';
import { usePreferences } from '../../app/preferences.tsx';
import { Button, ButtonLink } from '../../ui/button.tsx';
import { copy } from '../../ui/copy.tsx';
import { goTo } from '../../ui/leave-guard.ts';
import { RowMenu } from '../../ui/menu.tsx';
import { Empty, FailureNotice, Loading } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { say } from '../../ui/toasts.tsx';
import { useWords } from '../../words/words.ts';
import { BulkDelete } from './bulk-delete.tsx';
import { useList } from './content-data.ts';
import { type ContentType, chosenColumns, isRelation, NUMBER_KINDS, type Row, titleOf } from './content-type.ts';
import { DeleteDialog } from './delete-dialog.tsx';
import { documentAddress } from './document-address.ts';
import { listDocument } from './documents.ts';
import { useKeptScroll } from './kept-scroll.ts';
import { isSortable, useListAddress, variablesOf } from './list-address.ts';
import { ListPages } from './list-pages.tsx';
import { ListToolbar } from './list-toolbar.tsx';
import { keepPlace } from './places.ts';
import { SelectionBar } from './selection-bar.tsx';
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
  const [dialog, setDialog] = useState<'bulk' | Row>();

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

  useKeptScroll(type.name, list !== undefined);

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
      number: NUMBER_KINDS.includes(field.kind),
      cell: (row) =>
        field === link ? (
          <Link to={documentAddress(type.name, row.documentId)} className="content-title" dir="auto">
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
        <ListToolbar
          type={type}
          types={types}
          address={address}
          narrow={narrow}
          fields={fields}
          exported={{ fields, rows }}
          request={{ document, variables }}
        >
          <ViewsMenu type={type} search={address.search} />
        </ListToolbar>
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
              <SelectionBar
                count={selected.size}
                total={info.total}
                isAll={isAll}
                onAll={() => setAll(true)}
                onClear={clearSelection}
                onDelete={() => setDialog('bulk')}
              />
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
                        run: () => goTo(documentAddress(type.name, row.documentId)),
                      },
                      {
                        label: content.copyId,
                        icon: 'copy',
                        run: () => void copy(row.documentId).then(() => say(words.common.copied)),
                      },
                      ...(mayWrite && type.create
                        ? ([
                            {
                              label: content.duplicate,
                              icon: 'plus',
                              run: () => goTo(`/content/${type.name}/new?from=${encodeURIComponent(row.documentId)}`),
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
            <ListPages info={info} address={address} />
          </>
        )}
      </div>
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
