import { type ReactNode, useState } from 'react';
import { usePreferences } from '../../app/preferences.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Checkbox } from '../../ui/field.tsx';
import { useWords } from '../../words/words.ts';
import { type ContentField, type ContentType, defaultColumns, fieldOf } from './content-type.ts';

/** Chooses the columns of a table and their order. */
export function ColumnsDialog({
  type,
  fields,
  onClose,
}: {
  readonly type: ContentType;
  readonly fields: readonly ContentField[];
  readonly onClose: () => void;
}): ReactNode {
  const words = useWords();
  const { content } = words;
  const preferences = usePreferences();
  const [chosen, setChosen] = useState<readonly string[]>(() => fields.map(({ name }) => name));
  const others = type.fields.filter(({ name, readable }) => readable && !chosen.includes(name));
  const keep = (columns: readonly string[] | undefined) => {
    const { [`content/${type.name}`]: _, ...kept } = preferences.columns;
    preferences.set({ columns: columns ? { ...kept, [`content/${type.name}`]: columns } : kept });
    onClose();
  };
  const move = (index: number, by: number) =>
    setChosen((before) => {
      const next = [...before];
      const [moved] = next.splice(index, 1);
      if (moved !== undefined) next.splice(index + by, 0, moved);
      return next;
    });
  return (
    <Dialog
      open
      onClose={onClose}
      title={content.columns}
      onSubmit={() => keep(chosen)}
      foot={
        <>
          <Button onClick={() => keep(undefined)}>{content.resetColumns}</Button>
          <Button type="submit" look="primary" disabled={chosen.length === 0}>
            {content.apply}
          </Button>
        </>
      }
    >
      <p className="soft">{content.columnsAbout}</p>
      <ul className="content-columns">
        {chosen.map((name, index) => {
          const label = fieldOf(type, name)?.label ?? name;
          return (
            <li key={name} className="row apart">
              <Checkbox
                label={label}
                checked
                onChange={() => setChosen((before) => before.filter((one) => one !== name))}
              />
              <span className="row">
                <IconButton
                  label={content.moveUp(label)}
                  icon="up"
                  small
                  disabled={index === 0}
                  onClick={() => move(index, -1)}
                />
                <IconButton
                  label={content.moveDown(label)}
                  icon="down"
                  small
                  disabled={index === chosen.length - 1}
                  onClick={() => move(index, 1)}
                />
              </span>
            </li>
          );
        })}
        {others.map(({ name, label }) => (
          <li key={name}>
            <Checkbox label={label} checked={false} onChange={() => setChosen((before) => [...before, name])} />
          </li>
        ))}
      </ul>
      {chosen.length === 0 && <p className="soft">{defaultColumns(type).length > 0 && content.noColumns}</p>}
    </Dialog>
  );
}
