import type { ReactNode } from 'react';
import { useData } from '../../api/hooks.ts';
import { RoleNameDocument } from '../../generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { PickerField } from '../../ui/picker.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { SelectField } from '../../ui/select.tsx';
import { useWords } from '../../words/words.ts';
import { findRoles } from './find-roles.ts';
import { SINCE, type useListFilters } from './list-filters.ts';

/** What the list is narrowed down by. */
export function FilterBar({
  list: { search, role, blocked, confirmed, since, set, isFiltered, clear },
}: {
  readonly list: ReturnType<typeof useListFilters>;
}): ReactNode {
  const { users, common } = useWords();
  const { data } = useData(RoleNameDocument, { role }, { pause: role === '' });
  const either = (yes: string, no: string) => [
    { value: '', label: users.any },
    { value: 'yes', label: yes },
    { value: 'no', label: no },
  ];
  return (
    <search className="stack" aria-label={users.filters}>
      <div className="toolbar">
        <SearchBox label={users.search} value={search} onChange={(text) => set({ search: text })} />
        {isFiltered && (
          <Button look="plain" icon="close" onClick={clear}>
            {users.clearFilters}
          </Button>
        )}
      </div>
      <div className="user-filters">
        <PickerField
          label={users.role}
          find={findRoles}
          placeholder={users.any}
          value={role === '' ? null : { id: role, label: data?.role?.name ?? (data ? role : common.loading) }}
          onChange={(pick) => set({ role: pick?.id ?? '' })}
        />
        <SelectField
          label={users.block}
          options={either(users.isBlocked, users.isNotBlocked)}
          value={blocked}
          onChange={(value) => set({ blocked: value })}
        />
        <SelectField
          label={users.email}
          options={either(users.isConfirmed, users.isNotConfirmed)}
          value={confirmed}
          onChange={(value) => set({ confirmed: value })}
        />
        <SelectField
          label={users.created}
          options={[
            { value: '', label: users.anyTime },
            ...[...SINCE, ...(since && !SINCE.some((one) => one === since) ? [since] : [])].map((days) => ({
              value: days,
              label: users.sinceDays(Number(days)),
            })),
          ]}
          value={since}
          onChange={(value) => set({ since: value })}
        />
      </div>
    </search>
  );
}
