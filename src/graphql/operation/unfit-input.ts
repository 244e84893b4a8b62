import { type DocumentNode, visit } from 'graphql';
import { ApiError } from '../../errors.ts';

/** Filters stand in filters. Deeper than this nobody means it, and what reads them goes down level by level. */
const MOST_LEVELS = 40;

/**
 * An error for values, in the document or its variables, that cannot be worked with as they are: nested deeper than
 * anybody means, or strings that PostgreSQL cannot keep. It keeps every character of Unicode but NUL, and half a surrogate
 * pair would come back as another character, so that two passwords were one.
 */
export function unfitInput(document: DocumentNode, variables: unknown): ApiError | undefined {
  const unfit = inVariables(variables) ?? inDocument(document);
  if (unfit === 'deep') {
    return new ApiError('INPUT_DEPTH_LIMIT_EXCEEDED', `Values may be nested in at most ${MOST_LEVELS} levels`);
  }
  if (unfit === 'text') {
    return new ApiError('BAD_USER_INPUT', 'Strings must be well-formed Unicode, without the NUL character');
  }
  return undefined;
}

type Unfit = 'deep' | 'text' | undefined;

function isUnfit(text: string): boolean {
  return text.includes('\0') || !text.isWellFormed();
}

const known = new WeakMap<DocumentNode, { readonly unfit: Unfit }>();

/** Documents are parsed once and kept, so each is searched once. */
function inDocument(document: DocumentNode): Unfit {
  const before = known.get(document);
  if (before) return before.unfit;
  let unfit: Unfit;
  let level = 0;
  const nested = {
    enter() {
      level++;
      if (level > MOST_LEVELS) unfit = 'deep';
    },
    leave() {
      level--;
    },
  };
  visit(document, {
    ListValue: nested,
    ObjectValue: nested,
    StringValue(node) {
      if (isUnfit(node.value)) unfit ??= 'text';
    },
  });
  known.set(document, { unfit });
  return unfit;
}

/** Without recursion: variables may be nested deeper than calls can be. */
function inVariables(variables: unknown): Unfit {
  const waiting: { readonly value: unknown; readonly level: number }[] = [{ value: variables, level: 0 }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, level } = next;
    if (typeof value === 'string') {
      if (isUnfit(value)) return 'text';
    } else if (typeof value === 'object' && value !== null) {
      if (level > MOST_LEVELS) return 'deep';
      for (const inner of Object.values(value)) waiting.push({ value: inner, level: level + 1 });
    }
  }
  return undefined;
}
