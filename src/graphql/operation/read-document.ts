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
import type { Plugin } from 'graphql-yoga';
import { ApiError } from '../../errors.ts';
import { sizeOf } from './size.ts';
import { valuesOfCorrectType } from './values.ts';

/** Bounds on a document, far above what clients need and far below what hurts. */
const MAX_TOKENS = 10_000;
const MAX_FIELDS = 3_000;
const MAX_DEPTH = 20;

/**
 * Parses and validates documents: bounded before anything is done with them, by the rules of the specification, and in
 * messages that repeat no value that was sent.
 */
export function documentReader({ introspection }: { readonly introspection: boolean }): Plugin {
  const rules = [
    ...specifiedRules.filter((rule) => rule !== ValuesOfCorrectTypeRule),
    valuesOfCorrectType,
    ...(introspection ? [] : [NoSchemaIntrospectionCustomRule]),
  ];
  // Where the schema is not told, neither is the nearest name in it.
  const options = { hideSuggestions: !introspection };
  return {
    onParse({ setParseFn }) {
      setParseFn(parseBounded);
    },
    onValidate({ setValidationFn }) {
      setValidationFn((schema, document) => validateBounded(schema, document, rules, options));
    },
  };
}

function parseBounded(source: string | Source): DocumentNode {
  try {
    return parse(source, { maxTokens: MAX_TOKENS });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(); // nested deeper than the parser's own recursion goes
    if (error instanceof Error && /more tha[nt] \d+ tokens/.test(error.message)) throw tooLarge();
    throw error;
  }
}

function validateBounded(
  schema: GraphQLSchema,
  document: DocumentNode,
  rules: Parameters<typeof validate>[2],
  options: { readonly hideSuggestions: boolean },
): readonly GraphQLError[] {
  try {
    const { fields, depth } = sizeOf(document);
    // Circles of fragments are endless, and a fault of their own.
    if (Number.isFinite(fields) && (fields > MAX_FIELDS || depth > MAX_DEPTH)) return [tooLarge()];
    return validate(schema, document, rules, options);
  } catch (error) {
    if (error instanceof RangeError) return [tooLarge()];
    throw error;
  }
}

function tooLarge(): ApiError {
  return new ApiError(
    'OPERATION_TOO_LARGE',
    `The document is too large: at most ${MAX_TOKENS} tokens, ${MAX_FIELDS} fields with every fragment in its place, and ${MAX_DEPTH} levels`,
  );
}
