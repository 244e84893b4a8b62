import { type DocumentNode, visit } from 'graphql';
import { ApiError } from '../../errors.ts';

/**
 * An error when any string in the document or its variables cannot be kept as it is: PostgreSQL keeps every character of
 * Unicode but NUL, and half a surrogate pair would come back as another character, so that two passwords were one.
 */
export function unfitText(document: DocumentNode, variables: unknown): ApiError | undefined {
  if (!holdsUnfit(variables) && !documentHoldsUnfit(document)) return undefined;
  return new ApiError('BAD_USER_INPUT', 'Strings must be well-formed Unicode, without the NUL character');
}

function isUnfit(text: string): boolean {
  return text.includes('\0') || !text.isWellFormed();
}

const known = new WeakMap<DocumentNode, boolean>();

/** Documents are parsed once and kept, so each is searched once. */
function documentHoldsUnfit(document: DocumentNode): boolean {
  const before = known.get(document);
  if (before !== undefined) return before;
  let found = false;
  visit(document, {
    StringValue(node) {
      if (isUnfit(node.value)) found = true;
    },
  });
  known.set(document, found);
  return found;
}

/** Without recursion: variables may be nested deeper than calls can be. */
function holdsUnfit(variables: unknown): boolean {
  const waiting: unknown[] = [variables];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === 'string') {
      if (isUnfit(value)) return true;
    } else if (typeof value === 'object' && value !== null) {
      for (const inner of Object.values(value)) waiting.push(inner);
    }
  }
  return false;
}
