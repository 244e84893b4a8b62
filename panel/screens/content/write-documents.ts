import { Failure } from '../../api/failure.ts';
import { act } from '../../api/hooks.ts';
import type { ContentType, Row } from './content-type.ts';
import { createDocument, updateDocument } from './documents.ts';

type Data = Readonly<Record<string, unknown>>;

/** Creates a document and returns its documentId. @throws Failure */
export async function create(type: ContentType, data: Data): Promise<string> {
  const document = createDocument(type) ?? '';
  const { done } = await act<{ readonly done: { readonly documentId: string } }, Record<string, unknown>>(document, {
    data,
  });
  return done.documentId;
}

/**
 * Changes a document, where it is still as it was read; of a type that does not say when a document was written last, in any case.
 *
 * @param as the document as it was read; null, of a single type: there was none yet.
 * @throws Failure, see `isChangedMeanwhile`.
 */
export async function update(
  type: ContentType,
  { documentId, data, as }: { readonly documentId: string | undefined; readonly data: Data; readonly as: Row | null },
): Promise<void> {
  const at = type.writtenAt ? { at: as ? as[type.writtenAt] : null } : {};
  const key = type.isSingle ? {} : { documentId };
  await act<unknown, Record<string, unknown>>(updateDocument(type) ?? '', { ...key, data, ...at });
}

/** Whether a document was not changed because somebody else had changed it since it was read. */
export function isChangedMeanwhile(failure: unknown): boolean {
  return failure instanceof Failure && failure.at('ifUpdatedAt') !== undefined;
}
