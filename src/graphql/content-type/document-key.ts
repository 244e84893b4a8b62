import { type Fault, invalidInput } from '../../common/errors.ts';
import { type DocumentKey, documentKey } from '../../database/document-key.ts';

/**
 * The one of two arguments that names a document.
 *
 * @throws ApiError BAD_USER_INPUT when neither does, or both do.
 */
export function oneKey({
  documentId,
  id,
}: {
  readonly documentId?: string | null | undefined;
  readonly id?: string | null | undefined;
}): DocumentKey {
  const given = documentId ?? id;
  const fault: Fault = { path: ['documentId'], message: 'documentId or id must be defined, and not both' };
  if (given == null || (documentId != null && id != null)) throw invalidInput([fault]);
  return documentKey(given);
}
