import { type DocumentNode, visit } from 'graphql';
import { ApiError } from '../../common/errors.ts';

/** The maximum nesting of values, such as filters. The code that reads them is recursive. */
const MAX_LEVELS = 40;

/**
 * The error for values, in the document or its variables, that are too many, nested too deeply, or strings that PostgreSQL cannot
 * store: it does not accept NUL, and a lone surrogate would be replaced, which would make different passwords equal.
 */
export function inputError(document: DocumentNode, variables: unknown, mostValues: number): ApiError | undefined {
  return errorFor(inVariables(variables, mostValues) ?? inDocument(document), mostValues);
}

function errorFor(problem: Problem, mostValues: number): ApiError | undefined {
  if (problem === 'many') return tooManyValues(mostValues);
  if (problem === 'deep') {
    return new ApiError('INPUT_DEPTH_LIMIT_EXCEEDED', `Values may be nested in at most ${MAX_LEVELS} levels`);
  }
  if (problem === 'text') {
    return new ApiError('BAD_USER_INPUT', 'Strings must be well-formed Unicode, without the NUL character');
  }
  return undefined;
}

/** The same for values that code of the project has from elsewhere, such as from another server. They can be any number. */
export function valueError(value: unknown): ApiError | undefined {
  return errorFor(inVariables(value, Number.POSITIVE_INFINITY), Number.POSITIVE_INFINITY);
}

export function tooManyValues(most: number): ApiError {
  return new ApiError('INPUT_LIMIT_EXCEEDED', `Variables may hold at most ${most} values`);
}

type Problem = 'many' | 'deep' | 'text' | undefined;

function isUnstorable(text: string): boolean {
  return text.includes('\0') || !text.isWellFormed();
}

const known = new WeakMap<DocumentNode, { readonly problem: Problem }>();

/** Parsed documents are cached, so each is searched once. */
function inDocument(document: DocumentNode): Problem {
  const before = known.get(document);
  if (before) return before.problem;
  let problem: Problem;
  let level = 0;
  const nested = {
    enter() {
      level++;
      if (level > MAX_LEVELS) problem = 'deep';
    },
    leave() {
      level--;
    },
  };
  visit(document, {
    ListValue: nested,
    ObjectValue: nested,
    StringValue(node) {
      if (isUnstorable(node.value)) problem ??= 'text';
    },
  });
  known.set(document, { problem });
  return problem;
}

/**
 * Without recursion, since variables may be nested deeper than the call stack. Stops at the first problem: a megabyte may contain
 * hundreds of thousands of values.
 */
function inVariables(variables: unknown, mostValues: number): Problem {
  let values = 0;
  const waiting: { readonly value: unknown; readonly level: number }[] = [{ value: variables, level: 0 }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, level } = next;
    if (typeof value === 'string') {
      if (isUnstorable(value)) return 'text';
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
