import type { ReactNode } from 'react';
import { act, useData } from '../../api/hooks.ts';
import { ContentReferencesDocument } from '../../generated/graphql.ts';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { FailureNotice, Loading, Notice } from '../../ui/notice.tsx';
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
      {documentId !== undefined && <References type={type} documentId={documentId} />}
    </ConfirmDialog>
  );
}

/** What hangs on a document, and what becomes of it. */
function References({ type, documentId }: { readonly type: ContentType; readonly documentId: string }): ReactNode {
  const { content } = useWords();
  const { data, failure } = useData(ContentReferencesDocument, { type: type.name, documentId });
  if (failure) return <FailureNotice failure={failure} />;
  if (!data) return <Loading lines={1} />;
  const all = (data.references ?? []).filter(({ count }) => count > 0);
  if (all.length === 0) return <p className="soft">{content.noReferences}</p>;
  return (
    <Notice kind={all.some(({ onDelete }) => onDelete === 'PREVENTS') ? 'bad' : 'warn'}>
      <p>{content.references}</p>
      <ul className="stack tight">
        {all.map(({ type: from, field, label, count, onDelete }) => (
          <li key={`${from} ${field}`}>{content.reference[onDelete](label, count)}</li>
        ))}
      </ul>
    </Notice>
  );
}

/** @throws Failure */
export async function deleteOne(type: ContentType, documentId: string | undefined): Promise<void> {
  const document = deleteDocument(type);
  if (document === undefined) return;
  await act<unknown, Record<string, unknown>>(document, type.isSingle ? {} : { documentId });
}
