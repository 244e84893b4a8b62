import type { ReactNode } from 'react';
import type { AuditLineFragment } from '../../generated/graphql.ts';
import { useAddress } from '../../ui/address.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icons.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { type Option, Select } from '../../ui/select.tsx';
import { useWords, type Words } from '../../words/words.ts';
import { ACTOR_KINDS, FILTERS } from './filters.ts';

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
      <Chips entries={entries} onRemove={(name) => change({ [name]: '' })} />
    </search>
  );
}

/** Of whom the list is, by the names that the entries have. */
function Chips({
  entries,
  onRemove,
}: {
  readonly entries: readonly AuditLineFragment[];
  readonly onRemove: (name: string) => void;
}): ReactNode {
  const words = useWords();
  const { audit } = words;
  const { get } = useAddress();
  const nameOf = (id: string) => {
    const entry = entries.find(({ actorId, targetId }) => actorId === id || targetId === id);
    return (entry?.actorId === id ? entry.actorName : entry?.targetName) ?? id;
  };
  const chips = (
    [
      ['actor', audit.by],
      ['target', audit.on],
      ['about', audit.either],
    ] as const
  ).filter(([name]) => get(name) !== '');
  if (chips.length === 0) return null;
  return (
    <ul className="chips">
      {chips.map(([name, say]) => {
        const text = say(nameOf(get(name)));
        return (
          <li key={name} className="chip">
            {text}
            <button type="button" aria-label={words.common.remove(text)} onClick={() => onRemove(name)}>
              <Icon name="close" size={14} />
            </button>
          </li>
        );
      })}
    </ul>
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
