import type { ReactNode } from 'react';
import { Select } from '../../ui/select.tsx';
import { type PageInfo, Pages } from '../../ui/table.tsx';
import { zoneName } from '../../ui/time.tsx';
import { useWords } from '../../words/words.ts';
import { type ListAddress, PAGE_SIZES } from './list-address.ts';

/** The ways to the other pages of a list, and how many rows one has. */
export function ListPages({
  info,
  address,
}: {
  readonly info: PageInfo;
  readonly address: Pick<ListAddress, 'pageSize' | 'set'>;
}): ReactNode {
  const { content, common } = useWords();
  return (
    <>
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
      <p className="hint">{common.zone(zoneName())}</p>
    </>
  );
}
