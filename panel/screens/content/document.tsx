import type { ReactNode } from 'react';
import { FailureNotice, Loading } from '../../ui/notice.tsx';
import { NoType } from './content.tsx';
import { useContentType } from './content-data.ts';
import { Editor } from './editor.tsx';

/** One document of a collection, or a new one. */
export default function Document({
  type: name,
  documentId,
}: {
  readonly type: string;
  readonly documentId: string;
}): ReactNode {
  const { type, types, failure } = useContentType(name);
  if (!types) return failure === undefined ? <Loading /> : <FailureNotice failure={failure} />;
  if (!type || type.isSingle) return <NoType />;
  const isNew = documentId === 'new';
  return <Editor key={documentId} type={type} types={types} documentId={isNew ? undefined : documentId} />;
}
