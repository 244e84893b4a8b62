import { type DocumentNode, visit } from 'graphql';
import { ApiError } from '../../errors.ts';

/** PostgreSQL keeps every character of Unicode but this one. */
const NUL = '\0';

/** An error when any string in the document or its variables holds the NUL character; undefined when none does. */
export function nulFault(document: DocumentNode, variables: unknown): ApiError | undefined {
  if (!holdsNul(variables) && !documentHoldsNul(document)) return undefined;
  return new ApiError('BAD_USER_INPUT', 'Strings must not contain the NUL character');
}

const known = new WeakMap<DocumentNode, boolean>();

/** Documents are parsed once and kept, so each is searched once. */
function documentHoldsNul(document: DocumentNode): boolean {
  const before = known.get(document);
  if (before !== undefined) return before;
  let found = false;
  visit(document, {
    StringValue(node) {
      if (node.value.includes(NUL)) found = true;
    },
  });
  known.set(document, found);
  return found;
}

function holdsNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes(NUL);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(holdsNul);
}
