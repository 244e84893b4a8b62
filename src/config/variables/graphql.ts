import { z } from 'zod';
import { DEFAULT_LIMITS, type Limits } from '../../graphql/operation/limits.ts';
import { readTrustedDocuments } from '../../graphql/operation/trusted-documents.ts';
import { duration, flag, wholeNumber } from '../formats.ts';
import { variable } from '../variable.ts';

/** What operations can ask for, and how large they can be. */
export function graphqlVariables() {
  return {
    INTROSPECTION: variable(flag('on', 'off').optional(), {
      description: 'Whether clients can read the schema: `on` or `off`.',
      otherwise: 'development: `on`; production: `off`',
    }),
    PERSISTED_QUERIES: variable(
      z.enum(['auto', 'off', 'only'], { error: 'expected auto, off or only' }).default('auto'),
      {
        description:
          'Documents that are known by their hash. `auto`: clients register those that they use (automatic persisted queries); `off`; `only`: those of `PERSISTED_QUERIES_FILE` and no other.',
        default: 'auto',
      },
    ),
    PERSISTED_QUERIES_FILE: variable(trustedDocuments().optional(), {
      description:
        'The trusted documents of `PERSISTED_QUERIES=only`, in a JSON file as GraphQL Code Generator writes it.',
      example: 'persisted-documents.json',
    }),
    EXECUTION_TIMEOUT: variable(duration('30s'), { description: 'How long an operation can take.', default: '30s' }),
    LIMIT_TOKENS: limit('tokens', 100, 1_000_000, 'Tokens of a document.'),
    LIMIT_DEPTH: limit(
      'depth',
      3,
      100,
      'Fields nested in each other. Fragments count where they are spread, as in all limits below.',
    ),
    LIMIT_FIELDS: limit('fields', 10, 100_000, 'Fields of an operation.'),
    // PostgreSQL answers 1,664 columns at most.
    LIMIT_ALIASES: limit('aliases', 0, 1_000, 'Aliases of an operation.'),
    LIMIT_ROOT_FIELDS: limit('rootFields', 1, 1_000, 'Root fields of an operation.'),
    LIMIT_DIRECTIVES: limit('directives', 0, 100, 'Directives of one field, fragment or operation.'),
    LIMIT_INPUT: limit('input', 100, 1_000_000, 'Values in the variables of a request: entries of lists and objects.'),
    LIMIT_PAGE: limit('page', 1, 10_000, 'Rows of the largest page of a list, which `limit: -1` asks for.'),
    // No string of V8 has twice as many characters.
    LIMIT_ANSWER: limit('answer', 1_000, 268_435_456, 'Bytes of an answer.'),
    LIMIT_COST: limit(
      'cost',
      100,
      10_000_000,
      'Estimated cost of an operation: its fields, each list multiplied by its page, its arguments, and work of the database.',
    ),
  };
}

function limit(name: keyof Limits, least: number, most: number, description: string) {
  const usual = DEFAULT_LIMITS[name];
  return variable(wholeNumber(least, most).default(usual), { description, default: String(usual) });
}

function trustedDocuments() {
  return z.string().transform((path, context) => {
    try {
      return readTrustedDocuments(path);
    } catch (error) {
      const reason = (error as Error).message; // of our own making
      const message = `expected a JSON file of trusted documents by their hashes: ${reason}`;
      context.addIssue({ code: 'custom', message, input: undefined });
      return z.NEVER;
    }
  });
}
