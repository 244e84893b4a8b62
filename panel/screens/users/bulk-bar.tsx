import { type ReactNode, useState } from 'react';
import type { UserFiltersInput } from '../../generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { useWords } from '../../words/words.ts';
import type { BulkAct } from './bulk.ts';
import { BulkDialog } from './bulk-dialog.tsx';

/** How many users are selected, and what can be done to all of them. */
export function BulkBar({
  selected,
  names,
  everything,
  total,
  asked,
  onEverything,
  onClear,
  onDone,
}: {
  readonly selected: ReadonlySet<string>;
  readonly names: ReadonlyMap<string, string>;
  /** All that match are meant, not only those that were ticked. */
  readonly everything: boolean;
  readonly total: number;
  readonly asked: { readonly search: string | null; readonly filters: UserFiltersInput };
  readonly onEverything: (everything: boolean) => void;
  readonly onClear: () => void;
  readonly onDone: () => void;
}): ReactNode {
  const { users, common } = useWords();
  const [kind, setKind] = useState<BulkAct['kind']>();
  const count = everything ? total : selected.size;
  return (
    <section className="card bulk-bar" aria-label={users.bulk}>
      <strong role="status">{everything ? users.allSelected(total) : common.selected(count)}</strong>
      {!everything && total > selected.size && (
        <Button small onClick={() => onEverything(true)}>
          {users.selectAll(total)}
        </Button>
      )}
      <Button small look="plain" onClick={onClear}>
        {users.clearSelection}
      </Button>
      <span className="grow" />
      <Menu
        label={users.bulk}
        trigger={
          <Button small icon="down">
            {users.bulk}
          </Button>
        }
        entries={[
          { label: users.addRole, icon: 'plus', run: () => setKind('addRole') },
          { label: users.setRole, icon: 'shield', run: () => setKind('setRole') },
          'line',
          { label: users.doBlock, icon: 'lock', run: () => setKind('block') },
          { label: users.unblock, icon: 'check', run: () => setKind('unblock') },
          { label: users.endSessions, icon: 'out', run: () => setKind('endSessions') },
          'line',
          { label: common.delete, icon: 'trash', danger: true, run: () => setKind('delete') },
        ]}
      />
      {kind && (
        <BulkDialog
          kind={kind}
          count={count}
          targets={everything ? undefined : [...selected].map((id) => ({ id, name: names.get(id) ?? id }))}
          asked={asked}
          onClose={(changed) => {
            setKind(undefined);
            if (!changed) return;
            onClear();
            onDone();
          }}
        />
      )}
    </section>
  );
}
