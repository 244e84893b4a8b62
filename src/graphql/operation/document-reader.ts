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
import { documentLimitError, tooMany } from './document-limits.ts';
import type { Limits } from './limits.ts';
import { valuesOfCorrectType } from './validate-values.ts';

export interface DocumentOptions {
  readonly schema: GraphQLSchema;
  readonly introspection: boolean;
  readonly limits: Limits;
}

/**
 * Parses and validates documents. Limits are checked first, and error messages never repeat a value of the document. Caches
 * parsed documents, and that they are valid.
 */
export interface DocumentReader {
  /** @throws GraphQLError for a syntax error, ApiError for a document that exceeds a limit. */
  parse(source: string | Source): DocumentNode;
  /** The errors of a document, also of one parsed elsewhere; empty for a document that can be executed. */
  validate(document: DocumentNode): readonly GraphQLError[];
}

export function createDocumentReader({ schema, introspection, limits }: DocumentOptions): DocumentReader {
  const documents = createDocumentCache();
  const within = new WeakSet<DocumentNode>();
  const valid = new WeakSet<DocumentNode>();
  const rules = [
    ...specifiedRules.filter((rule) => rule !== ValuesOfCorrectTypeRule),
    valuesOfCorrectType,
    ...(introspection ? [] : [NoSchemaIntrospectionCustomRule]),
  ];
  // Suggestions would reveal names of a schema without introspection.
  const options = { hideSuggestions: !introspection, limits };

  /** @throws ApiError for a document that exceeds a limit. */
  function bound(document: DocumentNode): void {
    if (within.has(document)) return;
    const refusal = documentLimitError(document, limits);
    if (refusal) throw refusal;
    within.add(document);
  }

  return {
    parse(source) {
      const text = typeof source === 'string' ? source : source.body;
      const known = documents.get(text);
      if (known) return known;
      const document = parseBounded(source, limits);
      bound(document); // before anything else reads it
      documents.set(text, document);
      return document;
    },
    validate(document) {
      if (valid.has(document)) return [];
      const errors = validateBounded(schema, document, rules, options, bound);
      if (errors.length === 0) valid.add(document);
      return errors.map(validationFault);
    },
  };
}

/** Adds the code, which graphql-js does not set, and truncates the message, which may repeat a long name. */
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
    if (error instanceof RangeError) throw tooMany('depth', depth); // too deep for the recursive parser
    if (error instanceof Error && /more tha[nt] \d+ tokens/.test(error.message)) throw tooMany('tokens', tokens);
    throw error;
  }
}

/** graphql-js counts lines again to locate each error. */
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
  bound: (document: DocumentNode) => void,
): readonly GraphQLError[] {
  try {
    bound(document);
    return validate(schema, document, rules, { hideSuggestions, maxErrors: MAX_ERRORS });
  } catch (error) {
    if (error instanceof RangeError) return [tooMany('depth', limits.depth)];
    if (error instanceof ApiError) return [error];
    throw error;
  }
}

/** Locating each error takes time proportional to the document. */
const MAX_ERRORS = 20;
