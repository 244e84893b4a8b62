import { type ReactNode, useState } from 'react';
import type { AuditLineFragment } from '../../generated/graphql.ts';
import { useAddress } from '../../ui/address.ts';
import { Icon } from '../../ui/icons.tsx';
import { type Pick, PickerField } from '../../ui/picker.tsx';
import { useWords } from '../../words/words.ts';
import { findInAudit } from './find.ts';

interface Props {
  /** The entries of the list, which have the names of what the address names. */
  readonly entries: readonly AuditLineFragment[];
  readonly change: (values: Readonly<Record<string, string>>) => void;
}

/** By whom and on what the entries of the list are. */
export function PeopleFilters({ entries, change }: Props): ReactNode {
  const words = useWords();
  const { audit } = words;
  const { get } = useAddress();
  const [picked, setPicked] = useState<readonly Pick[]>([]);
  const pickOf = (id: string): Pick | null => {
    if (id === '') return null;
    return { id, label: nameIn(entries, id) ?? picked.find((one) => one.id === id)?.label ?? id };
  };
  const filters = [
    ['actor', audit.byWhom, { roles: false }],
    ['target', audit.whom, { roles: true }],
  ] as const;
  return (
    <div className="audit-people">
      {filters.map(([name, label, kinds]) => (
        <PickerField
          key={name}
          label={label}
          placeholder={audit.any}
          find={findInAudit(words, kinds)}
          value={pickOf(get(name))}
          onChange={(pick) => {
            if (pick) setPicked([...picked, pick]);
            change({ [name]: pick?.id ?? '' });
          }}
        />
      ))}
      <About entries={entries} change={change} />
    </div>
  );
}

/** Of whom the list is in either way, to which other screens lead. */
function About({ entries, change }: Props): ReactNode {
  const { audit, common } = useWords();
  const about = useAddress().get('about');
  if (about === '') return null;
  const text = audit.either(nameIn(entries, about) ?? about);
  return (
    <ul className="chips">
      <li className="chip">
        {text}
        <button type="button" aria-label={common.remove(text)} onClick={() => change({ about: '' })}>
          <Icon name="close" size={14} />
        </button>
      </li>
    </ul>
  );
}

function nameIn(entries: readonly AuditLineFragment[], id: string): string | undefined {
  const entry = entries.find(({ actorId, targetId }) => actorId === id || targetId === id);
  return (entry?.actorId === id ? entry.actorName : entry?.targetName) ?? undefined;
}
