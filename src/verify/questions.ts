import { isDeepStrictEqual } from 'node:util';
import type { Answer } from '../testing/answer.ts';
import { cut } from './report.ts';

/** A root field, and what has to come back for it. */
export interface Question {
  readonly field: string;
  readonly expected: Expected;
}

export type Expected =
  | { readonly kind: 'data'; readonly data: unknown }
  /** The data, and an error that says that a part of it is refused. */
  | { readonly kind: 'forbidden'; readonly data: unknown }
  /** Nothing but the error that names the action. */
  | { readonly kind: 'refused'; readonly action: string }
  /** Nothing but the error for a name that is none. */
  | { readonly kind: 'invalid'; readonly message: string }
  /** The documents in this order; those of one group in any. */
  | { readonly kind: 'sorted'; readonly groups: readonly (readonly string[])[] };

/** A cell that is never null is hidden: GraphQL makes what has it null. */
export class Nulled extends Error {}

export interface Difference {
  readonly expected: string;
  readonly got: string;
}

/** What is wrong with the answer to a root field; undefined when it is as expected. */
export function compareAnswer(answer: Answer, name: string, expected: Expected): Difference | undefined {
  const data: unknown = answer.data?.[name] ?? null;
  const errors = (answer.errors ?? []).filter(({ path }) => path === undefined || path[0] === name);
  const codes = [...new Set(errors.map(({ extensions }) => extensions?.code))];
  const got = () =>
    `${cut(data)}${errors.length > 0 ? ` with ${errors.map(({ message, extensions }) => `${extensions?.code} ${detailOf(extensions) ?? message}`).join(', ')}` : ''}`;
  const differs = (text: string): Difference => ({ expected: text, got: got() });
  const has = (code: string) => codes.length === 1 && codes[0] === code;
  switch (expected.kind) {
    case 'refused': {
      const isThat = errors.length === 1 && errors[0]?.extensions?.error?.details?.action === expected.action;
      return data === null && has('FORBIDDEN') && isThat ? undefined : differs(`FORBIDDEN ${expected.action}`);
    }
    case 'invalid': {
      const told = errors
        .flatMap(({ extensions }) => extensions?.error?.details?.errors ?? [])
        .map(({ message }) => message);
      const isThat = told.length === 1 && told[0] === expected.message;
      return data === null && has('BAD_USER_INPUT') && isThat
        ? undefined
        : differs(`BAD_USER_INPUT ${expected.message}`);
    }
    case 'sorted': {
      const ids = (data as { documentId: string }[] | null)?.map(({ documentId }) => documentId) ?? [];
      const groups = expected.groups.map(({ length }) => ids.splice(0, length).toSorted());
      const isThat = isDeepStrictEqual(groups, expected.groups) && ids.length === 0 && errors.length === 0;
      return isThat ? undefined : differs(cut(expected.groups));
    }
    case 'forbidden':
      return isEqual(data, expected.data) && has('FORBIDDEN')
        ? undefined
        : differs(`${cut(expected.data)} with FORBIDDEN`);
    default:
      return isEqual(data, expected.data) && errors.length === 0 ? undefined : differs(cut(expected.data));
  }
}

function detailOf(
  extensions:
    | {
        readonly error?: {
          readonly details?: {
            readonly action?: string | undefined;
            readonly errors?: readonly { readonly message: string }[] | undefined;
          };
        };
      }
    | undefined,
) {
  const { action, errors } = extensions?.error?.details ?? {};
  return action ?? errors?.map(({ message }) => message).join('; ');
}

function isEqual(got: unknown, expected: unknown): boolean {
  return isDeepStrictEqual(normal(got, expected), normal(expected, expected));
}

/** Without the order of documents, and without values that are only there or not. */
function normal(value: unknown, pattern: unknown): unknown {
  if (pattern === '(a value)') return value === null ? null : '(a value)';
  if (Array.isArray(value)) {
    const list = value.map((one, index) =>
      normal(one, Array.isArray(pattern) ? (match(pattern, one) ?? pattern[index]) : undefined),
    );
    return list.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (typeof value !== 'object' || value === null) return value;
  const of = (key: string) => (pattern as Record<string, unknown> | null)?.[key];
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, normal(inner, of(key))]));
}

function match(pattern: readonly unknown[], one: unknown): unknown {
  const id = (value: unknown) => (value as { documentId?: unknown } | null)?.documentId;
  return id(one) === undefined ? undefined : pattern.find((other) => id(other) === id(one));
}
