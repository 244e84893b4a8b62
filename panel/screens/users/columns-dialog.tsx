import { type ReactNode, useState } from 'react';
import { Button, IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Checkbox } from '../../ui/field.tsx';
import { useWords } from '../../words/words.ts';

/** Chooses the columns of the table, and their order. */
export function ColumnsDialog({
  all,
  chosen: initial,
  onChoose,
  onClose,
}: {
  readonly all: readonly { readonly key: string; readonly title: string }[];
  readonly chosen: readonly string[];
  readonly onChoose: (chosen: readonly string[]) => void;
  readonly onClose: () => void;
}): ReactNode {
  const { users, common } = useWords();
  const [chosen, setChosen] = useState(initial);
  const title = (key: string) => all.find((column) => column.key === key)?.title ?? key;
  const move = (index: number, by: number) => {
    const next = [...chosen];
    next.splice(index + by, 0, ...next.splice(index, 1));
    setChosen(next);
  };
  const save = () => {
    if (chosen.length === 0) return;
    onChoose(chosen);
    onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={users.columns}
      onSubmit={save}
      foot={
        <>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button type="submit" look="primary" disabled={chosen.length === 0}>
            {common.save}
          </Button>
        </>
      }
    >
      <ul className="stack tight">
        {chosen.map((key, index) => (
          <li key={key} className="row apart">
            <Checkbox label={title(key)} checked onChange={() => setChosen(chosen.filter((one) => one !== key))} />
            <span className="row">
              <IconButton
                label={users.moveUp(title(key))}
                icon="up"
                small
                disabled={index === 0}
                onClick={() => move(index, -1)}
              />
              <IconButton
                label={users.moveDown(title(key))}
                icon="down"
                small
                disabled={index === chosen.length - 1}
                onClick={() => move(index, 1)}
              />
            </span>
          </li>
        ))}
        {all
          .filter(({ key }) => !chosen.includes(key))
          .map(({ key }) => (
            <li key={key}>
              <Checkbox label={title(key)} checked={false} onChange={() => setChosen([...chosen, key])} />
            </li>
          ))}
      </ul>
    </Dialog>
  );
}
