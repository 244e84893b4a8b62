import { type ReactNode, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { copy } from '../../ui/copy.tsx';
import { Icon } from '../../ui/icons.tsx';
import { goTo, leaving } from '../../ui/leave-guard.ts';
import { Menu } from '../../ui/menu.tsx';
import { say } from '../../ui/toasts.tsx';
import { useWords } from '../../words/words.ts';
import { type ContentType, type Row, titleOf } from './content-type.ts';
import { DeleteDialog } from './delete-dialog.tsx';
import { listAddress } from './places.ts';

/** What can be done with a document as a whole. */
export function DocumentActions({
  type,
  row,
  mayWrite,
}: {
  readonly type: ContentType;
  readonly row: Row;
  readonly mayWrite: boolean;
}): ReactNode {
  const { common, content } = useWords();
  const [isDeleting, setDeleting] = useState(false);
  return (
    <>
      <Menu
        label={content.more}
        trigger={
          <Button>
            {content.more}
            <Icon name="down" size={14} />
          </Button>
        }
        entries={[
          {
            label: content.copyId,
            icon: 'copy',
            run: () => void copy(row.documentId).then(() => say(common.copied)),
          },
          ...(mayWrite && type.create
            ? ([
                {
                  label: content.duplicate,
                  icon: 'plus',
                  run: () => goTo(`/content/${type.name}/new?from=${encodeURIComponent(row.documentId)}`),
                },
              ] as const)
            : []),
          ...(mayWrite && type.delete
            ? (['line', { label: content.delete, icon: 'trash', danger: true, run: () => setDeleting(true) }] as const)
            : []),
        ]}
      />
      {isDeleting && (
        <DeleteDialog
          type={type}
          documentId={type.isSingle ? undefined : row.documentId}
          title={type.isSingle ? type.label : titleOf(type, row)}
          onClose={() => setDeleting(false)}
          onDeleted={() => {
            goTo(type.isSingle ? '/' : listAddress(type.name), { replace: true });
            leaving.get()?.leave(); // what was typed belongs to what is gone
          }}
        />
      )}
    </>
  );
}
