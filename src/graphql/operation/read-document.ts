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
import { ApiError, type ErrorCode } from '../../errors.ts';
import { createDocumentCache } from './document-cache.ts';
import type { Limits } from './limits.ts';
import { sizeOf } from './size.ts';
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

/** Under its code: what graphql-js finds has none. */
function validationFault(error: GraphQLError): GraphQLError {
  error.extensions['code'] ??= 'GRAPHQL_VALIDATION_FAILED' satisfies ErrorCode;
  return error;
}

function parseBounded(source: string | Source, { tokens, depth }: Limits): DocumentNode {
  try {
    return parse(source, { maxTokens: tokens });
  } catch (error) {
    if (error instanceof RangeError) throw tooMany('depth', depth); // nested deeper than the parser's own recursion goes
    if (error instanceof Error && /more tha[nt] \d+ tokens/.test(error.message)) throw tooMany('tokens', tokens);
    throw error;
  }
}

function validateBounded(
  schema: GraphQLSchema,
  document: DocumentNode,
  rules: Parameters<typeof validate>[2],
  { hideSuggestions, limits }: { readonly hideSuggestions: boolean; readonly limits: Limits },
): readonly GraphQLError[] {
  try {
    const size = sizeOf(document);
    // Circles of fragments are endless, and a fault of their own.
    const exceeded = Number.isFinite(size.fields)
      ? BOUNDED.find((what) => size[what] > mostOf(what, limits))
      : undefined;
    if (exceeded) return [tooMany(exceeded, mostOf(exceeded, limits))];
    return validate(schema, document, rules, { hideSuggestions });
  } catch (error) {
    if (error instanceof RangeError) return [tooMany('depth', limits.depth)];
    throw error;
  }
}

const BOUNDED = ['depth', 'fields', 'rootFields', 'aliases', 'directives', 'repetitions'] as const;

/** Validation compares each two fields of one name, and each two fragments beside each other: their number is squared. */
const MOST_REPETITIONS = 20_000;

function mostOf(what: (typeof BOUNDED)[number], limits: Limits): number {
  return what === 'repetitions' ? MOST_REPETITIONS : limits[what];
}

const SAID = {
  tokens: ['TOKEN_LIMIT_EXCEEDED', (most: number) => `A document may have at most ${most} tokens`],
  depth: ['DEPTH_LIMIT_EXCEEDED', (most: number) => `Fields may be nested in at most ${most} levels`],
  fields: ['FIELD_LIMIT_EXCEEDED', (most: number) => `An operation may have at most ${most} fields`],
  aliases: ['ALIAS_LIMIT_EXCEEDED', (most: number) => `An operation may have at most ${most} aliases`],
  rootFields: ['ROOT_FIELD_LIMIT_EXCEEDED', (most: number) => `An operation may have at most ${most} root fields`],
  directives: ['DIRECTIVE_LIMIT_EXCEEDED', (most: number) => `A field may have at most ${most} directives`],
  repetitions: ['REPETITION_LIMIT_EXCEEDED', () => 'The same field or fragment is selected too often beside itself'],
} as const satisfies Record<string, readonly [ErrorCode, (most: number) => string]>;

function tooMany(what: keyof typeof SAID, most: number): ApiError {
  const [code, message] = SAID[what];
  return new ApiError(code, message(most));
}
