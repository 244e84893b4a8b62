import type { DocumentNode } from 'graphql';
import { ApiError, type ErrorCode } from '../../common/errors.ts';
import { FragmentCycle, sizeOf } from './document-size.ts';
import type { Limits } from './limits.ts';
import { repetitionsIn } from './repetitions.ts';

/** The error for a document that exceeds a limit; undefined for one within the limits. */
export function documentLimitError(document: DocumentNode, limits: Limits): ApiError | undefined {
  try {
    return exceededBy(document, limits);
  } catch (error) {
    if (error instanceof RangeError) return tooMany('depth', limits.depth);
    if (error instanceof FragmentCycle) return spreadWithinItself(error);
    throw error;
  }
}

/** The error for the first limit that a document exceeds. */
function exceededBy(document: DocumentNode, limits: Limits): ApiError | undefined {
  const size = sizeOf(document);
  const most = { ...limits, nesting: limits.depth * NESTING, allFields: limits.fields * DEFINITIONS };
  const exceeded = BOUNDED.find((what) => size[what] > most[what]);
  if (exceeded) return tooMany(exceeded, most[exceeded]);
  if (repetitionsIn(document, MAX_REPETITIONS) > MAX_REPETITIONS) return tooMany('repetitions', MAX_REPETITIONS);
  return undefined;
}

const BOUNDED = ['depth', 'nesting', 'fields', 'allFields', 'rootFields', 'aliases', 'directives'] as const;

/** Levels of nested fragments per level of fields. Real documents rarely use more than two. */
const NESTING = 3;
/** A document may have as many fields as this many operations of the maximum size. */
const DEFINITIONS = 10;
/** Validation compares each pair of fields with the same name and each pair of sibling fragments, which is quadratic. */
const MAX_REPETITIONS = 20_000;

const SAID = {
  tokens: ['TOKEN_LIMIT_EXCEEDED', (most: number) => `A document may have at most ${most} tokens`],
  lines: ['TOKEN_LIMIT_EXCEEDED', (most: number) => `A document may have at most ${most} lines`],
  depth: ['DEPTH_LIMIT_EXCEEDED', (most: number) => `Fields may be nested in at most ${most} levels`],
  nesting: ['DEPTH_LIMIT_EXCEEDED', (most: number) => `Fields and fragments may be nested in at most ${most} levels`],
  fields: ['FIELD_LIMIT_EXCEEDED', (most: number) => `An operation may have at most ${most} fields`],
  allFields: ['FIELD_LIMIT_EXCEEDED', (most: number) => `A document may have at most ${most} fields`],
  aliases: ['ALIAS_LIMIT_EXCEEDED', (most: number) => `An operation may have at most ${most} aliases`],
  rootFields: ['ROOT_FIELD_LIMIT_EXCEEDED', (most: number) => `An operation may have at most ${most} root fields`],
  directives: ['DIRECTIVE_LIMIT_EXCEEDED', (most: number) => `A field may have at most ${most} directives`],
  repetitions: ['REPETITION_LIMIT_EXCEEDED', () => 'The same field or fragment is selected too often beside itself'],
} as const satisfies Record<string, readonly [ErrorCode, (most: number) => string]>;

/** The error for a document that exceeds a limit. */
export function tooMany(what: keyof typeof SAID, most: number): ApiError {
  const [code, message] = SAID[what];
  return new ApiError(code, message(most));
}

/** The message of graphql-js, for one cycle. Its own rule would report every fragment of every cycle. */
function spreadWithinItself({ names: [first = '', ...others] }: FragmentCycle): ApiError {
  const via = others.slice(0, MAX_NAMES).map((name) => `"${name}"`);
  const message = `Cannot spread fragment "${first}" within itself${via.length > 0 ? ` via ${via.join(', ')}` : ''}.`;
  return new ApiError('GRAPHQL_VALIDATION_FAILED', message);
}

const MAX_NAMES = 10;
