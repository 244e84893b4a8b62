import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  parse,
  type Source,
  specifiedRules,
  ValuesOfCorrectTypeRule,
  validate,
} from 'graphql';
import { ApiError, type ErrorCode } from '../../common/errors.ts';
import { createDocumentCache } from './document-cache.ts';
import type { Limits } from './limits.ts';
import { repetitionsIn } from './repetitions.ts';
import { FragmentCircle, sizeOf } from './size.ts';
import { valuesOfCorrectType } from './values.ts';

export interface DocumentOptions {
  readonly schema: GraphQLSchema;
  readonly introspection: boolean;
  readonly limits: Limits;
}

/**
 * Parses and validates documents: bounded before anything is done with them, by the rules of the specification, and in
 * messages that repeat no value that was sent. What was parsed is kept, and that it was valid.
 */
export interface DocumentReader {
  /** @throws GraphQLError for what is no document, ApiError for one that is too large. */
  parse(source: string | Source): DocumentNode;
  /** Everything that is wrong with it; nothing for a document that may be run. */
  validate(document: DocumentNode): readonly GraphQLError[];
}

export function createDocumentReader({ schema, introspection, limits }: DocumentOptions): DocumentReader {
  const documents = createDocumentCache();
  const valid = new WeakSet<DocumentNode>();
  const rules = [
    ...specifiedRules.filter((rule) => rule !== ValuesOfCorrectTypeRule),
    valuesOfCorrectType,
    ...(introspection ? [] : [NoSchemaIntrospectionCustomRule]),
  ];
  // Where the schema is not told, neither is the nearest name in it.
  const options = { hideSuggestions: !introspection, limits };
  return {
    parse(source) {
      const text = typeof source === 'string' ? source : source.body;
      const known = documents.get(text);
      if (known) return known;
      const document = parseBounded(source, limits);
      documents.set(text, document);
      return document;
    },
    validate(document) {
      if (valid.has(document)) return [];
      const errors = validateBounded(schema, document, rules, options);
      if (errors.length === 0) valid.add(document);
      return errors.map(validationFault);
    },
  };
}

/** Under its code, which graphql-js does not give it, and not longer than anybody reads: it may repeat a name that was sent. */
function validationFault(error: GraphQLError): GraphQLError {
  error.extensions['code'] ??= 'GRAPHQL_VALIDATION_FAILED' satisfies ErrorCode;
  if (error.message.length > LONGEST_MESSAGE) error.message = `${error.message.slice(0, LONGEST_MESSAGE)}…`;
  return error;
}

const LONGEST_MESSAGE = 500;

function parseBounded(source: string | Source, { tokens, depth }: Limits): DocumentNode {
  if (hasMoreLines(typeof source === 'string' ? source : source.body, Math.max(tokens, MAX_LINES)))
    throw tooMany('lines', Math.max(tokens, MAX_LINES));
  try {
    return parse(source, { maxTokens: tokens });
  } catch (error) {
    if (error instanceof RangeError) throw tooMany('depth', depth); // nested deeper than the parser's own recursion goes
    if (error instanceof Error && /more tha[nt] \d+ tokens/.test(error.message)) throw tooMany('tokens', tokens);
    throw error;
  }
}

/** Lines are counted anew for each error, to say where it is. */
const MAX_LINES = 10_000;

function hasMoreLines(text: string, most: number): boolean {
  let lines = 1;
  for (const end of ['\n', '\r']) {
    for (let at = text.indexOf(end); at !== -1 && lines <= most; at = text.indexOf(end, at + 1)) lines++;
  }
  return lines > most;
}

function validateBounded(
  schema: GraphQLSchema,
  document: DocumentNode,
  rules: Parameters<typeof validate>[2],
  { hideSuggestions, limits }: { readonly hideSuggestions: boolean; readonly limits: Limits },
): readonly GraphQLError[] {
  try {
    const tooLarge = exceededBy(document, limits);
    if (tooLarge) return [tooLarge];
    return validate(schema, document, rules, { hideSuggestions, maxErrors: MAX_ERRORS });
  } catch (error) {
    if (error instanceof RangeError) return [tooMany('depth', limits.depth)];
    if (error instanceof FragmentCircle) return [spreadWithinItself(error)];
    throw error;
  }
}

/** More than these nobody reads, and each is written with its place in the document. */
const MAX_ERRORS = 20;

/** The bound that a document is over. */
function exceededBy(document: DocumentNode, limits: Limits): ApiError | undefined {
  const size = sizeOf(document);
  const most = { ...limits, nesting: limits.depth * NESTING, allFields: limits.fields * DEFINITIONS };
  const exceeded = BOUNDED.find((what) => size[what] > most[what]);
  if (exceeded) return tooMany(exceeded, most[exceeded]);
  if (repetitionsIn(document, MAX_REPETITIONS) > MAX_REPETITIONS) return tooMany('repetitions', MAX_REPETITIONS);
  return undefined;
}

const BOUNDED = ['depth', 'nesting', 'fields', 'allFields', 'rootFields', 'aliases', 'directives'] as const;

/** A field stands in a fragment that stands in a fragment, seldom in a third. */
const NESTING = 3;
/** So many of the largest definitions are more than a front end has, and fewer than hurt. */
const DEFINITIONS = 10;
/** Validation compares each two fields of one name, and each two fragments beside each other: their number is squared. */
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

function tooMany(what: keyof typeof SAID, most: number): ApiError {
  const [code, message] = SAID[what];
  return new ApiError(code, message(most));
}

/** In the words of graphql-js, whose own search names every fragment of every circle. */
function spreadWithinItself({ names: [first = '', ...others] }: FragmentCircle): ApiError {
  const via = others.slice(0, MAX_NAMES).map((name) => `"${name}"`);
  const message = `Cannot spread fragment "${first}" within itself${via.length > 0 ? ` via ${via.join(', ')}` : ''}.`;
  return new ApiError('GRAPHQL_VALIDATION_FAILED', message);
}

const MAX_NAMES = 10;
