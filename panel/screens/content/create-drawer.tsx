import { type ReactNode, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { CancelButton, Dialog } from '../../ui/dialog.tsx';
import { useForm } from '../../ui/form.ts';
import type { Pick } from '../../ui/picker.tsx';
import { say } from '../../ui/toasts.tsx';
import { useWords } from '../../words/words.ts';
import { checkedInput } from './checked-input.ts';
import type { ContentType } from './content-type.ts';
import { DocumentFields, FormFaults } from './document-fields.tsx';
import { type Values, valuesOf, writableFields } from './values.ts';
import { create } from './write-documents.ts';

/** Creates a document over the form of another one, which is to lead to it. */
export function CreateDrawer({
  type,
  types,
  onCreated,
  onClose,
}: {
  readonly type: ContentType;
  readonly types: readonly ContentType[];
  readonly onCreated: (created: Pick) => void;
  readonly onClose: () => void;
}): ReactNode {
  const words = useWords();
  const { content } = words;
  const fields = writableFields(type);
  const [initial] = useState<Values>(() => valuesOf(type, undefined));
  const form = useForm<Values>(`new ${type.name}`, initial, async (values) => {
    const id = await create(type, checkedInput(words, fields, values, { initial, isNew: true }));
    const title = values[type.title];
    say(content.created);
    onCreated({ id, label: typeof title === 'string' && title.trim() !== '' ? title : id });
  });
  const save = async () => {
    if (await form.save()) onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      shape="drawer"
      title={content.create(type.label)}
      dirty={form.dirty}
      sticky
      onSubmit={() => void save()}
      foot={
        <>
          <CancelButton />
          <Button type="submit" look="primary" busy={form.busy}>
            {content.createAndChoose}
          </Button>
        </>
      }
    >
      <FormFaults fields={fields} form={form} />
      <DocumentFields types={types} fields={fields} form={form} isNew />
    </Dialog>
  );
}
