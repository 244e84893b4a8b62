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
 * Parses and validates documents: bounded before anything is done with them, by the rules of the specification, and in
 * messages that repeat no value that was sent. What was parsed is kept, and that it was valid.
 */
export interface DocumentReader {
  /** @throws GraphQLError for what is no document, ApiError for one that is too large. */
  parse(source: string | Source): DocumentNode;
  /** Everything that is wrong with it, whoever parsed it; nothing for a document that may be run. */
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
  // Where the schema is not told, neither is the nearest name in it.
  const options = { hideSuggestions: !introspection, limits };

  /** @throws ApiError for one that is over a limit. */
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
      bound(document); // before anybody else reads it
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

/** More than these nobody reads, and each is written with its place in the document. */
const MAX_ERRORS = 20;
