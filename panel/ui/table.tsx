import type { ReactNode } from 'react';
import { useWords } from '../words/words.ts';
import { Checkbox } from './field.tsx';
import { Icon } from './icons.tsx';

export interface Column<Row> {
  /** Also what the address sorts by. */
  readonly key: string;
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  readonly sortable?: boolean;
  readonly number?: boolean;
}

export interface TableProps<Row> {
  /** What the table is about, for who hears it. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly idOf: (row: Row) => string;
  /** How a row is called: for its box and its menu. */
  readonly nameOf: (row: Row) => string;
  /** `createdAt:desc`. */
  readonly sort?: string | undefined;
  readonly onSort?: (sort: string) => void;
  /** The chosen rows. Without it, none can be chosen. */
  readonly selected?: ReadonlySet<string>;
  readonly onSelect?: (selected: ReadonlySet<string>) => void;
  /** The acts of a row, which are there on focus and on touch as well. */
  readonly actions?: (row: Row) => ReactNode;
}

export function Table<Row>({
  label,
  columns,
  rows,
  idOf,
  nameOf,
  sort,
  onSort,
  selected,
  onSelect,
  actions,
}: TableProps<Row>): ReactNode {
  const words = useWords();
  const here = rows.map(idOf);
  const chosen = here.filter((id) => selected?.has(id)).length;
  const toggle = (ids: readonly string[], on: boolean) => {
    const next = new Set(selected);
    for (const id of ids) on ? next.add(id) : next.delete(id);
    onSelect?.(next);
  };
  const [sortedBy, direction] = (sort ?? '').split(':');
  return (
    // Scrollable, so it takes the focus: who has no mouse scrolls it by the arrow keys.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the same
    <section className="table-frame" aria-label={label} tabIndex={0}>
      <table className="table">
        <thead>
          <tr>
            {selected && (
              <th className="cell-check">
                <Checkbox
                  label={words.common.selectPage}
                  hideLabel
                  checked={chosen === 0 ? false : chosen === here.length ? true : 'some'}
                  onChange={(on) => toggle(here, on)}
                />
              </th>
            )}
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                className={column.number ? 'number' : undefined}
                aria-sort={column.key !== sortedBy ? undefined : direction === 'desc' ? 'descending' : 'ascending'}
              >
                {column.sortable && onSort ? (
                  <button
                    type="button"
                    className="sort"
                    onClick={() =>
                      onSort(`${column.key}:${column.key === sortedBy && direction !== 'desc' ? 'desc' : 'asc'}`)
                    }
                  >
                    {column.title}
                    {column.key === sortedBy && <Icon name={direction === 'desc' ? 'down' : 'up'} size={14} />}
                  </button>
                ) : (
                  column.title
                )}
              </th>
            ))}
            {actions && (
              <th className="cell-actions">
                <span className="visually-hidden">{words.common.actions}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const id = idOf(row);
            const isSelected = selected?.has(id) ?? false;
            return (
              <tr key={id} data-selected={isSelected || undefined}>
                {selected && (
                  <td className="cell-check">
                    <Checkbox
                      label={words.common.select(nameOf(row))}
                      hideLabel
                      checked={isSelected}
                      onChange={(on) => toggle([id], on)}
                    />
                  </td>
                )}
                {columns.map((column) => (
                  <td key={column.key} className={column.number ? 'number' : undefined}>
                    {column.cell(row)}
                  </td>
                ))}
                {actions && <td className="cell-actions">{actions(row)}</td>}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

export interface PageInfo {
  readonly page: number;
  readonly pageCount: number;
  readonly pageSize: number;
  readonly total: number;
}

/** Which page this is, and the way to the others. */
export function Pages({
  info,
  onPage,
}: {
  readonly info: PageInfo | undefined;
  readonly onPage: (page: number) => void;
}): ReactNode {
  const words = useWords();
  if (!info || info.total === 0) return null;
  const first = (info.page - 1) * info.pageSize + 1;
  const last = Math.min(info.total, info.page * info.pageSize);
  return (
    <nav className="row apart" aria-label={words.common.pages}>
      <span className="soft small" role="status">
        {words.common.range(first, last, info.total)}
      </span>
      <span className="row">
        <button type="button" className="button small" disabled={info.page <= 1} onClick={() => onPage(info.page - 1)}>
          <Icon name="left" size={16} />
          {words.common.previous}
        </button>
        <span className="small nowrap">{words.common.pageOf(info.page, Math.max(1, info.pageCount))}</span>
        <button
          type="button"
          className="button small"
          disabled={info.page >= info.pageCount}
          onClick={() => onPage(info.page + 1)}
        >
          {words.common.next}
          <Icon name="right" size={16} />
        </button>
      </span>
    </nav>
  );
}
