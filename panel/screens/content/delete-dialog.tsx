import type { ReactNode } from 'react';
import { act } from '../../api/hooks.ts';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { say } from '../../ui/toasts.tsx';
import { useWords } from '../../words/words.ts';
import type { ContentType } from './content-type.ts';
import { deleteDocument } from './documents.ts';
import { shortened } from './text.ts';

/** Asks before a document is deleted, and says what hangs on it. */
export function DeleteDialog({
  type,
  documentId,
  title,
  onClose,
  onDeleted,
}: {
  readonly type: ContentType;
  /** Undefined for the document of a single type. */
  readonly documentId: string | undefined;
  readonly title: string;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}): ReactNode {
  const words = useWords();
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={<span dir="auto">{words.content.deleteTitle(shortened(title, 80))}</span>}
      confirm={words.common.delete}
      act={async () => {
        await deleteOne(type, documentId);
        say(words.content.deleted);
        onDeleted();
      }}
    >
      <p>{words.content.deleteAbout}</p>
    </ConfirmDialog>
  );
}

/** @throws Failure */
export async function deleteOne(type: ContentType, documentId: string | undefined): Promise<void> {
  const document = deleteDocument(type);
  if (document === undefined) return;
  await act<unknown, Record<string, unknown>>(document, type.isSingle ? {} : { documentId });
}
