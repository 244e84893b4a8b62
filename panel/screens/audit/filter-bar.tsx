import type { ReactNode } from 'react';
import type { AuditLineFragment } from '../../generated/graphql.ts';
import { useAddress } from '../../ui/address.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { type Option, Select } from '../../ui/select.tsx';
import { useWords, type Words } from '../../words/words.ts';
import { ACTOR_KINDS, FILTERS } from './filters.ts';
import { PeopleFilters } from './people-filters.tsx';

/** What the list is narrowed by. Each filter stands in the address, and starts from the newest entry again. */
export function AuditFilters({ entries }: { readonly entries: readonly AuditLineFragment[] }): ReactNode {
  const words = useWords();
  const { audit } = words;
  const { get, set } = useAddress();
  const change = (values: Readonly<Record<string, string>>) => set({ ...values, upto: '' });
  const when = get('when') || (get('since') || get('until') ? 'custom' : '');
  const isFiltered = FILTERS.some((name) => get(name) !== '');
  return (
    <search className="stack tight" aria-label={audit.filters}>
      <div className="toolbar audit-filters">
        <SearchBox label={audit.search} value={get('search')} onChange={(search) => change({ search })} />
        <Select
          aria-label={audit.event}
          options={eventOptions(words, get('event'))}
          value={get('event')}
          onChange={(event) => change({ event })}
        />
        <Select
          aria-label={audit.outcome}
          options={[
            { value: '', label: audit.allOutcomes },
            { value: 'DONE', label: audit.done },
            { value: 'REFUSED', label: audit.refused },
          ]}
          value={get('outcome')}
          onChange={(outcome) => change({ outcome })}
        />
        <Select
          aria-label={audit.actor}
          options={[
            { value: '', label: `${audit.actor}: ${audit.allActors}` },
            ...ACTOR_KINDS.map((kind) => ({ value: kind, label: audit.actorKinds[kind] })),
          ]}
          value={get('by')}
          onChange={(by) => change({ by })}
        />
        <Select
          aria-label={audit.period}
          options={Object.entries(audit.periods).map(([value, label]) => ({ value, label }))}
          value={when}
          onChange={(next) => change({ when: next, since: '', until: '' })}
        />
        {isFiltered && (
          <Button look="plain" small onClick={() => change(Object.fromEntries(FILTERS.map((name) => [name, ''])))}>
            {audit.clearAll}
          </Button>
        )}
      </div>
      {when === 'custom' && (
        <div className="row">
          <TextField
            label={audit.since}
            type="datetime-local"
            value={get('since')}
            onChange={(since) => change({ when: 'custom', since })}
          />
          <TextField
            label={audit.until}
            type="datetime-local"
            value={get('until')}
            onChange={(until) => change({ when: 'custom', until })}
          />
        </div>
      )}
      <PeopleFilters entries={entries} change={change} />
    </search>
  );
}

function eventOptions({ audit }: Words, chosen: string): readonly Option<string>[] {
  const events = Object.keys(audit.events);
  const kinds = Object.entries(audit.kinds);
  const options: Option<string>[] = [
    { value: '', label: audit.allEvents },
    ...kinds.map(([kind, label]) => ({ value: `${kind}.`, label: audit.allAbout(label) })),
    ...events.map((event) => ({ value: event, label: audit.events[event] ?? event })),
  ];
  // One that the address names and this panel does not know.
  return options.some(({ value }) => value === chosen) ? options : [...options, { value: chosen, label: chosen }];
}
