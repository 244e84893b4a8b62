import { type Fault, invalidInput } from '../../common/errors.ts';
import { type DocumentKey, documentKey } from '../../database/document-key.ts';
import type { ContentType } from './content-type.ts';

/**
 * The key of a document, from `documentId` or `id`.
 *
 * @throws ApiError BAD_USER_INPUT if neither or both are given.
 */
export function readDocumentKey(
  { key }: Pick<ContentType, 'key'>,
  { documentId, id }: { readonly documentId?: string | null | undefined; readonly id?: string | null | undefined },
): DocumentKey {
  const given = documentId ?? id;
  const fault: Fault = { path: ['documentId'], message: 'documentId or id must be defined, and not both' };
  if (given == null || (documentId != null && id != null)) throw invalidInput([fault]);
  // The documentIds of other keys can have only digits.
  if (documentId != null && key.parts[0].name !== 'documentId') return { key: 'documentId', value: documentId };
  return documentKey(given);
}
