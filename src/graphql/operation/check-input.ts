import { type DocumentNode, visit } from 'graphql';
import { ApiError } from '../../common/errors.ts';

/** Filters stand in filters. Deeper than this nobody means it, and what reads them goes down level by level. */
const MAX_LEVELS = 40;

/**
 * An error for values, in the document or its variables, that cannot be worked with as they are: more of them than is allowed,
 * nested deeper than anybody means, or strings that PostgreSQL cannot keep. It keeps every character of Unicode but NUL, and half a surrogate
 * pair would come back as another character, so that two passwords were one.
 */
export function inputError(document: DocumentNode, variables: unknown, mostValues: number): ApiError | undefined {
  const unfit = inVariables(variables, mostValues) ?? inDocument(document);
  if (unfit === 'many') return tooManyValues(mostValues);
  if (unfit === 'deep') {
    return new ApiError('INPUT_DEPTH_LIMIT_EXCEEDED', `Values may be nested in at most ${MAX_LEVELS} levels`);
  }
  if (unfit === 'text') {
    return new ApiError('BAD_USER_INPUT', 'Strings must be well-formed Unicode, without the NUL character');
  }
  return undefined;
}

export function tooManyValues(most: number): ApiError {
  return new ApiError('INPUT_LIMIT_EXCEEDED', `Variables may hold at most ${most} values`);
}

type Unfit = 'many' | 'deep' | 'text' | undefined;

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
      if (level > MAX_LEVELS) unfit = 'deep';
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

/**
 * Without recursion: variables may be nested deeper than calls can be. What is too much is not looked at to its end, since a
 * megabyte holds hundreds of thousands of values.
 */
function inVariables(variables: unknown, mostValues: number): Unfit {
  let values = 0;
  const waiting: { readonly value: unknown; readonly level: number }[] = [{ value: variables, level: 0 }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, level } = next;
    if (typeof value === 'string') {
      if (isUnfit(value)) return 'text';
    } else if (typeof value === 'object' && value !== null) {
      if (level > MAX_LEVELS) return 'deep';
      const inner = Array.isArray(value) ? value : Object.values(value);
      values += inner.length;
      if (values > mostValues) return 'many';
      for (const one of inner) waiting.push({ value: one, level: level + 1 });
    }
  }
  return undefined;
}
