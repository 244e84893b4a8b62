import type { ReactNode } from 'react';
import { FailureNotice, Loading } from '../../ui/notice.tsx';
import { NoType } from './content.tsx';
import { useContentType } from './content-data.ts';
import { documentIdIn } from './document-address.ts';
import { Editor } from './editor.tsx';

/** One document of a collection, or a new one. */
export default function Document({
  type: name,
  documentId: part,
}: {
  readonly type: string;
  /** As it is in the address. */
  readonly documentId: string;
}): ReactNode {
  const { type, types, failure } = useContentType(name);
  if (!types) return failure === undefined ? <Loading /> : <FailureNotice failure={failure} />;
  if (!type || type.isSingle) return <NoType />;
  return <Editor key={part} type={type} types={types} documentId={documentIdIn(part)} />;
}
