import { Menu as BaseMenu } from '@base-ui/react/menu';
import type { ReactElement, ReactNode } from 'react';
import { useWords } from '../words/words.ts';
import { IconButton } from './button.tsx';
import { classNames } from './class-names.ts';
import { Icon, type IconName } from './icons.tsx';

export interface MenuEntry {
  readonly label: string;
  readonly icon?: IconName;
  readonly danger?: boolean;
  /** Why it cannot be chosen: shown beside it. */
  readonly disabled?: string | undefined;
  readonly run: () => void;
}

/** A menu of acts. What deletes comes last. */
export function Menu({
  label,
  entries,
  trigger,
}: {
  /** What the acts are about: "Acts on ann". */
  readonly label: string;
  readonly entries: readonly (MenuEntry | 'line')[];
  readonly trigger?: ReactElement;
}): ReactNode {
  return (
    <BaseMenu.Root>
      <BaseMenu.Trigger render={trigger ?? <IconButton label={label} icon="more" small />} />
      <BaseMenu.Portal>
        <BaseMenu.Positioner className="positioner" sideOffset={4} align="end">
          <BaseMenu.Popup className="popup">
            {entries.map((entry, index) =>
              entry === 'line' ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: the list is fixed
                <BaseMenu.Separator key={index} className="popup-line" />
              ) : (
                <BaseMenu.Item
                  key={entry.label}
                  className={classNames('option', entry.danger && 'danger')}
                  disabled={entry.disabled !== undefined}
                  onClick={entry.run}
                >
                  {entry.icon && <Icon name={entry.icon} />}
                  <span className="grow">
                    {entry.label}
                    {entry.disabled !== undefined && <span className="hint"> {entry.disabled}</span>}
                  </span>
                </BaseMenu.Item>
              ),
            )}
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}

/** The menu of a row. */
export function RowMenu({
  name,
  entries,
}: {
  readonly name: string;
  readonly entries: readonly (MenuEntry | 'line')[];
}): ReactNode {
  const words = useWords();
  return <Menu label={words.common.actsOn(name)} entries={entries} />;
}
